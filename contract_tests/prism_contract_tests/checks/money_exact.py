"""Check of amounts that are sent: exact, and in the form in which the processor writes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prism_contract_tests.amounts import FORMS, Form, number, read_json
from prism_contract_tests.check import Failed, check, each_with_amount
from prism_contract_tests.damage import dotted, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange, wire_request
from prism_contract_tests.pricing import AMOUNTS, currencies, currency_of, paying, with_amount
from prism_contract_tests.replay import Desk, Ended
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer, Tape
from prism_contract_tests.target import Target
from prism_core import InvalidRequest, Money
from prism_core.connector.info import ConnectorInfo

_Wire = dict[str, Any]
"""Every value of a call's requests, by where it stands."""
_Sent = dict[int, _Wire]
"""What is sent for each amount."""


def _each_amount(target: Target) -> list[str]:
    """Every operation whose request has an amount."""
    return [name for name in target.operations if with_amount(target, name) is not None]


@check(
    "money-exact",
    since="2026.11",
    cases=_each_amount,
    where=each_with_amount,
    wants="add a success whose request has an amount",
    why='Yen multiplied by a hundred is somebody\'s money, and a processor that wants "10.00" '
    'refuses "10" or reads it as ten cents.',
    how="Send request.amount.minor_amount or to_decimal(); if the processor has other decimals for "
    "a currency, declare them in ConnectorInfo.exponents and send to_wire(EXPONENTS) or "
    "to_decimal(EXPONENTS). Declare the currencies that it takes in ConnectorInfo.currencies.",
)
def money_exact(target: Target, case: str) -> int:
    """Amounts in currencies with 0, 2, 3 and 4 decimals, and in those with other decimals at the
    processor, are sent exactly, digit by digit in one form, or are refused: amounts that the
    processor cannot represent, and currencies that it is declared not to take."""
    exchange = with_amount(target, case)
    assert exchange is not None
    info, own = target.connector.info, currency_of(exchange)
    with Desk(target, exchange.account) as desk:
        tried = {one: _sent(desk, exchange, one) for one in currencies(info, own)}
    carriers = _carriers(tried[own])
    if not carriers:
        raise Failed("no number on the wire changes with the amount")
    _all_taken(info, own, tried)
    for place in carriers:
        _in_one_form(info, place, tried)
    return len(AMOUNTS) * len(tried)


def _sent(desk: Desk, exchange: Exchange, currency: str) -> _Sent:
    """The values that are sent for each amount that is not refused."""
    found: _Sent = {}
    for amount in AMOUNTS:
        request = paying(exchange, amount, currency)
        ended = desk.call(exchange.operation, request, _answers(exchange, currency))
        if ended.tape.seen and not _refused_after_lookup(ended):
            found[amount] = dict(_values(ended.tape))
        elif not isinstance(ended.error, InvalidRequest):
            raise Failed(
                f"{request.amount} is neither sent nor refused with InvalidRequest",
                Evidence(request=str(request.amount), got=ended.said()),
            )
    return found


def _answers(exchange: Exchange, currency: str) -> list[Answer]:
    """The exchange's answers; a lookup before the change returns a payment in this currency."""
    own = currency_of(exchange)
    answers: list[Answer] = []
    for step in exchange.steps[:-1]:
        answer = step.response.answer()
        for path, value in leaves(json_of(answer)):
            if isinstance(value, str) and value.upper() == own:
                other = currency if value.isupper() else currency.lower()
                answer = edited(answer, path, other, other).answer
        answers.append(answer)
    return [*answers, exchange.steps[-1].response.answer()]


def _refused_after_lookup(ended: Ended) -> bool:
    changed = any(request.changes for request in ended.tape.seen)
    return isinstance(ended.error, InvalidRequest) and not changed


def _values(tape: Tape) -> Iterator[tuple[str, Any]]:
    for index, sent in enumerate(tape.seen):
        request = wire_request(sent)
        body = None if request.json is None else read_json(sent.body)
        for name, values in {"query": request.query, "form": request.form, "json": body}.items():
            for path, value in leaves(values):
                yield f"{name} {dotted(path)} of request {index + 1}", value


def _carriers(sent: Mapping[int, _Wire]) -> list[str]:
    """The places of the amount in the requests: the numbers that change with it."""
    rows = list(sent.values())
    places = list(dict.fromkeys(place for row in rows for place in row))
    return [
        place
        for place in places
        if len({repr(row.get(place)) for row in rows}) > 1
        and any(number(row.get(place)) is not None for row in rows)
    ]


def _all_taken(info: ConnectorInfo, own: str, tried: Mapping[str, _Sent]) -> None:
    """What is refused must be declared, unless an account has one currency."""
    possible = [currency for currency, sent in tried.items() if sent]
    needed = {own, *info.exponents} if possible == [own] else set(tried)
    for currency in tried:
        if currency in needed and currency not in possible:
            raise Failed(
                f"no amount in {currency} can be sent at all",
                Evidence(
                    request=f"{', '.join(str(Money(one, currency)) for one in AMOUNTS)}",
                    expected="some is sent, or ConnectorInfo.currencies leaves the currency out",
                    got="InvalidRequest for each of them",
                ),
            )


def _in_one_form(info: ConnectorInfo, place: str, tried: Mapping[str, _Sent]) -> None:
    """Every amount stands there in the same one of the forms."""
    forms: tuple[Form, ...] = FORMS
    for currency, sent in tried.items():
        for amount, wire in sent.items():
            money, value = Money(amount, currency), wire.get(place)
            fitting = tuple(one for one in forms if one.fits(value, money, info.exponents))
            if not fitting:
                raise _not_as_it_should(info, money, forms, f"{place}, for {money}", value)
            forms = fitting


def _not_as_it_should(
    info: ConnectorInfo, money: Money, forms: tuple[Form, ...], where: str, value: Any
) -> Failed:
    wanted = [f"{one.expected(money, info.exponents)} ({one.name})" for one in forms]
    return Failed(
        f"{money} is not on the wire as it should be",
        Evidence(request=where, expected=", or ".join(wanted), got=repr(value)),
    )
