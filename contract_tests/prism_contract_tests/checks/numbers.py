"""Checks of numbers in answers: only plain ASCII digits are money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from prism_contract_tests.check import Failed, check, each_asking
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Damaged, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, answers_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import Money
from prism_core.schema.numbers import plain_decimal

_OTHER_DIGITS = str.maketrans("0123456789", "".join(chr(0x0660 + digit) for digit in range(10)))


def _each_success(target: Target) -> list[str]:
    return [name for name in each_asking(target) if target.success(name) is not None]


@check(
    "money-plain",
    since="2026.11",
    cases=_each_success,
    where=each_asking,
    why="Python accepts 1_000.00, 1e3 and the digits of every script as numbers. An answer with "
    "such an amount is damaged, and nobody knows what it means.",
    how="Read amounts with Money.from_decimal, or as PlainDecimal in a Struct; other numbers with "
    "whole_number.",
)
def money_plain(target: Target, case: str) -> int:
    """An amount in an answer that is written with underscores, exponents, signs, spaces or digits
    of other scripts is not used as money."""
    exchange, tried = target.success(case), 0
    assert exchange is not None
    with Desk(target, exchange.account) as desk:
        good = desk.call(case, exchange.build(), answers_of(exchange))
        known = set(_monies(good.result))
        for index, damaged in _strange(exchange):
            tried += 1
            answers = answers_of(exchange)
            given: list[Answer] = [*answers[:index], damaged.answer, *answers[index + 1 :]]
            ended = desk.call(case, exchange.build(), given)
            if set(_monies(ended.result)) - known:
                raise Failed(
                    f"{damaged.label}, and that is taken for money",
                    evidence(damaged.answer, ended, "MalformedResponse"),
                )
    return max(tried, 1)


def _monies(result: Any) -> Iterator[Money]:
    for name in getattr(result, "__struct_fields__", ()):
        value = getattr(result, name)
        if isinstance(value, Money):
            yield value


def _strange(exchange: Exchange) -> Iterator[tuple[int, Damaged]]:
    """The answers, each with one number increased and written in an unusual form."""
    for index, step in enumerate(exchange.steps):
        answer = step.response.answer()
        for path, value in leaves(json_of(answer)):
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            number = plain_decimal(repr(value) if is_number else str(value))
            if number is not None and (is_number or isinstance(value, str)):
                for text in _written(number + 1000):
                    yield index, edited(answer, path, text, repr(text))


def _written(number: Decimal) -> Iterator[str]:
    plain = f"{number:f}"
    yield f"{plain[:1]}_{plain[1:]}"
    yield f"{plain}e0"
    yield plain.translate(_OTHER_DIGITS)
    yield f"+{plain}"
    yield f" {plain}"
