"""Fixtures of the fuzz tests: what is tried is counted, and shown at the end of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from .fuzzing import Tally
from .targets import desks

__all__ = ["desks", "tally"]


@pytest.fixture
def tally(record_property: Callable[[str, object], None]) -> Iterator[Callable[[str], Tally]]:
    """`tally(target)` counts the inputs tried against a target; tests/conftest.py shows them."""
    made: list[Tally] = []

    def count(target: str) -> Tally:
        made.append(Tally(target))
        return made[-1]

    yield count
    for one in made:
        record_property("fuzz", [one.target, one.tried, len(one.crashes)])
