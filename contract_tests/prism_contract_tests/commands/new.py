"""`prism new`: scaffold a connector of your own."""

from __future__ import annotations

from pathlib import Path

import click

from prism_contract_tests.scaffold import Refused, scaffold
from prism_core.cli.show import harmless


@click.command()
@click.argument("name")
@click.option("--into", type=click.Path(path_type=Path), default=".", help="Where the folder goes.")
def new(name: str, into: Path) -> None:
    """Scaffold a connector of your own, in a folder prism-NAME.

    It installs and loads; the contract then says what is still to write.
    """
    try:
        folder = scaffold(name, into)
    except Refused as reason:
        raise click.ClickException(harmless(str(reason))) from None
    click.echo(f"{folder} is made. Next:\n")
    for line in (f"cd {folder}", "pip install -e .", f"prism contract {name}"):
        click.echo(f"  {line}")
