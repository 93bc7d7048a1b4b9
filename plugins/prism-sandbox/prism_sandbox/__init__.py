"""The sandbox's connector: an ordinary plugin that speaks to `prism sandbox` over HTTP.

Its API is described in the README beside this package, and served by `prism_sandbox.server`.
"""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    AuthenticationType,
    AuthorizeRequest,
    Card,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    NotFound,
    Payment,
    Token,
    hookimpl,
    segment,
)
from prism_sandbox.account import PORT, SandboxAccount
from prism_sandbox.answers import Customer, PaymentBody, PaymentList, error_answer, payment
from prism_sandbox.changes import Changes

__all__ = ["PORT", "Sandbox", "SandboxAccount", "connector"]


class Sandbox(Changes):
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
            "capture": (
                "connector_transaction_id", "amount", "merchant_capture_id", "metadata",
            ),
            "void": ("connector_transaction_id", "merchant_void_id", "reason", "metadata"),
            "increment_authorization": (
                "connector_transaction_id", "amount", "merchant_authorization_id", "description",
                "metadata",
            ),
            "refund": (
                "connector_transaction_id", "merchant_refund_id", "amount", "reason", "metadata",
            ),
            "get_refund": (
                "connector_refund_id", "connector_transaction_id", "merchant_refund_id",
            ),
        },
        notes=(
            "No money moves. The tokens are tok_approve, tok_decline and tok_challenge.",
            "A payment is captured in as many parts as you like; voiding gives up what is left.",
        ),
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
        return payment(account.decode(response, PaymentBody))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: SandboxAccount) -> Flow[Payment]:
        """GET /v1/payments/{id}, or GET /v1/payments?reference=..."""
        if request.connector_transaction_id is not None:
            path = f"/v1/payments/{segment(request.connector_transaction_id)}"
            response = yield account.get(path)
            return payment(account.decode(response, PaymentBody))
        reference = request.merchant_transaction_id or ""
        response = yield account.get("/v1/payments", query={"reference": reference})
        found = account.decode(response, PaymentList).data
        if not found:
            raise NotFound(f"the sandbox has no payment with the reference {reference}")
        return payment(found[0])

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SandboxAccount) -> ErrorAnswer | None:
        """A decline is a 402 with the payment as its body; other errors have an `error`."""
        return error_answer(response)


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
