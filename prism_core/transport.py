"""The only module that imports httpx, for users who bring a transport or a client of theirs; all
other calls go over `connections`.

What goes wrong comes back as a `Failure`, never as an exception: the frames beneath hold the
request's bytes, and tracebacks can show local variables.
"""

from __future__ import annotations

import time
from functools import lru_cache
from typing import Any

import anyio
import h11
import httpcore
import httpx

from prism_core.connections import AsyncConnections, SyncConnections
from prism_core.errors import ConfigurationError, Outcome
from prism_core.http import Failure, HttpRequest, HttpResponse, SharedRequest
from prism_core.wire import Refused, check_head, header_map, headers_of, take

SHARED = "prism.shared"
"""The extension of an httpx request that marks it as a `SharedRequest`."""

# Certain: nothing of the request had left. All else may have reached the processor.
_NOT_SENT = (
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

    sleep = staticmethod(time.sleep)

    def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        problem = _unsendable(request, self._client)
        if problem is not None:
            return Failure("not_sent", problem)
        deadline = time.monotonic() + timeout
        if self._client is None and self._given is None:
            return self._own.send(request, deadline)
        try:
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

    def drop_idle(self) -> None:
        """Closes the idle connections: something was said there that nobody asked for."""
        self._own.idle.clear()

    def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.idle.clear()


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
        self._own = AsyncConnections()

    sleep = staticmethod(anyio.sleep)

    async def send(self, request: HttpRequest, timeout: float) -> HttpResponse | Failure:
        """The answer, or what went wrong, within `timeout` seconds."""
        problem = _unsendable(request, self._client)
        if problem is not None:
            return Failure("not_sent", problem)
        deadline = time.monotonic() + timeout
        if self._client is None and self._given is None:
            return await self._own.send(request, deadline)
        try:
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

    def drop_idle(self) -> None:
        """Closes the idle connections: something was said there that nobody asked for."""
        self._own.idle.clear()

    async def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        self._own.idle.clear()


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
    if not (request.url.isascii() and request.url.isprintable()):
        return "the URL holds what HTTP cannot send"
    return None


def _parts(request: HttpRequest, timeout: float) -> dict[str, Any]:
    phases = {"connect": timeout, "read": timeout, "write": timeout, "pool": timeout}
    return {
        "method": request.method,
        "url": _url(request.url),
        "headers": headers_of(request),
        "content": request.body or None,
        "extensions": {"timeout": phases, SHARED: isinstance(request, SharedRequest)},
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
