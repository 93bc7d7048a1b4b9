"""Disputes and returned debits at Stripe: what a lookup and an event tell."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    DisputeStage,
    DisputeStatus,
    MalformedResponse,
    Money,
    PaymentStatus,
    Prism,
)

from .loopback import Answering
from .samples import charge, intent
from .test_stripe_services_events import handled, sent

S, D = PaymentStatus, DisputeStatus
PI = intent()["id"]


def dispute(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/disputes/object"""
    whole = {"id": "du_1", "object": "dispute", "amount": 600, "currency": "usd"}
    known = {"payment_intent": PI, "reason": "fraudulent", "status": "needs_response"}
    return {**whole, **known, "evidence_details": {"due_by": 1791500000}, **changes}


@pytest.mark.parametrize(
    ("disputes", "back"),
    [
        ([dispute(status="lost")], 600),
        ([dispute(), dispute(id="du_2", amount=400, status="under_review")], 1000),
        ([dispute(status="won"), dispute(status="warning_needs_response")], None),
        ([], None),
    ],
)
def test_what_the_bank_took_back_is_told_by_the_lookup(
    prism: Prism, answering: Answering, disputes: list[Any], back: int | None
) -> None:
    """The payment stays CHARGED; of a question or a dispute that was won, nothing is missing."""
    answering.answer(200, intent(latest_charge=charge(disputed=True)))
    answering.answer(200, {"data": disputes, "has_more": False})
    found = prism.payments.get(connector_transaction_id=PI)
    assert found.status is S.CHARGED
    assert found.charged_back_amount == (None if back is None else Money(back, "USD"))


def test_another_payments_dispute_is_no_answer(prism: Prism, answering: Answering) -> None:
    answering.answer(200, intent(latest_charge=charge(disputed=True)))
    answering.answer(200, {"data": [dispute(payment_intent="pi_2")], "has_more": False})
    with pytest.raises(MalformedResponse):
        prism.payments.get(connector_transaction_id=PI)


@pytest.mark.parametrize(
    ("word", "status", "stage"),
    [
        ("needs_response", D.DISPUTE_OPENED, DisputeStage.ACTIVE_DISPUTE),
        ("under_review", D.DISPUTE_CHALLENGED, DisputeStage.ACTIVE_DISPUTE),
        ("lost", D.DISPUTE_LOST, DisputeStage.ACTIVE_DISPUTE),
        ("won", D.DISPUTE_WON, DisputeStage.ACTIVE_DISPUTE),
        ("prevented", D.DISPUTE_CANCELLED, DisputeStage.ACTIVE_DISPUTE),
        ("warning_needs_response", D.DISPUTE_OPENED, DisputeStage.PRE_DISPUTE),
        ("warning_closed", D.DISPUTE_CANCELLED, DisputeStage.PRE_DISPUTE),
        ("levitating", D.DISPUTE_UNRESOLVED, DisputeStage.ACTIVE_DISPUTE),
    ],
)
def test_an_event_tells_a_dispute(
    shop: Prism, word: str, status: DisputeStatus, stage: DisputeStage
) -> None:
    """With its payment, its amount and until when to answer; a new word is open."""
    event = handled(shop, sent("charge.dispute.updated", dispute(status=word)))
    assert event.dispute is not None
    assert (event.dispute.status, event.dispute.stage) == (status, stage)
    assert event.dispute.amount == Money(600, "USD")
    assert event.dispute.respond_by == 1791500000
    assert event.connector_transaction_id == PI
