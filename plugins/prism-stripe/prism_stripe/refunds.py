"""Refunds: what is sent to https://docs.stripe.com/api/refunds, and what its answers mean."""

from __future__ import annotations

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    Flow,
    GetRefundRequest,
    Refund,
    RefundRequest,
    RefundStatus,
    hookimpl,
    nullable,
    unified_error,
)
from prism_core.connector.values import metadata_with_id
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import from_wire, to_wire
from prism_stripe.declines import REFUND_FAILURES
from prism_stripe.payments import in_its_currency
from prism_stripe.shapes import RefundObject

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
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.stripe.com/api/refunds/create: without an amount, all that is left. Its
        reasons are words of a short list."""
        form = {
            "payment_intent": request.connector_transaction_id,
            "amount": to_wire(request.amount),
            "metadata": metadata_with_id(request),
        }
        yield from in_its_currency(request, account)
        refunding = account.post("/v1/refunds", form=form)
        return refund_of((yield from account.fetch(refunding, RefundObject)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.stripe.com/api/refunds/retrieve"""
        asking = account.get("/v1/refunds/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asking, RefundObject)))


def refund_of(body: RefundObject) -> Refund:
    """The refund that Stripe's is."""
    status = _STATUS.get(body.status or "", RefundStatus.REFUND_MANUAL_REVIEW)
    return Refund(
        status=status,
        connector_refund_id=body.id,
        merchant_refund_id=body.own_id("merchant_refund_id"),
        connector_transaction_id=nullable(body.payment_intent),
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
