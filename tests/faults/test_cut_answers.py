"""Answers whose end is not certain: cut off below TLS, or with two ends."""

from __future__ import annotations

import contextlib
import socket
import ssl

import pytest
from faults import proxies, secure
from faults.asking import identity, opened
from faults.misbehaving import good, intent, own
from faults.servers import Fault, Server, Wire

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def ending_with_its_connection(properly: bool) -> Fault:
    """An answer without a length. Its end is believed where TLS was ended, not TCP alone."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(HEAD, b"\r\n", intent("pi_1"))
        if properly:
            with contextlib.suppress(OSError, ValueError):
                wire.sock.unwrap()  # type: ignore[attr-defined]
        else:
            socket.socket.shutdown(wire.sock, socket.SHUT_WR)

    return fault


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("properly", [True, False])
def test_an_answer_cut_off_below_tls_is_none(
    client: str, version: ssl.TLSVersion, properly: bool
) -> None:
    """Who sits in between can end the connection, but not TLS: what was read until then may be
    half of an answer, and is no result."""
    context = secure.context()
    context.minimum_version = context.maximum_version = version
    with Server(ending_with_its_connection(properly), context) as server:
        with opened(client, server.url, verify=secure.verifying()) as ask:
            end = ask("authorize", max_retries=0)
        assert end.outcome == (None if properly else "unknown")


@pytest.mark.parametrize("properly", [True, False])
def test_an_answer_through_a_proxy_says_where_it_ends(client: str, properly: bool) -> None:
    """Through a proxy it does not show whether TLS was ended: an answer must have a length."""

    def place() -> Server:
        return secure.with_fault(ending_with_its_connection(properly))

    with (
        proxies.behind(proxies.working, place) as behind,
        opened(client, behind.url, **behind.options) as ask,
    ):
        assert ask("authorize", max_retries=0).outcome == "unknown"
    with (
        Server(proxies.working) as proxy,
        Server(ending_with_its_connection(False)) as server,
        opened(client, server.url, proxy=proxy.url) as ask,
    ):
        assert ask("authorize").error is None  # no TLS: nothing tells more than the end


@pytest.mark.parametrize("head", [HEAD, b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n"])
def test_an_answer_with_two_ends_is_the_connections_last(client: str, head: bytes) -> None:
    """A length beside chunks: who sits in between may take the other end for the true one, and
    what is left over for the next answer (RFC 9112, section 6.3)."""

    def fault(wire: Wire) -> None:
        wire.request()
        if wire.index == 0:
            body = intent("pi_1")
            chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
            length = b"" if b"length" in head else b"content-length: 3\r\n"
            wire.send(head, length, b"transfer-encoding: chunked\r\n\r\n", chunks)
            if wire.request():
                wire.send(good("pi_others"))
        else:
            wire.send(own(wire))

    with Server(fault) as server, opened(client, server.url) as ask:
        assert identity(ask("authorize")) == "pi_1"
        assert identity(ask("authorize")) == "pi_2"
        assert server.connections == 2
