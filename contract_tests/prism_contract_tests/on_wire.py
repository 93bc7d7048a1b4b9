"""The texts that requests carry: whether a value of a request reached the wire."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from prism_core import HttpRequest


def texts(requests: list[HttpRequest]) -> list[str]:
    """Every name and value on the wire, decoded: path, query, headers, form or JSON."""
    return [text for request in requests for text in _texts(request)]


def _texts(request: HttpRequest) -> Iterator[str]:
    parts = urlsplit(request.url)
    yield from (unquote(segment) for segment in parts.path.split("/"))
    for pair in parse_qsl(parts.query, keep_blank_values=True):
        yield from pair
    yield from request.headers.values()
    body = request.body.decode("utf-8", "replace")
    if "form-urlencoded" in request.headers.get("content-type", ""):
        for pair in parse_qsl(body, keep_blank_values=True):
            yield from pair
        return
    try:
        yield from _leaves(msgspec.json.decode(body)) if body else ()
    except msgspec.DecodeError:
        yield body


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield name
            yield from _leaves(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _leaves(entry)
    elif value is not None:
        yield str(value)


def visible(value: str, requests: list[HttpRequest]) -> bool:
    """Whether a text is on the wire: whole, or each of its words (a name may be split).

    Of a phone number the last seven digits count; short words must stand alone.
    """
    found = [text.casefold() for text in texts(requests)]
    value = value.casefold()
    if any(value in text if len(value) > 3 else value == text for text in found):
        return True
    if re.fullmatch(r"\+\d+", value):
        return any(value[-7:] in re.sub(r"\D", "", text) for text in found)
    parts = re.findall(r"\w+", value)
    tokens = {token for text in found for token in re.findall(r"\w+", text)}
    return bool(re.fullmatch(r"[\w ]+", value)) and set(parts) <= tokens
