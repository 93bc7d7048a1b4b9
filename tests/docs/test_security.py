"""The security page: what it promises is what the tests prove."""

from __future__ import annotations

import re
from pathlib import Path

from prism_contract_tests import checks as _checks  # noqa: F401 - importing registers them
from prism_contract_tests.check import CHECKS

ROOT = Path(__file__).parents[2]
ROWS = [line for line in (ROOT / "SECURITY.md").read_text("utf-8").splitlines() if "| `" in line]


def test_every_protection_names_a_test_that_there_is() -> None:
    """Each promise of SECURITY.md names a test or a check of the contract, and it exists."""
    assert len(ROWS) > 10
    for row in ROWS:
        names = re.findall(r"`([^`]+)`", row.split("|")[2])
        assert names
        for name in names:
            path, _, test = name.partition("::")
            found = f"def {test}(" in (ROOT / path).read_text("utf-8") if test else path in CHECKS
            assert found, f"{name} proves nothing: there is no such test"
