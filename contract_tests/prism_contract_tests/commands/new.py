"""`prism new`: scaffold a connector of your own."""

from __future__ import annotations

from pathlib import Path

import click

from prism_contract_tests.scaffold import Refused, scaffold
from prism_contract_tests.shapes import STYLES, WAYS, WEBHOOKS, Shape
from prism_core.cli.show import harmless


@click.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path), default=".", help="Where the folder goes.")
@click.option("--style", type=click.Choice(STYLES), default="json", help="How bodies are written.")
@click.option(
    "--webhooks",
    type=click.Choice(WEBHOOKS),
    default="none",
    help="How a webhook is verified: by its signature, or by fetching what it names.",
)
@click.option(
    "--payment-methods",
    metavar="CLASS,...",
    default="Card",
    help=f"What authorize takes: {', '.join(WAYS)}.",
)
def new(name: str, into: Path, style: str, webhooks: str, payment_methods: str) -> None:
    """Scaffold a connector of your own, in a folder prism-NAME.

    It is a draft of the chosen shape, and it installs and loads; the contract then says what is
    still to write.
    """
    given = {one.lower(): one for one in WAYS}
    asked = [one.strip() for one in payment_methods.split(",")]
    unknown = [one for one in asked if one.lower() not in given]
    if unknown:
        raise click.UsageError(
            f"{harmless(unknown[0])!r} is no class of payment methods: {', '.join(WAYS)}"
        )
    methods = tuple(dict.fromkeys(given[one.lower()] for one in asked))
    try:
        folder = scaffold(name, into, Shape(style, webhooks, methods))
    except Refused as reason:
        raise click.ClickException(harmless(str(reason))) from None
    click.echo(f"{folder} is made. Next:\n")
    for line in (f"cd {folder}", "pip install -e .", f"prism contract {name}"):
        click.echo(f"  {line}")
