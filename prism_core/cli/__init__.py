"""The `prism` command: one file per group of commands. Needs the extra `[cli]`."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    """The entry point of the `prism` script."""
    if not all(find_spec(name) for name in ("click", "rich")):
        sys.exit("prism: the command needs an extra: pip install 'prism-payments-core[cli]'")
    from prism_core.cli.app import prism

    prism()
