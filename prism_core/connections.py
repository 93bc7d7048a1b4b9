"""Connections: opened, used for one call at a time, kept for the next. The sockets and TLS are
httpcore's streams; HTTP is `wire`'s.

A call takes the connection that rested last, or opens one, and gives it back if the answer ended
clean. That costs the same with five hundred calls in flight as with one; httpx's pool walks
through all its connections for every call (docs/performance.md has the figures).
"""

from __future__ import annotations

import socket
import ssl
import time
from collections import deque
from contextlib import suppress
from typing import Generic, TypeVar

import anyio
import h11
import httpcore

from prism_core import tls
from prism_core.http import HttpRequest, HttpResponse
from prism_core.wire import LARGEST_HEAD, Place, converse, is_spent, place_of

S = TypeVar("S", httpcore.NetworkStream, httpcore.AsyncNetworkStream)

KEPT = 500
"""Connections that rest at most, to one place."""
REST = 30.0
"""Seconds that a connection rests at most."""
_READ = 256 * 1024  # as much as asyncio reads at once: nothing is left waiting beneath
# But for TLS, which anyio reads 64 KiB at a time: after more than half of that, what else came may
# wait where nobody can see it, and the connection is not used again.
_SEEN = 32 * 1024


_FIRST = 4096  # what a system takes of a request at once, or not at all


class NotWritten(Exception):
    """Nothing of the request left: nothing can have been processed."""


class Line(Generic[S]):
    """One connection, at rest or in use."""

    __slots__ = ("http", "rested", "stream")

    def __init__(self, stream: S) -> None:
        self.stream: S = stream
        self.http = h11.Connection(h11.CLIENT, max_incomplete_event_size=LARGEST_HEAD)
        self.rested = 0.0

    def is_quiet(self) -> bool:
        """Whether nothing came since the last answer: no end, and no bytes nobody asked for."""
        if time.monotonic() - self.rested > REST or self.stream.get_extra_info("is_readable"):
            return False
        secured = self.stream.get_extra_info("ssl_object")
        if not isinstance(secured, ssl.SSLObject):
            return True
        try:  # beneath an event loop, what has arrived may wait in memory instead of the socket
            secured.read(1)
        except ssl.SSLError as told:
            return isinstance(told, ssl.SSLWantReadError)
        return False


class Resting(Generic[S]):
    """The lines at rest, by where they lead. Threads may share it: each step is one of deque's."""

    def __init__(self) -> None:
        self._lines: dict[Place, deque[Line[S]]] = {}

    def take(self, place: Place) -> Line[S] | None:
        """The line that rested last."""
        try:
            return self._lines[place].pop()
        except LookupError:
            return None

    def give(self, place: Place, line: Line[S]) -> Line[S] | None:
        """Keeps a line; the one to close in its stead, where one rested too long or is too many."""
        line.rested = time.monotonic()
        lines = self._lines.setdefault(place, deque())
        lines.append(line)
        with suppress(IndexError):  # another thread may take the last one meanwhile
            if len(lines) > KEPT or line.rested - lines[0].rested > REST:
                return lines.popleft()
        return None

    def clear(self) -> list[Line[S]]:
        """Every line, none of which is kept any more."""
        lines = [line for kept in self._lines.values() for line in kept]
        self._lines = {}
        return lines


