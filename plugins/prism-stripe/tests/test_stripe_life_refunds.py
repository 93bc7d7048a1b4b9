"""Refunds: what Stripe's answers mean. `test_stripe_life.py` has what is sent.

https://docs.stripe.com/refunds, https://docs.stripe.com/api/refunds/object
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Discrepancy,
    MalformedResponse,
    Money,
    Prism,
    RefundRequest,
    RefundStatus,
)
from prism_core import UnifiedCode as U

from .loopback import Answering
from .samples import error, intent

R = RefundStatus
PI = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
TEN = Money(1000, "USD")
OTHER = {"merchant_refund_id": "refund_2"}
REFUND = RefundRequest(
    connector_transaction_id=PI, merchant_refund_id="refund_1", amount=TEN, reason="it broke"
)
RE = "re_1Nispe2eZvKYlo2Cd31jOCgZ"


def refund_object(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/refunds/object"""
    return {
        "id": RE,
        "object": "refund",
        "amount": 1000,
        "charge": "ch_3MtwBwLkdIwHu7ix0snN0B15",
        "created": 1692942318,
        "currency": "usd",
        "metadata": {"merchant_refund_id": "refund_1"},
        "payment_intent": PI,
        "reason": None,
        "status": "succeeded",
        **changes,
    }


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("succeeded", R.REFUND_SUCCESS),
        ("pending", R.REFUND_PENDING),
        ("requires_action", R.REFUND_PENDING),
        ("failed", R.REFUND_FAILURE),
        ("canceled", R.REFUND_FAILURE),
        ("levitating", R.REFUND_MANUAL_REVIEW),
        (None, R.REFUND_MANUAL_REVIEW),
    ],
)
def test_a_refunds_status_has_one_meaning(
    prism: Prism, answering: Answering, word: str | None, status: RefundStatus
) -> None:
    """`payments.refund` and `refunds.get` tell the same; an unknown word needs a person. The reason
    has no place as a sentence, and `not_sent` says so."""
    answering.answer(200, intent()).answer(200, refund_object(status=word))
    made = prism.payments.refund(REFUND)
    found = prism.refunds.get(connector_refund_id=made.connector_refund_id or "")
    for refund in (made, found):
        assert (refund.status, refund.amount) == (status, TEN)
        assert (refund.merchant_refund_id, refund.connector_transaction_id) == ("refund_1", PI)
        assert (refund.error is None) == (status is not R.REFUND_FAILURE)
    assert (made.not_sent, found.not_sent) == (("reason",), ())
    assert answering.seen[2].path == f"/v1/refunds/{RE}"


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("expired_or_canceled_card", U.EXPIRED_CARD),
        ("lost_or_stolen_card", U.LOST_OR_STOLEN),
        ("merchant_request", None),
        ("a_reason_to_come", None),
    ],
)
def test_a_failed_refund_says_why(
    prism: Prism, answering: Answering, reason: str, code: U | None
) -> None:
    """Stripe's reason is passed on, with Prism's word where it is about the customer's card."""
    answering.answer(200, refund_object(status="failed", failure_reason=reason))
    why = prism.refunds.get(connector_refund_id=RE).error
    assert why is not None
    assert why.connector is not None
    assert why.connector.code == reason
    assert (why.unified and why.unified.code) == code


def test_a_declined_refund_is_a_failed_one(prism: Prism, answering: Answering) -> None:
    """A refund that Stripe answers with a decline is REFUND_FAILURE with the reason."""
    answering.answer(200, intent())
    answering.answer(402, error(type="card_error", code="card_declined"))
    refund = prism.payments.refund(REFUND)
    assert (refund.status, refund.connector_refund_id) == (R.REFUND_FAILURE, None)
    assert refund.error is not None


def test_a_refund_that_came_out_otherwise_is_surfaced(prism: Prism, answering: Answering) -> None:
    """Another amount than asked for, no payment, or no id of the caller's."""
    answering.answer(200, intent())
    answering.answer(200, refund_object(amount=900, payment_intent=None, metadata={}))
    refund = prism.payments.refund(REFUND)
    assert refund.discrepancies == (
        Discrepancy("merchant_refund_id", "refund_1", "null"),
        Discrepancy("connector_transaction_id", PI, "null"),
        Discrepancy("amount", "10.00 USD", "9.00 USD"),
    )


@pytest.mark.parametrize("changes", [{"payment_intent": "pi_2"}, {"metadata": OTHER}])
def test_a_refund_of_something_else_is_no_result(
    prism: Prism, answering: Answering, changes: dict[str, Any]
) -> None:
    """An answer about another payment or refund than asked for: what became of ours is unknown."""
    answering.answer(200, intent()).answer(200, refund_object(**changes))
    with pytest.raises(MalformedResponse) as caught:
        prism.payments.refund(REFUND)
    assert caught.value.outcome == "unknown"


def test_a_repeated_refund_keeps_its_key(prism: Prism, answering: Answering) -> None:
    """After a failure of Stripe's the same refund is asked for with the same key, so that money
    goes back once."""
    answering.answer(200, intent()).answer(500, error(type="api_error"), {"retry-after": "0"})
    answering.answer(200, refund_object())
    refund = prism.payments.refund(REFUND)
    assert refund.status is R.REFUND_SUCCESS
    _, first, second = answering.seen
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert first.body == second.body
