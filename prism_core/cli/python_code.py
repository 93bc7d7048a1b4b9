"""Calls as Python code that a reader can copy and run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any

import msgspec

from prism_core.schema.money import Money
from prism_core.schema.secrets import Secret


class Name(str):
    """Code that stands for itself, such as `customer.connector_customer_id`."""


def call(target: str, function: str, fields: dict[str, Any], shown: bool = True) -> str:
    """`target = function(...)`, a field a line. Without `shown`, secrets are left out."""
    lines = [f"    {name}={code(value, shown)},\n" for name, value in fields.items()]
    return f"{target} = {function}(\n{''.join(lines)})"


def code(value: Any, shown: bool = True) -> str:
    """A value of the schema as the code that builds it."""
    if isinstance(value, Name):
        return value
    if isinstance(value, Secret):
        return json.dumps(value.reveal() if shown else "...")
    if isinstance(value, Money):
        return f"Money({value.minor_amount}, {json.dumps(value.currency)})"
    if isinstance(value, tuple):
        return f"[{', '.join(code(one, shown) for one in value)}]"
    if isinstance(value, msgspec.Struct):
        parts = (f"{name}={code(part, shown)}" for name, part in _given(value))
        return f"{type(value).__name__}({', '.join(parts)})"
    return json.dumps(str(value)) if isinstance(value, (str, Enum)) else repr(value)


def names(values: Iterable[Any]) -> set[str]:
    """The classes of the schema that the code of some values needs."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, msgspec.Struct):
            found |= {type(value).__name__, *names(part for _, part in _given(value))}
        elif isinstance(value, tuple):
            found |= names(value)
    return found


def _given(value: msgspec.Struct) -> Iterator[tuple[str, Any]]:
    """The fields that differ from their defaults."""
    for field in msgspec.structs.fields(value):
        found = getattr(value, field.name)
        if field.required or found != field.default:
            yield field.name, found
