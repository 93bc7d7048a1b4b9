"""Any request that the schema allows, as hypothesis strategies made from its annotations."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

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

Strategy = st.SearchStrategy[Any]

_CONTROL = "".join(map(chr, (*range(32), *range(127, 160)))) + "\u2028\u2029\u200e\u200f"
_CONTROL += "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_characters = st.characters(exclude_categories=["Cs"], exclude_characters=_CONTROL)
_awkward = st.sampled_from(
    ["a&b=c[d]+%20", "Zoë & Søn", "北京 🦀", "'\"<>\\;--", "null", "0", "ÅB" * 9]
)
_texts = _awkward | st.text(_characters, min_size=1, max_size=40).filter(str.strip)
_long = st.text("Aa1-_.ä", min_size=200, max_size=255)
_ids = (_awkward | _long | st.text(_characters, min_size=1, max_size=60)).map(str.strip)
_keys = st.from_regex(r"[a-z][a-z_]{0,15}", fullmatch=True)

KNOWN: dict[Any, Strategy] = {
    Identifier: _ids.filter(bool),
    Text: _texts | _long,
    Email: st.from_regex(r"[a-z+.]{1,20}@[a-z]{1,9}\.example", fullmatch=True),
    Phone: st.from_regex(r"\+1202555[0-9]{4}", fullmatch=True),
    Url: st.from_regex(r"https://shop\.example/[a-z0-9?&=%#]{0,20}", fullmatch=True),
    IdempotencyKey: st.from_regex(r"[!-~]{1,255}", fullmatch=True),
    JsonObject: st.dictionaries(_keys, _texts, max_size=2),
    PaymentMethodTypesInput: st.lists(st.sampled_from(PaymentMethodType), min_size=1, max_size=2),
    str: _texts,
    bool: st.booleans(),
    int: st.integers(1, 99),
    Decimal: st.decimals(0, 30, places=1),
}
"""What each kind of value may be."""
_MONTHS, _YEARS = st.integers(1, 12), st.integers(2040, 2090)
_OPAQUE = _ids.filter(bool) | st.from_regex(r'\{"data":"[A-Za-z0-9+/]{4,20}"\}', fullmatch=True)
_NAMED: dict[type[Schema], dict[str, Strategy]] = {
    Card: {
        "number": st.sampled_from(sorted(TEST_NUMBERS)),
        "exp_month": _MONTHS,
        "exp_year": _YEARS,
        "cvc": st.from_regex(r"[0-9]{3,4}", fullmatch=True),
    },
    NetworkToken: {
        "number": st.sampled_from(sorted(TEST_NUMBERS)),
        "exp_month": _MONTHS,
        "exp_year": _YEARS,
    },
    SdkToken: {"token": _OPAQUE},
    ApplePay: {"payment_data": _OPAQUE},
    GooglePay: {"token": _OPAQUE},
    Redirect: {"code": st.from_regex(r"[0-9]{6}", fullmatch=True)},
    Sepa: {"iban": st.sampled_from(sorted(TEST_IBANS))},
    Ach: {
        "account_number": st.from_regex(r"[0-9]{4,17}", fullmatch=True),
        "routing_number": st.sampled_from(["110000000", "021000021", "011401533"]),
    },
    Bacs: {
        "account_number": st.from_regex(r"[0-9]{8}", fullmatch=True),
        "sort_code": st.from_regex(r"[0-9]{6}", fullmatch=True),
    },
    Becs: {
        "account_number": st.from_regex(r"[0-9]{4,9}", fullmatch=True),
        "bsb_number": st.from_regex(r"[0-9]{6}", fullmatch=True),
    },
}
"""By class of payment methods: what its parts may be, where the schema or a bank has a form."""


def requests(
    kind: type[Request], fields: Iterable[str], methods: Iterable[type[Schema]] = ()
) -> Strategy:
    """Requests of a kind with any of these fields; those that must be given always are. `methods`
    are the classes of payment methods that are tried."""
    wanted = set(fields)
    hints = get_type_hints(kind, include_extras=True)
    paying = st.one_of(*map(values, methods))
    given: dict[str, Strategy] = {}
    for field in msgspec.structs.fields(kind):
        made = paying if field.name == "payment_method" else values(hints[field.name])
        if field.required:
            given[field.name] = made
        elif field.name in wanted:
            given[field.name] = st.none() | made
    return st.fixed_dictionaries(given).map(lambda made: _built(kind, made)).filter(_is_built)


def _built(kind: Any, made: Mapping[str, Any]) -> Any:
    """The value, or None where the schema itself refuses the combination."""
    default = _defaults(kind)
    try:
        return kind(
            **{name: one for name, one in made.items() if one is not None or _none(default[name])}
        )
    except InvalidRequest:
        return None


@cache
def _defaults(kind: type[Schema]) -> dict[str, Any]:
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def _none(default: Any) -> bool:
    return default is None or default is msgspec.NODEFAULT


def _is_built(made: Any) -> bool:
    return made is not None


def values(hint: Any) -> Strategy:
    """Values of an annotation of the schema."""
    if hint in KNOWN:
        return KNOWN[hint]
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        members = [one for one in get_args(hint) if one is not type(None)]
        return st.one_of(*map(values, members))
    if origin is Annotated:
        return values(get_args(hint)[0])
    if hint is Money:
        amounts = st.integers(1, 99_999_990) | st.sampled_from([50, 1000, 999_999_999])
        return st.builds(Money, amounts, st.sampled_from(["USD", "EUR", "JPY", "KWD", "ISK"]))
    if origin is tuple:
        return st.lists(values(get_args(hint)[0]), min_size=1, max_size=3).map(tuple)
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(_keys | _awkward, _texts, max_size=3)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    if isinstance(hint, type) and issubclass(hint, Schema):
        return _schema(hint)
    return _ids.filter(bool)  # a Secret: a token, a credential


def _schema(kind: type[Schema]) -> Strategy:
    hints = get_type_hints(kind, include_extras=True)
    named = _NAMED.get(kind, {})
    given: dict[str, Strategy] = {}
    for field in msgspec.structs.fields(kind):
        hint = hints[field.name]
        made = named[field.name] if field.name in named else _part(field.name, hint)
        may_miss = type(None) in get_args(hint) or not field.required
        given[field.name] = st.none() | made if may_miss else made
    return st.fixed_dictionaries(given).map(lambda made: _built(kind, made)).filter(_is_built)


def _part(name: str, hint: Any) -> Strategy:
    return st.sampled_from(["GB", "DE", "US"]) if "country" in name else values(hint)
