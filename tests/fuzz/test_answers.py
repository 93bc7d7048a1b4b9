"""Answers of every processor, damaged at random: a call ends in a result or a typed error."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from prism_contract_tests import damage
from prism_contract_tests.check import Failed
from prism_contract_tests.checks.outcomes import FAILED, UNKNOWN, WAITING
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Ended, answers_of, grants_of
from prism_core import (
    ConnectorBug,
    ConnectorError,
    EventRejected,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    PrismError,
    TransportError,
)
from prism_core.connector.operations import result_type

from .damaging import damaged, words
from .fuzzing import Tally, fuzz
from .targets import Desks

_STATUSES = [200, 200, 200, 201, 204, 206, 400, 401, 402, 404, 409, 422, 429, 500, 503]
_HEADERS: list[dict[str, str]] = [
    {},
    {"content-type": "text/html"},
    {"retry-after": "9" * 30},
    {"content-encoding": "gzip"},
    {"content-type": "application/json; charset=utf-16"},
]
_IN_DOUBT = (MalformedResponse, TransportError)


class Case(NamedTuple):
    """A damaged answer, in place of the one at an index of an exchange's steps or grants."""

    exchange: str
    where: str
    index: int
    status: int
    headers: dict[str, str]
    body: bytes


def _case(chance: random.Random, desks: Desks) -> Case:
    exchange = chance.choice([one for one in desks.target.exchanges if one.steps])
    parts = [("steps", index) for index in range(len(exchange.steps))] * 4
    parts += [("grants", index) for index in range(len(exchange.grants))]
    where, index = chance.choice(parts)
    good = getattr(exchange, where)[index].response
    alike = [o.steps[-1].response.body() for o in desks.target.of(exchange.operation) if o.steps]
    status = good.status if chance.randrange(6) else chance.choice(_STATUSES)
    headers = good.headers if chance.randrange(8) else chance.choice(_HEADERS)
    body = damaged(chance, good.body(), alike)
    return Case(exchange.name, where, index, status, headers, body)


def _run(desks: Desks, case: Case) -> tuple[Exchange, Ended]:
    exchange = desks.target.exchange(case.exchange)
    answers, grants = answers_of(exchange), grants_of(desks.target, exchange)
    headers = {name.lower(): value for name, value in case.headers.items()}
    changed = answers if case.where == "steps" else grants
    changed[case.index] = HttpResponse(case.status, headers, case.body)
    desk = desks.of(exchange)
    return exchange, desk.call(exchange.operation, exchange.build(), answers, grants)


def test_damaged_answers(desks: Desks, tally: Callable[[str], Tally]) -> None:
    """Whatever a processor answers, a call ends soon: in a result of its own type, or in an error
    that says what is known; either can be printed, logged and pickled."""

    def attempt(case: Case) -> str | None:
        try:
            exchange, ended = _run(desks, case)
        except Failed as failure:
            return failure.message
        if ended.error is not None:
            has_only_looked = not any(one.changes for one in ended.tape.seen)
            return _wrong_error(case, ended.error, has_only_looked)
        is_last = case.where == "steps" and case.index == len(exchange.steps) - 1
        if is_last and case.status >= 400 and _claims(ended):
            return f"{exchange.operation} says {ended.status} after HTTP {case.status}"
        return _wrong_result(exchange, ended.result)

    counted = tally(f"answers: {desks.target.name}")
    fuzz(counted, lambda chance: _case(chance, desks), attempt, inputs=400)


def _claims(ended: Ended) -> bool:
    """Whether a call came to a success."""
    return ended.error is None and ended.status not in (None, *WAITING, *FAILED, *UNKNOWN)


