"""Checks for JSON values: each takes a value and its name, and returns it or raises `ApiError`.

Messages say what is allowed and never repeat what was sent, because it may be card data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from prism_sandbox.server.errors import invalid

Check = Callable[[Any, str], Any]

# A property name is repeated in an error only if it looks like one: a card number does not.
_PROPERTY_NAME = re.compile(r"[A-Za-z_]+")
_URL_CHARACTERS = re.compile(r"""[^\s"<>\\^`{|}\x00-\x20\x7f-\U0010ffff]{1,2048}""")


def text(pattern: str = r"(?s:.*)", *, allowed: str = "") -> Check:
    """A string of at most 1000 characters that matches all of `pattern`."""
    compiled = re.compile(pattern)

    def check(value: Any, param: str) -> str:
        if not isinstance(value, str) or len(value) > 1000 or not compiled.fullmatch(value):
            raise invalid(param, f"Must be {allowed or 'a string of at most 1000 characters'}.")
        return value

    return check


def integer(low: int, high: int) -> Check:
    """A whole number from `low` to `high`; true, false and 1.0 are not."""

    def check(value: Any, param: str) -> int:
        if type(value) is not int or not low <= value <= high:
            raise invalid(param, f"Must be an integer from {low} to {high}.")
        return value

    return check


def one_of(*choices: str) -> Check:
    """One of the given strings."""
    return text("|".join(map(re.escape, choices)), allowed=f"one of: {', '.join(choices)}")


def boolean(value: Any, param: str) -> bool:
    """true or false."""
    if not isinstance(value, bool):
        raise invalid(param, "Must be true or false.")
    return value


def text_map(value: Any, param: str) -> dict[str, str]:
    """An object whose values are all strings, with names of the client's choosing."""
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise invalid(param, "Must be an object whose values are strings.")
    return value


def web_url(value: Any, param: str) -> str:
    """An absolute http or https URL, with no user name in it."""
    problem = invalid(param, "Must be an absolute http or https URL of at most 2048 characters.")
    if not isinstance(value, str) or not _URL_CHARACTERS.fullmatch(value):
        raise problem
    try:
        url = urlsplit(value)
        usable = url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:  # a broken port or IPv6 address
        raise problem from None
    if not usable or "@" in url.netloc:
        raise problem
    return value


def object_of(required: Mapping[str, Check], optional: Mapping[str, Check]) -> Check:
    """An object with exactly these properties; absent and null optional ones come back as None."""
    known = {**required, **optional}

    def check(value: Any, param: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise invalid(param, "Must be a JSON object.")
        for name in value:
            if name not in known:
                raise _unknown(param, name)
        for name in required:
            if value.get(name) is None:
                raise invalid(_join(param, name), "This property is required.", code="missing")
        return {
            name: None if value.get(name) is None else rule(value[name], _join(param, name))
            for name, rule in known.items()
        }

    return check


def list_of(rule: Check, most: int) -> Check:
    """A list of 1 to `most` of these."""

    def check(value: Any, param: str) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= most:
            raise invalid(param, f"Must be a list of 1 to {most}.")
        return [rule(one, param) for one in value]

    return check


def _unknown(param: str, name: str) -> Exception:
    named = _join(param, name) if _PROPERTY_NAME.fullmatch(name) and len(name) <= 64 else param
    return invalid(named, "This API has no such property.", code="unknown_parameter")


def _join(param: str, name: str) -> str:
    return f"{param}.{name}" if param else name
