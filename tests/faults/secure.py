"""Servers whose TLS is wrong, each in its own way; and one whose TLS is right."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import trustme
from faults.misbehaving import answering, good
from faults.servers import Fault, Seen, Server, Wire

T = TypeVar("T")

AUTHORITY = trustme.CA()
"""Signs every certificate here. Nobody trusts it who is not told to."""


def context(name: str = "127.0.0.1", *, begins: int = -30, ends: int = 30) -> ssl.SSLContext:
    """A server's, with a certificate for that name, good between two days from now."""
    today = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    days = [today + datetime.timedelta(days=away) for away in (begins, ends)]
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name, not_before=days[0], not_after=days[1]).configure_cert(made)
    return made


def trusting(folder: Path) -> dict[str, str]:
    """The environment of a process that trusts the authority."""
    path = folder / "authority.pem"
    AUTHORITY.cert_pem.write_to_path(str(path))
    return {"SSL_CERT_FILE": str(path)}


def verifying() -> ssl.SSLContext:
    """A client's, which trusts the authority and no other."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    AUTHORITY.configure_trust(made)
    return made


def certified() -> Server:
    """All in order, for who trusts the authority; for everybody else, not."""
    return Server(answering(good()), context())


def with_fault(fault: Fault) -> Server:
    """All in order, up to the fault."""
    return Server(fault, context())


def hanging_up_over_http2() -> Server:
    """Agrees on HTTP/2, reads what comes, and closes."""
    made = context()
    made.set_alpn_protocols(["h2"])
    return Server(lambda wire: wire.part() and wire.part() and None, made)


def misnamed() -> Server:
    """A certificate of another host."""
    return Server(answering(good()), context("api.stripe.com"))


def expired() -> Server:
    """A certificate that was good until yesterday."""
    return Server(answering(good()), context(ends=-1))


def early() -> Server:
    """A certificate that is good from tomorrow on."""
    return Server(answering(good()), context(begins=1))


def hanging_up() -> Server:
    """Closes the connection in the handshake."""
    return Server(lambda wire: None, scheme="https")


def plain() -> Server:
    """Speaks HTTP where TLS is expected."""

    def fault(wire: Wire) -> None:
        wire.part()
        wire.send(good())
        wire.wait_for_end()

    return Server(fault, scheme="https")


def silent() -> Server:
    """Accepts the connection and never shakes hands."""
    return Server(Wire.wait_for_end, scheme="https")


def dripping() -> Server:
    """Shakes hands a byte at every beat."""

    def fault(wire: Wire) -> None:
        wire.part()
        wire.drip(b"\x16\x03\x03\x40\x00" + bytes(99))

    return Server(fault, scheme="https")


class Records:
    """TLS made in memory over a plain connection, so that a test says which bytes share a record,
    and all of them leave at once."""

    def __init__(self, wire: Wire, tickets: int = 2) -> None:
        self._wire, self._in, self._out = wire, ssl.MemoryBIO(), ssl.MemoryBIO()
        made = context()
        made.num_tickets = tickets
        self._tls = made.wrap_bio(self._in, self._out, server_side=True)
        self._until(self._tls.do_handshake)

    def _until(self, step: Callable[..., T], *given: object) -> T:
        """Goes on with a step of TLS until it has all the bytes that it needs."""
        while True:
            try:
                return step(*given)
            except ssl.SSLWantReadError:
                self._wire.send(self._out.read())
                got = self._wire.part()
                self._in.write(got) if got else self._in.write_eof()
            finally:
                self._wire.send(self._out.read())

    def request(self) -> bool:
        """Reads one small request; False when the client leaves."""
        try:
            got = self._until(self._tls.read, 65536)
        except ssl.SSLError:
            return False
        self._wire.server.seen.append(Seen("POST", "/", {}, got, 0.0))
        return bool(got)

    def send(self, *pieces: bytes, cut: int | None = None) -> None:
        """A record for each piece, all in one write; the last `cut` bytes are kept back."""
        for piece in pieces:
            self._tls.write(piece)
        self._wire.send(self._out.read()[:cut])
