"""Checks of money: no floats are sent, and what is answered is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from prism_contract_tests.amounts import Written, number, read_json
from prism_contract_tests.check import Failed, check, each_exchange, only
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Damaged, Path, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.pricing import AMOUNTS, currency_of, paying
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer, Tape
from prism_contract_tests.target import Target
from prism_core import HttpResponse

_EXPONENT = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d+")


def _authorize(target: Target) -> list[str]:
    return ["authorize"] if target.success("authorize") is not None else []


@check(
    "money-no-float",
    since="2026.11",
    cases=each_exchange,
    why="A float does not hold the exact decimal; JSON readers round it, and 1E+3 is no amount.",
    how="Write amounts as integers (Money's minor_amount, to_wire) or with to_decimal. If the "
    "processor takes no text, write json_number(request.amount.to_decimal()), and an amount with a "
    "fraction in the exchange's request.",
)
def money_no_float(target: Target, case: str) -> int:
    """No request body holds a JSON number with a fraction, except where the exchange has one, and
    no amount is written with an exponent."""
    exchange = target.exchange(case)
    requests: list[Any] = [exchange.build()]
    if getattr(requests[0], "amount", None) is not None:
        currency = currency_of(exchange)
        requests += [paying(exchange, amount, currency) for amount in AMOUNTS]
    tried, allowed = 0, _fractions(exchange)
    with Desk(target, exchange.account) as desk:
        for request in requests:
            ended = desk.call(exchange.operation, request, answers_of(exchange))
            tried += len(ended.tape.seen)
            for written in _floats(ended.tape, allowed):
                raise Failed(
                    "a number with a fraction or exponent is sent",
                    Evidence(
                        request=str(getattr(request, "amount", "")),
                        expected="an integer, or a text",
                        got=written,
                    ),
                )
    return tried


def _fractions(exchange: Exchange) -> set[tuple[int, Path]]:
    """The requests and places in which the exchange has a JSON number with a fraction."""
    return {
        (index, path)
        for index, step in enumerate(exchange.steps)
        for path, value in leaves(step.request.json)
        if isinstance(value, float)
    }


def _floats(tape: Tape, allowed: set[tuple[int, Path]]) -> Iterator[str]:
    for index, (request, read) in enumerate(zip(tape.seen, tape.wire, strict=True)):
        found = [] if read.json is None else list(leaves(read_json(request.body)))
        for path, value in found:
            is_plain = (index, path) in allowed and not _EXPONENT.fullmatch(str(value))
            if isinstance(value, Written) and not is_plain:
                yield value
        values = [*read.query.values(), *(read.form or {}).values()]
        values += [value for _, value in found if type(value) is str]
        # An id may look like that, too; with a plus sign, or round, Python wrote it.
        yield from (v for v in values if _EXPONENT.fullmatch(v) and ("E+" in v or "e+" in v))


@check(
    "money-compared",
    since="2026.11",
    cases=_authorize,
    where=only("authorize"),
    why="If a processor took another amount or currency than was asked for, the caller must "
    "notice.",
    how="Put the amount and currency of the answer into the Payment, never those of the request; "
    "the core compares.",
)
def money_compared(target: Target, case: str) -> int:
    """If the processor reports another amount or currency than the request's, the result has a
    discrepancy or the call ends in MalformedResponse."""
    exchange = target.success(case)
    assert exchange is not None
    tried = 0
    seen: dict[str, list[bool]] = {"amount": [], "currency": []}
    with Desk(target, exchange.account) as desk:
        good = desk.call(case, exchange.build(), answers_of(exchange))
        if getattr(good.result, "amount", None) is None:
            return 1
        for index, what, damaged in _altered(exchange):
            answers = answers_of(exchange)
            given: list[Answer] = [*answers[:index], damaged.answer, *answers[index + 1 :]]
            ended = desk.call(case, exchange.build(), given)
            seen[what].append(_noticed(good, damaged, ended))
            tried += 1
    if not any(seen["amount"]):
        raise Failed("another amount in the answer changes nothing in the result's amount")
    if seen["currency"] and not any(seen["currency"]):
        raise Failed("another currency in the answer changes nothing in the result's amount")
    return tried


def _altered(exchange: Exchange) -> Iterator[tuple[int, str, Damaged]]:
    """The success's answers, each with one number or the currency changed."""
    currency = currency_of(exchange)
    other = "EUR" if currency != "EUR" else "USD"
    for index, step in enumerate(exchange.steps):
        answer: HttpResponse = step.response.answer()
        for path, value in leaves(json_of(answer)):
            if isinstance(value, str) and value.upper() == currency:
                new = other if value.isupper() else other.lower()
                yield index, "currency", edited(answer, path, new, new)
            elif number(value) is not None:
                changed = _bumped(value)
                yield index, "amount", edited(answer, path, changed, repr(changed))


def _bumped(value: Any) -> Any:
    """Another number in the same form: a thousand units more."""
    if isinstance(value, str):
        return f"{Decimal(value) + 1000:f}"
    return value + 1000


def _noticed(good: Ended, damaged: Damaged, ended: Ended) -> bool:
    """Whether the result reports this value; then it must be compared."""
    if ended.error is not None:
        return ended.error.outcome == "unknown"
    if ended.result.amount == good.result.amount:
        return False
    if not ended.result.discrepancies:
        raise Failed(
            f"{damaged.label}, and the result has no discrepancy",
            evidence(damaged.answer, ended, "a discrepancy"),
        )
    return True
