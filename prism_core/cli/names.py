"""Names that a shell completes: those of the installed connectors."""

from __future__ import annotations

import click

from prism_core.discovery.index import candidates


def connector_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The installed connectors whose names begin so; read from metadata, none is imported."""
    return [name for name in sorted(candidates()) if name.startswith(incomplete)]
