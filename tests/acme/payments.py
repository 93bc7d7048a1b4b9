"""Payments: authorized, completed, looked up, and changed."""

from __future__ import annotations

from prism_core import (
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    Flow,
    GetPaymentRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    Payment,
    PaymentStatus,
    RefundRequest,
    Token,
    VoidRequest,
    hookimpl,
    needs,
    segment,
)

from .account import AcmeAccount
from .answers import Body, payment_of


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments"""
        method = request.payment_method
        assert not isinstance(method, Token)
        form = {"number": method.number, "amount": request.amount.minor_amount}
        response = yield account.post(
            "/payments", form=form, idempotency_key=request.idempotency_key
        )
        if response.error is not None:
            return Payment(status=PaymentStatus.AUTHORIZATION_FAILED, error=response.error.details)
        return payment_of(account.decode(response, Body))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """GET /payments/{id}"""
        key = request.connector_transaction_id or ""
        response = yield account.get(f"/payments/{segment(key)}")
        return payment_of(account.decode(response, Body))  # the lookup's

    @hookimpl
    def capture(self, request: CaptureRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/capture"""
        response = yield changing(request, account, "capture")
        return payment_of(account.decode(response, Body))

    @hookimpl
    def void(self, request: VoidRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/void"""
        response = yield changing(request, account, "void")
        return payment_of(account.decode(response, Body))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /payments/{id}/increase"""
        response = yield changing(request, account, "increase")
        return payment_of(account.decode(response, Body))

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
        return payment_of(account.decode(response, Body))


def changing(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest | RefundRequest,
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
