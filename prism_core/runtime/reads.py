"""Notes which fields of a request a flow reads: a field that it does not read is not sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property, lru_cache, partial
from operator import attrgetter
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

import msgspec

from prism_core.schema.base import Request, Schema
from prism_core.schema.checks import members
from prism_core.schema.money import Money

_WHOLE = (Money,)
"""Values that are sent as a whole; of all other values, each part is noted."""


class Noted:
    """The request that a flow gets, or a part of it such as an address. It notes which fields are
    read, and otherwise behaves like the value itself, also for `isinstance`.

    `__dict__` holds the fields that were read, so that only the first reading of each costs
    anything; and from the start those that need no note: what was not given, and what speaks to the
    core. An id is noted even if it is None: `preflight.missing_id` tells which one was wanted.
    `_parts` holds the fields that were read of which each part is noted.
    """

    __slots__ = ("__dict__", "_given", "_parts", "_value", "_wholly")
    options: frozenset[str] = frozenset()

    def __init__(self, value: Schema, *, wholly: bool = False) -> None:
        shape = _shape(type(value), tuple(map(type, msgspec.structs.astuple(value))))
        self._value, self._wholly, self._given = value, wholly, shape.given
        self._parts: dict[str, tuple[Noted, ...]] = {}
        known: dict[str, Any] = {**shape.missing}
        for name in shape.options:
            known[name] = getattr(value, name)
        self.__dict__ = {} if wholly else known

    def __eq__(self, other: object) -> bool:
        return bool(self._value == (value_of(other) if isinstance(other, Noted) else other))

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return repr(self._value)


def noted(value: Request, *, wholly: bool = False) -> Any:
    """The request as a flow is given it; `wholly` notes what was not given, too."""
    kind: Any = _noting(type(value))
    return kind(value, wholly=wholly)


class _Shape(NamedTuple):
    """Which fields a value gives."""

    given: tuple[str, ...]
    """Those that speak to the processor and are not None."""
    options: tuple[str, ...]
    """Those that speak to the core and are not None."""
    missing: dict[str, None]
    """Those that are None and are no ids."""


@lru_cache(maxsize=256)
def _shape(kind: type[Schema], classes: tuple[type, ...]) -> _Shape:
    """The shape of a value, by the classes of its fields' values: most calls give the same fields
    as those before."""
    options = kind.options if issubclass(kind, Request) else ()
    names = dict(zip(kind.__struct_fields__, classes, strict=True))
    given = [name for name, held in names.items() if held is not type(None)]
    missing = [name for name in names if name not in given and not name.endswith("_id")]
    return _Shape(
        tuple(name for name in given if name not in options),
        tuple(name for name in given if name in options),
        dict.fromkeys(missing),
    )


@cache
def _noting(kind: type[object]) -> type[Noted] | None:
    """What notes values of a type, part by part; None where there is nothing to note. It has the
    properties, methods and constants of the type, which read the fields through the notes."""
    if not issubclass(kind, Schema) or issubclass(kind, _WHOLE):
        return None
    inherited: dict[str, Any] = {}
    for base in reversed(kind.__mro__):
        inherited |= {n: found for n, found in vars(base).items() if not n.startswith("__")}
    hints = get_type_hints(kind)
    fields = {name: _reading(name, hints[name]) for name in kind.__struct_fields__}
    own = {"__slots__": (), "__class__": kind}
    return type(kind.__name__, (Noted,), {**inherited, **fields, **own})


def _reading(name: str, hint: Any) -> cached_property[Any]:
    """What the first reading of a field does; later ones find the field in the `__dict__`."""
    kinds = (get_args(one)[0] if get_origin(one) is tuple else one for one in members(hint))
    is_whole = any(_noting(one) for one in kinds if isinstance(one, type))
    return cached_property(partial(_part, name) if is_whole else attrgetter(f"_value.{name}"))


def _part(name: str, noted: Noted) -> Any:
    """A field of which each part is noted: one value, or several in a tuple."""
    found = getattr(noted._value, name)
    if isinstance(found, tuple):
        parts = noted._parts[name] = tuple(_noted(one, noted) for one in found)
        return parts
    if _noting(found.__class__) is not None:
        found = _noted(found, noted)
        noted._parts[name] = (found,)
    return found


def _noted(part: Any, whole: Noted) -> Any:
    kind: Any = _noting(part.__class__)
    return kind(part, wholly=whole._wholly)


def forget(noted: Any, name: str) -> None:
    """Makes a field unread again, after the core has read it for itself."""
    del noted.__dict__[name]


def value_of(noted: Any) -> Any:
    """The value behind a `Noted`."""
    return noted._value


def has_read(noted: Noted, path: str) -> bool:
    """Whether a field, or a part of one ("billing_address.city"), was given and read."""
    field, _, part = path.partition(".")
    found = noted.__dict__.get(field)
    if not part or field not in noted._parts:
        return found is not None
    return any(one.__dict__.get(part) is not None for one in noted._parts[field])


def read(noted: Noted) -> Iterator[str]:
    """The fields that speak to the processor, and the parts of fields, that were given and read."""
    for name, value in noted.__dict__.items():
        if value is not None and name not in noted.options:
            yield name
    for whole, parts in noted._parts.items():
        found = dict.fromkeys(name for part in parts for name in read(part))
        yield from (f"{whole}.{name}" for name in found)


def unread(noted: Noted) -> list[str]:
    """The fields, and the parts of fields, that the caller has given and that were not read."""
    value, read = noted._value, noted.__dict__
    names = [name for name in noted._given if name not in read]
    if names:  # most flows leave only defaults unread
        defaults = _defaults(type(value))
        names = [name for name in names if getattr(value, name) != defaults[name]]
    for whole, parts in noted._parts.items():
        found = dict.fromkeys(name for part in parts for name in unread(part))
        names += [f"{whole}.{name}" for name in found]
    return names


@cache
def _defaults(kind: type[Schema]) -> dict[str, Any]:
    """The defaults of the fields."""
    return {
        one.name: one.default_factory()
        if callable(one.default_factory)  # of an empty mapping or tuple
        else one.default
        for one in msgspec.structs.fields(kind)
    }
