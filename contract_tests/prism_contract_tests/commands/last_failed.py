"""What failed in the last runs of `prism contract`, kept in the folder where it is run.

`.prism_cache/`, like the caches of pytest, mypy and ruff, is ignored by Git and may be deleted.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import msgspec

from prism_contract_tests.choice import Entry
from prism_contract_tests.report import Report

FOLDER = ".prism_cache"
FILE = "contract-failed.json"


def last_failed(name: str) -> frozenset[Entry]:
    """The entries that failed when a connector was last tried; none, if that is not known."""
    return frozenset(_read().get(name, ()))


def remember(reports: Iterable[Report]) -> None:
    """Notes what failed. An entry that a run in part left out stays as it was."""
    known = before = _read()
    for report in reports:
        done = {(one.check, one.case) for one in report.findings}
        failed = [(one.check, one.case) for one in report.failed]
        left = known.get(report.connector, ()) if report.left_out else ()
        known = {**known, report.connector: [*(one for one in left if one not in done), *failed]}
    known = {name: entries for name, entries in known.items() if entries}
    if known != before:
        with suppress(OSError):  # a folder that nobody may write to: nothing is remembered
            _write(known)


def _read() -> dict[str, list[Entry]]:
    try:
        content = Path(FOLDER, FILE).read_bytes()
        return msgspec.json.decode(content, type=dict[str, list[Entry]])
    except (OSError, msgspec.MsgspecError):
        return {}


def _write(known: dict[str, list[Entry]]) -> None:
    folder = Path(FOLDER)
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n")
    (folder / FILE).write_bytes(msgspec.json.format(msgspec.json.encode(known), indent=1))
