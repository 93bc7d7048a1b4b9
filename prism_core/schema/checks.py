"""Checks of field values: made once per class from its annotations, run when one is built.

A check takes a value and returns it (or its normal form), or raises ValueError with a message
that says what to change. No message repeats the value: it may be personal data.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Mapping
from enum import Enum
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Literal,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec.structs import astuple

from prism_core.schema.json_values import json_object
from prism_core.schema.nulls import Null
from prism_core.schema.numbers import LARGEST
from prism_core.schema.secrets import Secret

Check = Callable[[Any], Any]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
# Ids are logged: no tabs, line breaks (also U+0085, U+2028, U+2029) or right-to-left marks.
_BREAKS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_KEY = re.compile(r"[!-~]{1,255}")
# Structure only: one @, no spaces, a domain with a dot. The processor checks the rest.
_EMAIL = re.compile(r"[^@\s]{1,64}@(?=.{4,255}\Z)[^@\s.]+(?:\.[^@\s.]+)+")
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_URL = re.compile(r"https?://[^\s/?#@]+(?:[/?#]\S*)?")


def text(value: str) -> str:
    """A string that is not empty and has no control characters."""
    if not value.strip():
        raise ValueError("must not be empty; leave it out instead")
    if not value.isprintable() and _CONTROL.search(value):
        raise ValueError("must not contain control characters or lone surrogates")
    return value


def identifier(value: str) -> str:
    """An id: up to 255 characters on one line, with no space around it."""
    if 0 < len(value) <= 255 and value.isprintable() and value == value.strip():
        return value
    if len(text(value)) > 255 or not _is_one_line(value):
        raise ValueError("must be an id of 1 to 255 characters on one line, no space around it")
    return value


def is_identifier(value: object) -> bool:
    """Whether a value, which may be a processor's, is an id."""
    try:
        return isinstance(value, str) and bool(identifier(value))
    except ValueError:
        return False


def countable(value: int) -> int:
    """An integer that fits into 64 bits."""
    if abs(value) > LARGEST:
        raise ValueError(f"must be {LARGEST} at most")
    return value


def _is_one_line(value: str) -> bool:
    """Whether a text has no space around it, no line breaks and no right-to-left marks."""
    return (value.isprintable() or not _BREAKS.search(value)) and value == value.strip()


def _matching(pattern: re.Pattern[str], wanted: str) -> Check:
    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise ValueError(f"must be {wanted}")
        return value

    return check


Text = Annotated[str, text]
Count = Annotated[int, countable]
Identifier = Annotated[str, identifier]
Email = Annotated[str, text, _matching(_EMAIL, "an email address such as 'ada@example.com'")]
Phone = Annotated[str, _matching(_E164, "a number in E.164 form such as '+14155552671'")]
Url = Annotated[str, text, _matching(_URL, "an absolute http(s) URL without user information")]
IdempotencyKey = Annotated[str, _matching(_KEY, "1 to 255 visible ASCII characters, no spaces")]


def _with_article(name: str) -> str:
    return f"an {name}" if name[0] in "AEIOU" else f"a {name}"


def _instance_of(*classes: type) -> Check:
    names = " or ".join(
        {str: "a string", int: "an integer", bool: "True or False"}.get(
            c, _with_article(c.__name__)
        )
        for c in classes
    )
    example = ": Money(1000, 'USD') is 10.00 USD" if names == "a Money" else ""

    def check(value: object) -> object:
        if (isinstance(value, bool) and bool not in classes) or not isinstance(value, classes):
            raise ValueError(f"must be {names}, not {type(value).__name__}{example}")
        return value

    return check


def _one_of(choices: type[Enum]) -> Check:
    def check(value: object) -> Enum:
        try:
            return choices(value)
        except ValueError:
            raise ValueError(f"must be {_meant(value, choices)}") from None

    return check


def _meant(value: object, choices: type[Enum]) -> str:
    """The choices; of very many, the one that looks like the value, which may be private."""
    names = [str(choice.value) for choice in choices]
    if len(names) <= _MANY:
        return f"one of {', '.join(names)}"
    from difflib import get_close_matches  # not needed before, and slow to import

    close = get_close_matches(str(value).upper(), names, n=1)
    which = f"such as {names[0]}; did you mean {close[0]}?" if close else f"such as {names[0]}"
    return f"a {choices.__name__}, {which}"


