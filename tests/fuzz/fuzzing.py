"""How the fuzz tests run: how many inputs, how they are drawn, and what is kept of a crash.

`PRISM_FUZZ=100` tries a hundred times as many inputs; `nox -s fuzz` does so.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

TIMES = max(1, int(os.environ.get("PRISM_FUZZ") or 1))
_SHOWN, _MOST = 600, 20
_NUMBERS = re.compile(r"0x[0-9a-f]+|[0-9]+")


class Tally:
    """What was tried against one target, and the shortest input for each way to crash it."""

    def __init__(self, target: str) -> None:
        self.target, self.tried = target, 0
        self.crashes: dict[str, str] = {}

    def crash(self, problem: str, case: object) -> None:
        """Keeps an input that ended as none may; the shortest that is known for the problem."""
        shown, kind = repr(case), _NUMBERS.sub("N", problem)[:160]
        if len(shown) < len(self.crashes.get(kind, shown + " ")):
            self.crashes[kind] = shown

    def said(self) -> str:
        """The crashes, a paragraph each."""
        most = list(self.crashes.items())[:_MOST]
        return "\n\n".join(f"{why}\n  {case[:_SHOWN]}" for why, case in most)


Draw = Callable[[random.Random], T]
"""Makes an input of a seeded random number generator: many times as fast as a strategy of many
parts, and nothing is lost by it, because no input is shrunk."""


def fuzz(
    tally: Tally,
    cases: Draw[T],
    attempt: Callable[[T], str | None],
    *,
    inputs: int,
    findings: Iterable[T] = (),
) -> None:
    """Tries `inputs` cases, after the `findings` of earlier runs. `attempt` gives what is wrong
    with how a case ended, or None. All is tried before anything fails, so that one run of many
    inputs shows every crash; nothing is shrunk, because the inputs are small changes already."""

    @settings(
        max_examples=inputs * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=st.integers(0, 2**64 - 1).map(lambda seed: cases(random.Random(seed))))
    def try_out(case: Any) -> None:
        tally.tried += 1
        problem = attempt(case)
        if problem is not None:
            tally.crash(problem, case)

    for found in findings:
        try_out = example(case=found)(try_out)
    try_out()
    assert not tally.crashes, tally.said()
