"""Connections that are kept: used again, replaced once they are gone, no reason to pay twice."""

from __future__ import annotations

import json
import socket
import threading

import pytest
from faults import secure
from faults.asking import CARD, about, identity, opened
from faults.misbehaving import closing, own
from faults.servers import PATIENCE, Fault, Server, Wire
from support import Install, acme_source

from prism_core import Card, TransportError


def test_connections_are_kept(client: str) -> None:
    """Calls one after the other share a connection, as long as nothing is wrong with it."""

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(own(wire))

    with Server(fault) as server, opened(client, server.url) as ask:
        assert [identity(ask("authorize")) for _ in range(3)] == ["pi_1", "pi_2", "pi_3"]
        assert server.connections == 1


def resetting(wire: Wire) -> None:
    """Answers, keeps the connection until the client has read, and resets it."""
    wire.request()
    wire.send(own(wire))
    if wire.index == 0:
        wire.server.happened.wait(PATIENCE)
        wire.reset()
        wire.server.happened.clear()


@pytest.mark.parametrize("method", ["authorize", "get"])
def test_a_connection_that_was_closed_is_replaced(client: str, method: str) -> None:
    """A processor that closed an idle connection is not noticed: the next call succeeds at once,
    without a retry, and arrives exactly once."""
    with Server(closing) as server, opened(client, server.url) as ask:
        for number in (1, 2, 3):
            end = ask(method, **about(method, f"pi_{number}"))
            assert identity(end) == f"pi_{number}"
            assert end.attempts == 1
            assert server.happened.wait(PATIENCE)
            server.happened.clear()
        assert len(server.seen) == 3


def test_a_connection_that_was_reset_is_replaced(client: str) -> None:
    with Server(resetting) as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        server.happened.set()
        while server.happened.is_set():
            threading.Event().wait(0.001)
        end = ask("authorize")
        assert (identity(end), end.attempts, len(server.seen)) == ("pi_2", 1, 2)


def losing(wire: Wire) -> None:
    """Answers once, and reads a second request on the same connection without answering it."""
    if wire.request() and wire.index == 0:
        wire.send(own(wire))
        wire.request()
    elif wire.index:
        wire.send(own(wire))


def ignoring(wire: Wire) -> None:
    """Answers once; when a second request comes on the same connection, closes it unread."""
    wire.request()
    wire.send(own(wire))
    if wire.index == 0:
        wire.sock.recv(1, socket.MSG_PEEK)


@pytest.fixture
def keyless(plugin: Install) -> str:
    """A connector whose processor honours no idempotency key."""
    plugin("keyless", acme_source(('idempotency_header = "Acme-Key"', "idempotency_header = None")))
    return "keyless"


@pytest.mark.parametrize(("fault", "arrived"), [(losing, 2), (ignoring, 1)])
def test_a_post_without_a_key_is_never_sent_twice(
    client: str, keyless: str, fault: Fault, arrived: int
) -> None:
    """When a kept connection closes just as a POST is sent, nobody can tell whether it arrived:
    without a key it is not repeated, whatever `max_retries` is, and its outcome is unknown."""

    with Server(fault) as server, opened(client, server.url, connector=keyless) as ask:
        assert identity(ask("authorize")) == "pi_1"
        end = ask("authorize", max_retries=3)
        assert isinstance(end.error, TransportError)
        assert (end.outcome, end.attempts, end.key) == ("unknown", 1, None)
        assert (len(server.seen), server.connections) == (arrived, 1)


def test_a_post_that_was_read_in_part_is_not_sent_again(client: str, keyless: str) -> None:
    """A kept connection that is reset while a large POST is written: some of it has arrived, and
    some servers act on a part of a form. Without a key it is not repeated, and is unknown."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(own(wire))
        if wire.index == 0:
            wire.part(2000)
            wire.reset()

    with Server(fault) as server, opened(client, server.url, connector=keyless) as ask:
        assert identity(ask("authorize")) == "pi_1"
        card = Card(CARD.number, 12, 2090, CARD.cvc, "A" * 4_000_000)
        end = ask("authorize", max_retries=2, payment_method=card)
        assert isinstance(end.error, TransportError)
        assert (end.outcome, end.attempts, server.connections) == ("unknown", 1, 1)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("fault", "arrived"), [(losing, 3), (ignoring, 2)])
def test_a_post_with_a_key_is_repeated_with_it(client: str, fault: Fault, arrived: int) -> None:
    """In the same case a POST with a key is repeated with that key, where retries are allowed,
    and both attempts are visible."""
    with Server(fault) as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        end = ask("authorize", max_retries=1)
        assert (identity(end), end.attempts) == (f"pi_{arrived}", 2)
        assert len(server.seen) == arrived
        assert {seen.key for seen in server.seen[1:]} == {end.key}


@pytest.mark.parametrize("fault", [losing, ignoring])
def test_a_lost_post_without_retries_is_unknown(client: str, fault: Fault) -> None:
    """And with no retries allowed it is unknown, with the key to look it up or repeat it."""
    with Server(fault) as server, opened(client, server.url) as ask:
        ask("authorize")
        end = ask("authorize")
        assert isinstance(end.error, TransportError)
        assert (end.outcome, end.attempts) == ("unknown", 1)
        assert end.key is not None
        assert server.connections == 1


@pytest.mark.usefixtures("trusted")
def test_connections_are_kept_over_tls(client: str) -> None:
    """Where all is in order, calls one after the other share a connection and its handshake."""
    with secure.certified() as server, opened(client, server.url) as ask:
        for _ in range(3):
            assert ask("authorize").error is None
        assert server.connections == 1


@pytest.mark.parametrize("size", [3_000, 5_000, 100_000, 4_000_000])
@pytest.mark.parametrize("secured", [False, True], ids=["plain", "TLS"])
@pytest.mark.usefixtures("trusted")
def test_a_large_request_arrives_whole(client: str, keyless: str, size: int, secured: bool) -> None:
    """A request larger than what is written at once arrives to the last byte, over a new
    connection and over one that is kept."""

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(own(wire))

    name = "".join(f"{number:07}" for number in range(size // 7))
    card = Card(CARD.number, 12, 2090, CARD.cvc, name)
    server = Server(fault, secure.context() if secured else None)
    with server, opened(client, server.url, connector=keyless, timeout=20) as ask:
        for number in (1, 2):
            assert identity(ask("authorize", payment_method=card)) == f"pi_{number}"
        assert server.connections == 1
        for seen in server.seen:
            sent = json.loads(seen.body)
            assert sent["card"]["holder"] == name
            assert (sent["ref"], sent["take"]) == ("order_1", False)
