"""Requests with another amount, for the checks of money, and the currencies that these try."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_contract_tests.exchange import Exchange
from prism_contract_tests.target import Target
from prism_core import Money, OrderLine
from prism_core.connector.info import ConnectorInfo
from prism_core.schema.money import EXPONENTS

# The last is the first integer that a float cannot hold.
AMOUNTS = (1, 10, 100, 1_000, 12_345, 100_000, 10**9, 10**9 + 1, 2**53 + 1)
_USUAL = ("JPY", "USD", "KWD", "CLF")
"""One currency with 0, 2, 3 and 4 decimals each."""


def with_amount(target: Target, operation: str) -> Exchange | None:
    """The first success of an operation whose request has an amount."""
    plain = target.success(operation)
    found = [one for one in (plain, *target.of(operation, "success")) if one is not None]
    return next((one for one in found if one.request.get("amount")), None)


def currency_of(exchange: Exchange) -> str:
    """The currency of an exchange's request."""
    amount: Money = getattr(exchange.build(), "amount")  # noqa: B009 - not every request has one
    return amount.currency


def paying(exchange: Exchange, amount: int, currency: str) -> Any:
    """The exchange's request with another amount."""
    return priced(exchange.build(), Money(amount, currency))


def priced(request: Any, amount: Money) -> Any:
    """The request with another amount; the lines of an order are in its currency, too."""
    changes: dict[str, Any] = {"amount": amount}
    if getattr(request, "order_details", None):
        lines = (_in_currency(line, amount.currency) for line in request.order_details)
        changes["order_details"] = tuple(lines)
    return msgspec.structs.replace(request, **changes)


def _in_currency(line: OrderLine, currency: str) -> OrderLine:
    given = ((name, getattr(line, name)) for name in ("amount", "total_tax_amount"))
    monies = {name: Money(one.minor_amount, currency) for name, one in given if one is not None}
    return msgspec.structs.replace(line, **monies)


def currencies(info: ConnectorInfo, own: str) -> list[str]:
    """The currencies to try: the exchange's own; one with 0, 2, 3 and 4 decimals each, of those
    that the processor takes; and those for which it has other decimals."""
    taken = info.currencies or tuple(EXPONENTS)
    found = [own]
    for usual in _USUAL:
        alike = [one for one in taken if EXPONENTS.get(one) == EXPONENTS[usual]]
        found += [usual] if usual in alike else alike[:1]
    return list(dict.fromkeys((*found, *info.exponents)))
