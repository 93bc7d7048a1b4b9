"""What a caller may bring as `http_client=` or `transport=`: plain ones of httpx and httpx2, and
such as have hooks, retries, wrappers and mounts, each of which can raise what it likes.

A function here makes the options of one client, sync or async: of two bodies, the one that its
library would call.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from faults import secure

LIBRARIES = [name for name in ("httpx", "httpx2") if find_spec(name)]
Make = Callable[[Any, str, Any], dict[str, Any]]
Options = Callable[[str, Any], dict[str, Any]]


def of(library: str, make: Make) -> Options:
    """What is made for a kind of client, with one library, at a place."""
    return lambda client, place: make(importlib.import_module(library), client, place)


def transport(lib: Any, client: str, **options: Any) -> Any:
    """A transport of the library's own, that keeps no connection, so that none is left open."""
    kind = lib.HTTPTransport if client == "sync" else lib.AsyncHTTPTransport
    limits = lib.Limits(max_keepalive_connections=0)
    return kind(**{"limits": limits, "verify": secure.verifying(), **options})


def http_client(lib: Any, client: str, **options: Any) -> dict[str, Any]:
    """A client of the library's own, over such a transport."""
    kind = lib.Client if client == "sync" else lib.AsyncClient
    options = {"transport": transport(lib, client), "trust_env": False, **options}
    return {"http_client": kind(**options)}


def hook(client: str, work: Callable[..., None]) -> Callable[..., Any]:
    """A hook, as the kind of client wants it."""

    async def waiting(*given: Any) -> None:
        work(*given)

    return work if client == "sync" else waiting


def wrapping(lib: Any, client: str, before: Callable[..., Any], **options: Any) -> Any:
    """A transport of the caller's own class around the library's. What `before(inner, request)`
    is, comes first: a coroutine or not."""
    inner = transport(lib, client, **options)

    class Wrapper(lib.BaseTransport, lib.AsyncBaseTransport):  # type: ignore[misc]
        def handle_request(self, request: Any) -> Any:
            before(inner, request)
            return inner.handle_request(request)

        async def handle_async_request(self, request: Any) -> Any:
            await before(inner, request)
            return await inner.handle_async_request(request)

    return Wrapper()


# What is brought.


def plain_client(lib: Any, client: str, place: Any) -> dict[str, Any]:
    return http_client(lib, client)


def plain_transport(lib: Any, client: str, place: Any) -> dict[str, Any]:
    return {"transport": transport(lib, client)}


def connecting_again(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """The library's own retries, which are of connecting alone."""
    return {"transport": transport(lib, client, retries=1)}


def http2(lib: Any, client: str, place: Any) -> dict[str, Any]:
    return http_client(lib, client, transport=transport(lib, client, http2=True))


def _raising(lib: Any, client: str, when: str) -> dict[str, Any]:
    def fail(_: object) -> None:
        raise lib.ConnectError("a webhook of mine to a dead port")

    return http_client(lib, client, event_hooks={when: [hook(client, fail)]})


def failing_response_hook(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """Raises, after the answer came, what is raised where no connection is made."""
    return _raising(lib, client, "response")


def failing_request_hook(lib: Any, client: str, place: Any) -> dict[str, Any]:
    return _raising(lib, client, "request")


def hooks_that_call(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """Hooks that ask somebody else, at a dead port, and let that error out."""

    def call(_: object) -> None:
        lib.get("http://127.0.0.1:1", trust_env=False)

    return http_client(lib, client, event_hooks={"response": [hook(client, call)]})


def harmless_hooks(lib: Any, client: str, place: Any) -> dict[str, Any]:
    quiet = [hook(client, lambda _: None)]
    return http_client(lib, client, event_hooks={"request": quiet, "response": quiet})


def own_trace(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """A hook that puts a trace of its own in the place of Prism's."""

    def put(request: Any) -> None:
        request.extensions["trace"] = hook(client, lambda *_: None)

    return http_client(lib, client, event_hooks={"request": [hook(client, put)]})


def mock(lib: Any, client: str, place: Any) -> dict[str, Any]:
    def fail(_: object) -> Any:
        raise lib.ConnectError("no more than that")

    return {"transport": lib.MockTransport(fail)}


def sending_before(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """Sends in a way of its own, and then through a transport that finds no connection."""

    def before(inner: Any, request: Any) -> Any:
        copy = lib.Request("POST", request.url, headers=request.headers, content=request.content)
        lost = transport(lib, "sync").handle_request(copy)
        lost.close()
        request.url = lib.URL("http://127.0.0.1:1")
        return _nothing() if client != "sync" else None

    return {"transport": wrapping(lib, client, before)}


def mounted(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """The same, mounted for the place alone on a plain client."""
    return http_client(
        lib, client, mounts={place.url: sending_before(lib, client, place)["transport"]}
    )


def led_into_a_mount(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """The same, mounted for another host, to which a hook changes the request."""

    def lead(request: Any) -> None:
        request.url = request.url.copy_with(host="localhost")

    own = sending_before(lib, client, place)["transport"]
    hooks = {"request": [hook(client, lead)]}
    return http_client(lib, client, mounts={"all://localhost": own}, event_hooks=hooks)


def mounted_elsewhere(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """Mounts of the library's own that the place has nothing to do with."""
    mounts = {"all://example.com": transport(lib, client), "all://localhost": None}
    return http_client(lib, client, mounts=mounts)


def mock_elsewhere(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """A mount of the caller's own, to which a hook could lead any request."""
    own = mock(lib, client, place)["transport"]
    return http_client(lib, client, mounts={"all://example.com": own})


def repeating(lib: Any, client: str, place: Any) -> dict[str, Any]:
    """A client of the caller's own class, which repeats what got no answer, elsewhere."""
    base = lib.Client if client == "sync" else lib.AsyncClient

    class Repeating(base):  # type: ignore[misc]
        def send(self, request: Any, **options: Any) -> Any:
            return (
                self._again(request, options) if client == "sync" else self._later(request, options)
            )

        def _again(self, request: Any, options: Any) -> Any:
            try:
                return super().send(request, **options)
            except lib.TransportError:
                request.url = lib.URL("http://127.0.0.1:1")
                return super().send(request, **options)

        async def _later(self, request: Any, options: Any) -> Any:
            try:
                return await super().send(request, **options)
            except lib.TransportError:
                request.url = lib.URL("http://127.0.0.1:1")
                return await super().send(request, **options)

    made = Repeating(transport=transport(lib, client), trust_env=False)
    return {"http_client": made}


async def _nothing() -> None:
    pass
