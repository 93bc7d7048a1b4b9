"""`to_dict` and `from_dict`: values of the schema as plain values of JSON, and back, exactly."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, partial
from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.checks import first_problem, members
from prism_core.schema.nulls import Null
from prism_core.schema.secrets import Secret

S = TypeVar("S", bound=msgspec.Struct)
Reader = Callable[[Any, str], Any]
"""Makes a field's value of a plain one, which is at this path."""


def to_plain(value: msgspec.Struct, *, secrets: bool) -> dict[str, Any]:
    """The value's fields as plain values. None is left out where it is the field's default. Raises
    `InvalidRequest` for a secret, unless `secrets` are wanted."""
    if not secrets:
        found = next(_secrets_in(value, ""), None)
        if found is not None:
            raise InvalidRequest(f"{type(value).__name__}.{found} {_advice(found)}", field=found)
    return _fields_of(value)


def _advice(path: str) -> str:
    """What to do about a secret at this path."""
    instead = "leave it out"
    if path.startswith("payment_method"):
        instead = "keep the id of a stored payment method, and pay with Token(id)"
    elif path == "headers":
        instead = "handle the webhook first, and keep the Event"
    return (
        "is secret, and whoever reads the database or the queue would see it: "
        f"{instead}; or ask for the secrets on purpose, with secrets=True"
    )


def _secrets_in(value: Any, path: str) -> Iterator[str]:
    """The paths of the secrets in a value that may not be stored."""
    if isinstance(value, Secret):
        yield path
    elif isinstance(value, tuple):
        for place, one in enumerate(value):
            yield from _secrets_in(one, f"{path}.{place}")
    elif isinstance(value, msgspec.Struct) and not getattr(value, "storable", False):
        for name in value.__struct_fields__:
            here = _joined(path, name)
            if name in getattr(value, "confidential", ()):
                yield here
            yield from _secrets_in(getattr(value, name), here)


def _fields_of(value: msgspec.Struct) -> dict[str, Any]:
    config = value.__struct_config__
    shown: dict[str, Any] = {} if config.tag_field is None else {config.tag_field: config.tag}
    for name, optional in _omitted(type(value)):
        plain = _plain(getattr(value, name))
        if plain is not None or not optional:
            shown[name] = plain
    return shown


@cache
def _omitted(kind: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """The fields, and whether None is left out: it is what the field has then."""
    fields = msgspec.structs.fields(kind)
    return tuple((field.name, field.default is None) for field in fields)


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        return _fields_of(value)
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Null):  # of a processor's answer, before the result is finished
        return None
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"JSON cannot hold a {type(value).__name__}")


class _Wrong(Exception):
    """What is wrong with a plain value, and at which path. It never holds the value."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


def from_plain(kind: type[S], values: object) -> S | InvalidRequest:
    """The value that `to_plain` has written. What is wrong is returned and not raised: a traceback
    would show the values here."""
    try:
        return _built(kind, values, "")
    except _Wrong as wrong:
        place = f"{kind.__name__}.{wrong.path}" if wrong.path else kind.__name__
        return InvalidRequest(f"{place} {wrong.problem}", field=wrong.path or None)
    except PrismError as refused:
        return InvalidRequest(refused.message, field=getattr(refused, "field", None))
    except RecursionError:
        return InvalidRequest(f"{kind.__name__} is nested too deep")


def _built(kind: type[S], values: Any, path: str) -> S:
    """An instance of a class, of the mapping at this path."""
    if isinstance(values, kind):
        return values
    if not isinstance(values, Mapping):
        raise _Wrong(path, f"must be an object with its fields, not {type(values).__name__}")
    choose = getattr(kind, "class_of", None)
    if choose is not None:  # an event is of the class of its kind
        kind = choose(values)
    fields, tag = _shape(kind), kind.__struct_config__
    made = {}
    for name, value in values.items():
        here = _joined(path, name)
        if name == tag.tag_field:
            if value != tag.tag:
                raise _Wrong(here, f"must be {tag.tag!r}, as of every {kind.__name__}")
            continue
        if name not in fields.readers:
            shown = name[:64] if isinstance(name, str) and name.isidentifier() else "(a name)"
            raise _Wrong(_joined(path, shown), f"is no field of {kind.__name__}{_NEWER}")
        read = fields.readers[name]
        made[name] = value if read is None or value is None else read(value, here)
    for name in fields.needed:
        if name not in made:
            raise _Wrong(_joined(path, name), "must be given")
    return _checked(kind, made, path)


_NEWER = "; leave it out, or update Prism if a newer version has written it"


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _checked(kind: type[S], fields: dict[str, Any], path: str) -> S:
    """An instance, if its fields are right. A class of the schema checks that itself."""
    try:
        made = kind(**fields)
    except InvalidRequest as refused:
        refused.field = _joined(path, refused.field)
        raise
    found = None if hasattr(made, "to_dict") else first_problem(made)
    if found is not None:
        raise _Wrong(_joined(path, found[0]), found[1])
    return made


class _Shape(NamedTuple):
    """The fields of a class: what reads each, and which must be given."""

    readers: dict[str, Reader | None]
    needed: tuple[str, ...]


@cache
def _shape(kind: type[msgspec.Struct]) -> _Shape:
    hints = get_type_hints(kind, include_extras=True)
    fields = msgspec.structs.fields(kind)
    return _Shape(
        {field.name: _reader(hints[field.name]) for field in fields},
        tuple(field.name for field in fields if field.required),
    )


def _reader(hint: Any) -> Reader | None:
    """What reads values of an annotation; None for those that are plain themselves."""
    given = [one for one in members(hint) if one is not type(None)]
    if all(isinstance(one, type) and issubclass(one, msgspec.Struct) for one in given):
        return partial(_built, given[0]) if len(given) == 1 else _tagged(given)
    if len(given) > 1:
        return None
    (one,) = given
    if get_origin(one) is tuple:
        each = _reader(get_args(one)[0])
        return None if each is None else partial(_each, each)
    if get_origin(one) is Annotated and bytes in get_args(one):
        return _bytes
    return _decimal if one is Decimal else None


def _tagged(kinds: list[type[msgspec.Struct]]) -> Reader:
    """What reads one of several classes, by the tag of each."""
    field = kinds[0].__struct_config__.tag_field
    by_tag = {kind.__struct_config__.tag: kind for kind in kinds}

    def read(value: Any, path: str) -> Any:
        if isinstance(value, tuple(kinds)):
            return value
        tag = value.get(field) if isinstance(value, Mapping) else None
        if not isinstance(tag, str) or tag not in by_tag:
            raise _Wrong(path, f"must have a {field!r}, one of {', '.join(map(str, by_tag))}")
        return _built(by_tag[tag], value, path)

    return read


def _each(read: Reader, value: Any, path: str) -> Any:
    if not isinstance(value, (list, tuple)):
        return value  # the class says what is wrong
    return tuple(read(one, f"{path}.{place}") for place, one in enumerate(value))


def _bytes(value: Any, path: str) -> bytes:
    try:
        return b64decode(value, validate=True)
    except (TypeError, ValueError):
        pass
    raise _Wrong(path, "must be bytes in Base64")


def _decimal(value: Any, path: str) -> Decimal:
    try:
        if isinstance(value, str):
            return Decimal(value)
    except InvalidOperation:
        pass
    raise _Wrong(path, "must be a decimal number in a string, such as '19.0'")
