"""A transport or client of httpx or httpx2 that the user brings: used, left open, never in the
way."""

from __future__ import annotations

import importlib
import os
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest
from support import Server

from prism_core import AsyncCustomerClient, ConfigurationError, CustomerClient, TransportError
from prism_core.connector.http import HttpRequest
from prism_core.transport.library import Trace
from prism_core.transport.routes import route
from prism_core.transport.transports import SyncTransport

from .samples import CUSTOMER, options

LIBRARIES = [name for name in ("httpx", "httpx2") if find_spec(name)]


@pytest.fixture(params=LIBRARIES)
def lib(request: pytest.FixtureRequest) -> ModuleType:
    """Each of the libraries."""
    return importlib.import_module(request.param)


def test_httpx_users_bring_their_own(lib: Any, acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx are used, and left open; redirects stay off."""
    server.answer(200, {"id": "cus_1"}).answer(302, None, {"location": server.url})
    with lib.Client(headers={"x-mine": "1"}, follow_redirects=True) as mine:
        with CustomerClient(acme, **options(server), http_client=mine) as customers:
            customers.create(CUSTOMER)
            with pytest.raises(Exception, match="redirect"):
                customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"
    assert len(server.seen) == 2
    transport = lib.MockTransport(lambda _: lib.Response(200, json={"id": "mocked"}))
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        assert customers.create(CUSTOMER).connector_customer_id == "mocked"


@pytest.mark.anyio
async def test_httpx_users_bring_their_own_async(lib: Any, acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx's async classes are used, and left open."""
    server.answer(200, {"id": "cus_1"})
    async with lib.AsyncClient(headers={"x-mine": "1"}) as mine:
        async with AsyncCustomerClient(acme, **options(server), http_client=mine) as customers:
            await customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"

    def answer(_: object) -> Any:
        return lib.Response(200, json={"id": "mocked"})

    transport = lib.MockTransport(answer)
    async with AsyncCustomerClient(acme, api_key="k", transport=transport) as customers:
        assert (await customers.create(CUSTOMER)).connector_customer_id == "mocked"


@pytest.mark.anyio
async def test_an_application_may_stand_in_for_the_processor(lib: Any, acme: str) -> None:
    """An ASGI application of the user's own answers through `transport=`, as in tests of theirs."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        head = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send({"type": "http.response.body", "body": b'{"id": "cus_asgi"}'})

    transport = lib.ASGITransport(application)
    async with AsyncCustomerClient(acme, api_key="k", transport=transport) as customers:
        assert (await customers.create(CUSTOMER)).connector_customer_id == "cus_asgi"


def test_a_wsgi_application_may_stand_in_for_the_processor(lib: Any, acme: str) -> None:
    def application(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("content-type", "application/json")])
        return [b'{"id": "cus_wsgi"}']

    transport = lib.WSGITransport(application)
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        assert customers.create(CUSTOMER).connector_customer_id == "cus_wsgi"


def test_a_closed_http_client_sends_nothing(lib: Any, acme: str, server: Server) -> None:
    mine = lib.Client()
    mine.close()
    customers = CustomerClient(acme, **options(server), http_client=mine, max_retries=0)
    with pytest.raises(TransportError, match="http_client is closed") as caught:
        customers.create(CUSTOMER)
    assert caught.value.outcome == "not_sent"


@pytest.mark.anyio
async def test_a_closed_async_client_sends_nothing(lib: Any, acme: str, server: Server) -> None:
    mine = lib.AsyncClient()
    await mine.aclose()
    customers = AsyncCustomerClient(acme, **options(server), http_client=mine, max_retries=0)
    with pytest.raises(TransportError, match="http_client is closed") as caught:
        await customers.create(CUSTOMER)
    assert caught.value.outcome == "not_sent"


def test_the_users_auth_does_not_replace_the_connectors(
    lib: Any, acme: str, server: Server
) -> None:
    """An `auth=` on the user's httpx client leaves the connector's credentials alone."""
    server.answer(200, {"id": "cus_1"})
    with lib.Client(auth=("user", "password")) as mine:
        CustomerClient(acme, **options(server), http_client=mine).create(CUSTOMER)
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"


def test_what_is_of_neither_library_is_refused(lib: Any, acme: str) -> None:
    """Another library's client, an async one in a blocking client, or a transport where a client
    belongs: an error that says what is taken, before anything is sent."""
    for given, said in (
        ({"http_client": object()}, "http_client takes an object of httpx.Client or httpx2.Client"),
        ({"http_client": lib.AsyncClient()}, "httpx.Client"),
        ({"http_client": lib.HTTPTransport()}, "httpx.Client"),
        ({"transport": lib.AsyncHTTPTransport()}, "httpx.BaseTransport"),
        ({"transport": lib.Client()}, "transport takes an object of httpx.BaseTransport"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            CustomerClient(acme, api_key="k", **given)
    with pytest.raises(ConfigurationError, match=r"httpx2\.AsyncBaseTransport"):
        AsyncCustomerClient(acme, api_key="k", transport=lib.HTTPTransport())


def test_a_transport_that_cannot_be_a_key_belongs_to_its_process_too(
    lib: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a transport that compares by value, the client itself knows the first process."""

    class ByValue(lib.BaseTransport):  # type: ignore[misc]
        __hash__ = None

        def handle_request(self, request: object) -> Any:
            return lib.Response(200)

    sender = SyncTransport(route(True, ByValue(), None, None, True))
    asked = HttpRequest("GET", "https://processor.example", {})
    assert [sender.send(asked, 5).status_code for _ in range(2)] == [200, 200]
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert sender.send(asked, 5).outcome == "not_sent"


def test_an_event_of_an_unknown_name_may_be_a_write() -> None:
    """What httpcore may call its events one day proves nothing; the end of one proves nothing
    either, and asking a proxy to connect is no part of the request."""

    class Connect:
        method = b"CONNECT"

    for event, info, began, left in (
        ("connection.connect_tcp.started", {}, True, False),
        ("connection.connect_tcp.complete", {"return_value": None}, False, False),
        ("http11.send_request_headers.started", {"request": Connect}, True, False),
        ("http11.send_request_headers.started", {}, True, True),
        ("http2.send_connection_init.started", {}, True, False),
        ("http3.something_else.started", {}, True, True),
        (".started", {}, True, True),
    ):
        trace = Trace("https://processor.example")
        trace.saw(event, info)
        assert (trace.began, trace.left) == (began, left), event
