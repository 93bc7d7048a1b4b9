"""Recurring charges: what is declined, what is in doubt, and which payment it was."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import Money, Payment, Prism, PrismError


@pytest.mark.parametrize(
    ("reason", "status"),
    [("payment_timed_out", "UNRESOLVED"), ("insufficient_funds", "FAILURE"), (None, "FAILURE")],
)
def test_a_charge_that_only_timed_out_may_still_be_paid(
    prism: Prism, razorpay: Any, payment: Any, order: Any, reason: str | None, status: str
) -> None:
    """https://razorpay.com/docs/payments/payments/late-authorisation"""
    razorpay.says(payment(status="failed", captured=False, error_reason=reason))
    razorpay.says(order(notes={"prism_charge": "recurring"}))
    assert prism.payments.get(connector_transaction_id="pay_1").status == status


def charged(prism: Prism, razorpay: Any, order: Any, error: dict[str, Any]) -> Payment:
    """A recurring charge that Razorpay answers with an error."""
    razorpay.says({"id": "cust_1", "email": "ada@example.com", "contact": "+12025550123"})
    razorpay.says(order())
    razorpay.says({"error": error}, 400)
    return prism.recurring.charge(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "INR"),
        connector_mandate_id="token_1",
        connector_customer_id="cust_1",
    )


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("payment_timed_out", "unknown"),
        ("gateway_technical_error", "unknown"),
        ("GATEWAY_ERROR", "unknown"),
        ("NA", "rejected"),
    ],
)
def test_a_bank_that_is_silent_decides_nothing(
    prism: Prism, razorpay: Any, order: Any, reason: str, outcome: str
) -> None:
    """https://razorpay.com/docs/payments/payments/late-authorisation: it may still pay."""
    code = reason if reason.isupper() and reason != "NA" else "BAD_REQUEST_ERROR"
    about = {"payment_id": "pay_1", "order_id": "order_1"}
    refused = {"code": code, "description": "Failed", "reason": reason, "metadata": about}
    with pytest.raises(PrismError) as failed:
        charged(prism, razorpay, order, refused)
    assert failed.value.outcome == outcome
    assert failed.value.connector_transaction_id == "pay_1"


@pytest.mark.parametrize(
    ("about", "payment"),
    [({"payment_id": "pay_1", "order_id": "order_1"}, "pay_1"), ({}, None), ([], None)],
)
def test_a_charge_that_is_declined_at_once_names_its_payment(
    prism: Prism, razorpay: Any, order: Any, about: Any, payment: str | None
) -> None:
    """https://razorpay.com/docs/errors, `metadata`"""
    words = {"code": "BAD_REQUEST_ERROR", "description": "Failed", "reason": "insufficient_funds"}
    declined = charged(prism, razorpay, order, {**words, "metadata": about})
    assert declined.status == "AUTHORIZATION_FAILED"
    assert declined.connector_transaction_id == payment


@pytest.mark.parametrize(
    "reason",
    [  # https://razorpay.com/docs/api/payments/recurring-payments/upi/create-subsequent-payments
        *("payment_pending", "payment_pending_approval", "psp_timeout", "request_timed_out"),
        *("deemed_transaction", "invalid_response_from_gateway"),
    ],
)
def test_a_charge_whose_bank_is_silent_has_not_failed(
    prism: Prism, razorpay: Any, payment: Any, order: Any, reason: str
) -> None:
    """It is no reason to charge again."""
    notes = {"prism_charge": "recurring"}
    razorpay.says(payment(status="failed", captured=False, error_reason=reason, notes=notes))
    razorpay.says(order(notes=notes))
    assert prism.payments.get(connector_transaction_id="pay_1").status == "UNRESOLVED"


def test_an_order_of_a_charge_without_a_payment_waits_for_nobody(
    prism: Prism, razorpay: Any, order: Any
) -> None:
    """After a lost answer, the lookup by the caller's own id does not say that they can pay."""
    charge = order(status="created", notes={"prism_charge": "recurring"})
    razorpay.says({"items": [charge]})
    assert prism.payments.get(merchant_transaction_id="order_1001").status == "UNRESOLVED"
