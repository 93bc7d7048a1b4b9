"""The page of optional fields: each cell is what a call does."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import installed

from prism_contract_tests import fields
from prism_contract_tests.target import open_target


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Of the reference connector with pages, which takes five classes of payment methods."""
    with installed(tmp_path_factory.mktemp("pages"), pages=True) as name:
        return fields.page([name])


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("return_url", "sent"),
        ("browser_info", "in part"),
        ("locale", "told"),
        ("setup_future_usage", "sent"),
        ("billing_address", "refused (1)"),
    ],
)
def test_a_cell_says_what_becomes_of_the_field(page: str, field: str, word: str) -> None:
    """Sent, told in `not_sent` wholly or in part, or refused with the reason below."""
    (row,) = (line for line in page.splitlines() if line.startswith(f"| `{field}`"))
    assert row.split(" | ")[1] == word


def test_refusals_are_explained_and_counted(page: str) -> None:
    """Each reason stands once below the table; the last line counts the cells."""
    assert "\n1. Acme cannot send billing_address with authorize; leave it out.\n" in page
    refused = page.count("refused (")
    assert page.endswith(f"\n{refused} of 55 cells are refusals.\n")


def test_a_class_without_an_exchange_has_no_column(tmp_path: Path) -> None:
    """What cannot be tried is not told; the contract demands the exchange."""
    sepa = "prism_acme/exchanges/authorize/sepa.json"
    with installed(tmp_path, files={sepa: None}, pages=True) as name:
        rows = fields.cells(open_target(name))
    assert set(rows["locale"]) == {"Card", "SdkToken", "ApplePay", "Redirect"}
