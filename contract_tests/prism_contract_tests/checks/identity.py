"""Checks with answers about another object: they give no result, and after such a lookup no money
moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from prism_contract_tests.check import Failed, check, each_lookup
from prism_contract_tests.checks.outcomes import evidence, found_nothing
from prism_contract_tests.damage import dotted, json_of, leaves, replaced
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import HttpResponse, MalformedResponse

_SHORTEST = 6
"""The minimum length of an id that is searched for within longer texts, such as URLs."""
_PAID_WITH = {"charge_recurring": "connector_mandate_id"}
"""What an operation pays with: if the answer names another one, the result has a discrepancy."""


class Trial(NamedTuple):
    """One id of the request, an answer that names another, and the end of the call."""

    field: str
    step: int
    place: str
    answer: HttpResponse
    ended: Ended


def _asked(exchange: Exchange) -> dict[str, str]:
    """The ids that an exchange's request names, by field."""
    kept = {"idempotency_key", "network_transaction_id"}
    return {
        name: value
        for name, value in exchange.request.items()
        if name.endswith("_id") and name not in kept and isinstance(value, str)
    }


def _other(value: str) -> str:
    """Another id of the same form."""
    last = value[-1]
    return value[:-1] + ("7" if last != "7" else "8") if last.isdigit() else f"{value[:-1]}Q"


Change = Callable[[Any, str], Any]
"""Changes a value that names an id; returns every other value unchanged."""


def _renamed(found: Any, value: str) -> Any:
    """The value with another id, also within longer texts."""
    if isinstance(found, str) and (found == value or len(value) >= _SHORTEST):
        return found.replace(value, _other(value))
    is_number = isinstance(found, int) and str(found) == value
    return int(_other(value)) if is_number else found


def _nulled(found: Any, value: str) -> Any:
    return None if found == value or str(found) == value else found


def _edited(answer: HttpResponse, value: str, change: Change) -> tuple[HttpResponse, str] | None:
    """The answer with the id changed in each place, and the first such place; None if there is
    none."""
    body, places = json_of(answer), []
    for path, found in [*leaves(body)]:
        new = change(found, value)
        if new != found:
            places.append(dotted(path))
            body = replaced(body, path, new)
    if not places:
        return None
    said = msgspec.json.encode(body)
    return HttpResponse(answer.status_code, answer.headers, said), places[0]


def _edits(exchange: Exchange, change: Change) -> Iterator[tuple[str, int, str, HttpResponse]]:
    for field, value in _asked(exchange).items():
        for index, step in enumerate(exchange.steps):
            edited = _edited(step.response.answer(), value, change)
            if edited is not None:
                yield field, index, edited[1], edited[0]


def _trials(target: Target, case: str, change: Change) -> Iterator[Trial]:
    exchange = target.exchange(case)
    answers = answers_of(exchange)
    with Desk(target, exchange.account) as desk:
        for field, step, place, answer in _edits(exchange, change):
            given: list[Answer] = [*answers[:step], answer, *answers[step + 1 :]]
            ended = desk.call(exchange.operation, exchange.build(), given)
            yield Trial(field, step, place, answer, ended)


def _cases(target: Target) -> list[str]:
    """The successes whose answers contain an id of the request."""
    return [
        one.name
        for one in target.exchanges
        if one.kind == "success" and one.operation != "handle_event" and _has(one, _renamed)
    ]


def _named_alone(target: Target) -> list[str]:
    """The successes in which the id is the whole value of a field."""
    return [name for name in _cases(target) if _has(target.exchange(name), _nulled)]


def _has(exchange: Exchange, change: Change) -> bool:
    return next(_edits(exchange, change), None) is not None


def _in_json(target: Target) -> list[str]:
    """The lookups whose answers are JSON: in others, no value can be replaced."""
    found = {name: target.success(name) for name in each_lookup(target)}
    return [name for name, one in found.items() if one is None or not _is_text(one)]


def _is_text(exchange: Exchange) -> bool:
    return bool(exchange.steps) and exchange.steps[-1].response.text is not None


@check(
    "answer-about-another",
    since="2026.11",
    cases=_cases,
    where=_in_json,
    wants="add a success whose answer names the id that was asked for",
    why="HTTP/1.1 matches answers to requests only by their order. After one answer too many, "
    "every later call gets the answer of the call before: all payments look paid.",
    how="Put each id that the answer names into the result, from the answer. After a lookup, call "
    "expect_same(field, asked, found) before anything else is sent.",
)
def answer_about_another(target: Target, case: str) -> int:
    """An answer that names another id than the request ends in MalformedResponse, or in NotFound if
    the answer is a list; after such a lookup nothing is changed."""
    tried = 0
    exchange = target.exchange(case)
    for told in _trials(target, case, _renamed):
        tried += 1
        ended, wanted = told.ended, "MalformedResponse, and nothing sent after it"
        where = f"{told.place} of answer {told.step + 1} names another {told.field}"
        changing = [one for one in ended.tape.seen[told.step + 1 :] if one.changes]
        if changing:
            message = f"{where}, and {changing[0].method} {changing[0].path} is sent all the same"
            raise Failed(message, evidence(told.answer, ended, wanted))
        if ended.error is None and told.field == _PAID_WITH.get(exchange.operation):
            if not any(one.field == told.field for one in ended.result.discrepancies):
                raise Failed(f"{where}, and no discrepancy says so")
            continue
        if "[" in told.place and found_nothing(ended):
            continue
        if not isinstance(ended.error, MalformedResponse):
            raise Failed(f"{where}, and it is taken", evidence(told.answer, ended, wanted))
    return tried


@check(
    "answer-null-link",
    since="2026.11",
    cases=_named_alone,
    why="A payment whose customer is null is linked to nobody. Read like a missing field, the "
    "null would not be noticed.",
    how="Declare the field as Nullable[...] = UNSET in the answer's Struct, and give the result "
    "nullable(body.customer).",
)
def answer_null_link(target: Target, case: str) -> int:
    """If an answer has null for an id that was asked for, the result has a discrepancy or the call
    ends in MalformedResponse; after such a lookup nothing is changed."""
    tried = 0
    for told in _trials(target, case, _nulled):
        tried += 1
        ended, wanted = told.ended, f"a discrepancy of {told.field}, or MalformedResponse"
        where = f"{told.place} of answer {told.step + 1} is null, and names the {told.field}"
        if isinstance(ended.error, MalformedResponse):
            continue
        if ended.error is not None or not any(
            one.field == told.field for one in ended.result.discrepancies
        ):
            raise Failed(f"{where}: nothing tells", evidence(told.answer, ended, wanted))
    return tried
