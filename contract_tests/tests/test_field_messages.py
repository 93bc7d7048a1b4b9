"""What the checks of the fields say: the part that is missing, by its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from lab import Mutant, findings_of


@pytest.mark.parametrize(
    ("read", "part"),
    [
        ("method.cvc", "cvc"),
        ("method.holder_name", "holder_name"),
    ],
)
def test_a_part_of_a_card_that_goes_nowhere_is_named(tmp_path: Path, read: str, part: str) -> None:
    """Where two cards make the same request, the finding names what differs between them."""
    check = "payment-method-kinds"
    found = findings_of(tmp_path, Mutant(f"drops {part}", check, read, f"{read} and None"), check)
    messages = [one.message for one in found if one.verdict == "failed"]
    assert messages
    assert all(f"{part} of the Card is on no wire" in message for message in messages)
