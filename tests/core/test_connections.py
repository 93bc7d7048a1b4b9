"""Connections: where they lead, how long they rest, and whose turn it is to open them."""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import anyio
import httpx
import pytest
from faults.servers import PATIENCE, Wire
from faults.servers import Server as FaultServer
from support import Server

from prism_core import CustomerClient, HttpRequest, HttpResponse, connections
from prism_core.connections import Line, Resting
from prism_core.http import Failure
from prism_core.routes import route
from prism_core.transport import AsyncTransport, SyncTransport
from prism_core.wire import Place

HERE = Place(False, "127.0.0.1", 80)


def test_each_address_of_a_name_has_its_share(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host with one dead address among two is reached by the other, in the same call."""
    server.answer(200, b"x")
    port = int(server.url.rpartition(":")[2])
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port)) for host in HOSTS]
    system = socket.getaddrinfo
    names = {"localhost": found}
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **k: names.get(host) or system(host, *a, **k)
    )
    sender = SyncTransport()
    answer = sender.send(HttpRequest("GET", f"http://localhost:{port}", {}), 5)
    sender.close()
    assert isinstance(answer, HttpResponse)


HOSTS = ("127.0.0.2", "127.0.0.1")  # nothing listens at the first


def test_a_name_without_an_address_is_not_sent() -> None:
    """A host that the system cannot find gets nothing, and that is certain."""
    sender = SyncTransport()
    ended = sender.send(HttpRequest("GET", "https://no-such-host.invalid", {}), 5)
    assert ended == Failure("not_sent", "no connection (ConnectError): nothing was sent")


def answering_once(wire: Wire) -> None:
    """Keeps its first connection, and does nothing more there."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")
    wire.server.ended.wait(PATIENCE if wire.index == 0 else 0)


@pytest.mark.parametrize("client", ["sync", "trio"])
def test_a_kept_connection_that_takes_nothing_is_replaced(client: str) -> None:
    """Where not a byte of the request left, it is sent over another connection at once. (asyncio
    takes every byte itself, and tells of the failure later: then nobody can know.)"""
    with FaultServer(answering_once) as server:
        wire = HttpRequest("POST", server.url, {}, b"y")
        if client == "sync":
            sender = SyncTransport()
            sender.send(wire, 5)
            _shut(sender._own._resting._lines)
            answer = sender.send(wire, 5)
            sender.close()
        else:
            answer = anyio.run(_again, wire, backend="trio")
        assert isinstance(answer, HttpResponse)
        assert (len(server.seen), server.connections) == (2, 2)


async def _again(wire: HttpRequest) -> HttpResponse | Failure:
    sender = AsyncTransport()
    await sender.send(wire, 5)
    _shut(sender._here()._resting._lines)
    answer = await sender.send(wire, 5)
    await sender.close()
    return answer


def _shut(lines: dict[Place, Any]) -> None:
    """Ends our own side of the connections at rest, which nothing shows before the next write."""
    for line in [line for kept in lines.values() for line in kept]:
        line.stream.get_extra_info("socket").shutdown(socket.SHUT_WR)


def test_no_time_means_nothing_was_sent(server: Server) -> None:
    """A call whose time is up before there is a connection sends nothing."""
    ended = SyncTransport().send(HttpRequest("GET", server.url, {}), 0)
    assert ended == Failure("not_sent", "no connection (ConnectTimeout): nothing was sent")
    assert server.seen == []


def test_few_connections_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more are kept than the bound says, and none for longer; the one that rested last is
    the first to be used again."""
    monkeypatch.setattr(connections, "KEPT", 2)
    resting: Resting[Any] = Resting()
    lines: list[Line[Any]] = [Line(object()) for _ in range(4)]
    assert [resting.give(HERE, line) for line in lines[:3]] == [None, None, lines[0]]
    lines[1].rested -= connections.REST + 1
    assert resting.take(HERE) is lines[2]
    assert resting.give(HERE, lines[3]) is lines[1]
    assert resting.clear() == [lines[3]]
    assert resting.take(HERE) is None


def test_a_body_that_drips_through_ones_own_transport_ends_in_time(server: Server) -> None:
    """Total time is bounded for `transport=`, too, although httpx bounds each read alone."""

    def drip(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("content-length", "1000")
        handler.end_headers()
        for _ in range(20):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.05)

    server.act(drip)
    with httpx.HTTPTransport() as given:
        ended = SyncTransport(route(True, given, None, None, True)).send(
            HttpRequest("GET", server.url, {}), 0.3
        )
    assert ended == Failure("unknown", "the answer did not end in time")


def test_threads_that_begin_together_share_one_transport(acme: str, server: Server) -> None:
    """The first calls of a client, made at once, open it once."""
    server.answer(200, {"id": "cus_1"})
    with CustomerClient(acme, api_key="key", base_url=server.url) as customers:
        engine = customers._engine
        with engine._lock:  # as if another thread were opening it
            late = threading.Thread(target=engine._open, args=("SyncTransport",))
            late.start()
            time.sleep(0.05)
            engine._transport = other = SyncTransport()
        late.join()
        assert engine._transport is other
