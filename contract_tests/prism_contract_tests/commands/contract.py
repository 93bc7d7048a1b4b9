"""`prism contract`: run the contract on installed connectors, and write the reports."""

from __future__ import annotations

import os
from pathlib import Path

import click
import msgspec

from prism_contract_tests.apart import certify_apart, package_of
from prism_contract_tests.choice import Choice, Descriptions
from prism_contract_tests.commands.last_failed import last_failed, remember
from prism_contract_tests.render import terminal
from prism_contract_tests.report import SHIPPED, Report
from prism_contract_tests.target import THOROUGH
from prism_core import PrismError
from prism_core.cli.names import connector_names
from prism_core.cli.show import print_error
from prism_core.connector.operations import OPERATIONS
from prism_core.discovery.diagnosis import find

_FILE = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("names", nargs=-1, shell_complete=connector_names)
@click.option("--openapi", type=_READ, help="The processor's own OpenAPI description.")
@click.option("--graphql", type=_READ, help="The processor's own GraphQL schema.")
@click.option("--live", is_flag=True, help="Try a real server; PRISM_<NAME>_... say which.")
@click.option("--thorough", is_flag=True, help="Try all of what is sampled otherwise.")
@click.option("--only", metavar="OPERATION", help="Run only the checks of an operation.")
@click.option("--check", "checks", metavar="ID", multiple=True, help="Run only this check.")
@click.option("--last-failed", "again", is_flag=True, help="Run only what failed last time.")
@click.option("--json", "as_json", type=_FILE, help="Write the reports as JSON.")
@click.option("--junit", "as_junit", type=_FILE, help="Write the reports as JUnit XML.")
@click.option("--html", "as_html", type=_FILE, help="Write the reports as one HTML page.")
@click.option("--ship", is_flag=True, help="Put each report into its connector's package.")
@click.option("--list", "listing", is_flag=True, help="List the checks and run none.")
def contract(
    names: tuple[str, ...],
    openapi: Path | None,
    graphql: Path | None,
    live: bool,
    thorough: bool,
    only: str | None,
    checks: tuple[str, ...],
    again: bool,
    as_json: Path | None,
    as_junit: Path | None,
    as_html: Path | None,
    ship: bool,
    listing: bool,
) -> None:
    """Run the whole contract on installed connectors; exit 0 only if all of them are certified.

    With --only, --check or --last-failed, a part of it, which certifies nothing: exit 0 if nothing
    fails.
    """
    if listing:
        terminal.print_checks()
        return
    if not names:
        raise click.UsageError("name a connector; `prism connectors` lists those installed")
    if (openapi or graphql) is not None and len(names) > 1:
        raise click.UsageError("a description is of one processor; name one connector with it")
    if thorough:
        os.environ[THOROUGH] = "1"  # for the processes in which connectors are tested
    if only not in (None, *OPERATIONS):
        raise click.BadParameter(f"there is no operation {only}", param_hint="--only")
    choice = Choice(operation=only, checks=frozenset(checks))
    choices = {name: _with_last_failed(name, choice) if again else choice for name in names}
    reports, fine = _certified(choices, _descriptions(openapi, graphql), live)
    remember(reports)
    terminal.print_reports(reports)
    for path, render in ((as_json, _as_json), (as_junit, _as_junit), (as_html, _as_html)):
        if path is not None:
            _write(path, render(reports))
    if ship:
        _ship(reports)
    if not fine or not all(report.is_sound for report in reports):
        raise SystemExit(1)


def _certified(
    choices: dict[str, Choice], given: Descriptions, live: bool
) -> tuple[list[Report], bool]:
    """The reports, and whether every connector could be loaded; those that cannot say why."""
    reports, errors = [], []
    with terminal.progress() as progress:
        for name, choice in choices.items():
            try:
                reports.append(certify_apart(name, given, live, progress(name), choice))
            except PrismError as error:
                errors.append(error)
    for problem in errors:
        print_error(problem, as_json=False)
    return reports, not errors


def _descriptions(openapi: Path | None, graphql: Path | None) -> Descriptions:
    if openapi is None and graphql is None:
        return Descriptions()
    from prism_contract_tests.descriptions import read  # with it come YAML and GraphQL

    return read(openapi, graphql)


def _with_last_failed(name: str, choice: Choice) -> Choice:
    """The choice, of what failed last time; where nothing is known of that, as it is."""
    entries = last_failed(name)
    if not entries:
        click.echo(f"{name}: no failure is known from an earlier run here", err=True)
    return msgspec.structs.replace(choice, entries=entries)


def _as_json(reports: list[Report]) -> bytes:
    """One report as an object, several as an array."""
    documents = [report.to_json() for report in reports]
    return documents[0] if len(documents) == 1 else b"[" + b",".join(documents) + b"]"


def _as_junit(reports: list[Report]) -> bytes:
    from prism_contract_tests.render import junit

    return junit.render(reports)


def _as_html(reports: list[Report]) -> bytes:
    from prism_contract_tests.render import page  # with it comes jinja2

    return page.render(reports).encode()


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as reason:
        raise click.ClickException(f"cannot write {path}: {reason.strerror}") from None
    click.echo(f"Wrote {path}")


def _ship(reports: list[Report]) -> None:
    for report in reports:
        if report.ok and not report.live:
            package = package_of(find(report.connector))
            _write(package / SHIPPED, report.to_json())
        else:
            why = "a live run proves a server, too" if report.ok else "it is not certified"
            click.echo(f"{report.connector}: no report shipped, {why}")
