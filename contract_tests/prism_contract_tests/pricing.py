"""Requests with another amount, for the checks of money."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_core import Money, OrderLine


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
