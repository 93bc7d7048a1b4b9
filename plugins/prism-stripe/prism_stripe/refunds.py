"""Refunds: what is sent to https://docs.stripe.com/api/refunds, and what its answers mean."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    Flow,
    GetRefundRequest,
    Refund,
    RefundRequest,
    RefundStatus,
    Told,
    hookimpl,
    segment,
    told,
    unified_error,
)
from prism_stripe.account import StripeAccount, from_wire, to_wire
from prism_stripe.answers import own_id
from prism_stripe.declines import REFUND_FAILURES
from prism_stripe.errors import ErrorEnvelope, details
from prism_stripe.parts import metadata
from prism_stripe.payments import in_its_currency


class RefundObject(msgspec.Struct):
    """https://docs.stripe.com/api/refunds/object"""

    id: str
    amount: int
    currency: str
    status: str | None = None
    payment_intent: Told[str] = UNSET
    failure_reason: str | None = None
    metadata: Told[dict[str, str]] = UNSET
    object: Literal["refund"] = "refund"
    """Another one is the answer to another call."""


# https://docs.stripe.com/api/refunds/object#refund_object-status. A customer must act on a refund
# that requires action; one that is canceled moved nothing.
_STATUS = {
    "pending": RefundStatus.REFUND_PENDING,
    "requires_action": RefundStatus.REFUND_PENDING,
    "succeeded": RefundStatus.REFUND_SUCCESS,
    "failed": RefundStatus.REFUND_FAILURE,
    "canceled": RefundStatus.REFUND_FAILURE,
}


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: StripeAccount) -> Flow[Refund]:
        """https://docs.stripe.com/api/refunds/create: without an amount, all that is left"""
        own = {"merchant_refund_id": request.merchant_refund_id}
        form = {
            "payment_intent": request.connector_transaction_id,
            "amount": None if request.amount is None else to_wire(request.amount),
            "metadata": metadata(request.metadata, **own),
        }
        yield from in_its_currency(request, account)
        key = request.idempotency_key
        response = yield account.post("/v1/refunds", form=form, idempotency_key=key)
        if response.error is not None:
            error = account.decode(response, ErrorEnvelope).error
            return Refund(status=RefundStatus.REFUND_FAILURE, error=details(error))
        return refund_of(account.decode(response, RefundObject))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: StripeAccount) -> Flow[Refund]:
        """https://docs.stripe.com/api/refunds/retrieve"""
        response = yield account.get(f"/v1/refunds/{segment(request.connector_refund_id)}")
        return refund_of(account.decode(response, RefundObject))


def refund_of(body: RefundObject) -> Refund:
    """The refund that Stripe's is."""
    status = _STATUS.get(body.status or "", RefundStatus.REFUND_MANUAL_REVIEW)
    return Refund(
        status=status,
        connector_refund_id=body.id,
        merchant_refund_id=own_id(body.metadata, "merchant_refund_id"),
        connector_transaction_id=told(body.payment_intent),
        amount=from_wire(body.amount, body.currency),
        error=_failure(body) if status is RefundStatus.REFUND_FAILURE else None,
    )


def _failure(body: RefundObject) -> ErrorDetails:
    """https://docs.stripe.com/api/refunds/object#refund_object-failure_reason"""
    code = REFUND_FAILURES.get(body.failure_reason or "")
    return ErrorDetails(
        unified=None if code is None else unified_error(code),
        connector=ConnectorDetails(code=body.failure_reason or body.status, reason=body.status),
    )
