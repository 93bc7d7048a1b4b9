"""The only module that imports httpx, for users who bring a transport or a client of theirs; all
other calls go over `connections`.

What goes wrong comes back as a `Failure`, never as an exception: the frames beneath hold the
request's bytes, and tracebacks can show local variables.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import anyio
import anyio.lowlevel
import h11
import httpcore
import httpx

from prism_core.connections import AsyncConnections, NotWritten, SyncConnections
from prism_core.errors import ConfigurationError, Outcome
from prism_core.http import Failure, HttpRequest, HttpResponse, SharedRequest
from prism_core.wire import Refused, check_head, header_map, headers_of, take

SHARED = "prism.shared"
"""The extension of an httpx request that marks it as a `SharedRequest`."""
CHANGES = "prism.changes"
"""The extension of an httpx request that tells whether it can change anything."""

# Certain: nothing of the request had left. All else may have reached the processor.
_NOT_SENT = (
    NotWritten,
    h11.LocalProtocolError,
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_NO_CONNECTION = (
    *(httpcore.ConnectError, httpcore.ConnectTimeout),
    *(httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
)
_LATE = (httpcore.TimeoutException, httpx.TimeoutException, TimeoutError)


class SyncTransport:
    """Sends one request and reads its answer, blocking. Safe to share between threads."""

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        _only_one(transport, http_client)
        self._client = http_client
        self._given = transport
        self._own = SyncConnections()
        self._turn = threading.Lock()

    sleep = staticmethod(time.sleep)

    def turn(self, seconds: float) -> Callable[[], None] | None:
        """Waits for other threads' turn to end; what ends this one, or None if it never came."""
        return self._turn.release if self._turn.acquire(timeout=max(seconds, 0)) else None

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        problem = _unsendable(request, self._client)
        if problem is not None:
            return Failure("not_sent", problem)
        deadline = time.monotonic() + timeout
        try:
            if self._client is None and self._given is None:
                return self._own.send(request, deadline)
            return self._through_httpx(request, timeout, deadline)
        except Exception as reason:
            return _failure(reason)

    def _through_httpx(
        self, request: HttpRequest, timeout: float, deadline: float
    ) -> HttpResponse | Failure:
        response = self._opened(request, timeout)
        try:
            check_head(header_map(response.headers.raw))
            body = bytearray(_in_memory(response))
            if not response.is_stream_consumed:
                for chunk in response.iter_raw():
                    _take(body, chunk, deadline)
            return _answer(response, body)
        finally:
            response.close()

    def _opened(self, request: HttpRequest, timeout: float) -> httpx.Response:
        parts = _parts(request, timeout)
        if self._client is not None:
            prepared = self._client.build_request(**parts)
            return self._client.send(prepared, stream=True, auth=None, follow_redirects=False)
        assert self._given is not None
        return self._given.handle_request(httpx.Request(**parts))

    def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.close()


class AsyncTransport:
    """Sends one request and reads its answer, in an asyncio or trio event loop."""

    def __init__(
        self,
        transport: httpx.AsyncBaseTransport | None = None,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        _only_one(transport, http_client)
        self._client = http_client
        self._given = transport
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
        problem = _unsendable(request, self._client)
        if problem is not None:
            return Failure("not_sent", problem)
        deadline = time.monotonic() + timeout
        try:
            if self._client is None and self._given is None:
                return await self._here().send(request, deadline)
            with anyio.fail_after(timeout):
                return await self._through_httpx(request, timeout, deadline)
        except Exception as reason:
            return _failure(reason)

    async def _through_httpx(
        self, request: HttpRequest, timeout: float, deadline: float
    ) -> HttpResponse | Failure:
        response = await self._opened(request, timeout)
        try:
            check_head(header_map(response.headers.raw))
            body = bytearray(_in_memory(response))
            if not response.is_stream_consumed:
                async for chunk in response.aiter_raw():
                    _take(body, chunk, deadline)
            return _answer(response, body)
        finally:
            await response.aclose()

    async def _opened(self, request: HttpRequest, timeout: float) -> httpx.Response:
        parts = _parts(request, timeout)
        if self._client is not None:
            prepared = self._client.build_request(**parts)
            return await self._client.send(prepared, stream=True, auth=None, follow_redirects=False)
        assert self._given is not None
        return await self._given.handle_async_request(httpx.Request(**parts))

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
            found = self._by_loop[loop] = AsyncConnections()
        return found


def _has_ended(loop: object) -> bool:
    """Whether an event loop is known to run no more; trio's tokens do not tell."""
    is_closed: Callable[[], bool] = getattr(getattr(loop, "native_token", loop), "is_closed", bool)
    return is_closed()


def _only_one(transport: object, http_client: object) -> None:
    if transport is not None and http_client is not None:
        raise ConfigurationError("give transport= or http_client=, not both")


def _unsendable(
    request: HttpRequest, client: httpx.Client | httpx.AsyncClient | None
) -> str | None:
    """Why nothing can leave, where that is certain beforehand."""
    if client is not None and client.is_closed:
        return "the http_client is closed"
    if not all(value.isascii() and value.isprintable() for value in request.headers.values()):
        return "a header holds what HTTP cannot send"
    return None


def _parts(request: HttpRequest, timeout: float) -> dict[str, Any]:
    phases = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
    return {
        "method": request.method,
        "url": _url(request.url),
        "headers": headers_of(request),
        "content": request.body or None,
        "extensions": {
            "timeout": phases,
            SHARED: isinstance(request, SharedRequest),
            CHANGES: request.changes,
        },
    }


@lru_cache(maxsize=256)
def _url(text: str) -> httpx.URL:
    """httpx's form of a URL; most calls of a client go to the same few."""
    return httpx.URL(text)


def _in_memory(response: httpx.Response) -> bytes:
    """The body of an answer that was never streamed, such as httpx's MockTransport gives."""
    return response.content if response.is_stream_consumed else b""


def _take(body: bytearray, chunk: bytes, deadline: float) -> None:
    take(body, chunk)
    if time.monotonic() > deadline:
        raise Refused("the answer did not end in time")


def _answer(response: httpx.Response, body: bytearray) -> HttpResponse:
    return HttpResponse(response.status_code, header_map(response.headers.raw), bytes(body))


def _failure(reason: Exception) -> Failure:
    outcome: Outcome = "not_sent" if isinstance(reason, _NOT_SENT) else "unknown"
    if isinstance(reason, Refused):
        return Failure(outcome, str(reason))
    if isinstance(reason, _NO_CONNECTION):
        return Failure(outcome, f"no connection ({type(reason).__name__}): nothing was sent")
    if isinstance(reason, _LATE):
        return Failure(outcome, "no answer in time")
    return Failure(outcome, f"no answer ({type(reason).__name__})")


# What the clients' signatures name, so that they need not import httpx.
AnyTransport = httpx.BaseTransport
AnyClient = httpx.Client
AnyAsyncTransport = httpx.AsyncBaseTransport
AnyAsyncClient = httpx.AsyncClient
