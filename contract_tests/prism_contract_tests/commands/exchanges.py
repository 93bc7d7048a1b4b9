"""`prism exchanges`: record, show and check a connector's exchanges."""

from __future__ import annotations

import click


@click.group()
def exchanges() -> None:
    """Record, show and check a connector's exchanges."""
