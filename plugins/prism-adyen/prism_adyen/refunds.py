"""Refunds: Adyen answers that it was received; how it ends, it tells by webhook."""

from __future__ import annotations

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.payments import change
from prism_adyen.shapes import RECEIVED, money_of
from prism_core import Flow, Refund, RefundRequest, RefundStatus, hookimpl, nullable


class Refunds:
    """The operation, for the connector to inherit."""

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/refunds"""
        body = yield from change(request, account, "refunds")
        pending, unclear = RefundStatus.REFUND_PENDING, RefundStatus.REFUND_MANUAL_REVIEW
        return Refund(
            status=pending if body.status == RECEIVED else unclear,
            connector_refund_id=body.psp_reference,
            merchant_refund_id=nullable(body.reference),
            connector_transaction_id=body.payment_psp_reference,
            amount=money_of(body.amount),
        )