class SyncConnections:
    """Calls over sockets that block. `send` raises what `wire` and httpcore raise."""

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self._verify = verify
        self._resting: Resting[httpcore.NetworkStream] = Resting()
        self._backend = httpcore.SyncBackend()

    def send(self, request: HttpRequest, deadline: float) -> HttpResponse:
        """The answer to a request, by a time of the monotonic clock."""
        place = place_of(request.url)[0]
        while (rested := self._resting.take(place)) is not None:
            try:
                if rested.is_quiet():
                    return self._talk(rested, place, request, deadline)
                rested.stream.close()
            except NotWritten:  # it had gone stale, and nothing was processed: another one
                pass
        return self._talk(Line(self._open(place, deadline)), place, request, deadline)

    def close(self) -> None:
        """Closes what rests."""
        for line in self._resting.clear():
            line.stream.close()

    def _talk(
        self,
        line: Line[httpcore.NetworkStream],
        place: Place,
        request: HttpRequest,
        deadline: float,
    ) -> HttpResponse:
        spare: Line[httpcore.NetworkStream] | None = line
        try:
            talk = converse(line.http, request)
            _write(line.stream, next(talk) or b"", deadline)
            talk.send(b"")
            while True:
                talk.send(line.stream.read(_READ, _left(deadline, httpcore.ReadTimeout)))
        except StopIteration as stop:
            answer: HttpResponse = stop.value
            spare = line if _is_over(line, answer) else self._resting.give(place, line)
            return answer
        finally:
            if spare is not None:
                spare.stream.close()

    def _open(self, place: Place, deadline: float) -> httpcore.NetworkStream:
        stream = self._connect(place, deadline)
        if not place.secure:
            return stream
        left = _left(deadline, httpcore.ConnectTimeout)
        return stream.start_tls(self._verify or tls.trusted(), place.host, left)

    def _connect(self, place: Place, deadline: float) -> httpcore.NetworkStream:
        """Each address that the name has in turn, with an even share of the time that is left."""
        try:
            found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
        except OSError:
            raise httpcore.ConnectError("the name has no address") from None
        addresses = [str(address[0]) for *_, address in found]
        for behind, address in enumerate(addresses[:-1]):
            share = _left(deadline, httpcore.ConnectTimeout) / (len(addresses) - behind)
            try:
                return self._backend.connect_tcp(address, place.port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        left = _left(deadline, httpcore.ConnectTimeout)
        return self._backend.connect_tcp(addresses[-1], place.port, left)


class AsyncConnections:
    """Calls in one event loop of asyncio or trio. `send` raises as that of `SyncConnections`."""

    def __init__(self, verify: ssl.SSLContext | None = None) -> None:
        self._verify = verify
        self._resting: Resting[httpcore.AsyncNetworkStream] = Resting()
        self._backend = httpcore.AnyIOBackend()

    async def send(self, request: HttpRequest, deadline: float) -> HttpResponse:
        """The answer to a request, by a time of the monotonic clock."""
        place = place_of(request.url)[0]
        while (rested := self._resting.take(place)) is not None:
            try:
                if rested.is_quiet():
                    return await self._talk(rested, place, request, deadline)
                await _closed(rested)
            except NotWritten:  # it had gone stale, and nothing was processed: another one
                pass
        return await self._talk(Line(await self._open(place, deadline)), place, request, deadline)

    async def close(self) -> None:
        """Closes what rests."""
        for line in self._resting.clear():
            await _closed(line)

    async def _talk(
        self,
        line: Line[httpcore.AsyncNetworkStream],
        place: Place,
        request: HttpRequest,
        deadline: float,
    ) -> HttpResponse:
        spare: Line[httpcore.AsyncNetworkStream] | None = line
        got = 0
        try:
            talk = converse(line.http, request)
            await _write_async(line.stream, next(talk) or b"", deadline)
            talk.send(b"")
            while True:
                left = _left(deadline, httpcore.ReadTimeout)
                data = await line.stream.read(_READ, left)
                got += len(data)
                talk.send(data)
        except StopIteration as stop:
            answer: HttpResponse = stop.value
            hides_more = place.secure and got > _SEEN
            over = _is_over(line, answer) or hides_more
            spare = line if over else self._resting.give(place, line)
            return answer
        finally:
            if spare is not None:
                await _closed(spare)

    async def _open(self, place: Place, deadline: float) -> httpcore.AsyncNetworkStream:
        left = _left(deadline, httpcore.ConnectTimeout)
        stream = await self._backend.connect_tcp(place.host, place.port, left)
        if not place.secure:
            return stream
        left = _left(deadline, httpcore.ConnectTimeout)
        return await stream.start_tls(self._verify or tls.trusted(), place.host, left)


def _is_over(line: Line[S], answer: HttpResponse) -> bool:
    """Whether a line is not to be used again. A server may say 408 to a connection at rest, just
    as a request leaves: that is no answer to it, and the next would be (RFC 9110, 15.5.9)."""
    return is_spent(line.http) or answer.status_code == 408


def _left(deadline: float, late: type[httpcore.TimeoutException]) -> float:
    """The seconds that are left; raises `late` where none are."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise late
    return left


def _write(stream: httpcore.NetworkStream, data: bytes, deadline: float) -> None:
    try:
        stream.write(data[:_FIRST], _left(deadline, httpcore.WriteTimeout))
    except httpcore.WriteError:
        raise NotWritten from None
    if len(data) > _FIRST:
        stream.write(data[_FIRST:], _left(deadline, httpcore.WriteTimeout))


async def _write_async(stream: httpcore.AsyncNetworkStream, data: bytes, deadline: float) -> None:
    try:
        await stream.write(data[:_FIRST], _left(deadline, httpcore.WriteTimeout))
    except httpcore.WriteError:
        raise NotWritten from None
    if len(data) > _FIRST:
        await stream.write(data[_FIRST:], _left(deadline, httpcore.WriteTimeout))


async def _closed(line: Line[httpcore.AsyncNetworkStream]) -> None:
    """Closes a line, also where the call that used it is being cancelled."""
    with anyio.CancelScope(shield=True):
        await line.stream.aclose()
