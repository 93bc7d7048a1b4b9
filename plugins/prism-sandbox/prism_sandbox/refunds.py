"""What the connector sends about refunds."""

from __future__ import annotations

from prism_core import Flow, GetRefundRequest, Refund, RefundRequest, hookimpl
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import refund
from prism_sandbox.parts import given, part
from prism_sandbox.shapes import RefundBody


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: SandboxAccount) -> Flow[Refund]:
        """POST /v1/payments/{id}/refunds"""
        about = {
            **part(request.amount),
            "reference": request.merchant_refund_id,
            "reason": request.reason,
            "metadata": request.metadata,
        }
        asked = account.post(
            "/v1/payments/{}/refunds", request.connector_transaction_id, json=about
        )
        return refund((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: SandboxAccount) -> Flow[Refund]:
        """GET /v1/refunds/{id}; what else is given must be true of it, or it is not found."""
        query = given(
            payment=request.connector_transaction_id, reference=request.merchant_refund_id
        )
        asked = account.get("/v1/refunds/{}", request.connector_refund_id, query=query)
        return refund((yield from account.fetch(asked, RefundBody)))
