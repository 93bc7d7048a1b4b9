"""The honest connector: small, whole and certified. The kit's mutants are copies of it, each with
one thing wrong. Honest is a made-up processor with a JSON API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from prism_core import (
    Account,
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Card,
    ConnectorDetails,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    Money,
    Payment,
    PaymentStatus,
    RedirectionData,
    Secret,
    Told,
    UnifiedCode,
    bearer,
    expect_currency,
    expect_same,
    hookimpl,
    segment,
    told,
    unified_error,
)

EXPONENTS = {"ISK": 2}


class HonestAccount(Account, frozen=True, kw_only=True):
    """An account at Honest."""

    api_key: Secret
    urls = {"SANDBOX": "https://sandbox.honest.example", "PRODUCTION": "https://honest.example"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "X-Request-Id"

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)


class CustomerBody(msgspec.Struct):
    """A customer as Honest answers it."""

    id: str
    reference: Told[str] = UNSET


class PaymentBody(msgspec.Struct):
    """A payment as Honest answers it."""

    id: str
    state: str
    amount: int
    currency: str
    reference: Told[str] = UNSET
    customer: Told[str] = UNSET
    held: int | None = None
    taken: int | None = None
    page: str | None = None
    reason: str | None = None


class ProblemBody(msgspec.Struct):
    """An error as Honest answers it."""

    code: str
    message: str = ""


STATES = {
    "held": PaymentStatus.AUTHORIZED,
    "taken": PaymentStatus.CHARGED,
    "refused": PaymentStatus.AUTHORIZATION_FAILED,
    "waiting": PaymentStatus.PENDING,
    "challenge": PaymentStatus.AUTHENTICATION_PENDING,
}
REASONS = {"no_funds": UnifiedCode.INSUFFICIENT_FUNDS}
KINDS = {
    400: ErrorKind.INVALID_REQUEST,
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.DECLINED,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    429: ErrorKind.RATE_LIMITED,
}


class Honest:
    """The connector, as https://honest.example/docs describes its processor."""

    info = ConnectorInfo(
        display_name="Honest",
        account=HonestAccount,
        docs="https://honest.example/docs",
        sends={
            "create_customer": ("merchant_customer_id", "name", "email", "metadata"),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "return_url", "off_session", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount"),
        },
        payment_methods=(Card,),
        exponents=EXPONENTS,
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: HonestAccount
    ) -> Flow[CustomerCreated]:
        """https://honest.example/docs/customers"""
        response = yield account.post(
            "/customers",
            json={
                "reference": request.merchant_customer_id,
                "name": request.name,
                "email": request.email,
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=told(body.reference)
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: HonestAccount) -> Flow[Payment]:
        """https://honest.example/docs/payments"""
        response = yield account.post(
            "/payments",
            json={
                "reference": request.merchant_transaction_id,
                "amount": request.amount.to_wire(EXPONENTS),
                "currency": request.amount.currency,
                "card": _card(request.payment_method),
                "customer": request.connector_customer_id,
                "take": request.capture_method is CaptureMethod.AUTOMATIC,
                "return_url": request.return_url,
                "off_session": request.off_session,
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        return _payment(account.decode(response, PaymentBody))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: HonestAccount) -> Flow[Payment]:
        """https://honest.example/docs/payments#get"""
        payment = segment(request.connector_transaction_id or "")
        response = yield account.get(f"/payments/{payment}")
        return _payment(account.decode(response, PaymentBody))

    @hookimpl
    def capture(self, request: CaptureRequest, account: HonestAccount) -> Flow[Payment]:
        """https://honest.example/docs/payments#take: the amount is a number in the payment's
        currency, so the payment is looked up first."""
        payment = request.connector_transaction_id
        response = yield account.get(f"/payments/{segment(payment)}")
        known = account.decode(response, PaymentBody)
        expect_same("connector_transaction_id", payment, known.id)
        whole = Money.from_wire(known.amount, known.currency, EXPONENTS)
        expect_currency(request.amount, whole)
        response = yield account.post(
            f"/payments/{segment(payment)}/take",
            json={"amount": (request.amount or whole).to_wire(EXPONENTS)},
            idempotency_key=request.idempotency_key,
        )
        return _payment(account.decode(response, PaymentBody))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: HonestAccount) -> ErrorAnswer | None:
        """https://honest.example/docs/errors: a decline is a 402 with the payment as its body."""
        if response.status_code < 400:
            return None
        kind = KINDS.get(response.status_code, ErrorKind.OTHER)
        if kind is ErrorKind.DECLINED and response.decode(PaymentBody) is not None:
            return ErrorAnswer(kind=kind)
        problem = response.decode(ProblemBody)
        if problem is None:
            return None
        said = ConnectorDetails(code=problem.code, message=problem.message)
        return ErrorAnswer(kind=kind, details=ErrorDetails(connector=said))


def _card(method: object) -> dict[str, Any]:
    assert isinstance(method, Card)
    return {
        "number": method.number,
        "month": method.exp_month,
        "year": method.exp_year,
        "cvc": method.cvc,
        "holder": method.holder_name,
    }


def _payment(body: PaymentBody) -> Payment:
    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money.from_wire(amount, body.currency, EXPONENTS)

    return Payment(
        status=STATES.get(body.state, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=told(body.reference),
        connector_customer_id=told(body.customer),
        amount=money(body.amount),
        authorized_amount=money(body.held),
        captured_amount=money(body.taken),
        redirection_data=None if body.page is None else RedirectionData(uri=body.page),
        error=None if body.reason is None else _why(body.reason),
    )


def _why(reason: str) -> ErrorDetails:
    return ErrorDetails(
        unified=unified_error(REASONS.get(reason, UnifiedCode.DECLINED)),
        connector=ConnectorDetails(code=reason),
    )


connector = Honest()
