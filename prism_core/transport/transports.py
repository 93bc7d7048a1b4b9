"""One request and its answer: over connections of our own, through a proxy, or through what the
caller brought (`foreign`).

What goes wrong comes back as a `Failure`, never as an exception: the frames beneath hold the
request's bytes, and tracebacks can show local variables.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import anyio

from prism_core.connector.http import Failure, HttpRequest, HttpResponse
from prism_core.connector.urls import is_secure
from prism_core.transport.pool import AsyncConnections, SyncConnections
from prism_core.transport.routes import DIRECT, Route

if TYPE_CHECKING:
    from prism_core.transport.foreign import AsyncForeign, SyncForeign


class SyncTransport:
    """Sends one request and reads its answer, blocking. Safe to share between threads."""

    def __init__(self, route: Route = DIRECT) -> None:
        self._foreign: SyncForeign | None = route.foreign
        self._route = route
        self._own = SyncConnections(route.verify)

    sleep = staticmethod(time.sleep)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        problem = _unsendable(request)
        if problem is not None:
            return Failure("not_sent", problem)
        if self._foreign is not None:
            return self._foreign.send(request, timeout)
        proxy = self._route.proxy_for(request.url)
        if proxy is not None:
            from prism_core.transport import proxied  # not needed elsewhere

            return proxied.send(proxy, self._route.verify, request, timeout)
        return self._own.send(request, time.monotonic() + timeout)

    def drop_idle(self) -> None:
        """Closes the idle connections: something was said there that nobody asked for."""
        self._own.idle.clear()
        if self._foreign is not None:
            self._foreign.distrust()

    def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.idle.clear()


class AsyncTransport:
    """Sends one request and reads its answer, in an asyncio or trio event loop."""

    def __init__(self, route: Route = DIRECT) -> None:
        self._foreign: AsyncForeign | None = route.foreign
        self._route = route
        self._own = AsyncConnections(route.verify)

    sleep = staticmethod(anyio.sleep)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        problem = _unsendable(request)
        if problem is not None:
            return Failure("not_sent", problem)
        if self._foreign is not None:
            return await self._foreign.send(request, timeout)
        proxy = self._route.proxy_for(request.url)
        if proxy is not None:
            from prism_core.transport import proxied  # not needed elsewhere

            return await proxied.send_async(proxy, self._route.verify, request, timeout)
        return await self._own.send(request, time.monotonic() + timeout)

    def drop_idle(self) -> None:
        """Closes the idle connections: something was said there that nobody asked for."""
        self._own.idle.clear()
        if self._foreign is not None:
            self._foreign.distrust()

    async def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.idle.clear()


def _unsendable(request: HttpRequest) -> str | None:
    """Why HTTP cannot send it, where that is certain beforehand."""
    if not all(map(_is_plain, [*request.headers, *request.headers.values()])):
        return "a header holds what HTTP cannot send"
    if not _is_plain(request.url):
        return "the URL holds what HTTP cannot send"
    if not is_secure(request.url):
        return "the URL is not https, and credentials travel with the request"
    return None


def _is_plain(value: object) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()
