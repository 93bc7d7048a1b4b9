"""Amounts as PayPal writes them, and the lines of an order, which must add up to its amount."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from prism_core import InvalidRequest, Money, OrderLine, at_most
from prism_core.connector.values import without_nones
from prism_paypal.shapes import Json

EXPONENTS = {"HUF": 0, "TWD": 0}
"""Where PayPal takes other decimals than ISO 4217 gives (it takes none for JPY either, and neither
does ISO 4217): https://developer.paypal.com/reference/currency-codes/"""
# MAX_VALUE_EXCEEDED at https://developer.paypal.com/api/rest/reference/orders/v2/errors/
_MOST = Decimal("999999999999999.99")


def money(amount: Money | None) -> Json | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money"""
    if amount is None:
        return None
    value = amount.to_decimal(EXPONENTS)
    if value > _MOST:
        raise InvalidRequest(f"amount: PayPal takes up to {_MOST}", field="amount")
    return {"currency_code": amount.currency, "value": value}


def breakdown(amount: Money, lines: Sequence[OrderLine]) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-amount_breakdown: PayPal refuses
    an order whose parts are not its amount. What the amount has beside the lines is shipping, and
    what it has less is a discount."""
    taxes = [one.total_tax_amount for one in lines if one.total_tax_amount is not None]
    if {one.currency for one in (*(line.amount for line in lines), *taxes)} != {amount.currency}:
        problem = f"order_details are not in {amount.currency}, as the amount is"
        raise InvalidRequest(problem, field="order_details")
    items = sum(one.amount.minor_amount * one.quantity for one in lines)
    tax = sum(one.minor_amount for one in taxes)
    rest = amount.minor_amount - items - tax
    parts = {
        "item_total": items,
        "tax_total": tax if taxes else None,
        "shipping": rest if rest > 0 else None,
        "discount": -rest if rest < 0 else None,
    }
    told = without_nones(parts)
    return {name: money(Money(one, amount.currency)) for name, one in told.items()}


def items(lines: Sequence[OrderLine]) -> list[Json]:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-item. An item's own tax is of one
    piece, and a line's of all of them, so that taxes are in the total alone."""
    return [
        {
            "name": at_most(127, "order_details", one.product_name),
            "description": at_most(127, "order_details", one.description),
            "sku": at_most(127, "order_details", one.product_id),
            "quantity": str(one.quantity),
            "unit_amount": money(one.amount),
        }
        for one in lines
    ]
