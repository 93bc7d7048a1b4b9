"""Sends one request by its route: over a connection of the pool, through a proxy, or through the
caller's own client or transport of httpx.

A failure is returned as a `Failure`, never raised: the frames hold the request's bytes, and
tracebacks can show local variables.
"""

from __future__ import annotations

import time
from functools import lru_cache
from itertools import repeat

import anyio

from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.connector.urls import is_secure
from prism_core.transport.library import LibrarySender, run_blocking
from prism_core.transport.pool import Pool, exchange
from prism_core.transport.routes import DIRECT, Route
from prism_core.transport.waiting import drive, drive_async


class _Transport:
    """The decisions of both transports. `close` does not close the caller's own objects."""

    blocking: bool

    def __init__(self, route: Route = DIRECT) -> None:
        self._route = route
        self._pool = Pool(route.verify)

    def drop_idle(self) -> None:
        """Closes the idle connections, because one of them had unexpected bytes."""
        self._pool.clear()
        if self._route.own_httpx is not None:
            self._route.own_httpx.stop_reusing()

    def _sender(self, request: HttpRequest) -> LibrarySender | Failure | None:
        """The library that sends a request; None for the pool; a failure if nothing can send it."""
        problem = _unsendable(request)
        if problem is not None:
            return Failure("not_sent", problem)
        if self._route.own_httpx is not None:
            return self._route.own_httpx
        proxy = self._route.proxy_for(request.url)
        if proxy is None:
            return None
        from prism_core.transport.proxied import Proxied  # not needed elsewhere

        return Proxied(self.blocking, proxy, self._route.verify)


class SyncTransport(_Transport):
    """Sends one request and reads its answer, blocking. Threads may share it."""

    blocking = True
    sleep = staticmethod(time.sleep)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        sender = self._sender(request)
        if sender is None:
            return drive(exchange(self._pool, request, time.monotonic() + timeout))
        if isinstance(sender, Failure):
            return sender
        return run_blocking(sender.send, request, timeout)

    def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()


class AsyncTransport(_Transport):
    """Sends one request and reads its answer, in an asyncio or trio event loop."""

    blocking = False
    sleep = staticmethod(anyio.sleep)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        sender = self._sender(request)
        if sender is None:
            steps = exchange(self._pool, request, time.monotonic() + timeout)
            return await drive_async(steps)
        if isinstance(sender, Failure):
            return sender
        return await sender.send(request, timeout)

    async def close(self) -> None:
        """Closes the connections."""
        self._pool.clear()


def _unsendable(request: HttpRequest) -> str | None:
    """Why the request cannot be sent, if that is certain before sending."""
    if not _is_plain(*request.headers, *request.headers.values()):
        return "a header holds what HTTP cannot send"
    if not _is_plain(request.url):
        return "the URL holds what HTTP cannot send"
    if not _is_secure(request.url):
        return "the URL is not https, and credentials travel with the request"
    return None


def _is_plain(*values: object) -> bool:
    if not all(map(isinstance, values, repeat(str))):
        return False
    text = "".join(values)  # type: ignore[arg-type]
    return text.isascii() and text.isprintable()


_is_secure = lru_cache(maxsize=256)(is_secure)
"""Cached: most calls of a client use the same few URLs."""