_MANY = 30


def _secret(value: object) -> Secret:
    if isinstance(value, Secret):
        return value
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {type(value).__name__}")
    if not _is_one_line(text(value)):
        raise ValueError("must be on one line, with no space around it")
    return Secret(value)


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ValueError(f"must be a number, not {type(value).__name__}")
    return value


def _strings(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError(f"must map strings to strings, not be {type(value).__name__}")
    for key, entry in value.items():
        if not isinstance(key, str) or not isinstance(entry, str):
            raise ValueError("must map strings to strings")
        text(key)
        if _CONTROL.search(entry):
            raise ValueError("must not contain control characters or lone surrogates")
    return dict(value)


def _tuple_of(check: Check | None) -> Check:
    def check_each(value: object) -> tuple[object, ...]:
        if not isinstance(value, (tuple, list)):
            raise ValueError(f"must be a tuple, not {type(value).__name__}")
        return tuple(value) if check is None else tuple(map(check, value))

    return check_each


if TYPE_CHECKING:
    JsonObject = Mapping[str, object]
else:
    JsonObject = Annotated[Any, json_object]


def members(hint: Any) -> tuple[Any, ...]:
    """The members of a union; of any other annotation, the annotation itself."""
    if get_origin(hint) in (Union, types.UnionType):
        return get_args(hint)
    return (hint,)


def check_for(hint: Any) -> Check | None:
    """The check for an annotation, without its None; None if it allows any value."""
    given = [member for member in members(hint) if member is not type(None)]
    if len(given) > 1:
        return _instance_of(*given)
    (member,) = given
    origin = get_origin(member)
    if origin is Annotated:
        base, *more = get_args(member)
        return _annotated(base, check_for(base), more)
    if origin is Literal:
        return _literal(get_args(member))
    if origin is tuple:
        return _tuple_of(check_for(get_args(member)[0]))
    if origin is not None:
        is_mapping = isinstance(origin, type) and issubclass(origin, Mapping)
        return _strings if is_mapping else _instance_of(origin)
    if member is Any:
        return None
    if member is Secret:
        return _secret
    if member is float:
        return _number
    return _one_of(member) if issubclass(member, Enum) else _instance_of(member)


def _literal(choices: tuple[object, ...]) -> Check:
    def check(value: object) -> object:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(map(str, choices))}")
        return value

    return check


def _annotated(base: Any, check_base: Check | None, more: list[Check]) -> Check:
    def check(value: Any) -> Any:
        if check_base is not None and type(value) is not base:
            value = check_base(value)
        for one in more:
            value = one(value)
        return value

    return check


_Field = tuple[int, str, tuple[type, ...], Check]
"""A field's place in the class and its name, the classes that need no check, and the check for any
other class."""


class _Fields(dict[type, tuple[_Field, ...]]):
    """The fields that have a check, by Struct class; found on first use."""

    def __missing__(self, cls: Any) -> tuple[_Field, ...]:
        hints = get_type_hints(cls, include_extras=True)
        found: list[_Field] = []
        for place, name in enumerate(cls.__struct_fields__):
            check = check_for(hints[name])
            if check is not None:
                found.append((place, name, _settled(hints[name]), check))
        # Secrets first: they are wrapped before another field can fail.
        found.sort(key=lambda field: Secret not in members(hints[field[1]]))
        self[cls] = tuple(found)
        return self[cls]


_fields = _Fields()


def _settled(hint: Any) -> tuple[type, ...]:
    """The classes whose direct instances are always valid for an annotation; None first, since
    most fields are None. A null from a processor is handled when it is compared."""
    found = [one for one in members(hint) if isinstance(one, type) and get_origin(one) is None]
    found.sort(key=lambda one: one is not type(None))
    return (*found, Null)


def first_problem(owner: Any) -> tuple[str, str] | None:
    """Checks each field of a new instance, and stores the normal forms that the checks return. A
    problem is returned and not raised: a traceback would show the values here."""
    values = astuple(owner)
    for place, name, settled, check in _fields[type(owner)]:
        value = values[place]
        if type(value) not in settled:
            try:
                checked = check(value)
            except ValueError as reason:
                return name, str(reason)
            if checked is not value:
                msgspec.structs.force_setattr(owner, name, checked)
    return None
