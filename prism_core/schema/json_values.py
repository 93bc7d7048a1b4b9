"""Values of JSON that a caller gives: checked, and copied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prism_core.schema.numbers import LARGEST

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NAME = re.compile(r"(?!\s)[^\[\]\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{1,255}(?<!\s)")
_NO_JSON = "must map strings to values of JSON without a decimal point"
_DEEPEST = 20


def json_object(value: object) -> dict[str, object]:
    """A copy of a mapping that can be written as JSON: strings, integers, booleans, None, lists and
    mappings. No float, because money must not be one."""
    if not isinstance(value, Mapping):
        raise ValueError(_NO_JSON)
    return _json_mapping(value, _DEEPEST)


def _json_mapping(value: Mapping[Any, Any], room: int) -> dict[str, object]:
    for name in value:
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{_NO_JSON}; a name is a word, with no brackets")
    return {str.__str__(name): _json(entry, room - 1) for name, entry in value.items()}


def _json(value: object, room: int) -> object:
    """A copy of a value, which the caller may change while it is sent."""
    if room < 0:
        raise ValueError(f"must not be nested more than {_DEEPEST} times")
    if isinstance(value, Mapping):
        return _json_mapping(value, room)
    if isinstance(value, (list, tuple)):
        return [_json(entry, room - 1) for entry in value]
    if isinstance(value, str):
        if _CONTROL.search(value):
            raise ValueError("must not contain control characters or lone surrogates")
        return str.__str__(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST:
            raise ValueError(f"must have no number above {LARGEST}")
        return int(value)
    raise ValueError(_NO_JSON)
