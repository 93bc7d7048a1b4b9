"""Acme, the reference connector: customers, card payments and events of a made-up processor with a
JSON API. It is certified, and the kit's mutants are copies of it with one thing wrong. `whole.py`
adds the other operations, for the core's tests."""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
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
    expect_currency,
    expect_same,
    hookimpl,
    nullable,
)

from .account import AcmeAccount
from .answers import EXPONENTS, CustomerBody, PaymentBody, Problem, payment_of, why_of
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
        payment_methods=(Card,),
        exponents=EXPONENTS,
    )

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerCreated]:
        """https://acme.example/docs/customers"""
        asked = account.post(
            "/customers",
            json={
                "ref": request.merchant_customer_id,
                "name": request.name,
                "email": request.email,
                "phone": request.phone,
                "address": _place(request.address),
                "metadata": request.metadata,
            },
        )
        body = yield from account.fetch(asked, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id,
            merchant_customer_id=nullable(body.ref),
            status=CustomerStatus.DELETED if body.deleted else CustomerStatus.ACTIVE,
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments"""
        order = {
            "ref": request.merchant_transaction_id,
            "amount": request.amount.to_wire(EXPONENTS),
            "currency": request.amount.currency,
            "card": card_fields(request.payment_method),
            "customer": request.connector_customer_id,
            "take": request.capture_method is CaptureMethod.AUTOMATIC,
            "return_url": request.return_url,
            "off_session": request.off_session,
            "metadata": request.metadata,
        }
        response = yield account.post("/payments", json=order)
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#get"""
        asked = account.get("/payments/{}", request.connector_transaction_id)
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#capture: the amount is a number in the payment's
        currency, so the payment is looked up first."""
        payment, amount = request.connector_transaction_id, request.amount
        known = yield from account.fetch(account.get("/payments/{}", payment), PaymentBody)
        expect_same("connector_transaction_id", payment, known.id)
        expect_currency(amount, Money(0, known.currency))
        order = {"amount": amount and amount.to_wire(EXPONENTS)}
        taking = account.post("/payments/{}/capture", payment, json=order)
        return payment_of((yield from account.fetch(taking, PaymentBody)))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AcmeAccount) -> ErrorAnswer | None:
        """https://acme.example/docs/errors: an error has a code, with any status; a declined
        payment is a 402 with the payment as its body."""
        kind = KINDS.get(response.status_code, ErrorKind.OTHER)
        refused = response.decode(PaymentBody) if kind is ErrorKind.DECLINED else None
        if refused is not None:
            why = ErrorDetails() if refused.error is None else why_of(refused.error)
            return ErrorAnswer(kind=kind, details=why, connector_transaction_id=refused.id)
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


def _place(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {name: getattr(address, name) for name in Address.__struct_fields__}


def card_fields(method: object) -> dict[str, Any]:
    assert isinstance(method, Card)
    return {
        "number": method.number,
        "month": method.exp_month,
        "year": method.exp_year,
        "cvc": method.cvc,
        "holder": method.holder_name,
    }


connector = Acme()
