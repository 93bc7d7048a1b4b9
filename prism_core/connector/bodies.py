"""Bodies: forms and JSON of requests, and the decoders of JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import quote_plus

import msgspec

from prism_core.connector import first_use
from prism_core.errors import MalformedResponse
from prism_core.schema.nulls import NULL
from prism_core.schema.numbers import from_json
from prism_core.schema.secrets import Secret, from_text, reveal

T = TypeVar("T")


_ASCII = {ordinal: quote_plus(chr(ordinal)) for ordinal in range(128)}


_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


def decoder(shape: type[T]) -> msgspec.json.Decoder[T]:
    """The JSON decoder for a type, made once; `PlainDecimal` and `Secret` are decoded, too.

    Decode with it, or with what uses it (`Account.decode`, `HttpResponse.decode`), and not with
    `msgspec.json.decode` or `msgspec.convert`: if threads decode a Struct that has a Struct in it
    for the first time at once, msgspec 0.22 can crash the process. Here one thread makes the
    decoder, and the others wait.
    """
    found = _decoders.get(shape)
    if found is None:
        with first_use.held():
            made = msgspec.json.Decoder(shape, dec_hook=_from_json, float_hook=Decimal)
            found = _decoders.setdefault(shape, made)
    return found


def decoded(document: bytes, shape: type[T], member: str | None = None) -> T:
    """A JSON document as `shape`, or the value of one member of it: the others are not read."""
    if member is None:
        return decoder(shape).decode(document)
    kind: Any = shape
    found: T = decoder(_envelope(kind, member)).decode(document).value
    return found


def expect_json(what: str, document: bytes, shape: type[T], member: str | None = None) -> T:
    """The same; raises `MalformedResponse` if the document has another shape. The message names
    `what` it is, and does not contain it."""
    try:
        return decoded(document, shape, member)
    except msgspec.ValidationError as reason:
        problem = str(reason)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as reason:
        problem = f"not the JSON expected ({type(reason).__name__})"
    raise MalformedResponse(f"the {what} is no {shape.__name__}: {problem}")


@cache
def _envelope(shape: Any, member: str) -> Any:
    """The shape of an object of which one member is used."""
    return msgspec.defstruct("Envelope", [("value", shape, msgspec.field(name=member))])


def _from_json(kind: type, value: Any) -> Any:
    """Decodes what msgspec does not know."""
    return from_text(kind, value) if kind is Secret else from_json(kind, value)


def form_body(values: Mapping[str, Any]) -> bytes:
    """`application/x-www-form-urlencoded` with nested values in brackets: `card[number]=...`,
    `types[0]=card`. None is left out, booleans are `true` and `false`."""
    pairs: list[str] = []
    _add_pairs(pairs, "", values)
    return "&".join(pairs).encode()


def _add_pairs(pairs: list[str], outer: str, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if value is None:
            continue
        name, kind = _named(outer, key), type(value)
        if kind is str:
            pairs.append(f"{name}={_quoted(value)}")
        elif kind is dict:
            _add_pairs(pairs, name, value)
        elif kind is int:
            pairs.append(f"{name}={value}")
        elif kind is Secret:
            pairs.append(f"{name}={_quoted(value.reveal())}")
        elif kind is bool:
            pairs.append(f"{name}={'true' if value else 'false'}")
        elif kind is list:
            _add_pairs(pairs, name, _numbered(value))
        else:
            _add_pairs(pairs, outer, {key: _plain(value)})


def _numbered(values: list[Any]) -> dict[str, Any]:
    """The entries of a list by their numbers, of which none can be left out."""
    if None in values:
        raise TypeError("a list in a form cannot hold None")
    return {str(number): value for number, value in enumerate(values)}


_KINDRED: tuple[tuple[type | tuple[type, ...], Callable[[Any], Any]], ...] = (
    (Secret, reveal),
    (str, str.__str__),
    (int, int),
    (Decimal, "{:f}".format),
    (Mapping, dict),
    ((list, tuple), list),
)


def _plain(value: Any) -> Any:
    """A value of a similar type (such as an enumeration's member) as one that a form can hold."""
    for kind, plain in _KINDRED:
        if isinstance(value, kind):
            return plain(value)
    raise TypeError(f"a form cannot hold a {type(value).__name__}")


# Only names are cached, never values: names are no secrets.
# `str.__str__` gives the value of an enumeration's member, not its name.
@lru_cache(maxsize=1024)
def _named(outer: str, key: str) -> str:
    name = _quoted(str.__str__(key))
    return f"{outer}[{name}]" if outer else name


def _quoted(value: str) -> str:
    """The value as it is written in a form."""
    if not value.isascii():
        return quote_plus(value)
    return value if value.isalnum() else value.translate(_ASCII)


def json_body(values: Mapping[str, Any]) -> bytes:
    """A JSON body. None is left out at every level, NULL is written as null, a `Decimal` as a text
    with its digits, and a float is refused, because money must not be one."""
    return msgspec.json.encode(_json_value(values))


def _json_value(value: Any) -> Any:
    if type(value) in (str, int, bool):  # most are
        return value
    if isinstance(value, (dict, Mapping)):
        return {key: _json_value(entry) for key, entry in value.items() if entry is not None}
    if isinstance(value, (list, tuple)):
        return [_json_value(entry) for entry in value]
    if isinstance(value, float):
        raise TypeError("a JSON body cannot hold a float; write money as integers or strings")
    if value is NULL:
        return None
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.reveal() if isinstance(value, Secret) else value


def json_number(value: Decimal) -> msgspec.Raw:
    """A decimal as a JSON number with exactly its digits, such as 10.50, for a processor that takes
    no text there."""
    return msgspec.Raw(f"{value:f}".encode())
