"""Every connector of this repository is certified, found by globbing, named nowhere here."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from prism_contract_tests import certify

ROOT = Path(__file__).parents[2]
SPECS = ROOT.parent / "shared" / "specs"


def _connectors() -> list[str]:
    found: list[str] = []
    for path in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        entry_points = tomllib.loads(path.read_text("utf-8"))["project"]["entry-points"]
        found += entry_points["prism.connectors"]
    return found


NAMES = _connectors()


def _description(name: str) -> dict[str, Any] | None:
    """What the processor publishes of its API, where that can be looked at."""
    path = SPECS / f"{name}.openapi.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else None


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_a_connector_of_the_repository_is_certified(name: str) -> None:
    """What a user installs from here has passed the whole contract; every request and answer of
    its exchanges is valid by the processor's own OpenAPI, where that is here."""
    report = certify(name, openapi=_description(name))
    assert [f"{f.check} on {f.case}: {f.message}" for f in report.failed] == []
    assert report.problems == []
    assert report.ok
    assert report.executed == report.required > 40


@pytest.mark.once
def test_some_processors_descriptions_are_here() -> None:
    """Says where conformance to the processors' own descriptions could not be looked at."""
    if not SPECS.exists():
        pytest.skip("needs ../shared/specs, which is not here")
    assert any(_description(name) for name in NAMES)
