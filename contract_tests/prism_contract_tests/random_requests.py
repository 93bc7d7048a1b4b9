"""Any value that the schema allows, made up at random from its annotations: an awkward text in
every field, every field left out and given, every member of an enumeration."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from random import Random
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints
from unicodedata import category

import msgspec

from prism_contract_tests.scrub import TEST_IBANS, TEST_NUMBERS
from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    Becs,
    Card,
    GooglePay,
    InvalidRequest,
    Money,
    NetworkToken,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Sepa,
)
from prism_core.schema.base import Request, Schema
from prism_core.schema.checks import (
    Email,
    IdempotencyKey,
    Identifier,
    JsonObject,
    Phone,
    Text,
    Url,
)
from prism_core.schema.method_types import PaymentMethodTypesInput


class Chance:
    """Chooses at random, the same each time. Of the choices for one thing (such as a field), each
    comes once before any comes again."""

    def __init__(self, seed: int = 0) -> None:
        self.random = Random(seed)  # noqa: S311 - no secrets are drawn
        self._left: dict[object, list[Any]] = {}

    def of(self, thing: object, choices: Iterable[Any]) -> Any:
        """One of the choices."""
        left = self._left.setdefault(thing, [])
        if not left:
            left.extend(choices)
            self.random.shuffle(left)
        return left.pop()


Maker = Callable[[Chance, str], Any]
"""Makes a value for the field of this name."""

AWKWARD = (
    *("a&b=c[d]+%20", "Zoë & Søn", "北京 🦀", "'\"<>\\;--", "null", "0", "ÅB" * 9),
    *("Aa1-_.ä" * 36, "B" * 255, "c2-" * 67),
)
"""Texts at which encoders, and limits to a length, fail."""
_ANY = ("any", "any", "any")
_NOT_IN_TEXTS = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""The categories of characters that the schema refuses, or that are no characters."""


def one_of(*choices: Any) -> Maker:
    """Any of these."""
    return lambda chance, name: chance.of((name, choices[:2]), choices)


def digits(shortest: int, longest: int) -> Maker:
    """As many digits."""

    def make(chance: Chance, name: str) -> str:
        length = chance.random.randint(shortest, longest)
        return "".join(chance.random.choices("0123456789", k=length))

    return make


def _text(chance: Chance, name: str) -> str:
    chosen: str = chance.of((name, "text"), (*AWKWARD, *_ANY))
    return chosen if chosen != "any" else _any_text(chance.random)


def _any_text(random: Random) -> str:
    limits = random.choices((0x7F, 0x250, 0xFFFF, 0x10FFFF), k=random.randint(1, 40))
    letters = (chr(random.randint(32, limit)) for limit in limits)
    text = "".join(letter for letter in letters if category(letter) not in _NOT_IN_TEXTS).strip()
    return text or "x"


def _object(chance: Chance, name: str) -> dict[str, str]:
    keys = (f"{name}.key", ("a", "order", "sold_by", "a_long_name_too", *AWKWARD[:7]))
    number = chance.of((name, "members"), range(4))
    return {chance.of(*keys): _text(chance, name) for _ in range(number)}


def _some(make: Maker, most: int) -> Callable[[Chance, str], list[Any]]:
    return lambda chance, name: [
        make(chance, name) for _ in range(chance.of((name, "number"), range(1, most + 1)))
    ]


def _money(chance: Chance, name: str) -> Money:
    random = chance.random
    amounts = (random.randint(1, 99_999_990), random.randint(1, 9999), 50, 1000, 999_999_999)
    currencies = ("USD", "EUR", "JPY", "KWD", "ISK")
    amount = chance.of((name, "amount"), amounts)
    return Money(amount, chance.of((name, "currency"), currencies))


