"""Numbers in text: ASCII digits alone, not all that Python's `int` and `Decimal` take for a number
(underscores, exponents, spaces, plus signs, the digits of every script)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

LARGEST = 2**63 - 1
"""A signed integer of 64 bits: so databases and processors count."""
MOST_DIGITS = 18
"""How many digits such an integer holds in any case."""
_PLAIN = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?")


class PlainDecimal(Decimal):
    """A decimal in the shape of a processor's answer: a JSON number, or a text such as "10.50" of
    ASCII digits with at most one point. Another text is another shape."""

    __slots__ = ()


def whole_number(text: str | None) -> int | None:
    """The number that a text of 1 to 18 ASCII digits writes; None for any other text."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        return None
    return int(text)


def plain_decimal(text: str) -> Decimal | None:
    """The number that a text such as "10.50" writes; None for any other text."""
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def from_json(kind: type, value: Any) -> Any:
    """A value of JSON as a type that msgspec does not know. Floats come as `Decimal`."""
    if kind is not PlainDecimal:
        raise NotImplementedError(f"no {kind} in JSON")
    known = plain_decimal(value) if isinstance(value, str) else value
    if isinstance(known, bool) or not isinstance(known, (int, Decimal)):
        raise ValueError("not a decimal number")
    return PlainDecimal(known)
