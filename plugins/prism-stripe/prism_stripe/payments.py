"""Payments: what is sent to https://docs.stripe.com/api/payment_intents"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Flow,
    GetPaymentRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    Payment,
    PaymentStatus,
    VoidRequest,
    at_most,
    hookimpl,
    segment,
)
from prism_stripe.account import StripeAccount, to_wire
from prism_stripe.answers import PaymentIntent, failed, payment, unchanged
from prism_stripe.parts import lower, metadata, payment_method, shipping, three_d_secure

_EXPAND = ["latest_charge"]


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create, confirmed at once"""
        own = {"merchant_transaction_id": request.merchant_transaction_id}
        response = yield account.post(
            "/v1/payment_intents",
            form={
                "amount": to_wire(request.amount),
                "currency": request.amount.currency.lower(),
                "confirm": True,
                "payment_method_types": ["card"],
                **payment_method(request),
                "customer": request.connector_customer_id,
                "capture_method": (
                    "manual" if request.capture_method is CaptureMethod.MANUAL else "automatic"
                ),
                "payment_method_options": three_d_secure(request.auth_type),
                "return_url": request.return_url,
                "setup_future_usage": lower(request.setup_future_usage),
                "off_session": request.off_session,
                "statement_descriptor_suffix": at_most(
                    22, "statement_descriptor_suffix", request.statement_descriptor_suffix
                ),
                "description": at_most(5000, "description", request.description),
                "shipping": shipping(request.shipping_address),
                "metadata": metadata(request.metadata, **own),
                "expand": _EXPAND,
            },
            idempotency_key=request.idempotency_key,
        )
        if response.error is not None:
            return failed(account, response)
        return payment(account.decode(response, PaymentIntent))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/retrieve"""
        intent = segment(request.connector_transaction_id or "")
        response = yield account.get(
            f"/v1/payment_intents/{intent}", query={"expand[0]": "latest_charge"}
        )
        return payment(account.decode(response, PaymentIntent))

    @hookimpl
    def capture(self, request: CaptureRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/capture: without an amount, all of it. The
        metadata is the PaymentIntent's, and joins what is there."""
        own = {"merchant_transaction_id": None, "merchant_capture_id": request.merchant_capture_id}
        form = {
            "amount_to_capture": None if request.amount is None else to_wire(request.amount),
            "metadata": metadata(request.metadata, **own),
        }
        response = yield _change(request, account, "capture", form)
        if response.error is not None:
            return unchanged(account, response, PaymentStatus.CAPTURE_FAILED)
        return payment(account.decode(response, PaymentIntent))

    @hookimpl
    def void(self, request: VoidRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/cancel"""
        response = yield _change(request, account, "cancel", {})
        if response.error is not None:
            return unchanged(account, response, PaymentStatus.VOID_FAILED)
        return payment(account.decode(response, PaymentIntent))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: StripeAccount
    ) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/increment_authorization: the amount is the
        new total, and a decline leaves the first authorization as it was."""
        own = {
            "merchant_transaction_id": None,
            "merchant_authorization_id": request.merchant_authorization_id,
        }
        form = {
            "amount": to_wire(request.amount),
            "description": at_most(1000, "description", request.description),
            "metadata": metadata(request.metadata, **own),
        }
        response = yield _change(request, account, "increment_authorization", form)
        if response.error is not None:
            return unchanged(account, response, PaymentStatus.AUTHORIZATION_FAILED)
        return payment(account.decode(response, PaymentIntent))


def _change(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest,
    account: StripeAccount,
    what: str,
    form: Mapping[str, Any],
) -> HttpRequest:
    return account.post(
        f"/v1/payment_intents/{segment(request.connector_transaction_id)}/{what}",
        form={**form, "expand": _EXPAND},
        idempotency_key=request.idempotency_key,
    )
