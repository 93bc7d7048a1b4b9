"""`events.handle` takes a web framework's request as the handler got it: real requests, over HTTP
where the framework has a client for its own tests."""

from __future__ import annotations

import asyncio
import inspect
import time
import warnings
from collections.abc import Awaitable, Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient as AiohttpClient
from aiohttp.test_utils import TestServer as AiohttpServer
from django.conf import settings as django_settings
from django.test import RequestFactory
from django.utils.functional import empty
from starlette.applications import Starlette
from starlette.requests import Request as StarletteRequest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient as StarletteClient
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as WerkzeugRequest

from prism_core import (
    AsyncPrism,
    EventClient,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    Prism,
)
from prism_core.clients.incoming import take

BODY = '{"id": "evt_1", "type": "paid", "payment": {"id": "pay_ü", "state": "paid"}}'.encode()
NAME = "Acme-Signature"
KEYS: dict[str, Any] = {"api_key": "key", "webhook_secret": "whsec_1"}


@pytest.fixture(autouse=True)
def django_configured() -> Iterator[None]:
    """For this file alone: settings can be configured once."""
    django_settings.configure()
    yield
    django_settings._wrapped = empty


@pytest.fixture
def prism(acme: str) -> Iterator[Prism]:
    with Prism(acme, **KEYS) as opened:
        yield opened


@pytest.fixture
def signed(prism: Prism) -> dict[str, str]:
    """The headers that Acme would send with the body."""
    engine = prism._engine
    request = HandleEventRequest(body=BODY, headers={}, received_at=int(time.time()))
    made = engine.connector.hooks["sign_event"](request=request, account=engine.account)
    return {NAME: made["acme-signature"], "Content-Type": "application/json"}


def environ(headers: dict[str, str], method: str = "POST", query: str = "") -> dict[str, Any]:
    """What a WSGI server calls the application with."""
    builder = EnvironBuilder(method=method, data=BODY, headers=headers, query_string=query)
    return builder.get_environ()


def django(headers: dict[str, str], method: str = "POST", query: str = "") -> Any:
    """Django's request, as a view gets it."""
    kind, given = "application/json", {NAME: headers.get(NAME, "")}
    return RequestFactory().generic(method, f"/?{query}", BODY, kind, headers=given)


SYNC: dict[str, Callable[..., Any]] = {
    "Flask, Werkzeug": lambda *args: WerkzeugRequest(environ(*args)),
    "Django": django,
    "WSGI": environ,
}


@pytest.mark.parametrize("framework", SYNC)
def test_a_blocking_request_is_taken_whole(
    prism: Prism, signed: dict[str, str], framework: str
) -> None:
    """No handler reads the body or the headers itself; the body is the signed bytes."""
    event = prism.events.handle(SYNC[framework](signed), timeout=5)
    assert (event.connector_event_id, event.body) == ("evt_1", BODY)
    with pytest.raises(EventRejected):
        prism.events.handle(SYNC[framework]({**signed, NAME: "1.00"}))


@pytest.mark.parametrize("framework", SYNC)
def test_of_a_get_the_query_is_what_is_verified(framework: str) -> None:
    """As when Braintree tests an endpoint: the query stands in for the body."""
    given, fields = [SYNC[framework]({}, "GET", "bt_challenge=00ff%20")], dict[str, Any]()
    take(given, fields)
    assert (given, fields["body"]) == ([], b"bt_challenge=00ff%20")


def through_starlette(use: Callable[[Any], Awaitable[Any]], headers: Any, method: str) -> None:
    async def endpoint(request: StarletteRequest) -> PlainTextResponse:
        await use(request)
        return PlainTextResponse("ok")

    app = Starlette(routes=[Route("/", endpoint, methods=["GET", "POST"])])
    with StarletteClient(app) as client:
        body = BODY if method == "POST" else None
        assert client.request(method, "/?a=b%20c", content=body, headers=headers).text == "ok"


def through_aiohttp(use: Callable[[Any], Awaitable[Any]], headers: Any, method: str) -> None:
    async def endpoint(request: web.Request) -> web.Response:
        await use(request)
        return web.Response(text="ok")

    async def run() -> None:
        app = web.Application()
        app.router.add_route("*", "/", endpoint)
        async with AiohttpClient(AiohttpServer(app)) as client:
            body = BODY if method == "POST" else None
            answer = await client.request(method, "/?a=b", data=body, headers=headers)
            assert await answer.text() == "ok"

    asyncio.run(run())


