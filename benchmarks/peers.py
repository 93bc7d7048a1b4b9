"""Who is measured: each peer makes the same call, to create a customer, and decodes the answer.

Their pools may open and keep as many connections as there are calls in flight; httpx.AsyncClient is
also measured with the limits it comes with, which are 100 connections, 20 of them kept.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from typing import Any

import httpx
from server import PERSON

Call = Callable[[], object]
AsyncCall = Callable[[], Awaitable[object]]
SyncPeer = Callable[[str], AbstractContextManager[Call]]

KEY = "sk_test_1"
PATH = "/v1/customers"
FORM = {**PERSON, "metadata[merchant_customer_id]": "user_42"}
HEADERS = {"authorization": f"Bearer {KEY}"}
UNLIMITED = httpx.Limits(max_connections=None, max_keepalive_connections=None)


def authorizing(payments: Any) -> Call:
    """`payments.authorize` of a card, as an application calls it."""
    from prism_core import Card, Money

    return lambda: payments.authorize(
        merchant_transaction_id="order_1001",
        amount=Money(minor_amount=1000, currency="USD"),
        payment_method=Card(number="4242424242424242", exp_month=12, exp_year=2090, cvc="123"),
        connector_customer_id="cus_1",
        capture_method="MANUAL",
    )


@contextmanager
def prism(url: str) -> Iterator[Call]:
    from prism_core import CustomerClient

    with CustomerClient(connector="stripe", api_key=KEY, base_url=url) as client:
        yield lambda: client.create(merchant_customer_id="user_42", **PERSON)


@contextmanager
def prism_authorize(url: str) -> Iterator[Call]:
    from prism_core import PaymentClient

    with PaymentClient(connector="stripe", api_key=KEY, base_url=url) as client:
        yield authorizing(client)


@contextmanager
def httpx_client(url: str) -> Iterator[Call]:
    with httpx.Client(headers=HEADERS, limits=UNLIMITED) as client:
        yield lambda: client.post(url + PATH, data=FORM).json()


@contextmanager
def httpx_transport(url: str) -> Iterator[Call]:
    transport = httpx.HTTPTransport(limits=UNLIMITED)

    def call() -> object:
        request = httpx.Request("POST", url + PATH, headers=HEADERS, data=FORM)
        return json.loads(transport.handle_request(request).read())

    with transport:
        yield call


@contextmanager
def stripe_sdk(url: str) -> Iterator[Call]:
    import stripe

    client = stripe.StripeClient(KEY, base_addresses={"api": url})
    params: Any = {**PERSON, "metadata": {"merchant_customer_id": "user_42"}}
    yield lambda: client.v1.customers.create(params=params)


@contextmanager
def raw_socket(url: str) -> Iterator[Call]:
    """The floor: bytes made beforehand, written and read."""
    request = httpx.Request("POST", url + PATH, headers=HEADERS, data=FORM)
    fields = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
    data = f"POST {PATH} HTTP/1.1\r\n{fields}\r\n".encode() + request.read()
    with socket.create_connection((request.url.host, request.url.port or 80)) as connection:

        def call() -> object:
            connection.sendall(data)
            return json.loads(connection.recv(65536).partition(b"\r\n\r\n")[2])

        yield call


@asynccontextmanager
async def prism_async(url: str) -> Any:
    from prism_core import AsyncCustomerClient

    async with AsyncCustomerClient(connector="stripe", api_key=KEY, base_url=url) as client:
        yield lambda: client.create(merchant_customer_id="user_42", **PERSON)


def _posting(client: httpx.AsyncClient, url: str) -> AsyncCall:
    async def call() -> object:
        return (await client.post(url + PATH, data=FORM)).json()

    return call


@asynccontextmanager
async def httpx_async(url: str) -> Any:
    async with httpx.AsyncClient(headers=HEADERS, limits=UNLIMITED, timeout=60) as client:
        yield _posting(client, url)


@asynccontextmanager
async def httpx_async_limited(url: str) -> Any:
    async with httpx.AsyncClient(headers=HEADERS, timeout=60) as client:
        yield _posting(client, url)


@asynccontextmanager
async def httpx_aiohttp(url: str) -> Any:
    from httpx_aiohttp import HttpxAiohttpClient

    limits = httpx.Limits(max_connections=1000)  # it takes None for aiohttp's own limit, of 100
    async with HttpxAiohttpClient(headers=HEADERS, limits=limits, timeout=60) as client:
        yield _posting(client, url)


PRISM, PRISM_ASYNC = "Prism", "AsyncPrism"
HTTPX, HTTPX_ASYNC, STRIPE = "httpx.Client", "httpx.AsyncClient", "Stripe SDK"
SYNC: dict[str, SyncPeer] = {
    "raw socket": raw_socket,
    PRISM: prism,
    "Prism payments.authorize": prism_authorize,
    "httpx.HTTPTransport": httpx_transport,
    HTTPX: httpx_client,
    STRIPE: stripe_sdk,
}
THREADED = {name: SYNC[name] for name in (PRISM, HTTPX)}
ASYNC: dict[str, Callable[[str], AbstractAsyncContextManager[AsyncCall]]] = {
    PRISM_ASYNC: prism_async,
    "httpx-aiohttp": httpx_aiohttp,
    HTTPX_ASYNC: httpx_async,
    f"{HTTPX_ASYNC}, its own limits": httpx_async_limited,
}
