"""The request of a web framework, as the body and headers of a webhook. No framework is imported:
each is known by the attributes of its requests."""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import Any, Protocol

from prism_core.errors import InvalidRequest
from prism_core.schema.events import HandleEventRequest

Given = list[Any]
Fields = dict[str, Any]


class BodyRequest(Protocol):
    """A request of Django, Pyramid or Sanic."""

    @property
    def body(self) -> bytes:
        """The raw body."""
        ...

    @property
    def headers(self) -> object:
        """The headers."""
        ...


class GetDataRequest(Protocol):
    """A request of Flask or Werkzeug."""

    def get_data(self) -> bytes:
        """The raw body."""
        ...

    @property
    def headers(self) -> object:
        """The headers."""
        ...


class AsyncBodyRequest(Protocol):
    """A request of Starlette, FastAPI or Litestar."""

    def body(self) -> Coroutine[Any, Any, bytes]:
        """The raw body."""
        ...

    @property
    def headers(self) -> object:
        """The headers."""
        ...


class AsyncReadRequest(Protocol):
    """A request of aiohttp."""

    def read(self) -> Coroutine[Any, Any, bytes]:
        """The raw body."""
        ...

    @property
    def headers(self) -> object:
        """The headers."""
        ...


Environ = dict[str, Any]
"""What WSGI calls an application with."""
SyncRequest = BodyRequest | GetDataRequest | Environ
"""A request whose body is there, or can be read by waiting for it."""
AnyRequest = SyncRequest | AsyncBodyRequest | AsyncReadRequest
"""A request of any of these; the body of some must be awaited."""


def take(given: Given, fields: Fields) -> None:
    """Replaces a framework's request in a call's arguments by the webhook's fields. Raises
    `InvalidRequest` for one whose body must be awaited."""
    _replace(given, fields)
    body = fields.get("body")
    if isinstance(body, Awaitable):
        if isinstance(body, Coroutine):
            body.close()  # Python warns of one that nobody awaits
        raise InvalidRequest(
            "the body of this request must be awaited: use AsyncPrism, or give "
            "body=await request.body() and headers=request.headers",
            field="body",
        )


async def take_async(given: Given, fields: Fields) -> None:
    """The same, and awaits the body."""
    _replace(given, fields)
    body = fields.get("body")
    if isinstance(body, Awaitable):
        fields["body"] = await body


def _replace(given: Given, fields: Fields) -> None:
    request: Any = given[0] if len(given) == 1 else None
    if isinstance(request, HandleEventRequest) or fields.keys() & {"body", "headers"}:
        return
    if isinstance(request, dict) and "wsgi.input" in request:
        fields.update(_of_wsgi(request))
    elif hasattr(request, "headers") and (found := _body_of(request)) is not None:
        fields.update(body=found, headers=request.headers)
    else:
        return  # `Method` says what can be given
    given.clear()


def _of_wsgi(environ: Environ) -> Fields:
    length = environ.get("CONTENT_LENGTH") or 0
    is_get = environ.get("REQUEST_METHOD") == "GET"
    query = str(environ.get("QUERY_STRING", "")).encode("latin-1")
    sent = {name: text for name, text in environ.items() if name in _UNPREFIXED}
    sent |= {n.removeprefix("HTTP_"): text for n, text in environ.items() if n.startswith("HTTP_")}
    return {
        "body": query if is_get else environ["wsgi.input"].read(int(length)),
        "headers": {name.replace("_", "-"): text for name, text in sent.items()},
    }


_UNPREFIXED = ("CONTENT_TYPE", "CONTENT_LENGTH")
"""The headers that WSGI names without HTTP_."""


def _body_of(request: Any) -> Any:
    """The body, or what must be awaited for it; None if it has none. Of a GET, it is the query."""
    if getattr(request, "method", None) == "GET":
        return _query_of(request)
    # Werkzeug; Django, Starlette; aiohttp. Django has `read`, too, which can be used only once.
    for name in ("get_data", "body", "read"):
        found = getattr(request, name, None)
        if found is not None:
            return found() if callable(found) else found
    return None


def _query_of(request: Any) -> Any:
    query = getattr(request, "query_string", None)  # Werkzeug, aiohttp
    if query is None and hasattr(request, "META"):  # Django
        query = request.META["QUERY_STRING"]
    if query is None and hasattr(request, "scope"):  # Starlette
        query = request.scope["query_string"]
    return query.encode() if isinstance(query, str) else query
