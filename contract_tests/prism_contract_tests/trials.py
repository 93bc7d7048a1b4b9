"""Calls that get a damaged answer, beside the same call with the good one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from prism_contract_tests.check import Failed
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Damage, Damaged, Path, json_of, members
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
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

    If `sampled`, each place is damaged in every way in the first exchange of the operation that has
    it, and in a third of the ways in the others, unless the target is tried thoroughly.
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


_Place = tuple[str, int, Path]
"""An exchange, a step, and a path in its answer; no path is the answer as a whole."""


@lru_cache(maxsize=1)
def _firsts(target: Target) -> frozenset[_Place]:
    """Each place in the answers of an operation, in the first exchange that has it."""
    found: dict[tuple[object, ...], _Place] = {}
    for one in (*target.representative, *target.exchanges):
        for index, step in enumerate(one.steps):
            paths = [path for path, _ in members(json_of(step.response.answer()))]
            for path in ((), *paths):
                kind = (one.operation, one.kind, step.response.status, index, path)
                found.setdefault(kind, (one.name, index, path))
    return frozenset(found.values())


def is_chosen(target: Target, name: str, step: int, path: Path, label: str) -> bool:
    """Whether a damage at a place is tried in this exchange: in the first that has the place every
    one is, in the others a third, the same ones each time."""
    if target.thorough or (name, step, path) in _firsts(target):
        return True
    return crc32(f"{name} {label}".encode()) % 3 == 0


def _trials(target: Target, exchange: Exchange, how: Damage, sampled: bool) -> Iterator[Trial]:
    answers, request = answers_of(exchange), exchange.build()
    with Desk(target, exchange.account) as desk:
        good = desk.call(exchange.operation, request, answers)
        for step, sent in enumerate(exchange.steps):
            for damaged in how(sent.response.answer()):
                place = exchange.name, step, damaged.path
                if sampled and not is_chosen(target, *place, damaged.label):
                    continue
                # A flow with an access token sends again after a 401, and gets a 401 again.
                again = 2 if damaged.answer.status_code == 401 and target.grants() else 1
                given: list[Answer] = [*answers[:step], *[damaged.answer] * again]
                ended = desk.call(exchange.operation, request, [*given, *answers[step + 1 :]])
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
