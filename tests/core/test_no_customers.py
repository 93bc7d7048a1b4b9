"""Processors that keep no customers: checkout links by the caller's own id, and says so."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from support import Server, acme_source

from prism_core import (
    AsyncPrism,
    AuthorizeRequest,
    Checkout,
    CreateCustomerRequest,
    CustomerDetails,
    InvalidRequest,
    Money,
    Prism,
    UnsupportedOperation,
)

from .samples import AUTHORIZING, CARD, PAYMENT

CUSTOMER = CreateCustomerRequest(
    merchant_customer_id="user_42", name="Ada Lovelace", email="ada@example.com"
)
GOOD = {"id": "pay_1", "state": "ok", "ref": "order_1", "customer": "user_42"}


@pytest.fixture
def keeping_none(plugin: Any) -> str:
    """The test connector of a processor that keeps no customers."""
    told = (
        "        if request.customer is not None:\n"
        "            order |= {'name': request.customer.name, 'mail': request.customer.email}\n"
    )
    source = acme_source(
        (AUTHORIZING, told + AUTHORIZING),
        ("    @hookimpl\n    def create_customer(", "    def _none("),
        (
            "        payment_methods=(Card,),\n",
            "        payment_methods=(Card,),\n        keeps_customers=False,\n"
            '        unsupported={"create_customer": "it knows none; use checkout"},\n',
        ),
    )
    plugin("acme", source)
    return "acme"


def opened(server: Server, kind: Any = Prism) -> Any:
    return kind("acme", api_key="key", base_url=server.url)


def by_reference(done: Checkout, server: Server) -> None:
    assert done.customer is None
    assert (done.linked_by, done.connector_customer_id) == ("merchant_customer_id", "user_42")
    assert done.payment.status.value == "AUTHORIZED"
    assert done.payment.discrepancies == ()
    (seen,) = server.seen
    told = {"customer": "user_42", "name": "Ada Lovelace", "mail": "ada@example.com"}
    assert told.items() <= seen.json.items()


def test_checkout_links_by_the_callers_own_id(keeping_none: str, server: Server) -> None:
    """Where the processor keeps no customers, checkout is one call that tells who pays, and its
    result says how the payment is linked."""
    server.answer(200, GOOD)
    with opened(server) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    by_reference(done, server)
    assert done.to_dict()["linked_by"] == "merchant_customer_id"


def test_the_async_checkout_does_the_same(keeping_none: str, server: Server) -> None:
    server.answer(200, GOOD)

    async def run() -> Checkout:
        async with opened(server, AsyncPrism) as prism:
            done: Checkout = await prism.checkout(customer=CUSTOMER, payment=PAYMENT)
            return done

    by_reference(anyio.run(run), server)


def test_checkout_with_a_reference_alone(keeping_none: str, server: Server) -> None:
    """An id is enough; then nothing is said of who that is."""
    server.answer(200, GOOD)
    with opened(server) as prism:
        prism.checkout(
            customer=CreateCustomerRequest(merchant_customer_id="user_42"), payment=PAYMENT
        )
    assert b"name=" not in server.seen[0].body


@pytest.mark.parametrize("field", ["description", "metadata", "customer"])
def test_what_cannot_be_told_is_refused(keeping_none: str, server: Server, field: str) -> None:
    """What belongs to a customer that is not kept, or is told twice, is refused by its name."""
    customer: dict[str, Any] = {"merchant_customer_id": "user_42"}
    payment: dict[str, Any] = {
        "merchant_transaction_id": "order_1",
        "amount": Money(1000, "USD"),
        "payment_method": CARD,
    }
    more: dict[str, tuple[dict[str, Any], Any]] = {
        "description": (customer, "regular"),
        "metadata": (customer, {"plan": "gold"}),
        "customer": (payment, CustomerDetails(name="Ada")),
    }
    owner, value = more[field]
    owner[field] = value
    with opened(server) as prism, pytest.raises(InvalidRequest) as caught:
        prism.checkout(
            customer=CreateCustomerRequest(**customer), payment=AuthorizeRequest(**payment)
        )
    assert caught.value.field == field
    assert server.seen == []


def test_a_lacking_operation_says_what_to_do(keeping_none: str, server: Server) -> None:
    """The connector's own sentence is in the error, and nothing is sent."""
    with opened(server) as prism, pytest.raises(UnsupportedOperation, match="use checkout"):
        prism.customers.create(CUSTOMER)
    assert server.seen == []


def test_the_command_says_how_it_linked(
    keeping_none: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`prism checkout` with a processor that keeps no customers says by what it linked."""
    from click.testing import CliRunner

    from prism_core.cli.app import prism

    server.answer(200, GOOD)
    monkeypatch.setenv("PRISM_ACME_API_KEY", "key")
    monkeypatch.setenv("PRISM_ACME_BASE_URL", server.url)
    asked = "--merchant-customer-id user_42 --merchant-transaction-id order_1 --card -"
    card = '{"number": "4242424242424242", "exp_month": 12, "exp_year": 2090, "cvc": "123"}'
    arguments = ["checkout", "-c", "acme", *asked.split(), "--amount", "10.00 USD"]
    done = CliRunner().invoke(prism, arguments, input=card)
    assert done.exit_code == 0, done.output
    assert "linked_by: merchant_customer_id" in done.output
