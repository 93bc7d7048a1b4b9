"""A transport or client of httpx that the user brings: used, left open, never in the way."""

from __future__ import annotations

import httpx
import pytest
from support import Server

from prism_core import AsyncCustomerClient, CustomerClient, TransportError

from .samples import CUSTOMER, options


def test_httpx_users_bring_their_own(acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx are used, and left open; redirects stay off."""
    server.answer(200, {"id": "cus_1"}).answer(302, None, {"location": server.url})
    with httpx.Client(headers={"x-mine": "1"}, follow_redirects=True) as mine:
        with CustomerClient(acme, **options(server), http_client=mine) as customers:
            customers.create(CUSTOMER)
            with pytest.raises(Exception, match="redirect"):
                customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"
    assert len(server.seen) == 2
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "mocked"}))
    with CustomerClient(acme, api_key="k", transport=transport) as customers:
        assert customers.create(CUSTOMER).connector_customer_id == "mocked"


@pytest.mark.anyio
async def test_httpx_users_bring_their_own_async(acme: str, server: Server) -> None:
    """`transport=` and `http_client=` of httpx's async classes are used, and left open."""
    server.answer(200, {"id": "cus_1"})
    async with httpx.AsyncClient(headers={"x-mine": "1"}) as mine:
        async with AsyncCustomerClient(acme, **options(server), http_client=mine) as customers:
            await customers.create(CUSTOMER)
        assert not mine.is_closed
    assert server.seen[0].headers["x-mine"] == "1"

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"id": "mocked"})

    transport = httpx.MockTransport(answer)
    async with AsyncCustomerClient(acme, api_key="k", transport=transport) as customers:
        assert (await customers.create(CUSTOMER)).connector_customer_id == "mocked"


def test_a_closed_http_client_sends_nothing(acme: str, server: Server) -> None:
    """A client of the user's own that is closed already is certain to have sent nothing."""
    mine = httpx.Client()
    mine.close()
    customers = CustomerClient(acme, **options(server), http_client=mine, max_retries=0)
    with pytest.raises(TransportError, match="http_client is closed") as caught:
        customers.create(CUSTOMER)
    assert caught.value.outcome == "not_sent"


def test_the_users_auth_does_not_replace_the_connectors(acme: str, server: Server) -> None:
    """An `auth=` on the user's httpx client leaves the connector's credentials alone."""
    server.answer(200, {"id": "cus_1"})
    with httpx.Client(auth=("user", "password")) as mine:
        CustomerClient(acme, **options(server), http_client=mine).create(CUSTOMER)
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"
