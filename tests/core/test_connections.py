"""Connections: where they lead, how long they rest, and whose turn it is to open them."""

from __future__ import annotations

import select
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

from prism_core import (
    CustomerClient,
    HttpRequest,
    HttpResponse,
)
from prism_core.connector import first_use
from prism_core.connector.http import Failure
from prism_core.transport import pool, waiting
from prism_core.transport.connecting import Ready
from prism_core.transport.http11 import Origin
from prism_core.transport.pool import Connection, Pool
from prism_core.transport.routes import route
from prism_core.transport.transports import AsyncTransport, SyncTransport

HERE = Origin(False, "127.0.0.1", 80)
every_client = pytest.mark.parametrize("client", ["sync", "asyncio", "trio"])


def sent(client: str, url: str, *, timeout: float = 5) -> HttpResponse | Failure:
    """What becomes of a request through a transport of one kind."""
    wire = HttpRequest("GET", url, {})
    if client == "sync":
        sender = SyncTransport()
        try:
            return sender.send(wire, timeout)
        finally:
            sender.close()

    async def main() -> HttpResponse | Failure:
        sender = AsyncTransport()
        try:
            return await sender.send(wire, timeout)
        finally:
            await sender.close()

    return anyio.run(main, backend=client)


@every_client
@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "a..example"])
def test_a_name_without_an_address_is_not_sent(client: str, host: str) -> None:
    """A host that the system cannot find, or that can be none, gets nothing, and that is
    certain."""
    ended = sent(client, f"https://{host}")
    assert isinstance(ended, Failure)
    assert (ended.outcome, ended.reason) == ("not_sent", "dns")


def answering_once(wire: Wire) -> None:
    """Keeps its first connection, and does nothing more there."""
    wire.request()
    wire.send(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")
    wire.server.ended.wait(PATIENCE if wire.index == 0 else 0)


@every_client
def test_an_idle_connection_that_takes_nothing_is_replaced(client: str) -> None:
    """Where not a byte of the request left, it is sent over another connection at once."""
    with FaultServer(answering_once) as server:
        wire = HttpRequest("POST", server.url, {}, b"y")
        if client == "sync":
            sender = SyncTransport()
            sender.send(wire, 5)
            _shut(sender._pool)
            answer = sender.send(wire, 5)
            sender.close()
        else:
            answer = anyio.run(_again, wire, backend=client)
        assert isinstance(answer, HttpResponse)
        assert (len(server.seen), server.connections) == (2, 2)


async def _again(wire: HttpRequest) -> HttpResponse | Failure:
    sender = AsyncTransport()
    await sender.send(wire, 5)
    _shut(sender._pool)
    answer = await sender.send(wire, 5)
    await sender.close()
    return answer


def _shut(idle: Pool) -> None:
    """Ends our own side of the idle connections, which nothing shows before the next write."""
    for one in [one for kept in idle._idle.values() for one in kept]:
        one.sock.shutdown(socket.SHUT_WR)


def test_no_time_means_nothing_was_sent(server: Server) -> None:
    """A call whose time is up before there is a connection sends nothing."""
    ended = SyncTransport().send(HttpRequest("GET", server.url, {}), 0)
    assert isinstance(ended, Failure)
    assert (ended.outcome, ended.reason) == ("not_sent", "timeout")
    assert server.seen == []


def test_few_connections_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more are kept than the bound says, and none for longer; the one that rested last is
    the first to be used again."""
    monkeypatch.setattr(pool, "MOST_IDLE", 2)
    idle = Pool()
    ones = [Connection(socket.socket()) for _ in range(4)]
    assert [idle.put(HERE, one) for one in ones[:3]] == [None, None, ones[0]]
    ones[1].used -= pool.LONGEST_IDLE + 1
    assert idle.take(HERE) is ones[2]
    assert idle.put(HERE, ones[3]) is ones[1]
    idle.clear()
    assert idle.take(HERE) is None
    assert [one.sock.fileno() == -1 for one in ones] == [False, False, False, True]
    for one in ones:
        one.sock.close()


def test_a_connection_that_was_idle_for_long_is_not_used_again(server: Server) -> None:
    """After half a minute, a processor may be about to close it."""
    server.answer(200, b"x")
    sender = SyncTransport()
    request = HttpRequest("GET", server.url, {})
    sender.send(request, 5)
    (kept,) = sender._pool._idle.values()
    (before,) = kept
    before.used -= pool.LONGEST_IDLE + 1
    assert isinstance(sender.send(request, 5), HttpResponse)
    assert before not in kept
    assert before.sock.fileno() == -1
    sender.close()


def test_where_the_system_has_no_poll(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has none: connecting, sending and waiting in vain do without it."""
    monkeypatch.delattr(select, "poll")
    server.answer(200, b"x").answer(200, b"y", delay=0.5)
    assert isinstance(sent("sync", server.url), HttpResponse)
    assert sent("sync", server.url, timeout=0.1) == Failure("unknown", "no answer in time")


@every_client
@pytest.mark.parametrize("path", ["/a b", "/é", "/\n"])
def test_a_path_that_cannot_be_sent_is_not_sent(client: str, server: Server, path: str) -> None:
    """A URL that HTTP does not allow fails before anything leaves, and the connection stays."""
    ended = sent(client, f"{server.url}{path}")
    assert isinstance(ended, Failure)
    assert ended.outcome == "not_sent"
    assert server.seen == []


def test_a_fork_in_c_code_needs_no_lock() -> None:
    """Where a process was forked by code that asked nobody (uWSGI), the child goes on."""
    first_use._in_the_child()


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
        with first_use.held():  # as if another thread were opening it
            late = threading.Thread(target=engine._open, args=("SyncTransport",))
            late.start()
            time.sleep(0.05)
            engine._transport = other = SyncTransport()
        late.join()
        assert engine._transport is other


@pytest.mark.parametrize("loop", ["asyncio", "trio"])
@pytest.mark.parametrize("ready", [0, 1])
def test_a_task_waits_until_one_of_several_sockets_is_ready(loop: str, ready: int) -> None:
    """It does not ask again and again meanwhile, which would cost a whole processor."""

    async def run() -> None:
        pairs = [socket.socketpair() for _ in range(2)]
        step = Ready(tuple(mine for mine, _ in pairs), False, time.monotonic() + 60)
        with anyio.move_on_after(0.05) as waited:
            await waiting._wait_async(step)
        assert waited.cancelled_caught
        pairs[ready][1].send(b"x")
        with anyio.fail_after(5):
            await waiting._wait_async(step)
        for one in (one for pair in pairs for one in pair):
            one.close()

    anyio.run(run, backend=loop)
