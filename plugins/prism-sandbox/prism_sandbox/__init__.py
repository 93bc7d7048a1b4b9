"""The sandbox's connector: an ordinary plugin that speaks to `prism sandbox` over HTTP.

Its API is described in the README beside this package, and served by `prism_sandbox.server`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from prism_core import (
    Account,
    Address,
    AuthenticationType,
    AuthorizeRequest,
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
    IssuerError,
    Money,
    NetworkError,
    NotFound,
    Payment,
    PaymentStatus,
    RedirectionData,
    Secret,
    Token,
    UnifiedCode,
    bearer,
    hookimpl,
    segment,
    unified,
)

PORT = 8642


class SandboxAccount(Account, frozen=True, kw_only=True):
    """An account is any key that begins with `sandbox_`; nothing is registered anywhere."""

    api_key: Secret

    urls = {"SANDBOX": f"http://127.0.0.1:{PORT}"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "X-Request-Id"

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)


class Customer(msgspec.Struct):
    """A customer as the sandbox answers it."""

    id: str
    reference: str | None = None


class Decline(msgspec.Struct):
    """Why a payment was declined."""

    code: str
    message: str | None = None
    network_code: str | None = None
    network_advice_code: str | None = None


class NextAction(msgspec.Struct):
    """What the customer must do next: open this page."""

    url: str


class PaymentBody(msgspec.Struct):
    """A payment as the sandbox answers it."""

    id: str
    status: str
    amount: int
    currency: str
    reference: str | None = None
    customer: str | None = None
    amount_authorized: int | None = None
    amount_capturable: int | None = None
    amount_captured: int | None = None
    network_transaction_id: str | None = None
    decline: Decline | None = None
    next_action: NextAction | None = None


class PaymentList(msgspec.Struct):
    """Payments found by reference, newest first."""

    data: list[PaymentBody]


class Problem(msgspec.Struct):
    """What was wrong with a request."""

    type: str
    code: str
    message: str
    param: str | None = None


class ProblemBody(msgspec.Struct):
    """The body of every error answer but a decline."""

    error: Problem


_STATUS = {
    "authorized": PaymentStatus.AUTHORIZED,
    "captured": PaymentStatus.CHARGED,
    "declined": PaymentStatus.AUTHORIZATION_FAILED,
    "failed": PaymentStatus.AUTHENTICATION_FAILED,
    "requires_action": PaymentStatus.AUTHENTICATION_PENDING,
    "processing": PaymentStatus.PENDING,
}
_UNIFIED = {
    "do_not_honor": UnifiedCode.DECLINED,
    "insufficient_funds": UnifiedCode.INSUFFICIENT_FUNDS,
    "expired_card": UnifiedCode.EXPIRED_CARD,
    "authentication_required": UnifiedCode.AUTHENTICATION_REQUIRED,
    "authentication_failed": UnifiedCode.AUTHENTICATION_FAILED,
}
_KINDS = {
    400: ErrorKind.INVALID_REQUEST,
    401: ErrorKind.AUTHENTICATION,
    402: ErrorKind.DECLINED,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    429: ErrorKind.RATE_LIMITED,
}


class Sandbox:
    """The connector."""

    info = ConnectorInfo(
        display_name="Prism sandbox",
        account=SandboxAccount,
        docs="https://github.com/prism-payments/prism/tree/main/plugins/prism-sandbox",
        sends={
            "create_customer": (
                "merchant_customer_id", "name", "email", "phone", "description", "address",
                "metadata",
            ),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "billing_address",
                "shipping_address", "metadata",
            ),
            "get_payment": ("connector_transaction_id", "merchant_transaction_id"),
        },
        notes=("No money moves. The tokens are tok_approve, tok_decline and tok_challenge.",),
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: SandboxAccount
    ) -> Flow[CustomerCreated]:
        """POST /v1/customers"""
        response = yield account.post(
            "/v1/customers",
            json={
                "reference": request.merchant_customer_id,
                "name": request.name,
                "email": request.email,
                "phone": request.phone,
                "description": request.description,
                "address": _address(request.address),
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerCreated(connector_customer_id=body.id, merchant_customer_id=body.reference)

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments"""
        response = yield account.post(
            "/v1/payments",
            json={
                "reference": request.merchant_transaction_id,
                "amount": request.amount.minor_amount,
                "currency": request.amount.currency,
                "payment_method": _payment_method(request.payment_method),
                "customer": request.connector_customer_id,
                "capture": request.capture_method.lower(),
                "three_d_secure": _three_d_secure(request.auth_type),
                "return_url": request.return_url,
                "setup_future_usage": _lower(request.setup_future_usage),
                "off_session": request.off_session,
                "statement_descriptor_suffix": request.statement_descriptor_suffix,
                "description": request.description,
                "billing_address": _address(request.billing_address),
                "shipping_address": _address(request.shipping_address),
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        return _payment(account.decode(response, PaymentBody))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: SandboxAccount) -> Flow[Payment]:
        """GET /v1/payments/{id}, or GET /v1/payments?reference=..."""
        if request.connector_transaction_id is not None:
            path = f"/v1/payments/{segment(request.connector_transaction_id)}"
            response = yield account.get(path)
            return _payment(account.decode(response, PaymentBody))
        reference = request.merchant_transaction_id or ""
        response = yield account.get("/v1/payments", query={"reference": reference})
        found = account.decode(response, PaymentList).data
        if not found:
            raise NotFound(f"the sandbox has no payment with the reference {reference}")
        return _payment(found[0])

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SandboxAccount) -> ErrorAnswer | None:
        """A decline is a 402 with the payment as its body; other errors have an `error`."""
        if response.status_code < 400:
            return None
        if response.status_code == 402:
            return ErrorAnswer(kind=ErrorKind.DECLINED)
        body = response.decode(ProblemBody)
        if body is None:
            return None
        problem = body.error
        message = f"{problem.message} ({problem.param})" if problem.param else problem.message
        return ErrorAnswer(
            kind=_KINDS.get(response.status_code, ErrorKind.OTHER),
            details=ErrorDetails(
                connector=ConnectorDetails(code=problem.code, message=message, reason=problem.type)
            ),
            retryable=True if problem.code == "idempotency_in_progress" else None,
            unknown=problem.code == "idempotency_in_progress",
        )


