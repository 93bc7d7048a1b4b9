"""`prism connectors` and `prism doctor`: what is installed, and what is wrong with it."""

from __future__ import annotations

import click

from prism_core.cli.show import print_json, print_table
from prism_core.loading import diagnose
from prism_core.registry import candidates


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def connectors(as_json: bool) -> None:
    """List the installed connectors, from metadata alone; nothing is imported."""
    rows = [
        {"connector": name, "distribution": offer.distribution, "version": offer.version}
        for name, offers in sorted(candidates().items())
        for offer in offers
    ]
    if as_json:
        print_json(rows)
    elif rows:
        print_table(rows)
    else:
        click.echo("No connector is installed. Try: pip install prism-payments-stripe")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(as_json: bool) -> None:
    """Explain every connector found: loadable, shadowed, blocked, conflict, incompatible or
    broken, with its distribution and path. Imports those that it may."""
    rows = [
        {
            "connector": found.candidate.name,
            "state": found.state,
            "distribution": f"{found.candidate.distribution} {found.candidate.version}",
            "path": found.candidate.path,
            "reason": found.reason,
        }
        for found in diagnose()
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['connector']}: {row['state']}")
        click.echo(f"  {row['distribution']} in {row['path']}")
        if row["reason"]:
            click.echo(f"  {row['reason']}")
    if not rows:
        click.echo("No connector is installed. Try: pip install prism-payments-stripe")
