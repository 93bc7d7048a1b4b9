"""What a user writes, type-checked by `mypy --strict`: never run, and no line may need Any."""

from __future__ import annotations

import ssl
from email.message import Message
from typing import Any, assert_type

import httpx
import httpx2

from prism_contract_tests.replaying import PrismReplay
from prism_core import (
    AnyEvent,
    AsyncPrism,
    AuthorizeRequest,
    CaptureMethod,
    Card,
    Checkout,
    CreateCustomerRequest,
    CustomerClient,
    CustomerCreated,
    HandleEventRequest,
    Money,
    Payment,
    PaymentClient,
    PaymentStatus,
    Prism,
    Token,
)
from prism_sandbox.testing import SandboxServer

customers = CustomerClient(connector="stripe", api_key="sk_test_...", environment="SANDBOX")
customer = customers.create(
    merchant_customer_id="user_42", name="Ada", email="ada@example.com", phone="+14155552671"
)
assert_type(customer, CustomerCreated)
assert_type(customer.connector_customer_id, str)
assert_type(customers.create(merchant_customer_id="u", on_conflict="return").existed, bool)

payments = PaymentClient(connector="stripe", api_key="sk_test_...", timeout=3, max_retries=0)
payment = payments.authorize(
    merchant_transaction_id="order_1001",
    amount=Money(minor_amount=1000, currency="USD"),
    payment_method=Card(number="4242424242424242", exp_month=12, exp_year=2030, cvc="123"),
    connector_customer_id=customer.connector_customer_id,
    capture_method="MANUAL",
    idempotency_key="order_1001",
    timeout=5,
    max_retries=1,
)
assert_type(payment, Payment)
assert_type(payment.status, PaymentStatus)
assert_type(payments.get(connector_transaction_id="pi_1"), Payment)

ready = AuthorizeRequest(
    merchant_transaction_id="order_1",
    amount=Money(1, "JPY"),
    payment_method=Token("pm_1"),
    capture_method=CaptureMethod.AUTOMATIC,
)
assert_type(payments.authorize(ready), Payment)

with Prism(connector="stripe", api_key="sk", transport=httpx.HTTPTransport()) as prism:
    done = prism.checkout(
        customer=CreateCustomerRequest(merchant_customer_id="user_42"), payment=ready
    )
    assert_type(done, Checkout)
    assert_type(done.connector_customer_id, str)
    assert_type(done.customer, CustomerCreated | None)
    assert_type(prism.payments.authorize(ready), Payment)
    event = prism.events.handle(body=b"{}", headers={"stripe-signature": "t=1,v1=00"})
    assert_type(event, AnyEvent)
    assert_type(event.connector_event_id, str)
    assert_type(event.body, bytes | None)
    prism.events.handle(body=bytearray(b"{}"), headers=httpx.Headers())
    prism.events.handle(body=memoryview(b"{}"), headers=Message())
    prism.events.handle(body=b"{}", headers=[("a", "b")])
    prism.events.handle(body=b"{}", headers=[(b"a", b"b")])
    prism.events.handle(HandleEventRequest(body=b"{}", headers={b"a": b"b"}.items()))
    prism.events.handle(body="{}", headers={})  # type: ignore[call-overload]

assert_type(Prism.from_env("stripe"), Prism)

# What is stored, and comes back.
assert_type(Payment.from_dict(payment.to_dict()), Payment)
assert_type(ready.to_dict(secrets=True)["amount"], Any)
assert_type(Money(1, "USD") + Money(1, "USD") - Money(1, "USD"), Money)
assert_type(2 * Money(1, "USD") * 2, Money)
assert_type(sum([Money(1, "USD")], Money(0, "USD")), Money)
assert_type(max(Money(1, "USD"), Money(2, "USD")), Money)
assert_type(Money(1, "USD").format("de-DE"), str)
assert_type(prism.request("GET", "/v1/payouts/{}", "po_1", query={"limit": "3"}), Any)
prism.request("POST", "/v1/payouts", json={"amount": 1}, idempotency_key="key", timeout=3)

# What a caller brings of httpx or httpx2, and what says how requests leave.
Prism("stripe", api_key="sk", http_client=httpx.Client())
Prism("stripe", api_key="sk", http_client=httpx2.Client())
Prism("stripe", api_key="sk", transport=httpx2.HTTPTransport(retries=1))
Prism("stripe", api_key="sk", transport=httpx2.MockTransport(lambda _: httpx2.Response(200)))
AsyncPrism("stripe", api_key="sk", http_client=httpx2.AsyncClient())
AsyncPrism("stripe", api_key="sk", transport=httpx.AsyncHTTPTransport())
Prism("stripe", api_key="sk", proxy="http://proxy:8080", verify="ca.pem")
AsyncPrism("stripe", api_key="sk", verify=ssl.create_default_context())

# Each of these is a mistake, and mypy says so: an unused `ignore` is an error, too.
customers.create(merchant_customer_id=42)  # type: ignore[call-overload]
customers.create(emial="ada@example.com")  # type: ignore[call-overload]
customers.create(ready)  # type: ignore[call-overload]
payments.authorize(merchant_transaction_id="x")  # type: ignore[call-overload]
Money(10.0, "USD")  # type: ignore[arg-type]
Money(10, "USD") * 1.5  # type: ignore[operator]
Money(10, "USD") + 1  # type: ignore[operator]
prism.request("FETCH", "/v1/payouts")  # type: ignore[arg-type]
Prism("stripe", api_key="sk", verify=False)  # type: ignore[arg-type]
Prism("stripe", api_key="sk", http_client=httpx2.AsyncClient())  # type: ignore[arg-type]
AsyncPrism("stripe", api_key="sk", http_client=httpx.Client())  # type: ignore[arg-type]
AsyncPrism("stripe", api_key="sk", transport=httpx2.HTTPTransport())  # type: ignore[arg-type]
AuthorizeRequest(
    merchant_transaction_id="x",
    amount=Money(1, "USD"),
    payment_method=Token("pm_1"),
    capture_method="LATER",  # type: ignore[arg-type]
)


def test_of_an_application(prism_sandbox: SandboxServer, prism_replay: PrismReplay) -> None:
    """The pytest fixtures have types, too."""
    assert_type(prism_sandbox.prism, Prism)
    assert_type(prism_sandbox.wait_for("payment.captured").headers, dict[str, str])
    assert_type([one.body for one in prism_sandbox.webhooks], list[bytes])
    assert_type(prism_replay("stripe", "authorize/decline").prism, Prism)
    prism_replay(exchange="authorize/decline")  # type: ignore[call-arg]


async def asynchronous() -> None:
    """The async twins have the same signatures."""
    async with AsyncPrism("stripe", api_key="sk", http_client=httpx.AsyncClient()) as client:
        assert_type(await client.customers.create(merchant_customer_id="u"), CustomerCreated)
        assert_type(await client.payments.authorize(ready), Payment)
        checkout = await client.checkout(
            customer=CreateCustomerRequest(merchant_customer_id="u"), payment=ready
        )
        assert_type(checkout.payment, Payment)
        await client.customers.create(emial="x")  # type: ignore[call-overload]
