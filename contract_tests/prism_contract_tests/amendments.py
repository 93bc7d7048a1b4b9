"""Amendments of a processor's OpenAPI document: what it leaves out, or says wrongly."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from prism_contract_tests.target import Amendment


class StaleAmendment(Exception):
    """An amendment that the document no longer needs, or that fits it nowhere."""


def with_amendment(document: Any, amendment: Amendment) -> Any:
    """The document with one thing added or replaced; what is not on the way to it is shared."""
    try:
        value = amendment.value if amendment.copy is None else at(document, amendment.copy)
        return _put(document, _tokens(amendment.path), value, amendment.replace)
    except (KeyError, IndexError, ValueError):
        raise StaleAmendment(f"the document has no place for {amendment.path}") from None
    except StaleAmendment:
        raise StaleAmendment(f"the document has {amendment.path} by now; remove it") from None


def _put(node: Any, tokens: list[str], value: Any, replace: bool) -> Any:
    name, rest = tokens[0], tokens[1:]
    if isinstance(node, list):
        return _put_into_list(node, tokens, value, replace)
    if rest:
        return {**node, name: _put(node[name], rest, value, replace)}
    if (node[name] == value) if replace else (name in node):
        raise StaleAmendment
    return {**node, name: value}


def _put_into_list(node: list[Any], tokens: list[str], value: Any, replace: bool) -> list[Any]:
    name, rest = tokens[0], tokens[1:]
    if name == "-" and not rest and not replace:
        if value in node:
            raise StaleAmendment
        return [*node, value]
    place = int(name)
    if not rest and node[place] == value:
        raise StaleAmendment
    if not rest and not replace:
        raise ValueError(name)
    now = _put(node[place], rest, value, replace) if rest else value
    return [*node[:place], now, *node[place + 1 :]]


def _tokens(pointer: str) -> list[str]:
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]


def at(document: Any, pointer: str) -> Any:
    """What stands at a JSON Pointer (RFC 6901), which may be part of a URL."""
    for token in map(unquote, _tokens(pointer)):
        document = document[int(token)] if isinstance(document, list) else document[token]
    return document
