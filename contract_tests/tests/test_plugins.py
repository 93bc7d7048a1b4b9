"""Every connector of this repository is certified, found by globbing, named nowhere here."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from prism_contract_tests.apart import certify_apart
from prism_contract_tests.choice import Descriptions

ROOT = Path(__file__).parents[2]
SPECS = ROOT.parent / "shared" / "specs"


def _connectors() -> list[str]:
    found: list[str] = []
    for path in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        project = tomllib.loads(path.read_text("utf-8"))["project"]
        found += project.get("entry-points", {}).get("prism.connectors", {})
    return found


NAMES = _connectors()


def _descriptions(name: str) -> Descriptions:
    """What the processor publishes of its API, where that can be looked at."""
    openapi, graphql = SPECS / f"{name}.openapi.json", SPECS / f"{name}.graphql"
    return Descriptions(
        openapi=json.loads(openapi.read_text("utf-8")) if openapi.exists() else None,
        graphql=graphql.read_text("utf-8") if graphql.exists() else None,
    )


@pytest.mark.once
@pytest.mark.parametrize("name", NAMES)
def test_a_connector_of_the_repository_is_certified(name: str) -> None:
    """What a user installs from here has passed the whole contract; every request and answer of
    its exchanges is valid by the processor's own description, where that is here."""
    report = certify_apart(name, _descriptions(name), False, lambda done, of, last: None)
    assert [f"{f.check} on {f.case}: {f.message}" for f in report.failed] == []
    assert report.problems == []
    assert report.ok
    assert report.executed == report.required > 40


@pytest.mark.once
def test_some_processors_descriptions_are_here() -> None:
    """Says where conformance to the processors' own descriptions could not be looked at."""
    if not SPECS.exists():
        pytest.skip("needs ../shared/specs, which is not here")
    assert any(_descriptions(name) != Descriptions() for name in NAMES)
