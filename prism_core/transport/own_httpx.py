"""Calls through the caller's own client or transport of httpx or httpx2.

Prism imports neither: a caller who gives such an object has imported its library already.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from functools import lru_cache
from types import ModuleType
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from prism_core.connector.http import HttpRequest, TokenRequest
from prism_core.errors import ConfigurationError
from prism_core.transport.http11 import header_map, headers_of
from prism_core.transport.library import Chunks, LibrarySender, Trace

SHARED = "prism.shared"
"""The extension of an httpx request that marks it as a `TokenRequest`."""

CHANGES = "prism.changes"
"""The extension of an httpx request that says whether it can change anything."""

LIBRARIES = ("httpx", "httpx2")

_CLOSING = 60.0
"""For how many seconds connections are closed after use, once an answer was for another request."""
_SOONER = 0.9
"""In an event loop, httpcore's time limit is this share of ours: it ends first, and its error says
what it was waiting for."""


class AnyTransport(Protocol):
    """An `httpx.BaseTransport` or `httpx2.BaseTransport`."""

    def handle_request(self, request: Any, /) -> Any:
        """Sends a request."""
        ...


class AnyAsyncTransport(Protocol):
    """An `httpx.AsyncBaseTransport` or `httpx2.AsyncBaseTransport`."""

    def handle_async_request(self, request: Any, /) -> Coroutine[Any, Any, Any]:
        """Sends a request."""
        ...


class AnyClient(Protocol):
    """An `httpx.Client` or `httpx2.Client`."""

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    def close(self) -> None:
        """Closes it."""
        ...


class AnyAsyncClient(Protocol):
    """An `httpx.AsyncClient` or `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool:
        """Whether it was closed."""
        ...

    def aclose(self) -> Coroutine[Any, Any, None]:
        """Closes it."""
        ...


# The process in which each object was first used: it owns the object's connections.
_process_of: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


class OwnHttpx(LibrarySender):
    """Sends requests through the object given as `transport=` or `http_client=`."""

    def __init__(self, blocking: bool, transport: object, http_client: object) -> None:
        super().__init__(blocking)
        self._client: Any = http_client
        self._given: Any = transport if http_client is None else http_client
        self._process: int | None = None
        self._made_in = os.getpid()
        self._is_http1, self._closing_until = False, 0.0
        name, kind = ("transport", "BaseTransport") if http_client is None else _CLIENT
        library = _library_of(self._given)
        wanted = self._class_name(kind)
        if library is None or not isinstance(self._given, getattr(library, wanted)):
            raise ConfigurationError(
                f"{name} takes an object of httpx.{wanted} or httpx2.{wanted} here"
            )
        self._library = library

    def stop_reusing(self) -> None:
        """Called when an idle connection may hold an answer to another request. Only the library
        can close it, so for a while each request asks the server to close the connection. HTTP/2
        does not need this."""
        self._closing_until = time.monotonic() + _CLOSING

    def problem(self) -> str | None:
        """Why nothing can be sent, if that is certain before sending."""
        if self._first_process() != os.getpid():
            return (
                "this http_client or transport was used before the process was forked, and its "
                "connections belong to the parent; make a new one in each process"
            )
        if self._client is not None and self._client.is_closed:
            return "the http_client is closed"
        return None

    def _first_process(self) -> int:
        try:
            known = _process_of.get(self._given)
            return known or _process_of.setdefault(self._given, self._user())
        except TypeError:  # it cannot be hashed: only this client remembers the process
            self._process = self._process or self._user()
            return self._process

    def _user(self) -> int:
        """The process that owns its connections: this one if it has none yet, else the one that
        made this client, which may be the parent process."""
        pools = [getattr(one, "_pool", None) for one in self._transports()]
        connected = any(getattr(pool, "connections", ()) for pool in pools)
        return self._made_in if connected else os.getpid()

    async def open(
        self, stack: AsyncExitStack, request: HttpRequest, timeout: float, trace: Trace
    ) -> Any:
        """The library's response, before its body is read."""
        prepared = self._prepared(request, timeout, trace)
        response = await self.done(self._start(prepared))
        if self.blocking:
            stack.callback(response.close)
        else:
            stack.push_async_callback(response.aclose)
        return response

    def _start(self, prepared: Any) -> Any:
        if self._client is not None:
            return self._client.send(prepared, stream=True, auth=None, follow_redirects=False)
        if self.blocking:
            return self._given.handle_request(prepared)
        return self._given.handle_async_request(prepared)

    def _prepared(self, request: HttpRequest, timeout: float, trace: Trace) -> Any:
        """The library's form of a request."""
        step = timeout if self.blocking else timeout * _SOONER
        marks = {SHARED: isinstance(request, TokenRequest), CHANGES: request.changes}
        headers = headers_of(request)
        if self._is_http1 and time.monotonic() < self._closing_until:
            headers["connection"] = "close"
        build = self._library.Request if self._client is None else self._client.build_request
        return build(
            method=request.method,
            url=_url(self._library, request.url),
            headers=headers,
            content=request.body or None,
            extensions={**trace.extensions(self.blocking, step), **marks},
        )

    def head(self, response: Any, request: HttpRequest) -> tuple[int, dict[str, str], bytearray]:
        """Status and headers. An answer that is not streamed (as from httpx's MockTransport) has
        its whole body already."""
        self._is_http1 = response.extensions.get("http_version") == b"HTTP/1.1"
        body = bytearray(response.content if response.is_stream_consumed else b"")
        return response.status_code, header_map(response.headers.raw), body

    def chunks(self, response: Any) -> AsyncIterator[bytes]:
        """The rest of the body."""
        if response.is_stream_consumed:
            return Chunks(iter(()))
        return Chunks(response.iter_raw()) if self.blocking else response.aiter_raw()

    def is_certain(self, trace: Trace, reason: Exception | None) -> bool:
        """Whether it is certain that no part of the request was sent. It is only certain if all
        classes on the way to the network are the library's own."""
        if trace.left or not (trace.began or self._waited_for_the_pool(reason)):
            return False
        return self._is_plain()

    def has_proxy(self) -> bool:
        """Whether one of its transports sends through a proxy."""
        pools = (type(getattr(one, "_pool", None)).__name__ for one in self._transports())
        return any(name.endswith("Proxy") for name in pools)

    def _is_plain(self) -> bool:
        """Whether all classes are the library's own. All transports of a client count, because a
        hook may send a request to any of them."""
        if self._client is not None and type(self._client) is not self._class("Client"):
            return False
        return all(map(self._is_librarys, self._transports()))

    def _transports(self) -> list[Any]:
        if self._client is None:
            return [self._given]
        mounts = getattr(self._client, "_mounts", {}).values()
        return [getattr(self._client, "_transport", None), *filter(None, mounts)]

    def _is_librarys(self, transport: object) -> bool:
        pool = type(getattr(transport, "_pool", None)).__module__.partition(".")[0]
        return type(transport) is self._class("HTTPTransport") and pool.startswith("httpcore")

    def _waited_for_the_pool(self, reason: Exception | None) -> bool:
        """Whether the request was still waiting for a connection. httpcore's trace does not show
        this, so it is only certain if no hook can have raised the same exception."""
        hooked = self._client is not None and any(self._client.event_hooks.values())
        return isinstance(reason, self._library.PoolTimeout) and not hooked

    def _class(self, name: str) -> Any:
        return getattr(self._library, self._class_name(name))

    def _class_name(self, name: str) -> str:
        return name if self.blocking else f"Async{name}"


_CLIENT = ("http_client", "Client")


def _library_of(given: object) -> ModuleType | None:
    """The library that an object's class comes from."""
    roots = [kind.__module__.partition(".")[0] for kind in type(given).__mro__]
    return next((sys.modules.get(root) for root in roots if root in LIBRARIES), None)


@lru_cache(maxsize=256)
def _url(library: Any, text: str) -> Any:
    """The library's form of a URL. Cached: most calls of a client use the same few URLs."""
    return library.URL(text)
