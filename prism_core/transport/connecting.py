"""Opens a connection: tries the addresses of a host, then starts TLS. The sockets never block.

Nothing here waits: generators yield what the caller must wait for. Addresses are tried as in RFC
8305: if one has not answered within a quarter of a second, the next is tried in parallel. The first
that connects is used, and the others are closed.
"""

from __future__ import annotations

import encodings.idna  # noqa: F401 - used by name lookups; imported while no process forks
import errno
import socket
import ssl
import time
from collections.abc import Generator, Sequence
from contextlib import suppress
from itertools import zip_longest
from typing import Any, NamedTuple

from prism_core.errors.interruptions import raise_if_interruption
from prism_core.transport import reasons
from prism_core.transport.http11 import Origin
from prism_core.transport.reasons import NotConnected
from prism_core.transport.tls import trusted

ATTEMPT_DELAY = 0.25
"""Seconds between the attempts at two addresses, as RFC 8305, section 5, recommends."""
_UNDER_WAY = frozenset({0, errno.EINPROGRESS, errno.EWOULDBLOCK, errno.EALREADY})

Address = tuple[Any, ...]
"""An entry of what `socket.getaddrinfo` returns."""


class Ready(NamedTuple):
    """Wait until one of these sockets can be read (or written), or until a time of the monotonic
    clock. The generator itself then checks which of them happened."""

    sockets: tuple[socket.socket, ...]
    write: bool
    until: float


class Lookup(NamedTuple):
    """Look up the addresses of this host: None if it has none, or if the time is up."""

    host: str
    port: int
    until: float


Step = Ready | Lookup
Steps = Generator[Step, Any, socket.socket]


def open_socket(origin: Origin, deadline: float, verify: ssl.SSLContext | None = None) -> Steps:
    """A connected socket, with TLS if the origin is https. Raises `NotConnected`."""
    found = _numeric(origin) or (yield Lookup(origin.host, origin.port, deadline))
    if not found:
        raise NotConnected(reasons.DNS)
    sock = yield from connect(found, deadline)
    if not origin.secure:
        return sock
    return (yield from start_tls(sock, origin.host, deadline, verify))


def _numeric(origin: Origin) -> Sequence[Address] | None:
    """The host as an address, if it is a numeric one; then no lookup is needed."""
    flags = socket.AI_NUMERICHOST
    try:
        return socket.getaddrinfo(origin.host, origin.port, type=socket.SOCK_STREAM, flags=flags)
    except (OSError, UnicodeError) as error:
        raise_if_interruption(error)
        return None


def connect(found: Sequence[Address], deadline: float) -> Steps:
    """The socket that connects first, of one attempt per address."""
    left, next_at = interleaved(found), 0.0
    attempts: list[socket.socket] = []
    codes: set[int] = set()
    try:
        while True:
            now = time.monotonic()
            if now >= deadline:
                raise NotConnected(reasons.TIMEOUT)
            if left and (not attempts or now >= next_at):
                next_at = now + ATTEMPT_DELAY
                attempts += _start(left.pop(0), codes)
            elif attempts:
                yield Ready(tuple(attempts), True, min(next_at, deadline) if left else deadline)
                for sock in list(attempts):
                    if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                        next_at = 0.0
                        codes.add(code)
                        attempts.remove(sock)
                        sock.close()
                    elif _is_connected(sock):
                        attempts.remove(sock)
                        return sock
            else:
                raise NotConnected(reasons.of_codes(codes))
    finally:
        for sock in attempts:
            sock.close()


def interleaved(found: Sequence[Address]) -> list[Address]:
    """The addresses with IPv6 and IPv4 alternating, beginning with the family of the first."""
    families: dict[int, list[Address]] = {}
    for address in dict.fromkeys(found):
        families.setdefault(address[0], []).append(address)
    return [address for turn in zip_longest(*families.values()) for address in turn if address]


def _start(address: Address, codes: set[int]) -> list[socket.socket]:
    """A socket that begins to connect; an empty list if the system refuses immediately, with the
    error's code in `codes`."""
    family, kind, protocol, _, where = address
    sock = None
    try:
        sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if (code := sock.connect_ex(where)) in _UNDER_WAY:
            started, sock = sock, None
            return [started]
        codes.add(code)
    except OSError as error:
        raise_if_interruption(error)
    finally:
        if sock is not None:
            sock.close()
    return []


def _is_connected(sock: socket.socket) -> bool:
    with suppress(OSError):
        sock.getpeername()
        return True
    return False


def start_tls(
    sock: socket.socket, host: str, deadline: float, verify: ssl.SSLContext | None
) -> Steps:
    """The socket with TLS, after its certificate was verified."""
    tls: ssl.SSLSocket | None = None
    spare: socket.socket | None = sock
    try:
        while time.monotonic() < deadline:
            try:
                if tls is None:
                    context = verify or trusted()
                    # An end without TLS's closing message is an error: the answer may be cut off.
                    tls = context.wrap_socket(sock, False, False, False, host)
                    spare = tls
                tls.do_handshake()
                spare = None
                return tls
            except OSError as error:
                raise_if_interruption(error)
                blocked = waiting_for(error, tls or sock, True, deadline)
                if blocked is None:
                    raise NotConnected(reasons.of_handshake([error])) from None
            yield blocked
        raise NotConnected(reasons.TIMEOUT)
    finally:
        if spare is not None:
            spare.close()


def waiting_for(error: OSError, sock: socket.socket, write: bool, deadline: float) -> Ready | None:
    """What to wait for if an operation would block; None if the connection failed."""
    if isinstance(error, (ssl.SSLWantReadError, ssl.SSLWantWriteError)):
        return Ready((sock,), isinstance(error, ssl.SSLWantWriteError), deadline)
    return Ready((sock,), write, deadline) if isinstance(error, BlockingIOError) else None
