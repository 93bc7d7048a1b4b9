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
    needs,
    segment,
)

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class Payments:
    """The other operations on payments."""

    @hookimpl
    def void(self, request: VoidRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/void"""
        response = yield changing(request, account, "void")
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /payments/{id}/increase"""
        response = yield changing(request, account, "increase")
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/complete"""
        known = request.connector_transaction_id
        known = needs("connector_transaction_id", known, "to complete a payment")
        response = yield account.post(
            f"/payments/{segment(known)}/complete",
            json={"evidence": request.returned},
            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, PaymentBody))


def changing(
    request: VoidRequest | IncrementAuthorizationRequest | RefundRequest,
    account: AcmeAccount,
    what: str,
    ref: str | None = None,
) -> HttpRequest:
    """POST /payments/{id}/..."""
    amount = getattr(request, "amount", None)
    return account.post(
        f"/payments/{segment(request.connector_transaction_id)}/{what}",
        json={"amount": amount.minor_amount if amount else None, "ref": ref},
        idempotency_key=request.idempotency_key,
    )
