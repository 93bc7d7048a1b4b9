"""Every connector of this repository is certified, found by globbing, named nowhere here."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from prism_contract_tests import certify, deviations

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
SPECS = ROOT.parent / "shared" / "specs"


def _connectors() -> list[str]:
    found: list[str] = []
    for path in sorted(ROOT.glob("plugins/*/pyproject.toml")):
        entry_points = tomllib.loads(path.read_text("utf-8"))["project"]["entry-points"]
        found += entry_points["prism.connectors"]
    return found


NAMES = _connectors()


@pytest.mark.parametrize("name", NAMES)
def test_a_connector_of_the_repository_is_certified(name: str) -> None:
    """What a user installs from here has passed the whole contract."""
    report = certify(name)
    assert [f"{f.check} on {f.case}: {f.message}" for f in report.failed] == []
    assert report.problems == []
    assert report.ok
    assert report.executed == report.required > 40


def _described() -> list[str]:
    """Those whose processor publishes a description; all, where none can be looked at."""
    return [
        n for n in _connectors() if not SPECS.exists() or (SPECS / f"{n}.openapi.json").exists()
    ]


@pytest.mark.once
@pytest.mark.parametrize("name", _described())
def test_a_connector_conforms_to_its_processors_description(name: str) -> None:
    """Every request and answer of the exchanges is valid by the processor's own OpenAPI."""
    path = SPECS / f"{name}.openapi.json"
    if not path.exists():
        pytest.skip(f"needs ../shared/specs/{path.name}, which is not here")
    report = certify(name, openapi=json.loads(path.read_text("utf-8")))
    checked = [finding for finding in report.findings if finding.check.startswith("openapi-")]
    assert [f"{f.check} on {f.case}: {f.message}" for f in checked if f.verdict != "passed"] == []
    assert report.ok
    assert checked


def test_the_page_of_deviations_is_current() -> None:
    """docs/connectors.md is what the connectors declare now."""
    path = ROOT / "docs" / "connectors.md"
    command = f"python -m prism_contract_tests.deviations docs/connectors.md {' '.join(NAMES)}"
    assert path.read_text("utf-8") == deviations.page(NAMES), f"run: {command}"
    assert "connectors" in (path.parent / "index.md").read_text("utf-8").splitlines()
