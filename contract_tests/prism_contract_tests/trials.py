"""Calls that get a damaged answer, beside the same call with the good one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from prism_contract_tests.check import Failed
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Damage, Damaged
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.target import Target
from prism_contract_tests.unread import damaged_calls
from prism_core import ConnectorBug, ConnectorError, MalformedResponse, PrismError

TYPED = "MalformedResponse with outcome unknown, or a ConnectorError"


class Trial(NamedTuple):
    """One damaged answer: its exchange, the end of a call with the good answer, and with this."""

    exchange: Exchange
    step: int
    good: Ended
    damaged: Damaged
    ended: Ended

    @property
    def lost(self) -> str:
        """The outcome that is true if the damaged answer cannot be used."""
        return self.ended.lost(self.exchange.operation)

    @property
    def status(self) -> int:
        """The HTTP status of the damaged answer."""
        return self.damaged.answer.status_code


Judge = Callable[[Trial], str | None]
"""What is wrong with the end of a call, or None."""


def try_all(
    target: Target,
    case: str,
    how: Damage,
    judge: Judge,
    expected: str = TYPED,
    *,
    sampled: bool = False,
) -> int:
    """Damages each answer of an exchange in each way. Returns how many calls that made; raises
    `Failed` for the first one that ends wrongly.

    If `sampled`, some of the ways are tried, by `is_chosen`, unless the target is tried thoroughly.
    """
    tried = 0
    for trial in _trials(target, target.exchange(case), how, sampled):
        tried += 1
        problem = judge(trial)
        if problem is not None:
            raise Failed(
                f"{trial.damaged.label}: {problem}",
                evidence(trial.damaged.answer, trial.ended, expected),
            )
    return tried


def _trials(target: Target, exchange: Exchange, how: Damage, sampled: bool) -> Iterator[Trial]:
    with Desk(target, exchange.account, keeps_token=True) as desk:
        good = desk.call(exchange.operation, exchange.build(), answers_of(exchange))
        for step, damaged, ended in damaged_calls(target, desk, exchange, good, how, sampled):
            yield Trial(exchange, step, good, damaged, ended)


def wrong_error(trial: Trial, error: PrismError) -> str | None:
    """The problem of an error that a damaged answer led to; None if it is right."""
    name = type(error).__name__
    if isinstance(error, ConnectorBug):
        return error.message
    if not isinstance(error, (MalformedResponse, ConnectorError)):
        return f"{name} is no error that an answer can end in"
    refused = isinstance(error, ConnectorError) and (
        trial.status >= 400 or trial.exchange.kind == "decline"
    )
    if error.outcome != trial.lost and not refused:
        return f"{name} says {error.outcome}, and {trial.lost} is true"
    return None
