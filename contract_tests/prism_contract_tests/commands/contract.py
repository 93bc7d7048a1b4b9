"""`prism contract`: run the contract on installed connectors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from prism_contract_tests.runner import certify


@click.command()
@click.argument("names", nargs=-1, required=True)
@click.option("--openapi", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", type=click.Path(path_type=Path), help="Write the report.")
def contract(names: tuple[str, ...], openapi: Path | None, as_json: Path | None) -> None:
    """Run the whole contract on installed connectors."""
    description = None if openapi is None else json.loads(openapi.read_text("utf-8"))
    reports = [certify(name, openapi=description) for name in names]
    for report in reports:
        for finding in report.failed:
            click.echo(f"{finding.check} on {finding.case}: {finding.message}")
        for problem in report.problems:
            click.echo(problem)
        verdict = "certified" if report.ok else "not certified"
        click.echo(f"{report.connector}: {verdict}, {report.executed} of {report.required} ran")
        if as_json is not None:
            as_json.write_bytes(report.to_json())
    if not all(report.ok for report in reports):
        raise SystemExit(1)
