"""One request and its answer, over an idle connection or a new one. Generators: nothing waits here,
and HTTP is `wire`'s.

A call takes the idle connection that was used last, or opens one, and gives it back if the answer
ended clean. That costs the same with five hundred calls in flight as with one; httpx's pool walks
through all its connections for every call (docs/performance.md has the figures).

Sockets never block, and are read by nobody else: whatever has arrived and was not read is in the
system's buffer, where it shows, with TLS and in an event loop as well. No connection belongs to
an event loop.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections import deque
from collections.abc import Generator
from contextlib import suppress
from typing import Any

import h11

from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.errors.interruptions import check_own, value_of
from prism_core.transport.connecting import Lost, Ready, Step, opened, waiting_for
from prism_core.transport.http11 import LARGEST_HEAD, Place, Refused, converse, is_spent, place_of

KEPT = 500
"""Idle connections at most, to one place."""
IDLE = 30.0
"""Seconds that a connection is kept idle at most."""
_READ = 64 * 1024
_RECORD = 16 * 1024
"""Bytes written at once: no more than one record of TLS, so that none of them can be read by the
other side where writing the first fails."""


class NotWritten(Lost):
    """Nothing of the request left: nothing can have been processed."""


class Connection:
    """One connection, idle or in use."""

    __slots__ = ("http", "sock", "used")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self.used = 0.0

    def is_quiet(self) -> bool:
        """Whether nothing came since the last answer: no end, and no bytes nobody asked for.

        TLS holds back nothing: it reads one record at a time, and we read records whole. What is
        no application data, a new key say, counts like all else: the next call has a new one.
        """
        if time.monotonic() - self.used > IDLE:
            return False
        try:
            socket.socket.recv(self.sock, 1, socket.MSG_PEEK)  # beneath TLS, if there is any
        except BlockingIOError:
            return not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending())
        except OSError as error:
            check_own(error)
        return False

    def is_over(self, answer: HttpResponse) -> bool:
        """Whether it is not to be used again. A server may say 408 to an idle connection, just as
        a request leaves: that is no answer to it, and the next would be (RFC 9110, 15.5.9). One
        that says twice where its answer ends may mean the other end (RFC 9112, 6.3)."""
        ends_twice = {"content-length", "transfer-encoding"} <= answer.headers.keys()
        return is_spent(self.http) or answer.status_code == 408 or ends_twice


class Idle:
    """The idle connections, by where they lead. Threads may share it: each step is one of
    deque's. `verify` is the TLS context of new ones, where it is not the usual one."""

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self.verify = verify
        self._kept: dict[Place, deque[Connection]] = {}

    def take(self, place: Place) -> Connection | None:
        """The connection that was used last."""
        try:
            return self._kept[place].pop()
        except LookupError:
            return None

    def give(self, place: Place, connection: Connection) -> Connection | None:
        """Keeps a connection; the one to close in its stead, where one is too old or too many."""
        connection.used = time.monotonic()
        kept = self._kept.setdefault(place, deque())
        kept.append(connection)
        with suppress(IndexError):  # another thread may take the last one meanwhile
            if len(kept) > KEPT or connection.used - kept[0].used > IDLE:
                return kept.popleft()
        return None

    def clear(self) -> None:
        """Closes them all."""
        for kept in list(self._kept.values()):
            with suppress(IndexError):
                while True:
                    kept.pop().sock.close()


Exchange = Generator[Step, Any, HttpResponse | Failure]


def exchange(idle: Idle, request: HttpRequest, deadline: float) -> Exchange:
    """The answer to a request, or what went wrong, by a time of the monotonic clock.

    Only what the connection itself reports is a failure. What is raised from elsewhere in the
    middle of a call, by the handler of a signal say, goes to the caller.
    """
    try:
        return (yield from _answered(idle, request, deadline))
    except Lost as lost:
        return Failure(lost.outcome, str(lost))
    except Refused as refused:
        return Failure("unknown", str(refused))
    except h11.RemoteProtocolError:
        return Failure("unknown", "no answer (RemoteProtocolError)")


def _answered(
    idle: Idle, request: HttpRequest, deadline: float
) -> Generator[Step, Any, HttpResponse]:
    place = place_of(request.url)[0]
    while (found := idle.take(place)) is not None:
        try:
            return (yield from _talk(idle, found, place, request, deadline))
        except NotWritten:  # it had gone stale, and nothing was processed: another one
            pass
    made = Connection((yield from opened(place, deadline, idle.verify)))
    return (yield from _talk(idle, made, place, request, deadline))


def _talk(
    idle: Idle, connection: Connection, place: Place, request: HttpRequest, deadline: float
) -> Generator[Step, Any, HttpResponse]:
    spare: Connection | None = connection
    sock = connection.sock
    try:
        if connection.used and not connection.is_quiet():
            raise NotWritten("not_sent", "the connection was at its end: nothing was sent")
        talk = converse(connection.http, request)
        yield from _written(sock, _bytes(talk), deadline)
        talk.send(b"")
        ready = Ready((sock,), False, deadline)
        while True:
            yield ready
            if time.monotonic() >= deadline:
                raise Lost("unknown", "no answer in time")
            try:
                data = sock.recv(_READ)
            except OSError as error:
                check_own(error)
                blocked = waiting_for(error, sock, False, deadline)
                if blocked is None:
                    raise Lost("unknown", "no answer (ReadError)") from None
                ready = blocked
            else:
                talk.send(data)
    except StopIteration as stop:
        answer: HttpResponse = value_of(stop)
        spare = connection if connection.is_over(answer) else idle.give(place, connection)
        return answer
    finally:
        if spare is not None:
            spare.sock.close()


def _bytes(talk: Generator[bytes | None, bytes, HttpResponse]) -> bytes:
    """The request as it is written; where a connector made one that HTTP has no room for, that
    is certain before anything left."""
    try:
        return next(talk) or b""
    except (h11.LocalProtocolError, ValueError, TypeError) as error:
        check_own(error)
        problem = f"no request that can be written ({type(error).__name__})"
    raise Lost("not_sent", problem)


def _written(sock: socket.socket, data: bytes, deadline: float) -> Generator[Step, Any, None]:
    view, sent = memoryview(data), 0
    while sent < len(data):
        if time.monotonic() >= deadline:
            raise Lost("unknown", "no answer in time")
        try:
            sent += sock.send(view[sent : sent + _RECORD])
        except OSError as error:
            check_own(error)
            blocked = waiting_for(error, sock, True, deadline)
            if blocked is None and sent == 0:
                raise NotWritten("not_sent", "the connection broke: nothing was sent") from None
            if blocked is None:
                raise Lost("unknown", "no answer (WriteError)") from None
            yield blocked
