"""One request and its answer: over connections of our own, through a proxy, or through what the
caller brought (`foreign`).

What goes wrong comes back as a `Failure`, never as an exception: the frames beneath hold the
request's bytes, and tracebacks can show local variables.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import anyio
import anyio.lowlevel
import h11
import httpcore

from prism_core.connections import AsyncConnections, NotWritten, SyncConnections
from prism_core.errors import Outcome
from prism_core.http import Failure, HttpRequest, HttpResponse
from prism_core.routes import DIRECT, Route
from prism_core.wire import Refused

if TYPE_CHECKING:
    from prism_core.foreign import AsyncForeign, SyncForeign

# Certain: nothing of the request had left. All else may have reached the processor.
_NOT_SENT = (
    NotWritten,
    h11.LocalProtocolError,
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
)
_NO_CONNECTION = (httpcore.ConnectError, httpcore.ConnectTimeout)
_LATE = (httpcore.TimeoutException, TimeoutError)


class SyncTransport:
    """Sends one request and reads its answer, blocking. Safe to share between threads."""

    def __init__(self, route: Route = DIRECT) -> None:
        self._foreign: SyncForeign | None = route.foreign
        self._route = route
        self._own = SyncConnections(route.verify)
        self._turn = threading.Lock()

    sleep = staticmethod(time.sleep)

    def turn(self, seconds: float) -> Callable[[], None] | None:
        """Waits for other threads' turn to end; what ends this one, or None if it never came."""
        return self._turn.release if self._turn.acquire(timeout=max(seconds, 0)) else None

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        if not _is_sendable(request):
            return Failure("not_sent", _UNSENDABLE)
        if self._foreign is not None:
            return self._foreign.send(request, timeout)
        proxy = self._route.proxy_for(request.url)
        if proxy is not None:
            from prism_core import proxied  # not needed elsewhere

            return proxied.send(proxy, self._route.verify, request, timeout)
        deadline = time.monotonic() + timeout
        try:
            return self._own.send(request, deadline)
        except Exception as reason:
            return _failure(reason)

    def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.close()


class AsyncTransport:
    """Sends one request and reads its answer, in an asyncio or trio event loop."""

    def __init__(self, route: Route = DIRECT) -> None:
        self._foreign: AsyncForeign | None = route.foreign
        self._route = route
        self._by_loop: dict[object, AsyncConnections] = {}
        self._turns: dict[object, anyio.Lock] = {}

    sleep = staticmethod(anyio.sleep)

    async def turn(self, seconds: float) -> Callable[[], None] | None:
        """Waits for the turn of other tasks of this event loop to end; as `SyncTransport.turn`."""
        lock = self._turns.setdefault(anyio.lowlevel.current_token(), anyio.Lock())
        with anyio.move_on_after(seconds):
            await lock.acquire()
            return lock.release
        return None

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        if not _is_sendable(request):
            return Failure("not_sent", _UNSENDABLE)
        if self._foreign is not None:
            return await self._foreign.send(request, timeout)
        proxy = self._route.proxy_for(request.url)
        if proxy is not None:
            from prism_core import proxied  # not needed elsewhere

            return await proxied.send_async(proxy, self._route.verify, request, timeout)
        deadline = time.monotonic() + timeout
        try:
            return await self._here().send(request, deadline)
        except Exception as reason:
            return _failure(reason)

    async def close(self) -> None:
        """Closes the connections of this event loop, unless the caller brought them."""
        loop = anyio.lowlevel.current_token()
        own = self._by_loop.pop(loop, None)
        self._turns.pop(loop, None)
        if own is not None:
            await own.close()

    def _here(self) -> AsyncConnections:
        """The connections of the running event loop: they belong to the loop they were made in.
        Those of a loop that is gone cannot be closed any more, and are let go."""
        loop = anyio.lowlevel.current_token()
        found = self._by_loop.get(loop)
        if found is None:
            for other in filter(_has_ended, list(self._by_loop)):
                self._by_loop.pop(other, None)
                self._turns.pop(other, None)
            found = self._by_loop[loop] = AsyncConnections(self._route.verify)
        return found


def _has_ended(loop: object) -> bool:
    """Whether an event loop is known to run no more; trio's tokens do not tell."""
    is_closed: Callable[[], bool] = getattr(getattr(loop, "native_token", loop), "is_closed", bool)
    return is_closed()


_UNSENDABLE = "a header holds what HTTP cannot send"


def _is_sendable(request: HttpRequest) -> bool:
    """Whether HTTP can send it, which is certain beforehand."""
    return all(value.isascii() and value.isprintable() for value in request.headers.values())


def _failure(reason: Exception) -> Failure:
    outcome: Outcome = "not_sent" if isinstance(reason, _NOT_SENT) else "unknown"
    if isinstance(reason, Refused):
        return Failure(outcome, str(reason))
    if isinstance(reason, _NO_CONNECTION):
        return Failure(outcome, f"no connection ({type(reason).__name__}): nothing was sent")
    if isinstance(reason, _LATE):
        return Failure(outcome, "no answer in time")
    return Failure(outcome, f"no answer ({type(reason).__name__})")
