"""Refunds: made, and looked up."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from prism_core import (
    Flow,
    GetRefundRequest,
    Money,
    Nullable,
    Refund,
    RefundRequest,
    RefundStatus,
    hookimpl,
    nullable,
)

from .account import AcmeAccount
from .payments import changing


class RefundBody(msgspec.Struct):
    """A refund's body."""

    id: str
    state: str
    amount: int
    currency: str = "USD"
    ref: Nullable[str] = UNSET
    payment: Nullable[str] = UNSET


REFUNDS = {"done": RefundStatus.REFUND_SUCCESS, "waiting": RefundStatus.REFUND_PENDING}


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """POST /payments/{id}/refund"""
        asked = changing(request, account, "refund", ref=request.merchant_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """GET /refunds/{id}"""
        asked = account.get("/refunds/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody)))


def refund_of(body: RefundBody) -> Refund:
    """The refund that a body describes."""
    return Refund(
        status=REFUNDS.get(body.state, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=nullable(body.ref),
        connector_transaction_id=nullable(body.payment),
        amount=Money(body.amount, body.currency),
    )
