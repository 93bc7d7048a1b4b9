"""The pages and files that are made from what the code declares. `nox -s pages` writes them, and a
test fails while one of them is not current."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

from prism_contract_tests import connector_page, connector_pages, fields, pages
from prism_contract_tests.commands.exchanges import schema_text

ROOT = Path(__file__).parents[2]


def connectors() -> list[str]:
    """The names of all connectors of this repository."""
    found: list[str] = []
    for path in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        project = tomllib.loads(path.read_text("utf-8"))["project"]
        found += project.get("entry-points", {}).get("prism.connectors", {})
    return found


MADE: dict[str, Callable[[], str]] = {
    "docs/checks.md": pages.page,
    "docs/connectors.md": lambda: connector_pages.page(connectors()),
    **{
        f"docs/connectors/{name}.md": partial(connector_page.page_of, name) for name in connectors()
    },
    "docs/optional-fields.md": lambda: fields.page(connectors()),
    "contract_tests/prism_contract_tests/exchange.schema.json": schema_text,
}
"""What makes each of them, by its path."""


if __name__ == "__main__":
    for name, made in MADE.items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(made(), "utf-8")
