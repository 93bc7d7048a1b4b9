"""What localstripe takes of paying without card numbers, and what it does not.

It takes stored bank accounts (but charges them at once, or fails them later), PaymentIntents and
SetupIntents for a page if they name their types, and lookups of permissions. It has no Checkout
Sessions, customer sessions, confirmation tokens, `payment_method_data`, `mandate_data`,
`return_url` or `automatic_payment_methods`, and does not expand a mandate.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from prism_core import (
    ConnectorError,
    CustomerCreated,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    SdkToken,
    Token,
)

from .samples import KEY, customer_request

TEN = Money(1000, "EUR")
CHARGEABLE, BOUNCING = "DE89370400440532013000", "DE62370400440532013001"


@pytest.fixture
def shop(localstripe: str) -> Iterator[Prism]:
    """A client with the public key for a page."""
    with Prism("stripe", api_key=KEY, base_url=localstripe, publishable_key="pk_test_1") as opened:
        yield opened


@pytest.fixture
def customer(live: Prism) -> CustomerCreated:
    """A customer at localstripe."""
    return live.customers.create(customer_request())


def account(official: stripe.StripeClient, iban: str) -> str:
    """A bank account as Stripe.js makes a PaymentMethod of it."""
    data: Any = {"type": "sepa_debit", "sepa_debit": {"iban": iban}}
    return official.v1.payment_methods.create(data).id


def test_a_debit_from_a_page_bounces_later(live: Prism, official: stripe.StripeClient) -> None:
    """Accepted first, and failed by the time of the lookup."""
    made = live.payments.authorize(
        merchant_transaction_id="order_1",
        amount=TEN,
        payment_method=SdkToken(account(official, BOUNCING), payment_method_type="SEPA"),
    )
    assert made.status is PaymentStatus.PENDING
    until = time.monotonic() + 10
    found = made
    while found.status is PaymentStatus.PENDING and time.monotonic() < until:
        time.sleep(0.1)
        found = live.payments.get(connector_transaction_id=made.connector_transaction_id)
    assert found.status.is_failed
    assert found.error is not None


def test_a_stored_bank_account_is_charged_again(
    live: Prism, official: stripe.StripeClient, customer: CustomerCreated
) -> None:
    """As the kind that it is, until it is given back."""
    known, whose = account(official, CHARGEABLE), customer.connector_customer_id
    official.v1.payment_methods.attach(known, {"customer": whose})
    found = live.recurring.get(connector_mandate_id=known)
    assert (found.status, found.connector_customer_id) == (MandateStatus.ACTIVE, whose)
    assert found.payment_method is not None
    assert (found.payment_method.payment_method_type, found.payment_method.last_four) == (
        "SEPA",
        "3000",
    )
    paid = live.recurring.charge(
        merchant_transaction_id="order_2",
        amount=TEN,
        connector_mandate_id=known,
        connector_customer_id=whose,
    )
    assert paid.discrepancies == ()
    assert not paid.status.is_failed
    live.recurring.revoke(connector_mandate_id=known)
    assert live.recurring.get(connector_mandate_id=known).status is MandateStatus.REVOKED


def test_an_order_is_opened_for_a_page_and_found_again(
    shop: Prism, official: stripe.StripeClient
) -> None:
    """Nothing is confirmed: Stripe waits for the page, which gets what Stripe.js needs."""
    made = shop.payments.create_order(
        merchant_transaction_id="order_3",
        amount=TEN,
        hosted=False,
        payment_method_types=["CARD", "SEPA"],
        metadata={"basket": "7"},
    )
    assert made.status is PaymentStatus.PAYMENT_METHOD_AWAITED
    stored = official.v1.payment_intents.retrieve(made.connector_order_id or "")
    assert (stored.amount, stored.currency, stored.status) == (
        1000,
        "eur",
        "requires_payment_method",
    )
    assert stored.metadata.to_dict()["basket"] == "7"
    assert made.redirection_data is not None
    assert made.redirection_data.sdk == {
        "client_secret": stored.client_secret,
        "publishable_key": "pk_test_1",
    }
    found = shop.payments.get(connector_order_id=made.connector_order_id)
    assert (found.status, found.redirection_data) == (made.status, made.redirection_data)


def test_a_permission_is_asked_for_on_a_page(
    shop: Prism, official: stripe.StripeClient, customer: CustomerCreated
) -> None:
    made = shop.recurring.setup(
        merchant_mandate_id="m_1",
        hosted=False,
        payment_method_types=["CARD"],
        connector_customer_id=customer.connector_customer_id,
    )
    assert made.status is MandateStatus.MANDATE_PENDING
    stored = official.v1.setup_intents.retrieve(made.connector_order_id or "")
    assert (stored.usage, stored.status) == ("off_session", "requires_payment_method")
    assert stored.customer == customer.connector_customer_id


def test_localstripe_takes_no_payment_without_a_type(live: Prism) -> None:
    """Once it does, the tests can pay with Tokens again."""
    with pytest.raises(ConnectorError) as caught:
        live.payments.authorize(
            merchant_transaction_id="order_4", amount=TEN, payment_method=Token("pm_card_visa")
        )
    assert "Unexpected automatic_payment_methods" in str(caught.value)
