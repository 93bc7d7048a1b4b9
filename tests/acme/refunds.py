"""Refunds: made, and looked up."""

from __future__ import annotations

from prism_core import Flow, GetRefundRequest, Refund, RefundRequest, hookimpl, segment

from .account import AcmeAccount
from .answers import RefundBody, refund_of
from .payments import changing


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """POST /payments/{id}/refund"""
        response = yield changing(request, account, "refund", ref=request.merchant_refund_id)
        return refund_of(account.decode(response, RefundBody))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """GET /refunds/{id}"""
        response = yield account.get(f"/refunds/{segment(request.connector_refund_id)}")
        return refund_of(account.decode(response, RefundBody))
