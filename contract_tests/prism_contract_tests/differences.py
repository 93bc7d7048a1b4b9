"""Differences: where what was built is another than what an exchange has, path by path."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import msgspec


def differences(expected: Any, got: Any, place: str = "") -> str:
    """A line for each path at which two JSON values differ; none if and only if they are equal.

    `place` is the path at which both stand.
    """
    return "\n".join(_lines(expected, got, place))


def _lines(expected: Any, got: Any, place: str) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(got, dict):
        yield from _entries(_named(expected, place), _named(got, place))
    elif isinstance(expected, list) and isinstance(got, list):
        yield from _entries(_numbered(expected, place), _numbered(got, place))
    elif _json(expected) != _json(got):  # not as Python compares: to it, 1 is true
        yield f"{place}: {_either(expected, got)}"


LONG = 60
"""From this length on, of two texts only what is around the first difference is shown."""


def _either(expected: Any, got: Any) -> str:
    """Both values; of two long texts, such as GraphQL documents, what is where they part."""
    if not (isinstance(expected, str) and isinstance(got, str) and len(expected + got) > 2 * LONG):
        return f"expected {_json(expected)}, got {_json(got)}"
    pairs = zip_longest(expected, got)
    at = next(at for at, (one, other) in enumerate(pairs) if one != other)
    one, other = (_json(text[max(0, at - LONG // 3) : at + LONG // 2]) for text in (expected, got))
    return f"from character {at} on, expected ...{one}..., got ...{other}..."


def _named(value: dict[str, Any], place: str) -> dict[str, Any]:
    return {f"{place}.{name}" if place else name: entry for name, entry in value.items()}


def _numbered(value: list[Any], place: str) -> dict[str, Any]:
    return {f"{place}[{index}]": entry for index, entry in enumerate(value)}


def _entries(expected: dict[str, Any], got: dict[str, Any]) -> Iterator[str]:
    """What differs between values by their paths, each of which may be on one side alone."""
    for place in dict.fromkeys([*expected, *got]):
        if place not in got:
            yield f"{place}: missing, expected {_json(expected[place])}"
        elif place not in expected:
            yield f"{place}: not expected, got {_json(got[place])}"
        else:
            yield from _lines(expected[place], got[place], place)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
