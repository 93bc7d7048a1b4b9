"""The exchanges that the pages show have the form that `prism exchanges format` gives them."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from prism_contract_tests.exchange import Defaults
from prism_contract_tests.formatting import formatted

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))
_JSON = re.compile(r"^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCKS = [
    pytest.param(block, id=f"{page.stem}-{number}")
    for page in PAGES
    for number, block in enumerate(
        re.findall(r"^```json\n(.*?)^```", page.read_text(), re.M | re.S)
    )
]


@pytest.mark.parametrize("block", BLOCKS)
def test_an_exchange_is_shown_in_the_usual_form(block: str) -> None:
    """So that a reader who copies one has nothing to format."""
    assert block == formatted(block)


def test_the_grants_shown_can_be_read() -> None:
    """As `exchanges/defaults.json`, with the token in the answer."""
    (block,) = (one.values[0] for one in BLOCKS if '"grants"' in str(one.values[0]))
    (grant,) = msgspec.json.decode(str(block), type=Defaults).grants
    assert "access_token" in str(grant.response)