def _wrong_error(case: Case, error: PrismError, has_only_looked: bool) -> str | None:
    name = type(error).__name__
    known = error.outcome == "unknown" or (has_only_looked and error.outcome == "not_sent")
    if isinstance(error, ConnectorBug):
        return error.message
    if isinstance(error, InvalidRequest) and has_only_looked:
        return None  # what the lookup found refuses the request: another currency, say
    if not isinstance(error, (ConnectorError, EventRejected, *_IN_DOUBT)):
        return f"{name} is no error that an answer can end in"
    if case.where == "steps" and isinstance(error, _IN_DOUBT) and not known:
        return f"{name} says {error.outcome}, and nobody can know"
    return _unfit(error, str(error), pickle.loads(pickle.dumps(error)).to_dict())


def _wrong_result(exchange: Exchange, result: Any) -> str | None:
    if not isinstance(result, result_type(exchange.operation)):
        return f"the result is a {type(result).__name__}"
    return _unfit(result, "", pickle.loads(pickle.dumps(result)).to_dict())


def _unfit(end: Any, words: str, copied: object) -> str | None:
    """What is wrong with an end for those who show it or send it on."""
    try:
        json.dumps(end.to_dict(), ensure_ascii=False).encode()
        (words + repr(end)).encode()
    except (TypeError, ValueError) as reason:
        return f"{type(end).__name__} cannot be shown: {type(reason).__name__}"
    return None if copied == end.to_dict() else f"{type(end).__name__} changes when pickled"


def test_unknown_status_words(desks: Desks, tally: Callable[[str], Tally]) -> None:
    """An answer whose status is a word that the processor never said, however close to one that
    it does say, is never a success."""
    deciding = _deciding(desks)
    assert deciding
    known = {text.casefold() for one in desks.target.exchanges for text in _texts(one)}

    def attempt(case: Case) -> str | None:
        exchange, ended = _run(desks, case)
        return f"{exchange.name} says {ended.status}" if _claims(ended) else None

    counted = tally(f"status words: {desks.target.name}")
    fuzz(counted, lambda chance: _unheard(chance, deciding, known), attempt, inputs=100)


Place = tuple[Exchange, int, damage.Path, Any]


def _deciding(desks: Desks) -> list[Place]:
    """The places in successful answers whose value decides the status: with a word unheard of
    there, it is unknown."""
    found: list[Place] = []
    for exchange in desks.target.exchanges:
        if exchange.kind != "success" or not exchange.steps:
            continue
        _, good = _run(desks, _with(exchange, 0, exchange.steps[0].response.body()))
        if good.status is None or good.status in WAITING | FAILED:
            continue
        for index, step in enumerate(exchange.steps):
            for one in damage.unheard(step.response.answer()):
                _, ended = _run(desks, _with(exchange, index, one.answer.body))
                if ended.error is None and ended.status in UNKNOWN:
                    found.append((exchange, index, one.path, one.value))
    return found


def _with(exchange: Exchange, index: int, body: bytes) -> Case:
    answer = exchange.steps[index].response
    return Case(exchange.name, "steps", index, answer.status, answer.headers, body)


def _texts(exchange: Exchange) -> list[str]:
    bodies = [damage.json_of(step.response.answer()) for step in exchange.steps]
    return [str(value) for body in bodies for _, value in damage.leaves(body)]


def _unheard(chance: random.Random, deciding: list[Place], known: set[str]) -> Case:
    exchange, index, path, value = chance.choice(deciding)
    whole = damage.json_of(exchange.steps[index].response.answer())
    word: Any = chance.randint(100, 10**6)
    if isinstance(value, str):
        said = next(str(entry) for at, entry in damage.leaves(whole) if at == path)
        word = _near(chance, said)
        while word.casefold() in known:
            word = _near(chance, said)
    return _with(exchange, index, msgspec.json.encode(damage.replaced(whole, path, word)))


def _near(chance: random.Random, said: str) -> str:
    """A word near one that is said, or any word; of a record of many fields, only one decides."""
    if "," in said or chance.randrange(3) == 0:
        return words(chance, 12)
    at = chance.randint(0, len(said))
    return said[:at] + words(chance, 3) + said[at + chance.randrange(2) :]
