"""Payments: completed, increased, given up."""

from __future__ import annotations

from prism_core import (
    CompletePaymentRequest,
    Flow,
    HttpRequest,
    IncrementAuthorizationRequest,
    Payment,
    RefundRequest,
    VoidRequest,
    hookimpl,
)

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class Payments:
    """The other operations on payments."""

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
