"""Differences: where what was built is another than what an exchange has, path by path."""

from __future__ import annotations

from collections.abc import Iterator
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
        yield f"{place}: expected {_json(expected)}, got {_json(got)}"


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
