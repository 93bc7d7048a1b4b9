"""`prism connectors` and `prism doctor`: what is installed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import click
import msgspec

from prism_core.cli.show import harmless, print_json, print_table
from prism_core.discovery import extensions, loading
from prism_core.discovery.allow_list import AllowList, allowed, normalized
from prism_core.discovery.groups import CONNECTORS, EXTENSIONS
from prism_core.discovery.index import Candidate, candidates

_NONE = "No connector is installed. Try: pip install prism-payments-stripe"


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def connectors(as_json: bool) -> None:
    """List the installed connectors from their metadata; nothing is imported."""
    rows = [
        {
            "connector": name,
            "distribution": offer.distribution,
            "version": offer.version,
            "contract": _last_report(offer),
        }
        for name, offers in sorted(candidates().items())
        for offer in offers
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table([{**row, "contract": row["contract"] or "no report"} for row in rows])
    else:
        click.echo(_NONE)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--strict", is_flag=True, help="For CI: exit with 1 unless all is well.")
def doctor(as_json: bool, strict: bool) -> None:
    """Explain every connector and extension found: loadable, blocked, conflict, incompatible or
    broken, with its distribution and path. Imports those that are allowed.

    All is well (--strict) if there is a connector, if each one found is loadable or blocked by
    PRISM_CONNECTORS or PRISM_EXTENSIONS, if all named there are installed, and if no contract
    report in a connector is stale.
    """
    rows = [
        {
            "kind": found.candidate.group.word,
            "name": found.candidate.name,
            "state": found.state,
            "distribution": f"{found.candidate.distribution} {found.candidate.version}",
            "path": found.candidate.path,
            "reason": found.reason,
            "contract": _last_report(found.candidate),
        }
        for found in (*loading.diagnose(), *extensions.diagnose())
    ]
    if as_json:
        print_json(rows)
    else:
        _print_doctor(rows)
    problems = list(_problems(rows)) if strict else []
    if problems:
        click.echo(f"prism: not well: {'; '.join(problems)}", err=True)
        raise SystemExit(1)


def _print_doctor(rows: list[dict[str, str]]) -> None:
    for row in rows:
        kind = "" if row["kind"] == CONNECTORS.word else f" ({row['kind']})"
        click.echo(harmless(f"{row['name']}{kind}: {row['state']}"))
        click.echo("  " + harmless(f"{row['distribution']} in {row['path']}"))
        for detail in (row["reason"], row["contract"]):
            if detail:
                click.echo("  " + harmless(detail))
    if not _connectors(rows):
        click.echo(_NONE)


def _connectors(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["kind"] == CONNECTORS.word]


def _problems(rows: list[dict[str, str]]) -> Iterator[str]:
    """The problems for which a CI should fail, a few words each."""
    if not _connectors(rows):
        yield "no connector is installed"
    for row in rows:
        name = harmless(row["name"])
        if row["state"] not in ("loadable", "blocked"):
            yield f"{name} is {row['state']}"
        elif row["state"] == "loadable" and row["contract"][:9] not in ("", "certified"):
            yield f"{name}: {row['contract']}"
    for group in (CONNECTORS, EXTENSIONS):
        found = [row for row in rows if row["kind"] == group.word]
        yield from _unmet(allowed(group) or AllowList(group), found)


def _unmet(listed: AllowList, rows: list[dict[str, str]]) -> Iterator[str]:
    """What an allow-list names and what is not installed."""
    if listed.problem:
        yield harmless(listed.problem)
    offered = {(row["name"], normalized(row["distribution"].split(" ")[0])) for row in rows}
    names = {name for name, _ in offered}
    for name, distribution in sorted(listed.names.items()):
        if name not in names if distribution is None else (name, distribution) not in offered:
            pinned = name if distribution is None else f"{name}={distribution}"
            yield f"{harmless(pinned)} is named in {listed.group.variable} and not installed"


_REPORT = "contract-report.json"
_Word = Annotated[str, msgspec.Meta(pattern=r"^[\w.+!-]{1,40}$")]


class _Report(msgspec.Struct):
    """The fields that are shown of the contract report in a connector's package."""

    ok: bool
    started: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\dT")]
    kit_version: _Word
    required: int
    executed: int
    files: dict[str, str]


def _last_report(candidate: Candidate) -> str:
    """The verdict of the report in the connector's package, or an empty text. Imports nothing."""
    package = None if candidate.copies else package_of(candidate.target)
    if package is None or not (package / _REPORT).is_file():
        return ""
    try:
        report = msgspec.json.decode((package / _REPORT).read_bytes(), type=_Report)
        files = _digests(package)
    except (OSError, msgspec.MsgspecError):
        return "report cannot be read"
    if report.files != files:
        return "report is stale: files changed since"
    verdict = "certified" if report.ok else "not certified"
    ran = f"{report.executed} of {report.required}"
    return f"{verdict} {report.started[:10]}, kit {report.kit_version}, {ran}"


def package_of(target: str) -> Path | None:
    """The folder of the module that an entry point names; None if it is a single file."""
    first, *rest = target.partition(":")[0].strip().split(".")
    try:
        spec = find_spec(first)
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0], *rest)
    return folder if folder.is_dir() else folder.parent


def _digests(package: Path) -> dict[str, str]:
    """The SHA-256 digests of the files, in the form of the contract's report."""
    found = {
        path.relative_to(package).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    del found[_REPORT]
    return found
