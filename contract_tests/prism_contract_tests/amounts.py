"""The forms in which processors write amounts, and how an amount is written in each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from prism_core import InvalidRequest, Money

Exponents = Mapping[str, int]
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")


class Written(str):
    """A JSON number with a fraction or an exponent, as it is written."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"the JSON number {self}"


def read_json(body: bytes) -> Any:
    """The JSON of a body, with its fractions as they are written."""
    return json.loads(body, parse_float=Written)


def number(value: Any) -> Decimal | None:
    """The number that a value is, or a text holds; None if there is none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Decimal(repr(value))
    return Decimal(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else None


class Form(NamedTuple):
    """A form of amounts: the value on the wire, and whether another value is the same."""

    name: str
    write: Callable[[Money, Exponents], Any]

    def fits(self, value: Any, money: Money, exponents: Exponents) -> bool:
        """Whether a value on the wire is this amount in this form: text by text, not by number."""
        try:
            expected = self.write(money, exponents)
        except InvalidRequest:  # it cannot be written with the processor's decimals
            return False
        return type(value) is type(expected) and bool(value == expected)

    def expected(self, money: Money, exponents: Exponents) -> str:
        """What should be on the wire, in words."""
        try:
            return repr(self.write(money, exponents))
        except InvalidRequest:
            return "nothing: it has more decimals than the processor takes"


class _Number(Form):
    """A decimal as a JSON number: without its zeros at the end it is the same."""

    def fits(self, value: Any, money: Money, exponents: Exponents) -> bool:
        if type(value) not in (int, Written) or "e" in str(value).lower():
            return False
        try:
            return Decimal(value) == money.to_decimal(exponents)
        except InvalidRequest:
            return False


def _decimal(money: Money, exponents: Exponents) -> str:
    return f"{money.to_decimal(exponents):f}"


FORMS = (
    Form("an integer of minor units", lambda money, exponents: money.to_wire(exponents)),
    Form("a text of minor units", lambda money, exponents: str(money.to_wire(exponents))),
    Form("a text with the currency's decimals", _decimal),
    _Number("a JSON number in major units", lambda money, own: Written(_decimal(money, own))),
)
