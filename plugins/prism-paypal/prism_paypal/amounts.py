"""Amounts: PayPal's decimals as money, and what several of them come to."""

from __future__ import annotations

from collections.abc import Iterable

from prism_core import MalformedResponse, Money
from prism_paypal.shapes import Amount, Part

NOT_TAKEN = ("DECLINED", "FAILED")
"""The statuses of a capture that took nothing, and will not."""


def money_of(amount: Amount) -> Money:
    """An amount of PayPal's, exactly: `1000.00` yen are 1000, and `1000.50` yen are none."""
    value = amount.value
    return Money.from_decimal(f"0{value}" if value[0] == "." else value, amount.currency_code)


def total(amounts: Iterable[Amount]) -> Money | None:
    """What several amounts are together."""
    monies = [money_of(amount) for amount in amounts]
    if not monies:
        return None
    if len({money.currency for money in monies}) > 1:
        raise MalformedResponse("the amounts of one order are in several currencies")
    return Money(sum(money.minor_amount for money in monies), monies[0].currency)


def left(whole: Money, gone: Iterable[Amount]) -> Money:
    """What is left of an amount, once others are taken from it. PayPal may let more be captured
    than was held: then nothing is."""
    taken = total((*gone, Amount(whole.currency, "0")))
    assert taken is not None
    return Money(max(0, whole.minor_amount - taken.minor_amount), whole.currency)


def under_way(captures: Iterable[Part]) -> list[Amount]:
    """What captures took, or will."""
    return [one.amount for one in captures if one.status not in NOT_TAKEN]


def is_less(parts: list[Part], whole: Money | None) -> bool:
    """Whether parts are less than what the order asks for; other money is the core's to see."""
    money = total(one.amount for one in parts)
    if money is None or whole is None or money.currency != whole.currency:
        return False
    return money.minor_amount < whole.minor_amount
