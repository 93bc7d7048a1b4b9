"""Whole calls over HTTP on this machine: a checkout, the byte-order mark, what is repeated."""

from __future__ import annotations

import pytest

from prism_core import Card, MalformedResponse, Money, PaymentStatus, Prism, Unavailable

from .authorizedotnet_samples import (
    OK,
    customer_request,
    details,
    payment_request,
    transaction,
)
from .authorizedotnet_server import Gateway


def test_the_documented_checkout_works_as_it_is_written(gateway: Gateway, prism: Prism) -> None:
    """A customer is made and a payment linked to it; what has no place is told, not refused."""
    gateway.answer({"customerProfileId": "900000042", "refId": "user_42", "messages": OK})
    gateway.answer(transaction("1", profile={"customerProfileId": "900000042"}))
    customer = prism.customers.create(
        merchant_customer_id="user_42",
        name="Ada Lovelace",
        email="ada@example.com",
        phone="+12025550123",
    )
    payment = prism.payments.authorize(
        merchant_transaction_id="order_1001",
        amount=Money(minor_amount=1000, currency="USD"),
        payment_method=Card(number="4242424242424242", exp_month=12, exp_year=2090, cvc="123"),
        connector_customer_id=customer.connector_customer_id,
        capture_method="MANUAL",
        return_url="https://shop.example/return",
    )
    assert (customer.connector_customer_id, customer.merchant_customer_id) == (
        "900000042",
        "user_42",
    )
    assert set(customer.not_sent) == {"name", "phone"}
    assert payment.status is PaymentStatus.AUTHORIZED
    assert payment.not_sent == ("return_url",)
    assert payment.discrepancies == ()
    asked = gateway.bodies[1]["createTransactionRequest"]["transactionRequest"]
    assert asked["profile"]["customerProfileId"] == "900000042"


def test_answers_begin_with_a_byte_order_mark(gateway: Gateway, prism: Prism) -> None:
    """The mark is no part of the JSON: such an answer is read like any other."""
    gateway.answer(transaction("1"))
    payment = prism.payments.authorize(payment_request())
    assert payment.response.body.startswith(b"\xef\xbb\xbf{")
    assert payment.status is PaymentStatus.CHARGED


def test_a_payment_is_never_repeated_and_a_lookup_is(gateway: Gateway, prism: Prism) -> None:
    """Without idempotency keys a payment that may have been made is not made again."""
    gateway.answer({}, status=500)
    with pytest.raises(Unavailable) as raised:
        prism.payments.authorize(payment_request(max_retries=2))
    assert raised.value.outcome == "unknown"
    assert len(gateway.bodies) == 1
    gateway.answer(details())
    found = prism.payments.get(connector_transaction_id="40000001001", max_retries=2)
    assert found.status is PaymentStatus.AUTHORIZED
    assert len(gateway.bodies) == 2


def test_a_customer_that_may_exist_is_not_made_twice(gateway: Gateway, prism: Prism) -> None:
    gateway.answer({}, status=503)
    with pytest.raises(Unavailable):
        prism.customers.create(customer_request(max_retries=2))
    assert len(gateway.bodies) == 1


@pytest.mark.parametrize("body", [b"", b"<html></html>", b"null", b"{}", b'{"messages":{}}'])
def test_garbage_is_no_verdict(gateway: Gateway, prism: Prism, body: bytes) -> None:
    """What cannot be read says neither paid nor failed."""
    gateway.answer(body)
    with pytest.raises(MalformedResponse) as raised:
        prism.payments.authorize(payment_request())
    assert raised.value.outcome == "unknown"
