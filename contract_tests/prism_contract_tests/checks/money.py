"""Checks of money: sent exactly, and compared in the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from prism_contract_tests.check import Failed, check, each_exchange, each_with_amount, only
from prism_contract_tests.checks.outcomes import evidence
from prism_contract_tests.damage import Damaged, dotted, edited, json_of, leaves
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.pricing import priced
from prism_contract_tests.replay import Desk, Ended, answers_of
from prism_contract_tests.report import Evidence
from prism_contract_tests.tape import Answer, Tape
from prism_contract_tests.target import Target
from prism_core import HttpResponse, InvalidRequest, Money

_CURRENCIES = ("JPY", "USD", "KWD", "CLF")
# The last is the first integer that a float cannot hold.
_AMOUNTS = (1, 10, 100, 1_000, 12_345, 100_000, 10**9, 10**9 + 1, 2**53 + 1)
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_EXPONENT = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d+")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_Wire = dict[str, Any]
"""Every value of a call's requests, by where it stands."""


def _authorize(target: Target) -> list[str]:
    return ["authorize"] if target.success("authorize") is not None else []


def _each_amount(target: Target) -> list[str]:
    """Every operation whose request has an amount."""
    return [name for name in target.operations if _with_amount(target, name) is not None]


def _with_amount(target: Target, operation: str) -> Exchange | None:
    """The first success of an operation whose request has an amount."""
    plain = target.success(operation)
    found = [one for one in (plain, *target.of(operation, "success")) if one is not None]
    return next((one for one in found if one.request.get("amount")), None)


def _paying(exchange: Exchange, amount: int, currency: str) -> Any:
    return priced(exchange.build(), Money(amount, currency))


def _wire(tape: Tape) -> _Wire:
    found: _Wire = {}
    for index, request in enumerate(tape.wire):
        flat = {"query": request.query, "form": request.form or {}, "json": request.json}
        for place, values in flat.items():
            for path, value in leaves(values):
                found[f"{place} {dotted(path)} of request {index + 1}"] = value
    return found


def _number(value: Any) -> Decimal | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


def _sent(desk: Desk, exchange: Exchange, currency: str) -> dict[int, _Wire]:
    """The values that are sent for each amount that is not refused."""
    found: dict[int, _Wire] = {}
    for amount in _AMOUNTS:
        request = _paying(exchange, amount, currency)
        ended = desk.call(exchange.operation, request, _answers(exchange, currency))
        if ended.tape.seen and not _refused_after_lookup(ended):
            found[amount] = _wire(ended.tape)
        elif not isinstance(ended.error, InvalidRequest):
            raise Failed(
                f"{request.amount} is neither sent nor refused with InvalidRequest",
                Evidence(request=str(request.amount), got=ended.said()),
            )
    return found


def _answers(exchange: Exchange, currency: str) -> list[Answer]:
    """The exchange's answers; a lookup before the change returns a payment in this currency."""
    own = _paying_currency(exchange)
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


def _carriers(sent: Mapping[int, _Wire]) -> list[str]:
    """The places of the amount in the requests: the numbers that change with it."""
    rows = list(sent.values())
    places = list(dict.fromkeys(place for row in rows for place in row))
    return [
        place
        for place in places
        if len({repr(row.get(place)) for row in rows}) > 1
        and any(_number(row.get(place)) is not None for row in rows)
    ]


@check(
    "money-exact",
    since="2026.11",
    cases=_each_amount,
    where=each_with_amount,
    wants="add a success whose request has an amount",
    why="Yen multiplied by a hundred, or a cent lost by a float, is somebody's money.",
    how="Send request.amount.to_wire(EXPONENTS) or str(request.amount.to_decimal()), and declare "
    "the same EXPONENTS in ConnectorInfo; refuse amounts that the processor cannot represent.",
)
def money_exact(target: Target, case: str) -> int:
    """Amounts in currencies with 0, 2, 3 and 4 decimals, and in those with other decimals at the
    processor, are sent exactly or refused, never rounded."""
    exchange = _with_amount(target, case)
    assert exchange is not None
    exponents = target.connector.info.exponents
    own = _paying_currency(exchange)
    needed = {own, *exponents}
    with Desk(target, exchange.account) as desk:
        carriers = _carriers(_sent(desk, exchange, own))
        if not carriers:
            raise Failed("no number on the wire changes with the amount")
        for currency in dict.fromkeys((own, *_CURRENCIES, *exponents)):
            sent = _sent(desk, exchange, currency)
            if currency in needed and not sent:
                raise Failed(f"no amount in {currency} can be sent at all")
            for place in carriers:
                values = {amount: wire.get(place) for amount, wire in sent.items()}
                _fit(values, currency, exponents, place)
    return len(_AMOUNTS) * len({own, *_CURRENCIES, *exponents})


