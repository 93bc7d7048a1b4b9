"""Certifying apart: a connector tested in a process of its own, and its report audited here.

This process never imports the connector: it compares what comes back with the files, so that a
plugin that ends or hangs the process it is tested in, or whose checks did not all run, is found
out.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

import msgspec

from prism_contract_tests.choice import Choice, Descriptions
from prism_contract_tests.report import Report
from prism_core import ConfigurationError, PrismError
from prism_core.discovery.diagnosis import find
from prism_core.discovery.index import Candidate

if TYPE_CHECKING:
    from prism_contract_tests.runner import Progress
    from prism_contract_tests.target import Target

_CHILD = """\
import sys
sys.path[:] = sys.argv[2:]
from prism_contract_tests.apart import serve
serve(sys.argv[1])
"""


class _Asked(msgspec.Struct, kw_only=True):
    """What the process of a connector is asked for."""

    given: Descriptions
    live: bool
    choice: Choice


def certify_apart(
    name: str,
    given: Descriptions | None,
    live: bool,
    progress: Progress,
    choice: Choice = Choice(),  # noqa: B008 - it is frozen
) -> Report:
    """Certifies in a process of its own and audits what it says. Raises `ConfigurationError`."""
    wanted = _Asked(given=given or Descriptions(), live=live, choice=choice)
    candidate = find(name)
    command = [sys.executable, "-c", _CHILD, name, *sys.path]
    with tempfile.TemporaryFile() as noise, tempfile.TemporaryFile() as asked:
        asked.write(msgspec.json.encode(wanted))
        asked.seek(0)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=asked, stdout=pipe, stderr=noise) as child:  # noqa: S603
            _load_the_kit()  # while that process loads it, too: it takes a second
            try:
                report = _listen(cast("IO[bytes]", child.stdout), progress)
            except BaseException:
                child.kill()
                raise
        if report is None:
            last = _last_line(noise)
            raise ConfigurationError(
                f"connector '{name}' ended the process that it was tested in, without a report "
                f"(exit code {child.returncode}){last}"
            )
    return _audited(candidate, report, wanted)


def _load_the_kit() -> None:
    from prism_contract_tests import runner  # noqa: F401


def _listen(lines: IO[bytes], progress: Progress) -> Report | None:
    """What the child says, up to its report. Raises the error that it met."""
    report = None
    for line in lines:
        try:
            said = msgspec.json.decode(line)
            if "error" in said:
                raise ConfigurationError(said["error"])
            if "report" in said:
                report = msgspec.convert(said["report"], Report)
            else:
                progress(said["done"], said["of"], None)
        except (msgspec.MsgspecError, KeyError, TypeError):
            raise ConfigurationError("the process of the connector said nonsense") from None
    return report


def _last_line(noise: IO[bytes]) -> str:
    noise.seek(0)
    lines = noise.read().decode("utf-8", "replace").split("\n")
    return next((f": {line.strip()}" for line in reversed(lines) if line.strip()), "")


def serve(name: str) -> None:
    """The child's side: what it is asked on standard input, its lines on standard output.

    What the plugin prints goes to standard error.
    """
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=_Asked)
    from prism_contract_tests.check import CHECKS
    from prism_contract_tests.halves import execute_all
    from prism_contract_tests.runner import Run

    try:
        for unknown in asked.choice.checks - set(CHECKS):
            near = " or ".join(get_close_matches(unknown, CHECKS)) or "`--list`"
            raise ConfigurationError(f"there is no check {unknown}; did you mean {near}?")
        live = _credentials(name) if asked.live else None
        run = Run(
            name,
            openapi=asked.given.openapi,
            graphql=asked.given.graphql,
            live=live,
            choice=asked.choice,
        )
        if asked.choice.operation not in (None, *run.target.operations):
            raise ConfigurationError(f"'{name}' has no operation {asked.choice.operation}")
        if run.owed and not run.chosen:
            raise ConfigurationError(f"'{name}' has no check of what was asked for")
        execute_all(run, lambda done, of: _say(out, {"done": done, "of": of}))
        _say(out, {"report": msgspec.to_builtins(run.report())})
    except PrismError as error:
        _say(out, {"error": error.message})


def _say(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(msgspec.json.encode(message) + b"\n")
    out.flush()


def _credentials(name: str) -> dict[str, Any]:
    from prism_core.runtime.engine import from_environment

    found = from_environment(name)
    if not found:
        raise ConfigurationError(f"--live needs credentials: set PRISM_{name.upper()}_...")
    return found


def _audited(candidate: Candidate, report: Report, asked: _Asked) -> Report:
    """The report, with what this process knows by itself and what does not fit it."""
    from prism_contract_tests import ledger
    from prism_contract_tests.runner import files_of

    target = _read(candidate, report)
    target.openapi, target.graphql = asked.given.openapi, asked.given.graphql
    target.live = {} if asked.live else None
    files = files_of(target)
    problems = [*report.problems, *ledger.audit(target, report, asked.choice)]
    if files != report.files:
        problems.append("the connector's files changed while it was tested")
    return msgspec.structs.replace(
        report,
        connector=candidate.name,
        distribution=candidate.distribution,
        version=candidate.version,
        kit_version=version("prism-payments-contract-tests"),
        core_version=version("prism-payments-core"),
        edition=target.settings.edition,
        executed=len(report.findings),
        left_out=0 if asked.choice.is_whole else report.left_out,
        problems=problems,
        files=files,
    )


def _read(candidate: Candidate, report: Report) -> Target:
    """A connector's files as a target, without importing it: no info, only the hooks' names."""
    from prism_contract_tests.reading import BadExchange, load
    from prism_contract_tests.target import Settings, Target, read_settings
    from prism_core.discovery.loading import Connector

    unreadable = (BadExchange, msgspec.ValidationError, ValueError)  # the report says so
    package = package_of(candidate)
    nothing: Any = None
    hooks = dict.fromkeys(report.hooks, nothing)
    target = Target(
        connector=Connector(
            candidate.name, candidate, nothing, hooks, frozenset(report.operations)
        ),
        package=package,
        exchanges=[],
        settings=Settings(),
        problems=[],
    )
    with suppress(*unreadable):
        target.exchanges = load(package)
    with suppress(*unreadable):
        target.settings = read_settings(package)
    return target


def package_of(candidate: Candidate) -> Path:
    """The folder of the module that an entry point names, found without importing it."""
    from importlib.machinery import PathFinder
    from importlib.util import find_spec

    first, *rest = candidate.target.partition(":")[0].strip().split(".")
    spec = find_spec(first)
    name = first
    for part in rest:
        name = f"{name}.{part}"
        within = spec.submodule_search_locations if spec is not None else None
        spec = PathFinder.find_spec(name, within)
    if spec is None or spec.origin is None:
        raise ConfigurationError(f"the module {name} of {candidate} is not where it was")
    return Path(spec.origin).parent
