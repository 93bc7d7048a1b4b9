"""The page of the checks explains each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from prism_contract_tests import pages
from prism_contract_tests.check import CHECKS

PAGE = Path(__file__).parents[2] / "docs" / "checks.md"


@pytest.mark.parametrize("id", CHECKS)
def test_a_check_explains_itself(id: str) -> None:
    """Each check has a heading of its own, one sentence that it requires, why, and how."""
    check = CHECKS[id]
    assert f"\n## {id}\n" in pages.page()
    assert len(check.why.split()) >= 5
    assert len(check.how.split()) >= 4


def test_the_contracts_page_is_linked() -> None:
    """Both pages are in the table of contents."""
    contents = (PAGE.parent / "index.md").read_text("utf-8").splitlines()
    assert {"contract", "checks"} <= set(contents)
