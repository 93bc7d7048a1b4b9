"""The `prism` command: one file per group of commands. Needs the extra `[cli]`."""

from __future__ import annotations

import sys


def main() -> None:
    """The entry point of the `prism` script."""
    try:
        import click  # noqa: F401
    except ModuleNotFoundError:
        sys.exit("prism: the command needs an extra: pip install 'prism-payments-core[cli]'")
    from prism_core.cli.app import prism

    prism()
