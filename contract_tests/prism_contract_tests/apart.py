"""Certifying apart: a connector tested in a process of its own, and its report audited here.

That process imports and seals the kit before the connector. This one never imports the connector:
it compares what comes back with the files, so that a plugin that ends, hangs or changes the
process it is tested in has no say in the verdict.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from prism_contract_tests import ledger
from prism_contract_tests.reading import BadExchange, load
from prism_contract_tests.report import Report
from prism_contract_tests.runner import Progress, Run, Seal, files_of
from prism_contract_tests.target import Settings, Target, read_settings
from prism_core import ConfigurationError, PrismError
from prism_core.discovery.diagnosis import find
from prism_core.discovery.index import Candidate
from prism_core.discovery.loading import Connector
from prism_core.runtime.engine import from_environment

_CHILD = """\
import sys
sys.path[:] = sys.argv[2:]
from prism_contract_tests.apart import serve
serve(sys.argv[1])
"""


def certify_apart(
    name: str, openapi: dict[str, Any] | None, live: bool, progress: Progress
) -> Report:
    """Certifies in a process of its own and audits what it says. Raises `ConfigurationError`."""
    candidate = find(name)
    command = [sys.executable, "-c", _CHILD, name, *sys.path]
    with tempfile.TemporaryFile() as noise, tempfile.TemporaryFile() as asked:
        asked.write(msgspec.json.encode({"openapi": openapi, "live": live}))
        asked.seek(0)
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=asked, stdout=pipe, stderr=noise) as child:  # noqa: S603
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
    return _audited(candidate, report, openapi, live)


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
    asked = msgspec.json.decode(sys.stdin.buffer.read())
    sealed, execute, report = Seal(), Run.execute, Run.report  # before the plugin is imported
    try:
        live = _credentials(name) if asked["live"] else None
        run = Run(name, openapi=asked["openapi"], live=live, sealed=sealed)
        for done, entry in enumerate(run.owed):
            _say(out, {"done": done, "of": len(run.owed)})
            execute(run, entry)
        _say(out, {"report": msgspec.to_builtins(report(run))})
    except PrismError as error:
        _say(out, {"error": error.message})


def _say(out: IO[bytes], message: dict[str, Any]) -> None:
    out.write(msgspec.json.encode(message) + b"\n")
    out.flush()


def _credentials(name: str) -> dict[str, Any]:
    found = from_environment(name)
    if not found:
        raise ConfigurationError(f"--live needs credentials: set PRISM_{name.upper()}_...")
    return found


def _audited(
    candidate: Candidate, report: Report, openapi: dict[str, Any] | None, live: bool
) -> Report:
    """The report, with what this process knows by itself and what does not fit it."""
    target = _read(candidate, report)
    target.openapi, target.live = openapi, {} if live else None
    files = files_of(target)
    problems = [*report.problems, *ledger.audit(target, report)]
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
        problems=problems,
        files=files,
    )


def _read(candidate: Candidate, report: Report) -> Target:
    """A connector's files as a target, without importing it: no info, only the hooks' names."""
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
    with suppress(*_UNREADABLE):  # the report says so
        target.exchanges = load(package)
    with suppress(*_UNREADABLE):
        target.settings = read_settings(package)
    return target


_UNREADABLE = (BadExchange, msgspec.ValidationError, ValueError)


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
