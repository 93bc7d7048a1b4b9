"""Halves: a run in two processes: damaged answers take half of the time, and are tried beside
the rest.

The second process is a fork, made after the connector was imported and before it was called. What
it does not report is missing in the ledger.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn

import msgspec

from prism_contract_tests.choice import Entry
from prism_contract_tests.report import Finding
from prism_contract_tests.runner import Run

_DAMAGE = {
    *("fault-wrong-types", "fault-missing", "fault-nulls", "fault-bounded"),
    *("secrets-nowhere", "unknown-status"),
}
"""Checks that damage answers place by place; they share what is known of the places."""


class _Half(msgspec.Struct):
    """What the second process found."""

    findings: list[Finding] = []
    calls: int = 0


def execute_all(run: Run, told: Callable[[int, int], None]) -> None:
    """Executes all that is chosen; `told` gets how many of this process's entries are done."""
    damage = [entry for entry in run.chosen if entry[0] in _DAMAGE]
    split = bool(damage) and _has_two_processors()
    own = [entry for entry in run.chosen if not (split and entry[0] in _DAMAGE)]
    other = _Other(run, damage) if split else None
    for done, entry in enumerate(own):
        told(done, len(own))
        run.execute(entry)
    if other is not None:
        found = other.wait()
        run.target.calls += found.calls
        order = {entry: at for at, entry in enumerate(run.chosen)}
        both = [*run.findings, *found.findings]
        run.findings = sorted(both, key=lambda one: order.get((one.check, one.case), 0))


def _has_two_processors() -> bool:
    """Whether a fork is safe here, and is worth it: in a worker of pytest-xdist it is not, because
    the other processors have workers, too."""
    is_worker = "PYTEST_XDIST_WORKER" in os.environ
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and not is_worker


class _Other:
    """The second process."""

    def __init__(self, run: Run, entries: list[Entry]) -> None:
        self._read, write = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _execute(run, entries, write)
        os.close(write)

    def wait(self) -> _Half:
        """What it found, when it has ended; nothing if it said nothing."""
        with os.fdopen(self._read, "rb") as pipe:
            said = pipe.read()
        os.waitpid(self._process, 0)
        try:
            return msgspec.json.decode(said, type=_Half)
        except msgspec.MsgspecError:
            return _Half()


def _execute(run: Run, entries: list[Entry], write: int) -> NoReturn:
    try:
        for entry in entries:
            run.execute(entry)
        with os.fdopen(write, "wb") as pipe:
            pipe.write(msgspec.json.encode(_Half(run.findings, run.target.calls)))
    finally:
        os._exit(0)  # the other process ends what both have open
