"""Notes which fields of a request a flow reads: a field that it does not read is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from prism_core.schema.base import Request, Schema
from prism_core.schema.money import Money

_WHOLE = (Money,)
"""Values that are sent as a whole; of all other values, each part is noted."""


class Noted:
    """The request that a flow gets, or a part of it such as an address. It notes which fields are
    read, and otherwise behaves like the value itself, also for `isinstance`.

    `_unread` holds the fields that nobody has read so far; `__dict__` holds the others, so that
    only the first reading of each costs anything; `_parts` those of which each part is noted. A
    field that was not given needs no note, nor does one that speaks to the core. An id is noted
    all the same: `preflight.missing_id` tells which one was wanted and is None.
    """

    __slots__ = ("__dict__", "_parts", "_unread", "_value", "_wholly")
    options: frozenset[str] = frozenset()
    _ids: frozenset[str]

    def __init__(self, value: Schema, *, wholly: bool = False) -> None:
        fields, options, ids = msgspec.structs.asdict(value), self.options, self._ids
        self._value, self.__dict__ = value, fields
        self._parts: dict[str, Noted] = {}
        self._wholly = wholly
        self._unread = unread = {
            name: found
            for name, found in fields.items()
            if wholly or name in ids or (found is not None and name not in options)
        }
        for name in unread:
            del fields[name]

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (value_of(other) if isinstance(other, Noted) else other))

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return repr(self._value)


class _Reading:
    """Notes the first reading of a field. Later ones find it in the `__dict__`."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, noted: Noted, owner: type[Noted]) -> Any:
        name = self._name
        found = noted._unread.pop(name)
        kind = _noting(found.__class__)
        if kind is not None:
            found = noted._parts[name] = kind(found, wholly=noted._wholly)
        noted.__dict__[name] = found
        return found


def noted(value: Request, *, wholly: bool = False) -> Any:
    """The request as a flow is given it; `wholly` notes what was not given, too."""
    kind: Any = _noting(type(value))
    return kind(value, wholly=wholly)


@cache
def _noting(kind: type[object]) -> type[Noted] | None:
    """What notes values of a type, part by part; None where there is nothing to note. It has the
    properties, methods and constants of the type, which read the fields through the notes."""
    if not issubclass(kind, Schema) or issubclass(kind, _WHOLE):
        return None
    inherited: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        inherited |= {n: found for n, found in vars(base).items() if not n.startswith("__")}
    fields = {name: _Reading(name) for name in kind.__struct_fields__}
    ids = frozenset(name for name in fields if name.endswith("_id"))
    own = {"__slots__": (), "__class__": kind, "_ids": ids}
    return type(kind.__name__, (Noted,), {**inherited, **fields, **own})


def forget(noted: Any, name: str) -> None:
    """Makes a field unread again, after the core has read it for itself."""
    noted._unread[name] = noted.__dict__.pop(name)


def value_of(noted: Any) -> Any:
    """The value behind a `Noted`."""
    return noted._value


def has_read(noted: Noted, path: str) -> bool:
    """Whether a field, or a part of one ("billing_address.city"), was given and read."""
    field, _, part = path.partition(".")
    found = noted.__dict__.get(field)
    if not part or not isinstance(found, Noted):
        return found is not None
    return found.__dict__.get(part) is not None


def read(noted: Noted) -> Iterator[str]:
    """The fields that speak to the processor, and the parts of fields, that were given and read."""
    for name, found in noted.__dict__.items():
        if found is not None and name not in noted.options:
            yield name
    for whole, part in noted._parts.items():
        yield from (f"{whole}.{name}" for name in read(part))


def unread(noted: Noted) -> list[str]:
    """The fields, and the parts of fields, that the caller has given and that were not read."""
    defaults = _defaults(type(noted._value))
    left = noted._unread.items()
    names = [name for name, given in left if given is not None and given != defaults[name]]
    for whole, part in noted._parts.items():
        names += [f"{whole}.{name}" for name in unread(part)]
    return names


@cache
def _defaults(kind: type[Schema]) -> dict[str, Any]:
    """The defaults of the fields."""
    return {one.name: one.default for one in msgspec.structs.fields(kind)}
