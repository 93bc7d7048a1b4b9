"""The sandbox's connector: an ordinary plugin that speaks to `prism sandbox` over HTTP.

Its API is described in the README beside this package, and served by `prism_sandbox.server`.
"""

from __future__ import annotations

import msgspec

from prism_core import (
    AuthorizeRequest,
    Card,
    CompletePaymentRequest,
    ConnectorInfo,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    InvalidRequest,
    NotFound,
    Payment,
    hookimpl,
    needs,
    segment,
)
from prism_sandbox.account import PORT, SandboxAccount
from prism_sandbox.answers import error_answer, payment
from prism_sandbox.changes import Changes
from prism_sandbox.customers import Customers
from prism_sandbox.events import Events
from prism_sandbox.parts import address_of, is_test_token, lower, method_of, three_d_secure
from prism_sandbox.recurring import Recurring
from prism_sandbox.shapes import PaymentBody, PaymentList

__all__ = ["PORT", "Sandbox", "SandboxAccount", "connector"]


class Sandbox(Customers, Changes, Recurring, Events):
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
            "get_customer": ("connector_customer_id", "merchant_customer_id"),
            "update_customer": (
                "connector_customer_id", "merchant_customer_id", "name", "email", "phone",
                "description", "address", "metadata",
            ),
            "delete_customer": ("connector_customer_id", "merchant_customer_id"),
            "tokenize": (
                "payment_method", "connector_customer_id", "merchant_payment_method_id",
                "billing_address", "metadata",
            ),
            "list_payment_methods": ("connector_customer_id", "merchant_customer_id"),
            "delete_payment_method": (
                "connector_payment_method_id", "connector_customer_id",
                "merchant_payment_method_id",
            ),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description",
                "request_incremental_authorization", "billing_address", "shipping_address",
                "metadata",
            ),
            "get_payment": ("connector_transaction_id", "merchant_transaction_id"),
            "complete": ("connector_transaction_id",),
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
            "setup_recurring": (
                "merchant_mandate_id", "payment_method", "connector_customer_id", "amount",
                "auth_type", "return_url", "description", "billing_address", "metadata",
            ),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "connector_customer_id", "network_transaction_id",
                "statement_descriptor_suffix", "description", "metadata",
            ),
            "revoke_mandate": (
                "connector_mandate_id", "connector_customer_id", "merchant_mandate_id",
            ),
            "handle_event": ("body", "headers"),
        },
        leaves_out={
            "complete": ("returned", "capture_method", "merchant_transaction_id", "metadata"),
        },
        unique_customers=True,
        notes=(
            "No money moves. Every test card has a token, such as tok_approve or tok_decline.",
            "Idempotency keys are kept as long as the database is.",
            "setup_future_usage stores the card for the customer once the payment is made; "
            "connector_payment_method_id names it, but for a payment by a test token (tok_...).",
            "To see a renewal fail, set a mandate up with 4000000000000341.",
            "A payment is captured in as many parts as you like; voiding gives up what is left.",
        ),
    )  # fmt: skip

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments"""
        _keepable(request)
        response = yield account.post(
            "/v1/payments",
            json={
                "reference": request.merchant_transaction_id,
                "amount": request.amount.minor_amount,
                "currency": request.amount.currency,
                "payment_method": method_of(request.payment_method),
                "customer": request.connector_customer_id,
                "capture": request.capture_method.lower(),
                "three_d_secure": three_d_secure(request.auth_type),
                "return_url": request.return_url,
                "setup_future_usage": lower(request.setup_future_usage),
                "off_session": request.off_session,
                "incremental": request.request_incremental_authorization,
                "statement_descriptor_suffix": request.statement_descriptor_suffix,
                "description": request.description,
                "billing_address": address_of(request.billing_address),
                "shipping_address": address_of(request.shipping_address),
                "metadata": request.metadata,
            },
            idempotency_key=request.idempotency_key,
        )
        made = payment(account.decode(response, PaymentBody))
        if is_test_token(request.payment_method):
            return msgspec.structs.replace(made, connector_payment_method_id=None)
        return made

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
    def complete(self, request: CompletePaymentRequest, account: SandboxAccount) -> Flow[Payment]:
        """GET /v1/payments/{id}: the challenge is answered on the sandbox's own page, so that
        nothing of what came back with the customer is needed."""
        known = request.connector_transaction_id
        known = needs("connector_transaction_id", known, "to complete a payment")
        response = yield account.get(f"/v1/payments/{segment(known)}")
        return payment(account.decode(response, PaymentBody))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SandboxAccount) -> ErrorAnswer | None:
        """A decline is a 402 with the payment as its body; other errors have an `error`."""
        return error_answer(response)


def _keepable(request: AuthorizeRequest) -> None:
    """A stored card, given as a token, may have its customer already."""
    new = isinstance(request.payment_method, Card) or is_test_token(request.payment_method)
    if request.setup_future_usage is not None and request.connector_customer_id is None and new:
        raise InvalidRequest(
            "the sandbox stores a card for later only for a customer: give connector_customer_id, "
            "or leave setup_future_usage out",
            field="setup_future_usage",
        )


connector = Sandbox()
