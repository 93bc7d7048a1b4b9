"""Amounts of money as text for people, by the rules of a locale, with babel."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from prism_core.errors import InvalidRequest

if TYPE_CHECKING:
    from prism_core.schema.money import Money


def localized(money: Money, locale: str) -> str:
    """The amount as a locale writes it; without babel, as `str` does. Babel's own number of
    decimals is not used: it is 0 for currencies that have two in ISO 4217, and would round."""
    try:
        from babel import Locale, UnknownLocaleError
    except ImportError:
        return str(money)
    try:
        known = Locale.parse(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        problem = f"{locale!r} is no locale that babel knows; write one such as 'de-DE'"
        raise InvalidRequest(problem, field="locale") from None
    pattern = copy(known.currency_formats["standard"])
    pattern.frac_prec = (money.exponent, money.exponent)
    number, code = money.to_decimal(), money.currency
    return str(pattern.apply(number, known, currency=code, currency_digits=False))
