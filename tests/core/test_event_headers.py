"""A webhook is taken as the web framework holds it: every kind of headers, every kind of bytes."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from wsgiref.headers import Headers as WsgiHeaders

import httpx
import pytest
from django.http.request import HttpHeaders
from multidict import CIMultiDict, CIMultiDictProxy
from starlette.datastructures import Headers as StarletteHeaders
from werkzeug.datastructures import EnvironHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

from prism_core import EventKind, EventRejected, HandleEventRequest, InvalidRequest, Prism

BODY = b'{"id": "evt_1", "type": "paid", "payment": {"id": "pay_1", "state": "paid"}}'
NAME = "Acme-Signature"
Pairs = list[tuple[str, str]]


def environ(pairs: Pairs) -> dict[str, Any]:
    """What WSGI makes of headers."""
    names = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in pairs}
    return {"wsgi.version": (1, 0), "CONTENT_TYPE": "application/json", **names}


def message(pairs: Pairs) -> Message:
    """What `http.server` and `email` hold headers in."""
    made = Message()
    for name, value in pairs:
        made[name] = value
    return made


def raw(pairs: Pairs) -> list[tuple[bytes, bytes]]:
    """What ASGI makes of headers."""
    return [(name.lower().encode(), value.encode()) for name, value in pairs]


KINDS: dict[str, Callable[[Pairs], Any]] = {
    "dict": dict,
    "pairs": list,
    "pairs of lists": lambda pairs: [list(pair) for pair in pairs],
    "generator": iter,
    "ASGI's scope": raw,
    "bytes in a dict": lambda pairs: dict(raw(pairs)),
    "items alone": lambda pairs: type("Bag", (), {"items": lambda self: pairs})(),
    "Flask, Quart": WerkzeugHeaders,
    "Flask's request.headers": lambda pairs: EnvironHeaders(environ(pairs)),
    "Django's request.headers": lambda pairs: HttpHeaders(environ(pairs)),
    "Starlette, FastAPI": lambda pairs: StarletteHeaders(raw=raw(pairs)),
    "aiohttp": CIMultiDict,
    "aiohttp's request.headers": lambda pairs: CIMultiDictProxy(CIMultiDict(pairs)),
    "http.server": message,
    "wsgiref": WsgiHeaders,
    "httpx": httpx.Headers,
}


@pytest.fixture
def prism(acme: str) -> Iterator[Prism]:
    with Prism(acme, api_key="key", webhook_secret="whsec_1") as opened:
        yield opened


def signature(prism: Prism, body: bytes = BODY) -> str:
    """The signature that Acme would send with a body."""
    engine = prism._engine
    request = HandleEventRequest(body=body, headers={}, received_at=int(time.time()))
    made: Mapping[str, str] = engine.connector.hooks["sign_event"](
        request=request, account=engine.account
    )
    return made["acme-signature"]


@pytest.mark.parametrize("kind", KINDS)
def test_headers_are_taken_as_the_framework_holds_them(prism: Prism, kind: str) -> None:
    """No handler has to copy them into a dict."""
    pairs = [("Content-Type", "application/json"), (NAME, signature(prism))]
    event = prism.events.handle(body=BODY, headers=KINDS[kind](pairs))
    assert event.kind is EventKind.PAYMENT


def test_the_headers_of_a_real_request(prism: Prism) -> None:
    """`self.headers` of a handler of `http.server`, and a body read from its socket."""
    got: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = bytearray(int(self.headers["content-length"]))
            self.rfile.readinto(body)  # type: ignore[attr-defined]
            got.append(prism.events.handle(body=body, headers=self.headers))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        client = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
        client.request("POST", "/hooks", BODY, {NAME: signature(prism)})
        assert client.getresponse().status == 200
        client.close()
        thread.join()
    assert got[0].kind is EventKind.PAYMENT
    assert got[0].body == BODY


@pytest.mark.parametrize(
    "body", [bytearray(BODY), memoryview(BODY), memoryview(BODY + b"\n")[: len(BODY)]]
)
def test_bodies_are_any_bytes(prism: Prism, body: Any) -> None:
    """What a server read into a buffer is bytes as well, and no longer changes with it."""
    request = HandleEventRequest(body=body, headers=[(NAME, signature(prism))])
    if isinstance(body, bytearray):
        body[:] = b"{}"
    assert prism.events.handle(request).kind is EventKind.PAYMENT
    assert request.body == BODY


@pytest.mark.parametrize("kind", ["pairs", "ASGI's scope", "Flask, Quart", "aiohttp", "wsgiref"])
@pytest.mark.parametrize("first", [True, False])
def test_a_second_signature_makes_none_that_holds(prism: Prism, kind: str, first: bool) -> None:
    """A name that comes twice is both values joined, never the one that fits: neither a genuine
    signature of another body nor one that is made up helps."""
    good, other = signature(prism), signature(prism, b"{}")
    pairs = [(NAME, good), (NAME.lower(), other)]
    headers = KINDS[kind](pairs if first else pairs[::-1])
    for body in (BODY, b'{"id": "evt_2", "type": "paid"}'):
        with pytest.raises(EventRejected):
            prism.events.handle(body=body, headers=headers)


def test_a_name_in_two_spellings_is_one_header() -> None:
    """In a mapping, too; what came once stays as it is."""
    headers = {"X-A": "1", "x-a": "2", "X-B": "3"}
    request = HandleEventRequest(body=b"", headers=headers)
    assert (request.header("x-A"), request.header("x-b")) == ("1, 2", "3")


@pytest.mark.parametrize("bad", ["x\r\ny: z", "\x00", 1, None, ["a"]])
def test_a_header_with_a_bad_value_is_not_there(bad: Any) -> None:
    """Nor is another of the same name, which might be the one that an attacker wants read."""
    request = HandleEventRequest(body=b"", headers=[("a", "1"), ("A", bad), ("b", "2"), (bad, "3")])
    assert (request.header("a"), request.header("b")) == (None, "2")


@pytest.mark.parametrize("headers", [None, 1, "a: b", b"a: b", [1], ["abc"], [("a", "b", "c")]])
def test_what_are_no_headers_is_said(headers: Any) -> None:
    """An error that names the field, before anything is verified."""
    with pytest.raises(InvalidRequest, match="must be the request's headers, or pairs") as caught:
        HandleEventRequest(body=b"", headers=headers)
    assert caught.value.field == "headers"


@pytest.mark.parametrize("body", ["{}", {"id": "evt_1"}, None, [1, 2], 3])
def test_what_is_no_body_is_said(body: Any) -> None:
    """A body that was decoded or parsed cannot be verified."""
    with pytest.raises(InvalidRequest, match="must be the raw bytes of the webhook") as caught:
        HandleEventRequest(body=body, headers={})
    assert caught.value.field == "body"
