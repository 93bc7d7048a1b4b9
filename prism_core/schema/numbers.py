"""Numbers in text: only ASCII digits. Python's `int` and `Decimal` accept more (underscores,
exponents, spaces, plus signs, digits of other scripts), which is refused here."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

LARGEST = 2**63 - 1
"""The largest signed integer of 64 bits, which databases and processors can hold."""
MOST_DIGITS = 18
"""A number with this many digits always fits into 64 bits."""
_PLAIN = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class PlainDecimal(Decimal):
    """The type of a decimal in a processor's answer: a JSON number, or a text such as "10.50" of
    ASCII digits with at most one point. Any other text does not decode."""

    __slots__ = ()


def whole_number(text: str | None) -> int | None:
    """The number in a text of 1 to 18 ASCII digits; None for any other text."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    return int(text)


def plain_decimal(text: str) -> Decimal | None:
    """The number in a text such as "10.50"; None for any other text."""
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def from_json(kind: type, value: Any) -> Any:
    """Decodes a JSON value to a type that msgspec does not know. Floats arrive as `Decimal`."""
    if kind is not PlainDecimal:
        raise NotImplementedError(f"no {kind} in JSON")
    known = plain_decimal(value) if isinstance(value, str) else value
    if isinstance(known, bool) or not isinstance(known, (int, Decimal)):
        raise ValueError("not a decimal number")
    return PlainDecimal(known)
