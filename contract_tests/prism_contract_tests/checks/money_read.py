"""Check of amounts in answers: read in the processor's form, in every currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from prism_contract_tests.amounts import Exponents, number
from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Path, edited, json_of, leaves, replaced
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.pricing import currencies, priced
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.tape import Answer
from prism_contract_tests.target import Target
from prism_core import HttpResponse, InvalidRequest, Money
from prism_core.schema.money import EXPONENTS

_Place = tuple[int, Path]
"""A step, and a path in its answer."""


def _reporting(target: Target) -> list[str]:
    """The operations that report an amount of money, besides events, which are signed."""
    return [name for name in target.operations if _with_money(target, name) is not None]


def _with_money(target: Target, operation: str) -> Exchange | None:
    found = [] if operation == "handle_event" else target.of(operation, "success")
    return next((one for one in found if _expected(one)), None)


def _expected(exchange: Exchange) -> dict[str, Any]:
    """The amounts of an exchange's result, by field."""
    fields = (exchange.result or {}).items()
    return {k: one for k, one in fields if isinstance(one, dict) and "minor_amount" in one}


@check(
    "money-read",
    since="2026.11",
    cases=_reporting,
    why="1000 yen read as ten, or a dinar read as ten fils, is compared with the wrong amount and "
    "booked as it is.",
    how="Read integers with Money.from_wire(amount, currency, EXPONENTS) and decimals with "
    "Money.from_decimal(amount, currency), with the currency of the answer.",
)
def money_read(target: Target, case: str) -> int:
    """The amounts of an answer, written in the same form in currencies with 0, 2, 3 and 4 decimals
    and in those with other decimals at the processor, are read exactly."""
    exchange = _with_money(target, case)
    assert exchange is not None
    info, tried = target.connector.info, 0
    with Desk(target, exchange.account) as desk:
        good = desk.call(case, exchange.build(), answers_of(exchange))
        own = {money.currency for money in _monies(good).values()}
        if len(own) != 1 or not _names_currency(exchange, min(own)):
            return 1  # the answer is in the account's currency, whatever that is
        places = _places(desk, exchange, good)
        major = _in_major_units(exchange, good, places, info.exponents)
        for currency in currencies(info, min(own)):
            factor = 10 ** max(0, EXPONENTS[currency] - info.exponents.get(currency, 9))
            change = _Rewriting(info.exponents, min(own), currency, factor, major)
            tried += _try(desk, exchange, good, change, places)
    return tried


def _monies(ended: Ended) -> dict[str, Money]:
    """The amounts of a result, by field."""
    names = getattr(ended.result, "__struct_fields__", ())
    found = ((name, getattr(ended.result, name)) for name in names)
    return {name: one for name, one in found if isinstance(one, Money)}


def _names_currency(exchange: Exchange, own: str) -> bool:
    """Whether the request or an answer says in which currency the payment is."""
    said = (value for _, _, value in _leaves(exchange))
    return bool(exchange.request.get("amount")) or own in (str(one).upper() for one in said)


def _leaves(exchange: Exchange) -> Iterator[tuple[int, Path, Any]]:
    for index, step in enumerate(exchange.steps):
        for path, value in leaves(json_of(step.response.answer())):
            yield index, path, value


def _places(desk: Desk, exchange: Exchange, good: Ended) -> set[_Place]:
    """The numbers of the answers that decide about an amount of the result."""
    found = set()
    answers = answers_of(exchange)
    for index, path, value in _leaves(exchange):
        if number(value) is None:
            continue
        changed = f"{Decimal(value) + 1000:f}" if isinstance(value, str) else value + 1000
        answer = edited(exchange.steps[index].response.answer(), path, changed, "more").answer
        given: list[Answer] = [*answers[:index], answer, *answers[index + 1 :]]
        ended = desk.call(exchange.operation, exchange.build(), given)
        if ended.result is not None and _monies(ended) != _monies(good):
            found.add((index, path))
    return found


def _in_major_units(
    exchange: Exchange, good: Ended, places: set[_Place], exponents: Exponents
) -> bool:
    """Whether the answers have decimals, not integers of minor units: a number that decides has a
    fraction, or is as many dollars, and not as many cents, as the result has."""
    values = [value for step, path, value in _leaves(exchange) if (step, path) in places]
    if any(isinstance(one, float) or "." in str(one) for one in values):
        return True
    known, numbers = _monies(good).values(), {number(one) for one in values}
    cents = numbers & {Decimal(money.to_wire(exponents)) for money in known}
    return not cents and bool(numbers & {money.to_decimal() for money in known})


class _Rewriting(msgspec.Struct):
    """Writes what answers say of amounts in one currency in another, with the same digits."""

    exponents: Exponents
    own: str
    other: str
    factor: int
    """By which all amounts are larger, so that the processor's decimals are enough."""
    major: bool
    """Whether the processor writes decimals, or integers of minor units."""

    def money(self, known: Money) -> Money:
        """The same number of minor units in the other currency."""
        return Money(known.minor_amount * self.factor, self.other)

    def amount(self, value: Any) -> Any:
        """A number of an answer as it is in the other currency, in the same form."""
        if not self.major:
            changed = self.money(Money.from_wire(int(value), self.own, self.exponents))
            wire = changed.to_wire(self.exponents)
            return str(wire) if isinstance(value, str) else wire
        text = value if isinstance(value, str) else repr(value)
        decimal = self.money(Money.from_decimal(text, self.own)).to_decimal(self.exponents)
        return f"{decimal:f}" if isinstance(value, str) else msgspec.Raw(f"{decimal:f}".encode())

    def answer(self, step: int, answer: HttpResponse, places: set[_Place]) -> HttpResponse:
        """The answer with its amounts and its currency rewritten."""
        body = json_of(answer)
        if body is None:
            return answer
        for path, value in leaves(body):
            if isinstance(value, str) and value.upper() == self.own:
                other = self.other if value.isupper() else self.other.lower()
                body = replaced(body, path, other)
            elif (step, path) in places or (self.major and self._is_amount(value)):
                body = replaced(body, path, self.amount(value))
        return HttpResponse(answer.status_code, answer.headers, msgspec.json.encode(body))

    def _is_amount(self, value: Any) -> bool:
        """Whether a number that decides nothing is written as an amount, too: a fee, say."""
        digits = str(value).partition(".")[2]
        return number(value) is not None and len(digits) == EXPONENTS[self.own] > 0


def _try(
    desk: Desk, exchange: Exchange, good: Ended, change: _Rewriting, places: set[_Place]
) -> int:
    request: Any = exchange.build()
    asked = getattr(request, "amount", None)
    if asked is not None:
        request = priced(request, change.money(asked))
    answers: list[Any] = [
        change.answer(index, step.response.answer(), places)
        for index, step in enumerate(exchange.steps)
    ]
    ended = desk.call(exchange.operation, request, answers)
    if isinstance(ended.error, InvalidRequest):
        return 1  # it cannot be paid so
    wanted = {name: change.money(one) for name, one in _monies(good).items()}
    if _monies(ended) != wanted:
        said = ", ".join(f"{name}: {money}" for name, money in wanted.items())
        raise Failed(
            f"an answer in {change.other} is read otherwise than it says",
            evidence(answers[-1], ended, said),
        )
    return 1
