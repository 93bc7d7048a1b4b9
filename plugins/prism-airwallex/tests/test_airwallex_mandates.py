"""Permissions to charge later: Airwallex's consents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prism_core import Card, Money, Prism, SdkToken

from .conftest import Airwallex

Made = Callable[..., dict[str, Any]]
CARD = Card(number="4111111111111111", exp_month=3, exp_year=2090, cvc="123")
TEN = Money(1000, "EUR")


def test_a_consent_of_the_page_is_paid_with(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    airwallex.says({"client_secret": "secret_example"})
    airwallex.says(intent(customer_id="cus_1", status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    airwallex.says(intent(customer_id="cus_1", payment_consent_id="cst_1"))
    page = prism.payment_methods.create_client_token(connector_customer_id="cus_1").sdk
    paid = prism.payments.authorize(
        merchant_transaction_id="order_1001",
        amount=TEN,
        payment_method=SdkToken(token="cst_1"),
        connector_customer_id="cus_1",
    )
    assert page == {"customer_id": "cus_1", "client_secret": "secret_example"}
    assert '"payment_consent_id":"cst_1"' in airwallex.text()
    assert (paid.status, paid.connector_mandate_id) == ("CHARGED", "cst_1")


def test_a_mandate_is_made_charged_and_revoked(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    of_ada = {"customer_id": "cus_1", "payment_consent_id": "cst_1"}
    for own in ("mandate_1", "order_1002"):
        airwallex.says(intent(merchant_order_id=own, customer_id="cus_1", captured_amount=0))
        airwallex.says(intent(merchant_order_id=own, **of_ada))
    airwallex.says({"id": "cst_1", "status": "DISABLED", "customer_id": "cus_1"})
    made = prism.recurring.setup(
        merchant_mandate_id="mandate_1",
        payment_method=CARD,
        amount=TEN,
        connector_customer_id="cus_1",
    )
    charged = prism.recurring.charge(
        merchant_transaction_id="order_1002",
        amount=TEN,
        connector_mandate_id="cst_1",
        connector_customer_id="cus_1",
    )
    revoked = prism.recurring.revoke(connector_mandate_id="cst_1")
    assert (made.status, made.connector_mandate_id) == ("ACTIVE", "cst_1")
    assert (charged.status, revoked.status) == ("CHARGED", "REVOKED")


def test_a_first_payment_without_a_consent_makes_no_active_mandate(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    about = {"merchant_order_id": "mandate_1", "customer_id": "cus_1"}
    airwallex.says(intent(**about, captured_amount=0))
    airwallex.says(intent(**about))
    made = prism.recurring.setup(
        merchant_mandate_id="mandate_1",
        payment_method=CARD,
        amount=TEN,
        connector_customer_id="cus_1",
    )
    assert (made.status, made.connector_transaction_id) == ("MANDATE_PENDING", "int_1")


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("VERIFIED", "ACTIVE"),
        ("REQUIRES_CUSTOMER_ACTION", "MANDATE_PENDING"),
        ("PAUSED", "MANDATE_INACTIVE"),
        ("DISABLED", "REVOKED"),
        ("FROBNICATED", "MANDATE_PENDING"),
    ],
)
def test_mandates(prism: Prism, airwallex: Airwallex, status: str, meaning: str) -> None:
    airwallex.says({"id": "cst_1", "status": status})
    assert prism.recurring.get(connector_mandate_id="cst_1").status == meaning
