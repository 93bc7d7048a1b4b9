"""Connections that are kept, gone or poisoned: no call gets another's answer."""

from __future__ import annotations

import socket
import threading
import time

import pytest
from faults import secure
from faults.asking import End, opened
from faults.misbehaving import OTHERS, answer, good, intent, own
from faults.servers import PATIENCE, Fault, Server, Wire
from faults.table import LARGE
from support import ACME, Install

from prism_core import TransportError


def identity(end: End) -> str | None:
    """The payment that a call was answered with."""
    assert end.error is None, end.error
    assert end.result is not None
    return end.result.connector_transaction_id


# A kept connection.


def test_connections_are_kept(client: str) -> None:
    """Calls one after the other share a connection, as long as nothing is wrong with it."""

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(own(wire))

    with Server(fault) as server, opened(client, server.url) as ask:
        assert [identity(ask("authorize")) for _ in range(3)] == ["pi_1", "pi_2", "pi_3"]
        assert server.connections == 1


def closing(wire: Wire) -> None:
    """Answers, keeps the connection, and closes it after all."""
    wire.request()
    wire.send(own(wire))
    wire.sock.close()
    wire.server.happened.set()


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
            end = ask(method)
            assert identity(end) == f"pi_{number}"
            assert end.attempts == 1
            assert server.happened.wait(PATIENCE)
            server.happened.clear()
        assert len(server.seen) == 3


def test_a_connection_that_was_reset_is_replaced(client: str) -> None:
    """The same for one that was reset while it was idle."""
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
    """A connector whose processor honours no idempotency key, and that sends the holder's name."""
    source = ACME.read_text()
    for old, new in {
        'idempotency_header = "Acme-Key"': "idempotency_header = None",
        '"number": method.number,': '"number": method.number, "holder": method.holder_name,',
    }.items():
        assert old in source
        source = source.replace(old, new)
    plugin("keyless", source)
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
        end = ask("authorize", max_retries=2, **dict(LARGE))
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


# Two answers on one connection.


def in_one_segment(wire: Wire) -> None:
    wire.send(own(wire), good(OTHERS))


def in_a_later_segment(wire: Wire) -> None:
    wire.send(own(wire))
    wire.server.ended.wait(0.01)
    wire.send(good(OTHERS))


def half_in_the_same_segment(wire: Wire) -> None:
    wire.send(own(wire), good(OTHERS)[:-60])
    _rest_after_the_next_request(wire)


def half_in_a_later_segment(wire: Wire) -> None:
    wire.send(own(wire))
    wire.server.ended.wait(0.01)
    wire.send(good(OTHERS)[:-60])
    _rest_after_the_next_request(wire)


def one_byte_in_the_same_segment(wire: Wire) -> None:
    wire.send(own(wire), good(OTHERS)[:1])
    _rest_after_the_next_request(wire, 1)


def _rest_after_the_next_request(wire: Wire, sent: int = -60) -> None:
    wire.server.happened.set()
    if wire.request():
        wire.send(good(OTHERS)[sent:])


def with_a_body_longer_than_it_says(wire: Wire) -> None:
    body = intent(f"pi_{len(wire.server.seen)}")
    wire.send(answer(200, body + good(OTHERS), length=len(body)))


def after_an_empty_answer(wire: Wire) -> None:
    wire.send(b"HTTP/1.1 204 None\r\n\r\n", good(OTHERS))


def in_a_later_record(wire: Wire) -> None:
    """In one segment, but another record of TLS: it waits where no socket shows it."""
    cork = getattr(socket, "TCP_CORK", socket.TCP_NODELAY)
    wire.sock.setsockopt(socket.IPPROTO_TCP, cork, 1)
    wire.send(own(wire))
    wire.send(good(OTHERS))
    wire.sock.setsockopt(socket.IPPROTO_TCP, cork, 0)


FORGERIES = [
    *(in_one_segment, in_a_later_segment, half_in_the_same_segment, half_in_a_later_segment),
    *(one_byte_in_the_same_segment, with_a_body_longer_than_it_says, after_an_empty_answer),
]


def forging(forge: Fault) -> Fault:
    """Answers the first request of the first connection with more than an answer."""

    def fault(wire: Wire) -> None:
        wire.request()
        if wire.index == 0:
            forge(wire)
            wire.server.happened.set()
        else:
            wire.send(own(wire))
        while wire.request():
            wire.send(own(wire))

    return fault


@pytest.mark.parametrize("forge", FORGERIES)
@pytest.mark.parametrize("method", ["authorize", "get"])
def test_a_second_answer_is_never_the_next_calls(client: str, forge: Fault, method: str) -> None:
    """What a processor, or who sits in between, says beyond an answer is never taken for the
    answer to the next call: that one gets its own."""

    with Server(forging(forge)) as server, opened(client, server.url) as ask:
        begun = ask(method)
        if forge is not after_an_empty_answer:
            assert identity(begun) == "pi_1"
        assert server.happened.wait(PATIENCE)
        assert identity(ask(method)) == f"pi_{len(server.seen)}"
        assert len(server.seen) == 2


def test_a_408_ends_its_connection(client: str) -> None:
    """A server that gives a resting connection up says so with a 408, which may come just as a
    request leaves; the answer to that one is never the next call's."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(answer(408, b"") if wire.index == 0 else own(wire))
        if wire.request():  # on the first connection: what the first call was to be answered
            wire.send(good(OTHERS))

    with Server(fault) as server, opened(client, server.url) as ask:
        assert ask("authorize").outcome == "unknown"
        assert identity(ask("authorize")) == "pi_2"
        assert server.connections == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("size", [30_000, 50_000, 60_000])
def test_what_comes_after_a_large_answer_over_tls_is_never_the_next_calls(
    client: str, size: int
) -> None:
    """Below an event loop, more than TLS reads at once may be waiting where no socket shows it."""

    def fault(wire: Wire) -> None:
        while wire.request():
            body = b" " * size + intent(f"pi_{len(wire.server.seen)}")
            wire.send(answer(200, body), good(OTHERS) if len(wire.server.seen) == 1 else b"")

    with Server(fault, secure.context()) as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        time.sleep(0.03)
        assert identity(ask("authorize")) == "pi_2"


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("fault", [*map(forging, [*FORGERIES, in_a_later_record]), closing])
def test_a_second_answer_over_tls_is_never_the_next_calls(client: str, fault: Fault) -> None:
    """The same over TLS, where more than was asked for may wait decrypted in memory; and a
    connection that was closed is replaced there as well."""
    with Server(fault, secure.context()) as server, opened(client, server.url) as ask:
        ask("authorize")
        time.sleep(0.03)  # for all that the server sends without being asked
        assert identity(ask("authorize")) == "pi_2"
        assert len(server.seen) == 2


@pytest.mark.usefixtures("trusted")
def test_connections_are_kept_over_tls(client: str) -> None:
    """Where all is in order, calls one after the other share a connection and its handshake."""
    with secure.certified() as server, opened(client, server.url) as ask:
        for _ in range(3):
            assert ask("authorize").error is None
        assert server.connections == 1
