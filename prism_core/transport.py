"""The only module that does network I/O, and the only one that imports httpx.

An httpx transport is used directly, without httpx's client: it has no redirects to follow, no
cookies to keep, and costs half. What goes wrong comes back as a `Failure`, never as an
exception: httpx's frames hold the request's bytes, and tracebacks can show local variables.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import anyio
import anyio.lowlevel
import httpx

from prism_core.errors import ConfigurationError, Outcome
from prism_core.http import Failure, HttpRequest, HttpResponse, SharedRequest

SHARED = "prism.shared"
"""The extension of an httpx request that marks it as a `SharedRequest`."""
LARGEST_BODY = 16 * 1024 * 1024
"""Bytes. Processors answer in kilobytes; more is a mistake or an attack."""

# Certain: the request had not begun to leave. All else may have reached the processor.
_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100, keepalive_expiry=30.0)


class _Refused(Exception):
    """The answer breaks a bound of ours; the text says which."""


class SyncTransport:
    """Sends one request and reads its answer, blocking. Safe to share between threads."""

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        http_client: httpx.Client | None = None,
    ) -> None:
        _only_one(transport, http_client)
        self._client = http_client
        self._own = transport is None
        self._transport = transport or httpx.HTTPTransport(limits=_LIMITS)
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
        response: httpx.Response | None = None
        try:
            response = self._open(request, timeout)
            _check_head(response)
            body = bytearray(_in_memory(response))
            if not response.is_stream_consumed:
                for chunk in response.iter_raw():
                    _take(body, chunk, deadline)
            return _answer(response, body)
        except Exception as reason:
            return _failure(reason)
        finally:
            if response is not None:
                response.close()

    def _open(self, request: HttpRequest, timeout: float) -> httpx.Response:
        if self._client is not None:
            prepared = self._client.build_request(**_parts(request, timeout))
            return self._client.send(prepared, stream=True, auth=None, follow_redirects=False)
        return self._transport.handle_request(httpx.Request(**_parts(request, timeout)))

    def close(self) -> None:
        """Closes the connections, unless the caller brought them."""
        if self._own:
            self._transport.close()


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
        self._by_loop: dict[object, httpx.AsyncHTTPTransport] = {}
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
        response: httpx.Response | None = None
        try:
            with anyio.fail_after(timeout):
                response = await self._open(request, timeout)
                _check_head(response)
                body = bytearray(_in_memory(response))
                if not response.is_stream_consumed:
                    async for chunk in response.aiter_raw():
                        _take(body, chunk, deadline)
                return _answer(response, body)
        except Exception as reason:
            return _failure(reason)
        finally:
            if response is not None:
                await response.aclose()

    async def _open(self, request: HttpRequest, timeout: float) -> httpx.Response:
        if self._client is not None:
            prepared = self._client.build_request(**_parts(request, timeout))
            return await self._client.send(prepared, stream=True, auth=None, follow_redirects=False)
        return await self._here().handle_async_request(httpx.Request(**_parts(request, timeout)))

    async def close(self) -> None:
        """Closes the connections of this event loop, unless the caller brought them."""
        loop = anyio.lowlevel.current_token()
        own = self._by_loop.pop(loop, None)
        self._turns.pop(loop, None)
        if own is not None:
            await own.aclose()

    def _here(self) -> httpx.AsyncBaseTransport:
        """The transport of the running event loop: connections belong to the loop they were
        made in, and one that is gone leaves nothing to close."""
        if self._given is not None:
            return self._given
        loop = anyio.lowlevel.current_token()
        if loop not in self._by_loop:
            self._by_loop[loop] = httpx.AsyncHTTPTransport(limits=_LIMITS)
        return self._by_loop[loop]


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
    # No compression: an answer's size is then what is read, and no small one grows huge.
    headers = {**request.headers, "accept-encoding": "identity", "user-agent": "prism-payments"}
    return {
        "method": request.method,
        "url": _url(request.url),
        "headers": headers,
        "content": request.body or None,
        "extensions": {"timeout": phases, SHARED: isinstance(request, SharedRequest)},
    }


@lru_cache(maxsize=256)
def _url(text: str) -> httpx.URL:
    """httpx's form of a URL; most calls of a client go to the same few."""
    return httpx.URL(text)


def _check_head(response: httpx.Response) -> None:
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise _Refused("the answer is compressed, which was not asked for")
    length = response.headers.get("content-length", "0")
    if length.isdigit() and int(length[:18]) > LARGEST_BODY:
        raise _Refused(f"the answer is larger than {LARGEST_BODY} bytes")


def _in_memory(response: httpx.Response) -> bytes:
    """The body of an answer that was never streamed, such as httpx's MockTransport gives."""
    return response.content if response.is_stream_consumed else b""


def _take(body: bytearray, chunk: bytes, deadline: float) -> None:
    body += chunk
    if len(body) > LARGEST_BODY:
        raise _Refused(f"the answer is larger than {LARGEST_BODY} bytes")
    if time.monotonic() > deadline:
        raise _Refused("the answer did not end in time")


def _answer(response: httpx.Response, body: Iterable[int]) -> HttpResponse:
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return HttpResponse(response.status_code, headers, bytes(body))


def _failure(reason: Exception) -> Failure:
    if isinstance(reason, _Refused):
        return Failure("unknown", str(reason))
    if isinstance(reason, (httpx.TimeoutException, TimeoutError)):
        return Failure(_certainty(reason), "no answer in time")
    return Failure(_certainty(reason), f"no answer ({type(reason).__name__})")


def _certainty(reason: Exception) -> Outcome:
    return "not_sent" if isinstance(reason, _NOT_SENT) else "unknown"


# What the clients' signatures name, so that they need not import httpx.
AnyTransport = httpx.BaseTransport
AnyClient = httpx.Client
AnyAsyncTransport = httpx.AsyncBaseTransport
AnyAsyncClient = httpx.AsyncClient
