"""The pool of idle connections, and one request and its answer over an idle or a new connection.
Generators: nothing waits here, and `http11` makes the bytes of HTTP.

A call takes the idle connection that was used last, or opens one, and returns it to the pool if it
can be reused. The time for that does not grow with the number of calls in flight; httpx's pool
checks all its connections for every call (docs/performance.md has the figures).

Sockets never block, and only this module reads them. So bytes that arrived and were not read are in
the system's buffer, where they can be seen, also with TLS and in an event loop. No connection
belongs to an event loop.
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
from prism_core.errors import Outcome
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.transport.connecting import (
    Ready,
    Step,
    open_socket,
    waiting_for,
)
from prism_core.transport.http11 import (
    LARGEST_HEAD,
    AnswerRefused,
    Origin,
    converse,
    origin_of,
    start_next,
    written_host,
)
from prism_core.transport.reasons import NotConnected, no_connection

MOST_IDLE = 500
"""The maximum number of idle connections to one origin."""
LONGEST_IDLE = 30.0
"""The maximum number of seconds that a connection may be idle."""
_READ = 64 * 1024
_RECORD = 16 * 1024
"""Bytes written at once: at most one TLS record, so that if the first write fails, the other side
cannot have read a part of it."""


class ConnectionFailed(Exception):
    """The connection failed, or the time is up; `outcome` as in errors."""

    def __init__(self, outcome: Outcome, message: str) -> None:
        super().__init__(message)
        self.outcome: Outcome = outcome


class NothingWritten(ConnectionFailed):
    """No part of the request was sent, so nothing can have been processed."""


class Connection:
    """One connection, idle or in use."""

    __slots__ = ("http", "sock", "used")

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self.used = 0.0

    def is_usable(self) -> bool:
        """Whether nothing arrived since the last answer: no close, and no unexpected bytes.

        TLS buffers nothing: it reads one record at a time, and we read whole records. Other TLS
        messages, such as a new key, count as well: then the next call opens a new connection.
        """
        if time.monotonic() - self.used > LONGEST_IDLE:
            return False
        try:
            socket.socket.recv(self.sock, 1, socket.MSG_PEEK)  # the plain socket, also with TLS
        except BlockingIOError:
            return not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending())
        except OSError as error:
            raise_if_interruption(error)
        return False

    def is_reusable_after(self, answer: HttpResponse) -> bool:
        """Whether another call may use it. A server may send a 408 on an idle connection just when
        a request is sent: the 408 is no answer to that request, and the real answer would follow
        (RFC 9110, 15.5.9). An answer with two different length headers may not have ended (RFC
        9112, 6.3)."""
        ends_twice = {"content-length", "transfer-encoding"} <= answer.headers.keys()
        return start_next(self.http) and answer.status_code != 408 and not ends_twice


class Pool:
    """The idle connections, by origin. Threads may share it: it uses only atomic steps of deque.
    `verify` is the TLS context of new connections, if it is not the default one."""

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self.verify = verify
        self._idle: dict[Origin, deque[Connection]] = {}

    def take(self, origin: Origin) -> Connection | None:
        """Takes out the connection that was used last; None if there is none."""
        try:
            return self._idle[origin].pop()
        except LookupError:
            return None

    def put(self, origin: Origin, connection: Connection) -> Connection | None:
        """Adds a connection. Returns one to close, if one is too old or there are too many."""
        connection.used = time.monotonic()
        idle = self._idle.setdefault(origin, deque())
        idle.append(connection)
        with suppress(IndexError):  # another thread may take the last one meanwhile
            if len(idle) > MOST_IDLE or connection.used - idle[0].used > LONGEST_IDLE:
                return idle.popleft()
        return None

    def clear(self) -> None:
        """Closes them all."""
        for idle in list(self._idle.values()):
            with suppress(IndexError):
                while True:
                    idle.pop().sock.close()


Exchange = Generator[Step | HttpResponse | Failure, Any, None]


def exchange(pool: Pool, request: HttpRequest, deadline: float) -> Exchange:
    """One request: yields what to wait for, then the answer or the failure. The deadline is a time
    of the monotonic clock.

    Only errors of the connection itself become failures. Exceptions from elsewhere, such as from a
    signal handler, go to the caller.
    """
    end: HttpResponse | Failure
    try:
        end = yield from _send(pool, request, deadline)
    except NotConnected as failed:
        end = no_connection(written_host(request.url), failed.cause)
    except ConnectionFailed as failed:
        end = Failure(failed.outcome, str(failed))
    except AnswerRefused as refused:
        end = Failure("unknown", str(refused))
    except h11.RemoteProtocolError:
        end = Failure("unknown", "no answer (RemoteProtocolError)")
    yield end


def _send(pool: Pool, request: HttpRequest, deadline: float) -> Generator[Step, Any, HttpResponse]:
    origin = origin_of(request.url)[0]
    while (idle := pool.take(origin)) is not None:
        try:
            return (yield from _send_over(idle, pool, origin, request, deadline))
        except NothingWritten:  # the peer had closed it, nothing was processed: try another one
            pass
    new = Connection((yield from open_socket(origin, deadline, pool.verify)))
    return (yield from _send_over(new, pool, origin, request, deadline))


def _send_over(
    connection: Connection, pool: Pool, origin: Origin, request: HttpRequest, deadline: float
) -> Generator[Step, Any, HttpResponse]:
    to_close: Connection | None = connection
    try:
        if connection.used and not connection.is_usable():
            raise NothingWritten("not_sent", "the connection was closed: nothing was sent")
        talk = converse(connection.http, request)
        yield from _write(connection.sock, _bytes(talk), deadline)
        answer = talk.send(b"")
        ready = waiting = Ready((connection.sock,), False, deadline)
        while not isinstance(answer, HttpResponse):
            yield ready
            data, ready = _read(connection.sock, waiting)
            answer = talk.send(data) if data is not None else None
        if connection.is_reusable_after(answer):
            to_close = pool.put(origin, connection)
        return answer
    finally:
        if to_close is not None:
            to_close.sock.close()


def _read(sock: socket.socket, waiting: Ready) -> tuple[bytes | None, Ready]:
    """The bytes that arrived, or None if there are none yet; and what to wait for next."""
    if time.monotonic() >= waiting.until:
        raise ConnectionFailed("unknown", "no answer in time")
    try:
        return sock.recv(_READ), waiting
    except OSError as error:
        raise_if_interruption(error)
        blocked = waiting_for(error, sock, False, waiting.until)
        if blocked is None:
            raise ConnectionFailed("unknown", "no answer (ReadError)") from None
        return None, blocked


def _bytes(talk: Generator[bytes | HttpResponse | None, bytes, None]) -> bytes:
    """The bytes of the request. If a connector made a request that is no valid HTTP, that is known
    before anything is sent."""
    try:
        return next(talk) or b""  # type: ignore[return-value]
    except (h11.LocalProtocolError, ValueError, TypeError) as error:
        raise_if_interruption(error)
        problem = f"no request that can be written ({type(error).__name__})"
    raise ConnectionFailed("not_sent", problem)


def _write(sock: socket.socket, data: bytes, deadline: float) -> Generator[Step, Any, None]:
    view, sent = memoryview(data), 0
    while sent < len(data):
        if time.monotonic() >= deadline:
            raise ConnectionFailed("unknown", "no answer in time")
        try:
            sent += sock.send(view[sent : sent + _RECORD])
        except OSError as error:
            raise_if_interruption(error)
            blocked = waiting_for(error, sock, True, deadline)
            if blocked is None and sent == 0:
                raise NothingWritten("not_sent", "the connection broke: nothing was sent") from None
            if blocked is None:
                raise ConnectionFailed("unknown", "no answer (WriteError)") from None
            yield blocked
