"""Forged events: a genuine event with one thing altered, and events that a connector signs."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from prism_contract_tests.damage import dotted, leaves, replaced
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.target import Target
from prism_core import HandleEventRequest

_FORGED = b'{"forged": true}'
_TEXT = re.compile(r">([^<>]*\w[^<>]*)<")
"""The text between two tags of XML."""


def genuine(target: Target) -> list[Exchange]:
    """The exchanges of genuine events, whatever they tell; a handshake is none."""
    return [one for one in target.of("handle_event") if one.result and not is_handshake(one)]


def is_handshake(exchange: Exchange) -> bool:
    """Whether the processor only tests the endpoint: a reply, and nothing is told."""
    told = exchange.result or {}
    return told.get("reply") is not None and told.get("kind") == "UNKNOWN"


def signs(target: Target) -> bool:
    """Whether the connector can sign events, so verifies signatures itself."""
    return "sign_event" in target.connector.hooks


def verified(target: Target) -> list[Exchange]:
    """The genuine events that the connector verifies by itself: all if it signs events, and all
    that it reads without a request to the processor."""
    return [one for one in genuine(target) if signs(target) or not one.steps]


def signed_as(target: Target, request: HandleEventRequest, account: Any) -> HandleEventRequest:
    """The request with the signature that the connector says its processor would make."""
    headers = dict(target.connector.hooks["sign_event"](request=request, account=account))
    body = headers.pop("prism-signed-body", None)
    kept = {name: value for name, value in request.headers.items() if _is_type(name)}
    return msgspec.structs.replace(
        request,
        body=request.body if body is None else body.encode(),
        headers={**kept, **headers},
    )


def _is_type(name: str) -> bool:
    return name.lower() == "content-type"


def forgeries(event: Any) -> Iterator[tuple[str, HandleEventRequest]]:
    """The event with another body: bytes, values and all of it; and without headers."""
    for label, body in (*_bytes(event.body), *_values(event.body)):
        yield label, msgspec.structs.replace(event, body=body)
    yield "another body", msgspec.structs.replace(event, body=_FORGED)
    yield "no body", msgspec.structs.replace(event, body=b"")
    if event.headers:
        yield "no headers", msgspec.structs.replace(event, headers={})


def enlarged(exchange: Exchange) -> Iterator[tuple[str, HandleEventRequest]]:
    """The event with one more value in its form or JSON object: one that an answer about it has,
    and that the event does not tell, with another content."""
    event: Any = exchange.build()
    text = event.body.decode("utf-8", "replace")
    for name, value in _answered(exchange).items():
        added = {name: _other(value)}
        if text.lstrip().startswith("{"):
            body = msgspec.json.encode({**added, **msgspec.json.decode(text)})
        elif "=" in text and not text.lstrip().startswith("<"):
            body = f"{text}&{urlencode(added)}".encode()
        else:
            return
        yield f"another {name} added", msgspec.structs.replace(event, body=body)


def _answered(exchange: Exchange) -> dict[str, Any]:
    """The outermost values of the answers, by their names."""
    bodies = [step.response.json for step in exchange.steps if isinstance(step.response.json, dict)]
    told = {name: one for body in bodies for name, one in body.items()}
    return {name: one for name, one in told.items() if isinstance(one, (str, int, float))}


def _bytes(body: bytes) -> Iterator[tuple[str, bytes]]:
    for at in range(0, len(body), max(1, len(body) // 150)):
        if chr(body[at]).isalnum():  # white space and punctuation may not be signed
            other = b"9" if body[at : at + 1] != b"9" else b"8"
            yield f"another byte {at}", body[:at] + other + body[at + 1 :]


def _values(body: bytes) -> Iterator[tuple[str, bytes]]:
    """Bodies in which one value is another: of JSON, a form, XML, or one of these in base64 as a
    value of a form, where a byte that is altered spoils all."""
    text = body.decode("utf-8", "replace")
    for label, other in _texts(text):
        yield f"another {label}", other.encode()


def _texts(text: str) -> Iterator[tuple[str, str]]:
    start = text.lstrip()[:1]
    if start in ("{", "["):
        yield from _of_json(text)
    elif start == "<":
        for found in _TEXT.finditer(text):
            yield (
                f"text {found[1]!r}",
                text[: found.start(1)] + _other(found[1]) + (text[found.end(1) :]),
            )
    elif "=" in text:
        yield from _of_form(parse_qsl(text, keep_blank_values=True))


def _of_json(text: str) -> Iterator[tuple[str, str]]:
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return
    for path, value in leaves(whole):
        if value is not None:
            changed = replaced(whole, path, _other(value))
            yield dotted(path), msgspec.json.encode(changed).decode()


def _of_form(pairs: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for at, (name, value) in enumerate(pairs):
        inside = ((f"{name}: {said}", _packed(made)) for said, made in _texts(_unpacked(value)))
        for label, other in ((name, _other(value)), *inside):
            yield label, urlencode([*pairs[:at], (name, other), *pairs[at + 1 :]])


def _unpacked(value: str) -> str:
    """A text in base64; nothing if it is none."""
    try:
        return base64.b64decode(value.replace("\n", ""), validate=True).decode()
    except ValueError:
        return ""


def _packed(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value[:-1] + ("8" if value.endswith("9") else "9")
    return value + 1


def resigned(event: Any) -> Iterator[HandleEventRequest]:
    """The event with each of its headers altered at the end."""
    for name, value in event.headers.items():
        headers = {**event.headers, name: value[:-1] + ("0" if value[-1:] != "0" else "1")}
        yield msgspec.structs.replace(event, headers=headers)


def rubbish(event: Any) -> Iterator[tuple[str, HandleEventRequest]]:
    """The event with bodies that are none of the processor's."""
    for body in (b"\xff\xfe\x00", b"[]", b"{}", b"null", b"=", b"[" * 10_000, b"..", b"/"):
        yield f"the body {body[:8]!r}", msgspec.structs.replace(event, body=body)
