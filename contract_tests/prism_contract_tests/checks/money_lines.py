"""Check of the amounts in the lines of an order: in the processor's form, in every currency."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from prism_contract_tests.amounts import FORMS, Form
from prism_contract_tests.check import Failed, check
from prism_contract_tests.checks.money_exact import answers_in, refused_after_lookup, values_of
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.pricing import currencies, priced, with_amount
from prism_contract_tests.replay import Desk
from prism_contract_tests.report import Evidence
from prism_contract_tests.target import Target
from prism_core import Money, OrderLine
from prism_core.schema.money import EXPONENTS

_LEAST = 50
"""A smaller number can be a quantity, or a number of a line, by chance."""
_Places = dict[str, list[tuple[Form, Money]]]
"""By place on the wire: the forms in which an amount of the request stands there."""


def _with_lines(target: Target) -> list[str]:
    """The operations that send the lines of an order beside its amount."""
    return [
        name
        for name in target.operations
        if "order_details" in target.sends(name) and with_amount(target, name) is not None
    ]


@check(
    "money-lines",
    since="2026.11",
    cases=_with_lines,
    why="Processors add the lines up and refuse an order whose lines are in other units than its "
    "amount; others show the customer a wrong price.",
    how="Send the amounts of lines as the amount of the payment is sent.",
)
def money_lines(target: Target, case: str) -> int:
    """The prices and taxes in the lines of an order are written as exactly as its amount, in
    currencies with 0, 2, 3 and 4 decimals."""
    exchange, request = _ordering(target, case)
    info, own = target.connector.info, request.amount.currency
    with Desk(target, exchange.account) as desk:
        ended = desk.call(case, request, answers_in(exchange, own))
        places = _places(dict(values_of(ended.tape)), request, info.exponents)
        tried = [one for one in currencies(info, own) if not _is_coarser(info.exponents, one)]
        for currency in tried:
            asked = priced(request, Money(request.amount.minor_amount, currency))
            ended = desk.call(case, asked, answers_in(exchange, currency))
            if not ended.tape.seen or refused_after_lookup(ended):
                continue
            for place, value in values_of(ended.tape):
                if place in places:
                    _fits(places, place, value, currency, info.exponents)
    return len(tried)


def _is_coarser(exponents: Any, currency: str) -> bool:
    """Whether the processor takes fewer decimals than the currency has: most prices are refused."""
    return bool(exponents.get(currency, 9) < EXPONENTS[currency])


def _ordering(target: Target, operation: str) -> tuple[Exchange, Any]:
    """A request with lines: an exchange's, or one with a line of the whole amount."""
    for one in target.of(operation):
        if one.request.get("order_details") and one.request.get("amount") and one.result:
            return one, one.build()
    exchange = with_amount(target, operation)
    assert exchange is not None
    request: Any = exchange.build()
    line = OrderLine(product_name="A book", amount=request.amount)
    return exchange, msgspec.structs.replace(request, order_details=(line,))


def _amounts(request: Any) -> Iterator[Money]:
    """The amounts in a request, and what connectors compute of them: what a line costs."""
    yield request.amount
    for line in request.order_details:
        whole = Money(line.amount.minor_amount * line.quantity, line.amount.currency)
        yield from (line.amount, whole)
        if line.total_tax_amount is not None:
            tax = line.total_tax_amount
            yield from (tax, Money(whole.minor_amount + tax.minor_amount, tax.currency))


def _places(wire: dict[str, Any], request: Any, exponents: Any) -> _Places:
    found: _Places = {}
    for place, value in wire.items():
        for money in dict.fromkeys(_amounts(request)):
            if money.minor_amount >= _LEAST:
                fitting = [(one, money) for one in FORMS if one.fits(value, money, exponents)]
                found[place] = [*found.get(place, []), *fitting]
    return {place: forms for place, forms in found.items() if forms}


def _fits(places: _Places, place: str, value: Any, currency: str, exponents: Any) -> None:
    """Narrows the forms of a place to those in which it is right in this currency, too."""
    known = [(form, Money(money.minor_amount, currency)) for form, money in places[place]]
    right = [one for one in zip(places[place], known, strict=True) if _is(one[1], value, exponents)]
    if not right:
        form, money = known[0]
        raise Failed(
            f"{money} is not in the lines of the order as it should be",
            Evidence(
                request=f"{place}, for {money}",
                expected=form.expected(money, exponents),
                got=repr(value),
            ),
        )
    places[place] = [before for before, _ in right]


def _is(known: tuple[Form, Money], value: Any, exponents: Any) -> bool:
    form, money = known
    return form.fits(value, money, exponents)
