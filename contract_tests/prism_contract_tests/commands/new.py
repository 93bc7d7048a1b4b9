"""`prism new`: scaffold a connector of your own."""

from __future__ import annotations

import click


@click.command()
@click.argument("name")
def new(name: str) -> None:
    """Scaffold a connector of your own."""
