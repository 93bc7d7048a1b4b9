"""Amounts as Adyen counts them, there and back.

Source: https://docs.adyen.com/development-resources/currency-codes#minor-units
"""

from __future__ import annotations

from typing import Any

import msgspec

from prism_core import InvalidRequest, Money

# The rows of that page which are marked as other than the standard. All other currencies there
# have the decimals of ISO 4217.
EXPONENTS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}

_LARGEST = 2**63 - 1


class Amount(msgspec.Struct):
    """An amount in an answer: `value` counts Adyen's own minor units."""

    currency: str
    value: int


def amount_of(amount: Money) -> dict[str, Any]:
    """The amount as a request has it; one that Adyen cannot count is refused."""
    value = amount.to_wire(EXPONENTS)
    if value > _LARGEST:
        raise InvalidRequest("amount is more than Adyen can count", field="amount")
    return {"currency": amount.currency, "value": value}


def money_of(amount: Amount | None) -> Money | None:
    """The money that an answer tells of, in the answer's own currency."""
    if amount is None:
        return None
    return Money.from_wire(amount.value, amount.currency, EXPONENTS)