ASYNC = {"Starlette, FastAPI": through_starlette, "aiohttp": through_aiohttp}


@pytest.mark.parametrize("framework", ASYNC)
def test_the_async_client_awaits_the_body(
    acme: str, signed: dict[str, str], framework: str
) -> None:
    """Of a request of Starlette, FastAPI and aiohttp, as the endpoint got it."""
    got: list[Any] = []

    async def use(request: Any) -> None:
        async with AsyncPrism(acme, **KEYS) as prism:
            got.append(await prism.events.handle(request))

    ASYNC[framework](use, signed, "POST")
    assert (got[0].connector_event_id, got[0].body) == ("evt_1", BODY)


@pytest.mark.parametrize("framework", ASYNC)
def test_the_query_of_an_async_get(acme: str, framework: str) -> None:
    """It is there at once."""

    async def use(request: Any) -> None:
        async with AsyncPrism(acme, **KEYS) as prism:
            with pytest.raises(EventRejected):
                await prism.events.handle(request)

    ASYNC[framework](use, {}, "GET")


@pytest.mark.parametrize("framework", ASYNC)
def test_the_blocking_client_says_that_a_body_must_be_awaited(
    prism: Prism, signed: dict[str, str], framework: str
) -> None:
    """What to do instead, and no warning of a coroutine that was never awaited."""
    said: list[str] = []

    async def use(request: Any) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with pytest.raises(InvalidRequest, match="use AsyncPrism, or give") as caught:
                prism.events.handle(request)
        said.append(str(caught.value.field))

    ASYNC[framework](use, signed, "POST")
    assert said == ["body"]


def test_an_awaitable_that_is_no_coroutine(prism: Prism) -> None:
    """Some frameworks return a future, which nobody has to close."""

    class Future:
        def __await__(self) -> Iterator[Any]:
            yield

    class Asked:
        headers: dict[str, str] = {}
        body = Future()

    with pytest.raises(InvalidRequest, match="must be awaited"):
        prism.events.handle(Asked())  # type: ignore[call-overload]


def test_the_async_client_takes_a_blocking_request(acme: str, signed: dict[str, str]) -> None:
    """An async view of Django has the same request, whose body is there."""

    async def run() -> str:
        async with AsyncPrism(acme, **KEYS) as prism:
            with pytest.raises(EventRejected):
                await prism.events.handle(body=BODY, headers={})
            return (await prism.events.handle(django(signed))).connector_event_id

    assert asyncio.run(run()) == "evt_1"


class NoBody:
    headers: dict[str, str] = {}


@pytest.mark.parametrize("given", [{"id": "evt_1"}, BODY, None, NoBody()])
def test_what_is_no_request_is_said(prism: Prism, given: Any) -> None:
    """A parsed body, say: the message names what `handle` takes."""
    with pytest.raises(InvalidRequest, match=r"events\.handle takes keyword arguments"):
        prism.events.handle(given)


def test_a_wsgi_request_without_a_body() -> None:
    """A server may leave CONTENT_LENGTH out, or empty; nothing waits for bytes that never come."""
    given: list[Any] = [{"wsgi.input": BytesIO(BODY), "CONTENT_LENGTH": "", "HTTP_X_A": "1"}]
    fields: dict[str, Any] = {}
    take(given, fields)
    assert fields == {"body": b"", "headers": {"X-A": "1", "CONTENT-LENGTH": ""}}


def test_a_body_that_never_comes_is_the_frameworks_error(acme: str) -> None:
    """A sender that went away, say: it is no error of Prism's, and nothing was verified."""

    class Gone:
        headers: dict[str, str] = {}

        async def body(self) -> bytes:
            raise ConnectionError("the client disconnected")

    async def run() -> None:
        async with AsyncPrism(acme, **KEYS) as prism:
            await prism.events.handle(Gone())

    with pytest.raises(ConnectionError, match="the client disconnected"):
        asyncio.run(run())


def test_the_class_has_the_method_too() -> None:
    """`help(EventClient.handle)` says what it takes."""
    assert "web framework's request" in str(EventClient.handle.__doc__)
    assert list(inspect.signature(EventClient.handle).parameters)[:3] == ["self", "body", "headers"]
