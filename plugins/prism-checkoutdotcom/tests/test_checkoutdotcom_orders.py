"""Several tries to pay the same: which counts, and whether another can follow."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import InvalidRequest, MalformedResponse, Prism

from .conftest import PAYMENT


@pytest.mark.parametrize(
    ("newest", "older", "wanted"),
    [
        ("Canceled", "Captured", "pay_old"),
        ("Expired", "Authorized", "pay_old"),
        ("Pending", "Captured", "pay_old"),
        ("Voided", "Some New Word", "pay_old"),
        ("Captured", "Refunded", "pay_new"),
        ("Canceled", "Declined", "pay_new"),
    ],
)
def test_a_newer_try_does_not_hide_one_with_money(
    prism: Prism, checkout: Any, payment: Any, newest: str, older: str, wanted: str
) -> None:
    tries = {"pay_new": newest, "pay_old": older}
    listed = [
        {"id": name, "status": word, "reference": "order_1001"} for name, word in tries.items()
    ]
    checkout.says({"total_count": 2, "data": listed})
    checkout.says(payment(id=wanted, status=tries[wanted]))
    found = prism.payments.get(merchant_transaction_id="order_1001")
    assert checkout.requests[-1].url.path == f"/payments/{wanted}"
    assert found.connector_transaction_id == wanted


def test_a_declined_try_leaves_the_order_open(prism: Prism, checkout: Any, payment: Any) -> None:
    for metadata, expected in (
        ({"prism_order": "open"}, "PAYMENT_METHOD_AWAITED"),
        ({}, "AUTHORIZATION_FAILED"),
    ):
        checkout.says(payment(status="Declined", metadata=metadata))
        checkout.says([{"id": "act_1", "type": "Authorization", "amount": 1, "response_code": "1"}])
        found = prism.payments.get(connector_transaction_id=PAYMENT)
        assert (found.status, found.error is not None) == (expected, True)


@pytest.mark.parametrize(
    ("page", "word", "captured", "expected"),
    [
        ("Payment Pending", "Expired", 0, "PAYMENT_METHOD_AWAITED"),
        ("Payment Pending", "Canceled", 0, "PAYMENT_METHOD_AWAITED"),
        ("Payment Received", "Expired", 0, "EXPIRED"),
        ("Payment Received", "Canceled", 400, "PARTIAL_CHARGED"),
        ("Expired", "Expired", 0, "EXPIRED"),
    ],
)
def test_a_page_that_can_be_paid_has_not_ended(
    prism: Prism,
    checkout: Any,
    payment: Any,
    page: str,
    word: str,
    captured: int,
    expected: str,
) -> None:
    """https://api-reference.checkout.com/#operation/getHostedPaymentsPageDetails"""
    known = {"id": "hpp_1", "status": page, "payment_id": PAYMENT, "reference": "order_1001"}
    sums = {"total_authorized": 1000, "total_captured": captured, "available_to_capture": 0}
    checkout.says({**known, "amount": 1000, "currency": "EUR"})
    checkout.says(payment(status=word, balances=sums, metadata={"prism_order": "open"}))
    assert prism.payments.get(connector_order_id="hpp_1").status == expected


def test_a_session_is_looked_up_by_your_own_id(prism: Prism, checkout: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.get(connector_order_id="ps_1")
    assert "merchant_transaction_id" in str(refused.value)
    assert not checkout.requests


def test_the_way_back_cannot_bring_another_payment(
    prism: Prism, checkout: Any, payment: Any
) -> None:
    checkout.says(payment(status="Captured", reference="order_7"))
    with pytest.raises(MalformedResponse):
        prism.payments.complete(
            connector_order_id="ps_1",
            merchant_transaction_id="order_1001",
            returned={"cko-payment-id": PAYMENT},
        )
