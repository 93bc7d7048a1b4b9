"""The form of exchange files: indented by two, and short objects and lists on one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 100


class _Number(float):
    """A number with a point or an exponent, kept as it is written."""

    written: str

    def __new__(cls, written: str) -> _Number:
        made = super().__new__(cls, written)
        made.written = written
        return made


def formatted(text: str | bytes) -> str:
    """A JSON text in this form. Raises `ValueError` if it is none."""
    return "".join(_lines(json.loads(text, parse_float=_Number), "", 0)) + "\n"


def _lines(value: Any, before: str, indent: int, after: str = "") -> Iterator[str]:
    """The text of a value; `before` and `after` stand on its line, too."""
    short = _short(value)
    is_nested = isinstance(value, (dict, list)) and bool(value)
    if indent + len(before) + len(short) + len(after) <= WIDTH and (indent or before):
        is_nested = False
    if not is_nested:
        yield short
        return
    inner = " " * (indent + 2)
    is_object = isinstance(value, dict)
    entries = list(value.items()) if is_object else [("", one) for one in value]
    yield "{" if is_object else "["
    for place, (name, one) in enumerate(entries):
        label = f"{json.dumps(name, ensure_ascii=False)}: " if is_object else ""
        comma = "," if place + 1 < len(entries) else ""
        yield f"\n{inner}{label}"
        yield from _lines(one, label, indent + 2, comma)
        yield comma
    yield "\n" + " " * indent + ("}" if is_object else "]")


def _short(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, dict):
        pairs = (f"{json.dumps(k, ensure_ascii=False)}: {_short(v)}" for k, v in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    return value.written if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
