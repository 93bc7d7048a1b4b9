"""Which fields of a request a flow reads: what it does not read, it does not send."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from types import FunctionType, MethodType
from typing import Any

import msgspec

from prism_core.schema.base import Request, Schema
from prism_core.schema.money import Money

_WHOLE = Money
"""The values that are sent whole or not at all; of all others, each part is noted."""


class Noted:
    """A request as a flow is given it, or a part of one such as an address. It notes which fields
    are read, and is otherwise as the value itself: `isinstance` says so, too.

    `__dict__` holds the fields read so far, so that only the first reading of each costs anything.
    """

    __slots__ = ("__dict__", "_value")

    def __init__(self, value: Schema) -> None:
        self._value = value

    def __getattr__(self, name: str) -> Any:
        value = self._value
        if name in value.__struct_fields__:
            found = getattr(value, name)
            if isinstance(found, Schema) and not isinstance(found, _WHOLE):
                found = Noted(found)
            self.__dict__[name] = found
            return found
        if name.startswith("__"):
            raise AttributeError(name)
        return _inherited(self, getattr(type(value), name))

    @property  # type: ignore[misc]
    def __class__(self) -> type[Any]:
        return type(self._value)

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (value_of(other) if type(other) is Noted else other))

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return repr(self._value)


def forget(noted: Any, name: str) -> None:
    """Takes a field for unread again, which the core has read for itself."""
    noted.__dict__.pop(name, None)


def value_of(noted: Any) -> Any:
    """The value that is noted."""
    return noted._value


def _inherited(noted: Noted, attribute: Any) -> Any:
    """A property or method of the value's class, which reads the fields through the notes."""
    if isinstance(attribute, property):
        return attribute.fget(noted)  # type: ignore[misc]  # of the schema: each has one
    return MethodType(attribute, noted) if isinstance(attribute, FunctionType) else attribute


def has_read(noted: Noted, path: str) -> bool:
    """Whether a field (`"description"`), or a part of one (`"address.city"`), was read."""
    field, _, part = path.partition(".")
    found = noted.__dict__.get(field, noted)
    if found is noted:
        return False
    return not part or type(found) is not Noted or part in found.__dict__


def read(noted: Noted) -> Iterator[str]:
    """The fields, and the parts of fields, that were given and read."""
    for name, found in noted.__dict__.items():
        if found is not None:
            yield name
        if type(found) is Noted:
            yield from (f"{name}.{part}" for part in read(found))


def unread(noted: Noted) -> Iterator[str]:
    """The fields, and the parts of fields, that the caller has given and that were not read."""
    read, request = noted.__dict__, noted._value
    for name, default in _fields(type(request)):
        found = read.get(name, noted)
        if type(found) is Noted and found is not noted:
            yield from (f"{name}.{part}" for part in _unread_parts(found))
        elif found is noted:
            value = getattr(request, name)
            if value is not None and value != default:
                yield name


def _unread_parts(noted: Noted) -> Iterator[str]:
    value, read = noted._value, noted.__dict__
    for name in value.__struct_fields__:
        if name not in read and getattr(value, name) is not None:
            yield name


@cache
def _fields(kind: type[Request]) -> tuple[tuple[str, Any], ...]:
    """The fields of a request that speak to the processor, and their defaults."""
    fields = msgspec.structs.fields(kind)
    return tuple((one.name, one.default) for one in fields if one.name not in kind.options)
