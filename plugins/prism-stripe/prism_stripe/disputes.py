"""Disputes, and bank debits that were returned: https://docs.stripe.com/api/disputes"""

from __future__ import annotations

import msgspec

from prism_core import Dispute, DisputeStage, DisputeStatus, Flow, Money, expect_same
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import from_wire
from prism_stripe.shapes import Page, StripeObject

D = DisputeStatus
# https://docs.stripe.com/api/disputes/object#dispute_object-status. One that is `prevented` or
# whose warning is closed ends without a chargeback.
_STATUS = {
    "needs_response": D.DISPUTE_OPENED,
    "under_review": D.DISPUTE_CHALLENGED,
    "warning_needs_response": D.DISPUTE_OPENED,
    "warning_under_review": D.DISPUTE_CHALLENGED,
    "warning_closed": D.DISPUTE_CANCELLED,
    "prevented": D.DISPUTE_CANCELLED,
    "won": D.DISPUTE_WON,
    "lost": D.DISPUTE_LOST,
}
# https://docs.stripe.com/disputes/how-disputes-work: Stripe takes the amount when a dispute is
# opened, and gives it back if it is won.
_TAKEN_BACK = ("needs_response", "under_review", "lost")


class Evidence(msgspec.Struct):
    """Until when a dispute can be answered."""

    due_by: int | None = None


class DisputeObject(StripeObject, tag="dispute", kw_only=True):
    """https://docs.stripe.com/api/disputes/object"""

    amount: int
    currency: str
    status: str
    reason: str | None = None
    payment_intent: str | None = None
    evidence_details: Evidence = msgspec.field(default_factory=Evidence)


def dispute_of(body: DisputeObject) -> Dispute:
    """The dispute that Stripe's is. A warning is a question of the bank, before there is one."""
    asked = body.status.startswith("warning_")
    return Dispute(
        status=_STATUS.get(body.status, D.DISPUTE_OPENED),
        stage=DisputeStage.PRE_DISPUTE if asked else DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=body.id,
        connector_transaction_id=body.payment_intent,
        amount=from_wire(body.amount, body.currency),
        reason_code=body.reason,
        respond_by=body.evidence_details.due_by or None,
    )


def charged_back(known: str, account: Account) -> Flow[Money | None]:
    """What the customer's bank has taken back of a payment:
    https://docs.stripe.com/api/disputes/list"""
    query = {"payment_intent": known, "limit": "100"}
    asking = account.get("/v1/disputes", query=query)
    found = yield from account.fetch(asking, Page[DisputeObject])
    for one in found.data:
        expect_same("connector_transaction_id", known, one.payment_intent)
    taken = [one for one in found.data if one.status in _TAKEN_BACK]
    if not taken:
        return None
    return from_wire(sum(one.amount for one in taken), taken[0].currency)
