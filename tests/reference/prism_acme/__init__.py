"""Acme, the reference connector: customers, card payments and events of a made-up processor with a
JSON API. It is certified, and the kit's mutants are copies of it with one thing wrong. `whole.py`
adds the other operations, for the core's tests."""

from __future__ import annotations

from typing import Any

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Card,
    ConnectorDetails,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    CustomerStatus,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    Money,
    Payment,
    PaymentStatus,
    expect_currency,
    expect_same,
    hookimpl,
    segment,
    told,
)

from .account import AcmeAccount
from .answers import EXPONENTS, CustomerBody, PaymentBody, Problem, payment_of
from .events import Events

KINDS = {
    400: ErrorKind.INVALID_REQUEST,
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.DECLINED,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    429: ErrorKind.RATE_LIMITED,
}


class Acme(Events):
    """The connector, as https://acme.example/docs describes its processor."""

    info = ConnectorInfo(
        display_name="Acme",
        account=AcmeAccount,
        docs="https://acme.example/docs",
        sends={
            "create_customer": (
                "merchant_customer_id", "name", "email", "phone", "address", "metadata"
            ),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "return_url", "off_session", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount"),
            "handle_event": ("body", "headers"),
        },
        payment_methods=(Card,),
        exponents=EXPONENTS,
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerCreated]:
        """https://acme.example/docs/customers"""
        response = yield account.post(
            "/customers",
            json={
                "ref": request.merchant_customer_id,
                "name": request.name,
                "email": request.email,
                "phone": request.phone,
                "address": request.address,
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=told(body.ref),
            status=CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments: a declined payment is a payment, or a code alone."""
        order = {
            "ref": request.merchant_transaction_id,
            "amount": request.amount.to_wire(EXPONENTS),
            "currency": request.amount.currency,
            "card": _card(request.payment_method),
            "customer": request.connector_customer_id,
            "take": request.capture_method is CaptureMethod.AUTOMATIC,
            "return_url": request.return_url,
            "off_session": request.off_session,
            "metadata": request.metadata,
        }
        response = yield account.post(
            "/payments", json=order, idempotency_key=request.idempotency_key
        )
        if response.error is not None and response.error.details.connector is not None:
            return Payment(status=PaymentStatus.AUTHORIZATION_FAILED, error=response.error.details)
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#get"""
        payment = segment(request.connector_transaction_id or "")
        response = yield account.get(f"/payments/{payment}")
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def capture(self, request: CaptureRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#capture: the amount is a number in the payment's
        currency, so the payment is looked up first."""
        payment = request.connector_transaction_id
        response = yield account.get(f"/payments/{segment(payment)}")
        known = account.decode(response, PaymentBody)
        expect_same("connector_transaction_id", payment, known.id)
        expect_currency(request.amount, Money(0, known.currency))
        response = yield account.post(
            f"/payments/{segment(payment)}/capture",
            json={"amount": request.amount and request.amount.to_wire(EXPONENTS)},
            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AcmeAccount) -> ErrorAnswer | None:
        """https://acme.example/docs/errors: an error has a code, with any status; a declined
        payment is a 402 with the payment as its body."""
        kind = KINDS.get(response.status_code, ErrorKind.OTHER)
        if kind is ErrorKind.DECLINED and response.decode(PaymentBody) is not None:
            return ErrorAnswer(kind=kind)
        problem = response.decode(Problem)
        if problem is None:
            return None  # no error
        return ErrorAnswer(
            kind=kind if problem.kind is None else ErrorKind(problem.kind),
            details=ErrorDetails(
                connector=ConnectorDetails(code=problem.code, message=problem.message)
            ),
            retryable=problem.retryable,
            unknown=problem.unknown,
            echoed=problem.echoed,
        )


def _card(method: object) -> dict[str, Any]:
    assert isinstance(method, Card)
    return {
        "number": method.number,
        "month": method.exp_month,
        "year": method.exp_year,
        "cvc": method.cvc,
        "holder": method.holder_name,
    }


connector = Acme()