def _payment(body: PaymentBody) -> Payment:
    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, body.currency)

    return Payment(
        status=_STATUS.get(body.status, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=body.reference,
        connector_customer_id=body.customer,
        amount=money(body.amount),
        authorized_amount=money(body.amount_authorized or None),
        capturable_amount=money(body.amount_capturable),
        captured_amount=money(body.amount_captured),
        redirection_data=RedirectionData(uri=body.next_action.url) if body.next_action else None,
        network_transaction_id=body.network_transaction_id,
        error=_details(body.decline) if body.decline else None,
    )


def _details(decline: Decline) -> ErrorDetails:
    return ErrorDetails(
        unified=unified(_UNIFIED.get(decline.code, UnifiedCode.DECLINED)),
        issuer=IssuerError(
            code=decline.code,
            message=decline.message,
            network=NetworkError(
                decline_code=decline.network_code, advice_code=decline.network_advice_code
            ),
        ),
        connector=ConnectorDetails(code=decline.code, message=decline.message),
    )


def _payment_method(method: Card | Token) -> dict[str, Any]:
    if isinstance(method, Token):
        return {"type": "token", "token": method.token}
    return {
        "type": "card",
        "number": method.number,
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "cvc": method.cvc,
        "holder_name": method.holder_name,
    }


def _address(address: Address | None) -> dict[str, Any] | None:
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "line1": address.line1,
        "line2": address.line2,
        "line3": address.line3,
        "city": address.city,
        "state": address.state,
        "zip_code": address.zip_code,
        "country": address.country_alpha2_code,
        "email": address.email,
        "phone": address.phone_number,
    }


def _three_d_secure(auth_type: object) -> str | None:
    if auth_type is None:
        return None
    return "required" if auth_type is AuthenticationType.THREE_DS else "none"


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


connector = Sandbox()
