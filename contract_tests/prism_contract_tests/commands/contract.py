"""`prism contract`: run the contract on installed connectors, and write the reports."""

from __future__ import annotations

import os
from pathlib import Path

import click

from prism_contract_tests import descriptions
from prism_contract_tests.apart import certify_apart, package_of
from prism_contract_tests.descriptions import Descriptions
from prism_contract_tests.render import junit, page, terminal
from prism_contract_tests.report import SHIPPED, Report
from prism_contract_tests.target import THOROUGH
from prism_core import PrismError
from prism_core.cli.show import print_error
from prism_core.discovery.diagnosis import find

_FILE = click.Path(dir_okay=False, path_type=Path)
_READ = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("names", nargs=-1)
@click.option("--openapi", type=_READ, help="The processor's own OpenAPI description.")
@click.option("--graphql", type=_READ, help="The processor's own GraphQL schema.")
@click.option("--live", is_flag=True, help="Try a real server; PRISM_<NAME>_... say which.")
@click.option("--thorough", is_flag=True, help="Try all of what is sampled otherwise.")
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
    as_json: Path | None,
    as_junit: Path | None,
    as_html: Path | None,
    ship: bool,
    listing: bool,
) -> None:
    """Run the whole contract on installed connectors; exit 0 only if all of them are certified."""
    if listing:
        terminal.print_checks()
        return
    if not names:
        raise click.UsageError("name a connector; `prism connectors` lists those installed")
    if (openapi or graphql) is not None and len(names) > 1:
        raise click.UsageError("a description is of one processor; name one connector with it")
    if thorough:
        os.environ[THOROUGH] = "1"  # for the processes in which connectors are tested
    reports, fine = _certified(names, descriptions.read(openapi, graphql), live)
    terminal.print_reports(reports)
    for path, content in (
        (as_json, _as_json(reports)),
        (as_junit, junit.render(reports)),
        (as_html, page.render(reports).encode()),
    ):
        if path is not None:
            _write(path, content)
    if ship:
        _ship(reports)
    if not fine or not all(report.ok for report in reports):
        raise SystemExit(1)


def _certified(
    names: tuple[str, ...], given: Descriptions, live: bool
) -> tuple[list[Report], bool]:
    """The reports, and whether every connector could be loaded; those that cannot say why."""
    reports, errors = [], []
    with terminal.progress() as progress:
        for name in dict.fromkeys(names):
            try:
                reports.append(certify_apart(name, given, live, progress(name)))
            except PrismError as error:
                errors.append(error)
    for problem in errors:
        print_error(problem, as_json=False)
    return reports, not errors


def _as_json(reports: list[Report]) -> bytes:
    """One report as an object, several as an array."""
    documents = [report.to_json() for report in reports]
    return documents[0] if len(documents) == 1 else b"[" + b",".join(documents) + b"]"


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
