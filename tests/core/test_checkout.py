"""Checkout: a customer, and a payment that is linked to it."""

from __future__ import annotations

from typing import Any

import pytest
from support import Server

from prism_core import AuthorizeRequest, InvalidRequest, Money, PaymentStatus, Prism, Unavailable

from .samples import CUSTOMER, GOOD, PAYMENT, options


def test_checkout_links_the_payment_to_the_customer(acme: str, server: Server) -> None:
    """One call creates the customer and authorizes with the returned id."""
    server.answer(200, {"id": "cus_1"}).answer(200, GOOD)
    with Prism(acme, **options(server)) as prism:
        done = prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert done.connector_customer_id == done.payment.connector_customer_id == "cus_1"
    assert done.payment.status is PaymentStatus.AUTHORIZED
    assert PAYMENT.connector_customer_id is None


def test_checkout_without_a_customer_authorizes_nothing(acme: str, server: Server) -> None:
    """If the customer cannot be created, no payment is attempted."""
    server.answer(500)
    with Prism(acme, **options(server), max_retries=0) as prism, pytest.raises(Unavailable):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert [seen.path for seen in server.seen] == ["/customers"]


def test_checkout_that_fails_midway_keeps_the_customer(acme: str, server: Server) -> None:
    """If authorizing raises, the error carries the customer that was created."""
    server.answer(200, {"id": "cus_1"}).answer(500)
    with (
        Prism(acme, **options(server), max_retries=0) as prism,
        pytest.raises(Unavailable) as caught,
    ):
        prism.checkout(customer=CUSTOMER, payment=PAYMENT)
    assert caught.value.completed.connector_customer_id == "cus_1"


@pytest.mark.parametrize(
    ("customer", "payment", "words"),
    [
        ("user_42", PAYMENT, "needs customer=CreateCustomerRequest"),
        (CUSTOMER, "order_1", "needs payment=AuthorizeRequest"),
        (
            CUSTOMER,
            AuthorizeRequest(
                merchant_transaction_id="order_1",
                amount=Money(1, "USD"),
                payment_method=PAYMENT.payment_method,
                connector_customer_id="cus_2",
            ),
            "leave connector_customer_id out",
        ),
    ],
)
def test_a_checkout_that_makes_no_sense_is_refused(
    acme: str, server: Server, customer: Any, payment: Any, words: str
) -> None:
    """Wrong arguments of a checkout are refused before the customer is created."""
    with Prism(acme, **options(server)) as prism, pytest.raises(InvalidRequest, match=words):
        prism.checkout(customer=customer, payment=payment)
    assert server.seen == []
