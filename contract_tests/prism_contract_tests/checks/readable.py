"""The check of the exchange files as files: that they can be read at all."""

from __future__ import annotations

from prism_contract_tests.check import Failed, check, once
from prism_contract_tests.target import Target


@check(
    "exchanges-readable",
    since="2026.11",
    cases=once,
    why="All other checks derive what they try from the exchanges.",
    how="Correct the file that the message names; `prism exchanges check` finds what is wrong with "
    "it without running the connector.",
)
def exchanges_readable(target: Target, case: str) -> int:
    """Every file in exchanges/ can be read: it is JSON, has the fields of an exchange, and each
    `like` names an answer that is there."""
    if target.unreadable is not None:
        raise Failed(target.unreadable)
    return 1
