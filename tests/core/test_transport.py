"""The transport's bounds: time, size, compression, TLS; and what is certain when it fails."""

from __future__ import annotations

import gzip
import ssl
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any

import anyio
import pytest
import trustme
from support import Server

from prism_core import HttpRequest, HttpResponse
from prism_core.connector.http import Failure
from prism_core.transport import http11
from prism_core.transport.transports import AsyncTransport, SyncTransport


@pytest.fixture(params=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Any:
    """Sends one request through a transport of each kind."""

    def blocking(wire: HttpRequest, timeout: float) -> HttpResponse | Failure:
        sender = SyncTransport()
        try:
            return sender.send(wire, timeout)
        finally:
            sender.close()

    async def waiting(wire: HttpRequest, timeout: float) -> HttpResponse | Failure:
        sender = AsyncTransport()
        try:
            return await sender.send(wire, timeout)
        finally:
            await sender.close()

    if request.param == "sync":
        return blocking
    return lambda wire, timeout: anyio.run(waiting, wire, timeout)


def get(url: str) -> HttpRequest:
    return HttpRequest("GET", url, {})


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half")
    handler.close_connection = True


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("connection", "close")
    handler.end_headers()
    handler.close_connection = True
    while True:
        handler.wfile.write(b"x" * 65536)


def test_a_head_of_50_kb_is_read(send: Any, server: Server) -> None:
    """Headers may be long, as a proxy's cookies are: up to 100 KiB they are read whole, however
    they arrive."""

    def slowly(handler: BaseHTTPRequestHandler) -> None:
        head = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nx-long: "
        handler.wfile.write(head + b"x" * 40_000)
        time.sleep(0.1)
        handler.wfile.write(b"x" * 10_000 + b"\r\n\r\n")

    server.act(slowly)
    answer = send(HttpRequest("GET", server.url, {}), 5.0)
    assert len(answer.headers["x-long"]) == 50_000


def test_an_answer_arrives_whole(send: Any, server: Server) -> None:
    """Status, headers in lower case, and body are what the server sent."""
    server.answer(201, b"body", {"X-One": "1"})
    answer = send(get(server.url), 5)
    assert (answer.status_code, answer.body, answer.headers["x-one"]) == (201, b"body", "1")
    assert server.seen[0].headers["accept-encoding"] == "identity"


def test_a_repeated_header_is_joined(send: Any, server: Server) -> None:
    """A header that comes twice holds both values, as RFC 9110 joins them."""

    def twice(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        for value in ("one", "two"):
            handler.send_header("X-Many", value)
        handler.send_header("content-length", "0")
        handler.end_headers()

    server.act(twice)
    assert send(get(server.url), 5).headers["x-many"] == "one, two"


def test_a_dripping_body_ends_in_time(send: Any, server: Server) -> None:
    """A server that sends a byte now and then cannot hold a call beyond its timeout."""
    server.act(drip)
    started = time.monotonic()
    failure = send(get(server.url), 0.3)
    assert time.monotonic() - started < 1
    assert failure.outcome == "unknown"
    assert "time" in failure.message


def test_half_an_answer_is_unknown(send: Any, server: Server) -> None:
    """A connection closed in the middle of an answer leaves the outcome unknown."""
    server.act(half)
    assert send(get(server.url), 5) == Failure("unknown", "no answer (RemoteProtocolError)")


def test_answers_are_bounded(send: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer larger than the bound is refused, whether it says its length or not."""
    monkeypatch.setattr(http11, "LARGEST_BODY", 100_000)
    server.act(endless)
    assert send(get(server.url), 5) == Failure("unknown", "the answer is larger than 100000 bytes")
    server.answers[:] = []
    server.answer(200, b"", {"content-length": "999999999999"})
    assert send(get(server.url), 5) == Failure("unknown", "the answer is larger than 100000 bytes")


def test_compressed_answers_are_refused(send: Any, server: Server) -> None:
    """No answer is unpacked, so that no small one can grow huge."""
    server.answer(200, gzip.compress(b"x" * 1000), {"content-encoding": "gzip"})
    failure = send(get(server.url), 5)
    assert failure == Failure("unknown", "the answer is compressed, which was not asked for")


@pytest.fixture(scope="module")
def untrusted() -> Iterator[str]:
    """A TLS server whose certificate nobody here trusts."""
    server = Server()
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    raw = server._http.socket
    server._http.socket = context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False)
    server._http.handle_error = lambda request, address: None  # type: ignore[method-assign]
    yield server.url.replace("http:", "https:")
    server.close()


def test_an_untrusted_certificate_sends_nothing(send: Any, untrusted: str) -> None:
    """Certificates are verified; a server without a good one never sees the request."""
    ended = send(get(untrusted), 5)
    assert (ended.outcome, ended.reason) == ("not_sent", "certificate")


def test_a_header_that_cannot_be_sent_is_not_sent(send: Any, server: Server) -> None:
    """A value that HTTP does not allow fails before anything leaves."""
    for bad in ("a\nb", "é"):
        failure = send(HttpRequest("GET", server.url, {"x-bad": bad}), 5)
        assert failure == Failure("not_sent", "a header holds what HTTP cannot send")
    assert server.seen == []


def test_connections_are_reused(server: Server) -> None:
    """Calls one after the other share a connection."""
    server.answer(200, b"x")
    before = threading.active_count()
    sender = SyncTransport()
    for _ in range(5):
        sender.send(get(server.url), 5)
    assert threading.active_count() <= before + 1
    sender.close()
