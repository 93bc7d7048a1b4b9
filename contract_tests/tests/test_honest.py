"""What is right is not refused: connectors of honest, unusual processors pass every check."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest
from honest import Honest, honestly

from prism_contract_tests import certify


def _unusual() -> list[Honest]:
    """The connectors of every file in unusual/, each a module with a list HONEST."""
    found: list[Honest] = []
    for path in sorted((Path(__file__).parent / "unusual").glob("*.py")):
        spec = importlib.util.spec_from_file_location(f"unusual_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        found += module.HONEST
    return found


@pytest.mark.once
@pytest.mark.parametrize("honest", _unusual(), ids=lambda honest: honest.name)
def test_an_honest_connector_passes_every_check(tmp_path: Path, honest: Honest) -> None:
    with honestly(tmp_path, honest) as name:
        report = certify(name)
    found = [f"{f.check} on {f.case}: {f.message} {f.evidence}" for f in report.failed]
    assert [*found, *report.problems] == []


def test_keys_are_not_promised_for_what_follows_a_lookup_without_one(tmp_path: Path) -> None:
    """`prism.key_hours` is asked before a run of many renewals. The core sees no request after a
    lookup, so the connector must declare that it has no key."""
    (honest,) = (one for one in _unusual() if one.name.endswith("none with a capture"))
    edits = tuple(one for one in honest.edits if "key_hours_of" not in one[2])
    assert len(edits) == len(honest.edits) - 1
    with honestly(tmp_path, replace(honest, edits=edits)) as name:
        report = certify(name)
    (found,) = report.failed
    assert (found.check, found.case) == ("idempotency-key", "capture")
    assert "key_hours_of" in found.message
