"""Acme with a GraphQL API: a small connector, certified with a schema. The mutants of the checks of
GraphQL are copies of it with one thing wrong."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import UNSET

from prism_core import (
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
    GraphqlAccount,
    HttpResponse,
    Money,
    Nullable,
    Payment,
    PaymentStatus,
    Secret,
    UnifiedCode,
    bearer,
    hookimpl,
    nullable,
    unified_error,
)

PAYMENT = "id reference status amount { value currency } customer { id } reason"
CREATE = (
    "mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { id reference } }"
)
PAY = f"mutation ($input: PayInput!) {{ pay(input: $input) {{ payment {{ {PAYMENT} }} }} }}"
CAPTURE = (
    f"mutation ($input: CaptureInput!) {{ capture(input: $input) {{ payment {{ {PAYMENT} }} }} }}"
)
FIND = f"query ($id: ID!) {{ node(id: $id) {{ ... on Payment {{ {PAYMENT} }} }} }}"
STATUSES = {
    "HELD": PaymentStatus.AUTHORIZED,
    "PAID": PaymentStatus.CHARGED,
    "REFUSED": PaymentStatus.AUTHORIZATION_FAILED,
    "WAITING": PaymentStatus.PENDING,
}


class AcmeAccount(GraphqlAccount, frozen=True, kw_only=True):
    """An account at Acme."""

    api_key: Secret
    urls = {"SANDBOX": "https://sandbox.acme.example/graphql"}
    idempotency_field = "variables.input.key"
    request_id_header = "Acme-Request"
    error_kinds = {
        "INVALID": ErrorKind.INVALID_REQUEST,
        "UNAUTHENTICATED": ErrorKind.AUTHENTICATION,
        "NOT_FOUND": ErrorKind.NOT_FOUND,
        "BUSY": ErrorKind.RATE_LIMITED,
    }

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)


class CustomerBody(msgspec.Struct):
    """A customer as Acme answers it."""

    id: str
    reference: Nullable[str] = UNSET


class MoneyBody(msgspec.Struct):
    """An amount as Acme answers it."""

    value: str
    currency: str


class PaymentBody(msgspec.Struct):
    """A payment as Acme answers it."""

    id: str
    status: str
    amount: MoneyBody
    reference: Nullable[str] = UNSET
    customer: CustomerBody | None = None
    reason: str | None = None


class Payload(msgspec.Struct):
    """What a mutation of a payment answers."""

    payment: PaymentBody


class Acme:
    """The connector, as https://acme.example/docs describes its processor."""

    info = ConnectorInfo(
        display_name="Acme",
        account=AcmeAccount,
        docs="https://acme.example/docs",
        payment_methods=(Card,),
        outcomes=("decline", "pending"),
    )

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerCreated]:
        """https://acme.example/docs/customers"""
        customer = {
            "reference": request.merchant_customer_id,
            "name": request.name,
            "email": request.email,
        }
        asked = account.mutation(CREATE, {"input": customer})
        body = yield from account.fetch(asked, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=nullable(body.reference)
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments"""
        card = request.payment_method
        assert isinstance(card, Card)
        payment = {
            "reference": request.merchant_transaction_id,
            "amount": amount_of(request.amount),
            "card": {
                "number": card.number,
                "month": card.exp_month,
                "year": card.exp_year,
                "cvc": card.cvc,
                "holder": card.holder_name,
            },
            "customer": request.connector_customer_id,
            "capture": request.capture_method is CaptureMethod.AUTOMATIC,
        }
        asked = account.mutation(PAY, {"input": payment})
        return payment_of((yield from account.fetch(asked, Payload)).payment)

    @hookimpl
    def capture(self, request: CaptureRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#capture"""
        amount = None if request.amount is None else amount_of(request.amount)
        taken = {"payment": request.connector_transaction_id, "amount": amount}
        asked = account.mutation(CAPTURE, {"input": taken})
        return payment_of((yield from account.fetch(asked, Payload)).payment)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#node"""
        asked = account.query(FIND, {"id": request.connector_transaction_id})
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AcmeAccount) -> ErrorAnswer | None:
        """https://acme.example/docs/errors"""
        return account.error_of(response)


def amount_of(money: Money) -> dict[str, str]:
    """An amount as Acme takes it."""
    return {"value": str(money.to_decimal()), "currency": money.currency}


def payment_of(body: PaymentBody) -> Payment:
    """The payment that a body describes."""
    why = None
    if body.reason is not None:
        why = ErrorDetails(
            unified=unified_error(UnifiedCode.DECLINED),
            connector=ConnectorDetails(code=body.reason),
        )
    return Payment(
        status=STATUSES.get(body.status, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.reference),
        connector_customer_id=None if body.customer is None else body.customer.id,
        amount=Money.from_decimal(body.amount.value, body.amount.currency),
        error=why,
    )


connector = Acme()
