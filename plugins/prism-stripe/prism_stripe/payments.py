"""Payments: what is sent to https://docs.stripe.com/api/payment_intents"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    CompletePaymentRequest,
    Discrepancy,
    Flow,
    GetPaymentRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    Payment,
    PaymentStatus,
    RefundRequest,
    VoidRequest,
    at_most,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
    segment,
)
from prism_stripe.account import StripeAccount, from_wire, to_wire
from prism_stripe.answers import PaymentIntent, failed, payment, unchanged
from prism_stripe.parts import (
    card_options,
    descriptor_suffix,
    is_alias,
    lower,
    metadata,
    payment_method,
    shipping,
)

EXPAND = ["latest_charge"]


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
                **payment_method(request.payment_method, request.billing_address),
                "customer": request.connector_customer_id,
                "capture_method": (
                    "manual" if request.capture_method is CaptureMethod.MANUAL else "automatic"
                ),
                "payment_method_options": card_options(
                    request.auth_type, can_be_raised=request.request_incremental_authorization
                ),
                "return_url": request.return_url,
                "setup_future_usage": lower(request.setup_future_usage),
                "off_session": request.off_session,
                "statement_descriptor_suffix": descriptor_suffix(
                    request.statement_descriptor_suffix
                ),
                "description": at_most(1000, "description", request.description),
                "shipping": shipping(request.shipping_address),
                "metadata": metadata(request.metadata, **own),
                "expand": EXPAND,
            },
            idempotency_key=request.idempotency_key,
        )
        if response.error is not None:
            return failed(account, response)
        paid = payment(account.decode(response, PaymentIntent))
        if is_alias(request.payment_method):
            return msgspec.structs.replace(paid, connector_payment_method_id=None)
        return paid

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/retrieve"""
        response = yield lookup(request.connector_transaction_id or "", account)
        return payment(account.decode(response, PaymentIntent))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/payments/3d-secure/authentication-flow: Stripe goes on by itself
        once the customer has authenticated, and is asked what became of it."""
        known = request.connector_transaction_id
        known = needs("connector_transaction_id", known, "to complete a payment")
        response = yield lookup(known, account)
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
        yield from in_its_currency(request, account)
        response = yield _change(request, account, "capture", form)
        if response.error is not None:
            return unchanged(account, response, PaymentStatus.CAPTURE_FAILED)
        return _changed(own, account.decode(response, PaymentIntent))

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
        yield from in_its_currency(request, account)
        response = yield _change(request, account, "increment_authorization", form)
        if response.error is not None:
            return unchanged(account, response, PaymentStatus.AUTHORIZATION_FAILED)
        return _changed(own, account.decode(response, PaymentIntent))


def lookup(intent: str, account: StripeAccount) -> HttpRequest:
    """https://docs.stripe.com/api/payment_intents/retrieve"""
    path = f"/v1/payment_intents/{segment(intent)}"
    return account.get(path, query={"expand[0]": "latest_charge"})


def in_its_currency(
    request: CaptureRequest | IncrementAuthorizationRequest | RefundRequest,
    account: StripeAccount,
) -> Flow[None]:
    """Refuses an amount in another currency than the payment's, which is looked up for that. A
    change sends no currency: Stripe would move as many of the payment's own."""
    if request.amount is None:
        return
    response = yield lookup(request.connector_transaction_id, account)
    found = account.decode(response, PaymentIntent)
    expect_same("connector_transaction_id", request.connector_transaction_id, found.id)
    expect_currency(request.amount, from_wire(found.amount, found.currency))


def _changed(own: Mapping[str, str | None], intent: PaymentIntent) -> Payment:
    """The payment after a change with an id of the caller's own, which must be the last in the
    metadata: else the answer is about another change. Without any, the result says so."""
    missing = []
    for name, asked in own.items():
        if asked is None or intent.metadata is UNSET:
            continue
        found = intent.metadata.get(name)
        if found is None:
            missing.append(Discrepancy(name, asked, "null"))
        else:
            expect_same(name, asked, found)
    return msgspec.structs.replace(payment(intent), discrepancies=tuple(missing))


def _change(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest,
    account: StripeAccount,
    what: str,
    form: Mapping[str, Any],
) -> HttpRequest:
    return account.post(
        f"/v1/payment_intents/{segment(request.connector_transaction_id)}/{what}",
        form={**form, "expand": EXPAND},
        idempotency_key=request.idempotency_key,
    )
