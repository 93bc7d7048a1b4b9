"""More than one answer on a connection: no call gets what was said before it asked."""

from __future__ import annotations

import socket
import time

import pytest
from faults import secure
from faults.asking import about, identity, opened
from faults.conftest import Measure
from faults.misbehaving import OTHERS, answer, closing, good, intent, own
from faults.servers import PATIENCE, Fault, Server, Wire

from prism_core import MalformedResponse

MANY = (2_800, 2_835, 2_840, 2_845, 2_849, 2_900, 5_700)
"""Records of one byte: with what TLS adds, 2,849 of them fill 64 KiB."""


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
        begun = ask(method, **about(method, "pi_1"))
        if forge is not after_an_empty_answer:
            assert identity(begun) == "pi_1"
        assert server.happened.wait(PATIENCE)
        assert identity(ask(method, **about(method, "pi_2"))) == "pi_2"
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


def byte_by_byte(data: bytes) -> tuple[bytes, ...]:
    return tuple(data[at : at + 1] for at in range(len(data)))


def padded(size: int) -> bytes:
    """A payment's answer of that many bytes in all."""
    head = answer(200, b"", length=99_999)
    body = intent("pi_2").rjust(size - len(head))
    return answer(200, body, length=f"{len(body):05}")


BURSTS = {
    **{f"{n} records of a byte": (*byte_by_byte(padded(n)), good(OTHERS)) for n in MANY},
    **{f"a record of {n} bytes": (padded(n), good(OTHERS)) for n in (1_000, 15_000, 65_000)},
    "bytes after bytes": byte_by_byte(padded(1_000) + good(OTHERS)),
}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("burst", BURSTS.values(), ids=list(BURSTS))
def test_no_second_answer_hides_behind_records_of_tls(
    client: str, burst: tuple[bytes, ...]
) -> None:
    """However an answer is cut into records of TLS, and however many arrive at once: what comes
    after it is never the next call's answer."""

    def fault(wire: Wire) -> None:
        tls = secure.Records(wire)
        while tls.request():
            if len(wire.server.seen) == 1:  # a large one, so that much arrives at once from now on
                tls.send(answer(200, b" " * 2_000_000 + intent("pi_1")))
            elif len(wire.server.seen) == 2:
                tls.send(*burst)
            else:
                tls.send(good("pi_3"))

    with Server(fault, scheme="https") as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        assert identity(ask("authorize")) == "pi_2"
        time.sleep(0.01)
        assert identity(ask("authorize")) == "pi_3"


@pytest.mark.usefixtures("trusted")
def test_half_a_record_of_tls_ends_its_connection(client: str) -> None:
    """A record of TLS that has arrived in part is bytes nobody asked for, too, although nothing
    of it can be decrypted yet."""

    def fault(wire: Wire) -> None:
        tls = secure.Records(wire)
        while tls.request():
            if wire.index == 0:
                tls.send(good("pi_1"), good(OTHERS), cut=-30)
            else:
                tls.send(good("pi_2"))

    with Server(fault, scheme="https") as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        time.sleep(0.01)
        assert identity(ask("authorize")) == "pi_2"
        assert server.connections == 2


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("tickets", [0, 2, 200])
def test_tickets_of_tls_are_no_second_answer(client: str, tickets: int, measure: Measure) -> None:
    """What TLS 1.3 says of its own accord before an answer, such as session tickets, costs no
    connection: twenty calls need one."""

    def fault(wire: Wire) -> None:
        tls = secure.Records(wire, tickets)
        while tls.request():
            tls.send(good(f"pi_{len(wire.server.seen)}"))

    with Server(fault, scheme="https") as server, opened(client, server.url) as ask:
        names = [identity(ask("authorize")) for _ in range(20)]
        assert names == [f"pi_{number}" for number in range(1, 21)]
        what = f"connections for 20 calls over TLS with {tickets} tickets, {client}"
        measure("figure", what=what, value=server.connections)
        assert server.connections == 1


def test_an_answer_that_makes_no_sense_ends_its_connection(client: str) -> None:
    """After an answer that is no answer to what was asked, no connection is used again, not even
    one that was idle meanwhile: what it says next may be about another call as well."""

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(answer(200, b"<html>") if len(wire.server.seen) == 2 else own(wire))

    with Server(fault) as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        assert isinstance(ask("authorize").error, MalformedResponse)
        assert server.connections == 1
        assert identity(ask("authorize")) == "pi_3"
        assert server.connections == 2
