"""What the connectors of the repository declare for `prism try`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from prism_core.cli.trying import declared
from prism_core.discovery.loading import load

ROOT = Path(__file__).parents[2]
LIVE: dict[str, Any] = {}
for path in sorted(ROOT.glob("plugins/*/pyproject.toml")):
    project = tomllib.loads(path.read_text("utf-8"))
    contract = project.get("tool", {}).get("prism", {}).get("contract", {})
    if "live" in contract:
        LIVE[contract["connector"]] = contract["live"]


@pytest.mark.parametrize("name", LIVE)
def test_what_is_approved_in_tests_can_be_paid_with(name: str) -> None:
    """It is read from the installed package, and the connector takes it."""
    loaded = load(name)
    method = declared(loaded)["approve"]
    assert type(method) in loaded.info.takes("authorize")
