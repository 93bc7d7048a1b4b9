"""What is right is not refused: connectors of honest, unusual processors pass every check."""

from __future__ import annotations

import importlib.util
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