KNOWN: dict[Any, Maker] = {
    Identifier: _text,
    Text: _text,
    Email: one_of("ada@shop.example", "a+b.c@x.example", "o.neil-x@a-b.example"),
    Phone: lambda chance, name: "+1202555" + digits(4, 4)(chance, name),
    Url: one_of(*(f"https://shop.example/{end}" for end in ("", "a?b=c&d=%20#e", "a/b"))),
    IdempotencyKey: one_of("!", "key-1", "~" * 255, "a&b=c[d]+%20", "'\"<>\\;--"),
    JsonObject: _object,
    PaymentMethodTypesInput: _some(one_of(*PaymentMethodType), 2),
    str: _text,
    bool: one_of(True, False),
    int: one_of(1, 2, 12, 28, 99),
    float: one_of(0.1, 2.5, 30.0),
    Decimal: one_of(*map(Decimal, ("0.5", "7.7", "19.0", "30"))),
}
"""What each kind of value may be."""
_MONTHS, _YEARS = one_of(*range(1, 13)), one_of(2040, 2059, 2090)
_NUMBERS = one_of(*sorted(TEST_NUMBERS))
_OPAQUE = one_of('{"data":"a2l0ZGF0YQ+/"}', *AWKWARD)
_NAMED: dict[type[msgspec.Struct], dict[str, Maker]] = {
    Card: {
        "number": _NUMBERS,
        "exp_month": _MONTHS,
        "exp_year": _YEARS,
        "cvc": digits(3, 4),
    },
    NetworkToken: {
        "number": _NUMBERS,
        "exp_month": _MONTHS,
        "exp_year": _YEARS,
    },
    SdkToken: {"token": _OPAQUE},
    ApplePay: {"payment_data": _OPAQUE},
    GooglePay: {"token": _OPAQUE},
    Redirect: {"code": digits(6, 6)},
    Sepa: {"iban": one_of(*sorted(TEST_IBANS))},
    Ach: {
        "account_number": digits(4, 17),
        "routing_number": one_of("110000000", "021000021", "011401533"),
    },
    Bacs: {
        "account_number": digits(8, 8),
        "sort_code": digits(6, 6),
    },
    Becs: {
        "account_number": digits(4, 9),
        "bsb_number": digits(6, 6),
    },
}
"""By class of payment methods: what its parts may be, where the schema or a bank has a form."""


def requests(
    kind: type[Request], fields: Iterable[str], methods: Iterable[type[Schema]] = ()
) -> Callable[[Chance], Any]:
    """Makes requests of a kind with any of these fields; those that must be given always are.
    `methods` are the classes of payment methods that are tried."""
    wanted, hints = set(fields), get_type_hints(kind, include_extras=True)
    paying = _union([*map(values, methods)])
    given: dict[str, Maker] = {}
    for field in msgspec.structs.fields(kind):
        made = paying if field.name == "payment_method" else values(hints[field.name])
        if field.required:
            given[field.name] = made
        elif field.name in wanted:
            given[field.name] = _perhaps(made)
    make = _built(kind, given)
    return lambda chance: make(chance, kind.__name__)


def _perhaps(make: Maker) -> Maker:
    return lambda chance, name: make(chance, name) if chance.of(name, (True, False)) else None


def _union(makers: list[Maker]) -> Maker:
    return lambda chance, name: chance.of((name, "class"), makers)(chance, name)


def _built(kind: Any, given: Mapping[str, Maker]) -> Maker:
    """Makes a value of a class; again, where the schema itself refuses the combination."""

    def make(chance: Chance, name: str) -> Any:
        for _ in range(_MOST_TRIES):
            made = {field: one(chance, f"{name}.{field}") for field, one in given.items()}
            default = _defaults(kind)
            try:
                return kind(
                    **{n: one for n, one in made.items() if one is not None or _none(default[n])}
                )
            except InvalidRequest as refused:
                last = refused
        raise AssertionError(f"no valid {kind.__name__} can be made up: {last}")

    return make


_MOST_TRIES = 200


@cache
def _defaults(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def _none(default: Any) -> bool:
    return default is None or default is msgspec.NODEFAULT


def values(hint: Any) -> Maker:
    """Values of an annotation of the schema."""
    if hint in KNOWN:
        return KNOWN[hint]
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _union([values(one) for one in get_args(hint) if one is not type(None)])
    if origin is Annotated:
        return values(get_args(hint)[0])
    if origin is Literal:
        return one_of(*get_args(hint))
    if hint is Money:
        return _money
    if origin is tuple:
        some = _some(values(get_args(hint)[0]), 3)
        return lambda chance, name: tuple(some(chance, name))
    if origin is not None and issubclass(origin, Mapping):
        return _object
    if isinstance(hint, type) and issubclass(hint, Enum):
        return one_of(*hint)
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return _schema(hint)
    return _text  # a Secret: a token, a credential


def _schema(kind: type[msgspec.Struct]) -> Maker:
    hints = get_type_hints(kind, include_extras=True)
    named = _NAMED.get(kind, {})
    given: dict[str, Maker] = {}
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        if get_args(hint)[:1] == (kind,):  # the others of an event, which have none
            continue
        made = named[field.name] if field.name in named else _part(field.name, hint)
        may_miss = type(None) in get_args(hint) or not field.required
        given[field.name] = _perhaps(made) if may_miss else made
    return _built(kind, given)


def _part(name: str, hint: Any) -> Maker:
    return one_of("GB", "DE", "US") if "country" in name else values(hint)