def _paying_currency(exchange: Exchange) -> str:
    amount: Money = getattr(exchange.build(), "amount")  # noqa: B009 - not every request has one
    return amount.currency


def _fit(values: Mapping[int, Any], currency: str, exponents: Mapping[str, int], at: str) -> None:
    """All values are the amounts in the processor's integer units, or all are major units."""
    monies = {amount: Money(amount, currency) for amount in values}
    units = exponents.get(currency)

    def in_units(amount: int) -> Decimal:
        money = monies[amount]
        return money.to_decimal().scaleb(money.exponent if units is None else units)

    integers = [a for a, v in values.items() if not _is_integer(v) or Decimal(v) != in_units(a)]
    decimals = [
        a for a, v in values.items() if not _is_decimal(v) or Decimal(v) != monies[a].to_decimal()
    ]
    if not integers or not decimals:
        return
    wrong = max(integers[0], decimals[0])
    raise Failed(
        f"{monies[wrong]} is not on the wire as it should be",
        Evidence(
            request=f"{at}, for {monies[wrong]}",
            expected=f"the integer {in_units(wrong):f}, or the text {monies[wrong].to_decimal():f}",
            got=repr(values[wrong]),
        ),
    )


def _is_integer(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() and value.isdigit()
    return isinstance(value, int) and not isinstance(value, bool)


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and _PLAIN.fullmatch(value) is not None


@check(
    "money-no-float",
    since="2026.11",
    cases=each_exchange,
    why="A float does not hold the exact decimal; JSON readers round it, and 1E+3 is no amount.",
    how="Write amounts as integers or as plain decimal strings (Money's to_wire, to_decimal).",
)
def money_no_float(target: Target, case: str) -> int:
    """No request body holds a JSON number with a fraction or exponent, and no amount is written
    with an exponent."""
    exchange = target.exchange(case)
    requests: list[Any] = [exchange.build()]
    if getattr(requests[0], "amount", None) is not None:
        currency = _paying_currency(exchange)
        requests += [_paying(exchange, amount, currency) for amount in _AMOUNTS]
    tried = 0
    with Desk(target, exchange.account) as desk:
        for request in requests:
            ended = desk.call(exchange.operation, request, answers_of(exchange))
            tried += len(ended.tape.seen)
            for number in _floats(ended.tape):
                raise Failed(
                    "a number with a fraction or exponent is sent",
                    Evidence(
                        request=str(getattr(request, "amount", "")),
                        expected="an integer, or a text",
                        got=number,
                    ),
                )
    return tried


def _floats(tape: Tape) -> Iterator[str]:
    for request, read in zip(tape.seen, tape.wire, strict=True):
        if read.json is not None:
            found: list[str] = []
            json.loads(request.body, parse_float=found.append)
            yield from found
        values = [*read.query.values(), *(read.form or {}).values()]
        values += [value for _, value in leaves(read.json) if isinstance(value, str)]
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
    currency = _paying_currency(exchange)
    other = "EUR" if currency != "EUR" else "USD"
    for index, step in enumerate(exchange.steps):
        answer: HttpResponse = step.response.answer()
        for path, value in leaves(json_of(answer)):
            if isinstance(value, str) and value.upper() == currency:
                new = other if value.isupper() else other.lower()
                yield index, "currency", edited(answer, path, new, new)
            elif _number(value) is not None:
                changed = _bumped(value)
                yield index, "amount", edited(answer, path, changed, repr(changed))


def _bumped(value: Any) -> Any:
    """Another number in the same form: a thousand units more."""
    if isinstance(value, str):
        number = Decimal(value)
        return f"{number + 1000:f}"
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
