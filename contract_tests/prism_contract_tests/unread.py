"""Unread: places of an answer of which a connector makes nothing. They are damaged all at once,
because a call for each of them would prove no more; every other place gets calls of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

import msgspec

from prism_contract_tests.damage import Damage, Damaged, together
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.sampling import chosen
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import HttpResponse

Attempt = Callable[[Sequence[Damaged]], Ended]
"""A call whose answer has all of this damage."""


def damaged_calls(
    target: Target, desk: Desk, exchange: Exchange, good: Ended, how: Damage, sampled: bool = False
) -> Iterator[tuple[int, Damaged, Ended]]:
    """Calls with one answer of the exchange damaged, and its step. What changes nothing together
    with other damage is not tried alone."""
    answers, request = answers_of(exchange), exchange.build()
    for step, sent in enumerate(exchange.steps):
        whole = sent.response.answer()

        def call(answer: HttpResponse, step: int = step) -> Ended:
            # A flow with an access token sends again after a 401, and gets a 401 again.
            again = 2 if answer.status_code == 401 and target.grants() else 1
            given: list[Answer] = [*answers[:step], *[answer] * again]
            return desk.call(exchange.operation, request, [*given, *answers[step + 1 :]])

        def at_once(group: Sequence[Damaged], whole: HttpResponse = whole) -> Ended:
            return call(together(whole, group))

        found = how(whole)
        some = chosen(target, exchange.name, step, found) if sampled else found
        for one in to_try_alone(target, good, some, at_once):
            yield step, one, call(one.answer)


def to_try_alone(
    target: Target, good: Ended, found: Iterable[Damaged], attempt: Attempt
) -> Iterator[Damaged]:
    """The damage that needs a call of its own, in order: all at places that the operation is known
    to read, and what changes how the call ends if it is tried with other damage of its kind. With
    `--thorough` all of it."""
    each, alone = list(found), set[int]()
    for (kind, _), level in groupby(sorted(each, key=_level), key=_level):
        group = list(level)
        if not target.thorough and kind:
            rest = [one for one in group if one.path not in target.read]
            target.read.update(one.path for one in _read(rest, good, attempt))
            group = [one for one in group if one.path in target.read]
        alone.update(map(id, group))
    return (one for one in each if id(one) in alone)


def _level(one: Damaged) -> tuple[str, int]:
    """What can be tried at once: of one kind, and nothing inside of something else."""
    return one.kind or "", len(one.path)


def _read(group: list[Damaged], good: Ended, attempt: Attempt) -> list[Damaged]:
    """Those of a group that change how the call ends, found by halving it."""
    if not group or is_same(attempt(group), good):
        return []
    if len(group) == 1:
        return group
    half = len(group) // 2
    # Where neither half alone changes it, both do: then each is tried.
    return [*_read(group[:half], good, attempt), *_read(group[half:], good, attempt)] or group


_OF_THE_CALL = ("attempts", "idempotency_key", "seconds")
"""What differs from call to call, whatever is answered."""


def is_same(ended: Ended, good: Ended) -> bool:
    """Whether two calls sent the same, and came to the same result or error."""
    return _end(ended) == _end(good)


def _end(ended: Ended) -> tuple[object, ...]:
    sent = [(one.method, one.url, one.body) for one in ended.tape.seen]
    error, result = ended.error, ended.result
    told = vars(error) if error is not None else msgspec.structs.asdict(result)
    kept = {name: value for name, value in told.items() if name not in _OF_THE_CALL}
    return type(error or result), str(error or ""), kept, sent
