"""Calls through a proxy, over the proxy connections of httpcore, which httpx uses, too.

Each call opens and closes a connection of its own: no earlier bytes can be read as its answer, and
threads, event loops and processes share nothing.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import anyio
import httpcore

from prism_core.connector.http import HttpRequest
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.schema.secrets import MASK
from prism_core.transport import tls
from prism_core.transport.connecting import ATTEMPT_DELAY, Lookup, interleaved
from prism_core.transport.http11 import AnswerRefused, header_map, headers_of
from prism_core.transport.library import Chunks, LibrarySender, Trace
from prism_core.transport.proxies import Proxy
from prism_core.transport.waiting import find

_FRAMING = ("content-length", "transfer-encoding")


class Proxied(LibrarySender):
    """Sends one request through a proxy."""

    checks_hooks = False  # there are none

    def __init__(self, blocking: bool, proxy: Proxy, verify: ssl.SSLContext | None) -> None:
        super().__init__(blocking)
        self._proxy, self._verify = proxy, verify

    async def open(
        self, stack: AsyncExitStack, request: HttpRequest, timeout: float, trace: Trace
    ) -> httpcore.Response:
        """The response, before its body is read."""
        options = _options(self._proxy, self._verify)
        parts = _parts(request, trace.extensions(self.blocking, timeout))
        if self.blocking:
            backend = _Backend(time.monotonic() + timeout)
            stack.callback(backend.close)
            make = httpcore.SOCKSProxy if self._proxy.is_socks else httpcore.HTTPProxy
            pool = stack.enter_context(make(**options, network_backend=backend))
            return stack.enter_context(pool.stream(**parts))
        waiting = _AsyncBackend()
        stack.push_async_callback(waiting.close)
        kind = httpcore.AsyncSOCKSProxy if self._proxy.is_socks else httpcore.AsyncHTTPProxy
        opened = await stack.enter_async_context(kind(**options, network_backend=waiting))
        return await stack.enter_async_context(opened.stream(**parts))

    def head(
        self, response: httpcore.Response, request: HttpRequest
    ) -> tuple[int, dict[str, str], bytearray]:
        """Status and headers. Refuses an answer without a length: see below."""
        headers = header_map(response.headers)
        is_framed = not headers.keys().isdisjoint(_FRAMING) or response.status in (204, 304)
        if not is_framed and request.url.startswith("https:"):
            # It ends with its connection, and httpcore does not say whether TLS ended correctly.
            raise AnswerRefused("the answer does not say where it ends")
        return response.status, headers, bytearray()

    def chunks(self, response: httpcore.Response) -> AsyncIterator[bytes]:
        """The body."""
        return Chunks(response.iter_stream()) if self.blocking else response.aiter_stream()


def _options(proxy: Proxy, verify: ssl.SSLContext | None) -> dict[str, Any]:
    context = verify or tls.trusted()
    url = httpcore.URL(scheme=proxy.scheme, host=proxy.host, port=proxy.port, target=b"/")
    options: dict[str, Any] = {"proxy_url": url, "ssl_context": context}
    if proxy.auth is not None:
        options["proxy_auth"] = tuple(_Masked(part.reveal().encode()) for part in proxy.auth)
    if proxy.scheme == "https":
        options["proxy_ssl_context"] = context
    return options


class _Masked(bytes):
    """A name or password that is masked in logs: for SOCKS, httpcore logs what it is given."""

    def __repr__(self) -> str:
        return MASK


def _parts(request: HttpRequest, extensions: dict[str, Any]) -> dict[str, Any]:
    has_body = request.body or request.method not in ("GET", "DELETE")
    return {
        "method": request.method,
        "url": request.url,
        "headers": headers_of(request),
        "content": request.body if has_body else None,
        "extensions": extensions,
    }


class _NoAddress(httpcore.ConnectError, socket.gaierror):
    """The proxy's name has no address."""


class _Backend(httpcore.SyncBackend):
    """Opens streams with one deadline: httpcore limits each read, not the whole call. Streams that
    httpcore leaves open (if a SOCKS proxy answers nonsense) are closed."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._opened: list[httpcore.NetworkStream] = []

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, *_: Any, **more: Any
    ) -> httpcore.NetworkStream:
        found = find(Lookup(host, port, self._deadline)) or ()
        hosts = [where[0] for *_, where in interleaved(found)]
        failure: Exception = _NoAddress()
        for address, share in _turns(hosts):
            left = _left(self._deadline, httpcore.ConnectTimeout)
            seconds = min(ATTEMPT_DELAY, left) if share is None else left * share
            try:
                stream = super().connect_tcp(address, port, seconds)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                raise_if_interruption(error.__cause__ or error)
                failure = error
            else:
                self._opened.append(stream)
                return _BoundedStream(stream, self._deadline)
        raise failure

    def close(self) -> None:
        for stream in self._opened:
            stream.close()


class _AsyncBackend(httpcore.AnyIOBackend):
    """The same for an event loop, where the caller limits the time."""

    def __init__(self) -> None:
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(self, *where: Any, **more: Any) -> httpcore.AsyncNetworkStream:
        self._opened.append(await super().connect_tcp(*where, **more))
        return self._opened[-1]

    async def close(self) -> None:
        with anyio.CancelScope(shield=True):
            for stream in self._opened:
                await stream.aclose()


def _turns(hosts: list[str]) -> Iterator[tuple[str, float | None]]:
    """A host's addresses, each with its share of the time left. First each with None, a quarter
    of a second, so that a dead address costs little. A single address gets all the time."""
    if len(hosts) > 1:
        yield from ((host, None) for host in hosts)
    yield from ((host, 1 / (len(hosts) - number)) for number, host in enumerate(hosts))


class _BoundedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline, httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._deadline, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, left)
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()


def _left(deadline: float, late: type[httpcore.TimeoutException]) -> float:
    """The seconds that are left; raises `late` if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise late
    return left
