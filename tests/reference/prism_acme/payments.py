"""Payments: completed, increased, given up."""

from __future__ import annotations

import msgspec

from prism_core import (
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    HttpRequest,
    IncrementAuthorizationRequest,
    Payment,
    PaymentStatus,
    RedirectionData,
    RefundRequest,
    VoidRequest,
    hookimpl,
)

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class OrderBody(msgspec.Struct):
    """An order's body."""

    id: str
    page: str
    expires: int | None = None


class Payments:
    """The other operations on payments."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /orders"""
        asked = account.post(
            "/orders",
            json={
                "ref": request.merchant_transaction_id,
                "amount": request.amount.minor_amount,
                "currency": request.amount.currency,
                "back": request.return_url,
                "kinds": request.payment_method_types,
                "lines": [
                    {"name": one.product_name, "pieces": one.quantity}
                    for one in request.order_details or ()
                ],
            },
        )
        body = yield from account.fetch(asked, OrderBody)
        return Payment(
            status=PaymentStatus.PAYMENT_METHOD_AWAITED,
            connector_order_id=body.id,
            redirection_data=RedirectionData(uri=body.page, expires_at=body.expires),
        )

    @hookimpl
    def void(self, request: VoidRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/void"""
        asked = changing(request, account, "void")
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /payments/{id}/increase"""
        asked = changing(request, account, "increase")
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/complete"""
        asked = account.post(
            "/payments/{}/complete",
            request.connector_transaction_id,
            json={"evidence": request.returned},
        )
        return payment_of((yield from account.fetch(asked, PaymentBody)))


def changing(
    request: VoidRequest | IncrementAuthorizationRequest | RefundRequest,
    account: AcmeAccount,
    what: str,
    ref: str | None = None,
) -> HttpRequest:
    """POST /payments/{id}/..."""
    amount = getattr(request, "amount", None)
    return account.post(
        "/payments/{}/{}",
        request.connector_transaction_id,
        what,
        json={"amount": amount.minor_amount if amount else None, "ref": ref},
    )
