"""Proxies on loopback: one that works, over HTTP and SOCKS 5, and some that do not."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from faults import secure
from faults.misbehaving import HTML, answer
from faults.servers import Fault, Server, Wire
from faults.servers import refusing as refusing_place

PASSWORD = "Grace+Hopper"  # one of the words that `leaks` looks for
ESTABLISHED = b"HTTP/1.1 200 Established\r\n\r\n"


def working(wire: Wire) -> None:
    """Forwards what it is asked for, and whatever comes after that."""
    asked = wire.request()
    if asked is None:
        return
    if asked.method == "CONNECT":
        host, _, port = asked.path.rpartition(":")
        with socket.create_connection((host, int(port))) as target:
            wire.send(ESTABLISHED)
            _pump(wire.sock, target)
        return
    parts = urlsplit(asked.path)
    with socket.create_connection((parts.hostname or "", parts.port or 80)) as target:
        kept = (f"{name}: {value}" for name, value in asked.headers.items() if name[:5] != "proxy")
        path = parts._replace(scheme="", netloc="").geturl()
        head = [f"{asked.method} {path} HTTP/1.1", *kept]
        target.sendall("\r\n".join(head).encode() + b"\r\n\r\n" + asked.body)
        _pump(wire.sock, target)


def socks(wire: Wire) -> None:
    """SOCKS 5 (RFC 1928), with a name and a password (RFC 1929) where they are offered."""
    methods = wire.part()[2:]
    if 2 in methods:
        wire.send(b"\x05\x02")
        wire.server.asked = wire.part()  # type: ignore[attr-defined]
        wire.send(b"\x01\x00")
    else:
        wire.send(b"\x05\x00")
    request = wire.part()
    kind, rest = request[3], request[4:]
    named = kind == 3
    host = rest[1 : 1 + rest[0]].decode() if named else socket.inet_ntoa(rest[:4])
    with socket.create_connection((host, int.from_bytes(rest[-2:], "big"))) as target:
        wire.send(b"\x05\x00\x00\x01" + bytes(6))
        _pump(wire.sock, target)


def _pump(one: socket.socket, other: socket.socket) -> None:
    """Copies both ways until one side ends. One thread does it: two must not read and write one TLS
    connection at the same time (https://docs.openssl.org/3.0/man7/openssl-threads/)."""
    target = {one: other, other: one}
    with contextlib.suppress(OSError):
        while True:
            for source in _readable(one, other):
                data = source.recv(65536)
                if not data:
                    return
                target[source].sendall(data)


def _readable(*sockets: socket.socket) -> list[socket.socket]:
    """Those with something to read. TLS may hold bytes that the system no longer counts."""
    held = [one for one in sockets if isinstance(one, ssl.SSLSocket) and one.pending()]
    return held or select.select(sockets, [], [])[0]


def refusing(status: int) -> Fault:
    """Lets nobody through."""

    def fault(wire: Wire) -> None:
        wire.request()
        wire.send(answer(status, HTML, "proxy-authenticate: Basic"))

    return fault


def hanging_up(wire: Wire) -> None:
    """Ends the connection instead of answering."""
    wire.request()


def lying(wire: Wire) -> None:
    """Says that the tunnel is there, and ends it."""
    wire.request()
    wire.send(ESTABLISHED)


def garbage(wire: Wire) -> None:
    """Speaks neither HTTP nor SOCKS."""
    wire.part()
    wire.send(bytes(range(256)) * 4)


def dripping(wire: Wire) -> None:
    """Answers a byte at every beat."""
    wire.request()
    wire.drip(b"HTTP/1.1 200 Established\r\nx: " + b"x" * 99)


class Behind:
    """A server, and the proxy before it."""

    def __init__(self, server: Any, proxy: Any, url: str) -> None:
        self.url, self.seen, self.server, self.proxy = server.url, server.seen, server, proxy
        self.options = {"proxy": url, "verify": secure.verifying()}


@contextlib.contextmanager
def behind(
    proxy: Fault,
    place: Callable[[], contextlib.AbstractContextManager[Any]],
    scheme: str = "http",
    user: str = "",
) -> Iterator[Behind]:
    """A server that is reached through a proxy."""
    context = secure.context() if scheme == "https" else None
    with Server(proxy, context) as between, place() as server:
        port = between.url.rpartition(":")[2]
        yield Behind(server, between, f"{scheme}://{user}127.0.0.1:{port}")


@contextlib.contextmanager
def none() -> Iterator[Behind]:
    """A server behind a proxy that is not there."""
    with refusing_place() as gone, secure.certified() as server:
        yield Behind(server, gone, gone.url)
