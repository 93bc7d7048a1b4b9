"""Any request that the schema allows, as hypothesis strategies made from its annotations."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from hypothesis import strategies as st

from prism_contract_tests.scrub import TEST_NUMBERS
from prism_core import Card, InvalidRequest, Money
from prism_core.schema.base import Request, Schema
from prism_core.schema.checks import Email, IdempotencyKey, Identifier, Phone, Text, Url

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
    str: _texts,
    bool: st.booleans(),
    int: st.integers(1, 99),
}
"""What each kind of text may be."""


def requests(kind: type[Request], fields: Iterable[str]) -> Strategy:
    """Requests of a kind with any of these fields; those that must be given always are."""
    wanted = set(fields)
    hints = get_type_hints(kind, include_extras=True)
    given: dict[str, Strategy] = {}
    for field in msgspec.structs.fields(kind):
        if field.required:
            given[field.name] = values(hints[field.name])
        elif field.name in wanted:
            given[field.name] = st.none() | values(hints[field.name])
    return st.fixed_dictionaries(given).map(lambda made: _built(kind, made)).filter(_is_built)


def _built(kind: Any, made: Mapping[str, Any]) -> Any:
    """The value, or None where the schema itself refuses the combination."""
    default = {field.name: field.default for field in msgspec.structs.fields(kind)}
    try:
        return kind(
            **{name: one for name, one in made.items() if one is not None or _none(default[name])}
        )
    except InvalidRequest:
        return None


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
    if hint is Card:
        return st.builds(
            Card,
            number=st.sampled_from(sorted(TEST_NUMBERS)),
            exp_month=st.integers(1, 12),
            exp_year=st.integers(2040, 2090),
            cvc=st.none() | st.from_regex(r"[0-9]{3,4}", fullmatch=True),
            holder_name=st.none() | _texts,
        )
    if origin is not None and issubclass(origin, Mapping):
        return st.dictionaries(_keys | _awkward, _texts, max_size=3)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    if isinstance(hint, type) and issubclass(hint, Schema):
        return _schema(hint)
    return _ids.filter(bool)  # a Secret: a token, a credential


def _schema(kind: type[Schema]) -> Strategy:
    hints = get_type_hints(kind, include_extras=True)
    given = {
        field.name: values(hints[field.name])
        if field.required
        else st.none() | _part(field.name, hints[field.name])
        for field in msgspec.structs.fields(kind)
    }
    return st.fixed_dictionaries(given).map(lambda made: _built(kind, made)).filter(_is_built)


def _part(name: str, hint: Any) -> Strategy:
    return st.sampled_from(["GB", "DE", "US"]) if "country" in name else values(hint)
