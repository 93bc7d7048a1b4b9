"""Recurring payments: a permission is a card kept for a customer, set up to be charged without
them. https://docs.stripe.com/payments/save-and-reuse"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET

from prism_core import (
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Told,
    at_most,
    hookimpl,
    told,
)
from prism_stripe.account import StripeAccount, to_wire
from prism_stripe.answers import NextAction, PaymentIntent, failed, own_id, payment, redirection
from prism_stripe.errors import ErrorEnvelope, StripeError, details
from prism_stripe.methods import DetachedMethod, detaching
from prism_stripe.parts import (
    card_options,
    descriptor_suffix,
    is_another,
    metadata,
    payment_method,
)
from prism_stripe.payments import EXPAND


class SetupIntent(msgspec.Struct):
    """https://docs.stripe.com/api/setup_intents/object"""

    id: str
    status: str
    client_secret: str | None = None
    customer: Told[str] = UNSET
    last_setup_error: StripeError | None = None
    metadata: Told[dict[str, str]] = UNSET
    next_action: NextAction | None = None
    payment_method: str | None = None
    object: Literal["setup_intent"] = "setup_intent"
    """Another one is the answer to another call."""


# https://docs.stripe.com/payments/paymentintents/lifecycle; a setup that waits for a payment
# method has failed if it says why.
_STATUS = {
    "succeeded": MandateStatus.ACTIVE,
    "canceled": MandateStatus.MANDATE_INACTIVE,
    "requires_payment_method": MandateStatus.MANDATE_INACTIVE,
    "requires_action": MandateStatus.MANDATE_PENDING,
    "requires_confirmation": MandateStatus.MANDATE_PENDING,
    "processing": MandateStatus.MANDATE_PENDING,
}
_PAID = (PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
_GIVEN_UP = (
    *(PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.AUTHENTICATION_FAILED),
    PaymentStatus.VOIDED,
)


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: StripeAccount
    ) -> Flow[Mandate]:
        """https://docs.stripe.com/api/setup_intents/create, and with a first payment
        https://docs.stripe.com/api/payment_intents/create, both confirmed at once"""
        own = {"merchant_mandate_id": request.merchant_mandate_id}
        form = {
            "confirm": True,
            "payment_method_types": ["card"],
            **payment_method(request.payment_method, request.billing_address),
            "customer": _customer(request.connector_customer_id),
            "payment_method_options": card_options(request.auth_type),
            "return_url": request.return_url,
            "description": at_most(1000, "description", request.description),
            "metadata": metadata(request.metadata, **own),
        }
        key = request.idempotency_key
        if request.amount is None:
            form["usage"] = "off_session"
            response = yield account.post("/v1/setup_intents", form=form, idempotency_key=key)
            if response.error is not None:
                error = account.decode(response, ErrorEnvelope).error
                return Mandate(status=MandateStatus.MANDATE_INACTIVE, error=details(error))
            return _checked(request, mandate_of(account.decode(response, SetupIntent)))
        first = {
            "amount": to_wire(request.amount),
            "currency": request.amount.currency.lower(),
            "capture_method": "automatic",
            "setup_future_usage": "off_session",
            "expand": EXPAND,
        }
        response = yield account.post(
            "/v1/payment_intents", form={**first, **form}, idempotency_key=key
        )
        if response.error is not None:
            return _mandate(failed(account, response))
        return _checked(request, mandate_by(account.decode(response, PaymentIntent)))

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: StripeAccount
    ) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-off_session:
        Stripe tells the networks that the merchant started it, with a card kept before, and which
        payment it follows."""
        own = {"merchant_transaction_id": request.merchant_transaction_id}
        response = yield account.post(
            "/v1/payment_intents",
            form={
                "amount": to_wire(request.amount),
                "currency": request.amount.currency.lower(),
                "confirm": True,
                "off_session": True,
                "capture_method": "automatic",
                "payment_method_types": ["card"],
                "payment_method": request.connector_mandate_id,
                "customer": _customer(request.connector_customer_id),
                "statement_descriptor_suffix": descriptor_suffix(
                    request.statement_descriptor_suffix
                ),
                "description": at_most(1000, "description", request.description),
                "metadata": metadata(request.metadata, **own),
                "expand": EXPAND,
            },
            idempotency_key=request.idempotency_key,
        )
        if response.error is not None:
            return failed(account, response)
        intent = account.decode(response, PaymentIntent)
        paid = payment(intent)
        # Of a payment that was not made, a payment method that is null is the usual answer.
        is_told = intent.payment_method is not None or paid.status in _PAID
        mandate = paid.connector_payment_method_id if is_told else None
        return msgspec.structs.replace(paid, connector_mandate_id=mandate)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: StripeAccount
    ) -> Flow[Mandate]:
        """https://docs.stripe.com/api/payment_methods/detach: without its customer the card can
        not be charged any more."""
        asked = request.connector_mandate_id
        response = yield detaching(asked, account, request.idempotency_key)
        if response.error is not None:
            error = account.decode(response, ErrorEnvelope).error
            failure = MandateStatus.MANDATE_REVOKE_FAILED
            return Mandate(status=failure, connector_mandate_id=asked, error=details(error))
        body = account.decode(response, DetachedMethod)
        return Mandate(
            status=MandateStatus.REVOKED
            if body.customer is None
            else MandateStatus.MANDATE_PENDING,
            connector_mandate_id=body.id,
        )


def _checked(request: SetupRecurringRequest, made: Mandate) -> Mandate:
    """The permission with what contradicts it: another card than the token's, or an error beside
    success."""
    found, method = [], made.connector_mandate_id
    if method is not None and is_another(request.payment_method, method):
        found.append(Discrepancy("payment_method", "the token given", "another one"))
    if made.status is MandateStatus.ACTIVE and made.error is not None:
        said = made.error.connector
        found.append(Discrepancy("error", "null", (said and said.code) or "an error"))
    return msgspec.structs.replace(made, discrepancies=tuple(found))


def mandate_of(intent: SetupIntent) -> Mandate:
    """The permission that a SetupIntent got; charging by it takes its payment method's id."""
    status, failure = (
        _STATUS.get(intent.status, MandateStatus.MANDATE_PENDING),
        intent.last_setup_error,
    )
    method = intent.payment_method if isinstance(intent.payment_method, str) else None
    if intent.status == "requires_payment_method" and failure is None:
        status = MandateStatus.MANDATE_PENDING
    if status is MandateStatus.ACTIVE and method is None:
        status = MandateStatus.MANDATE_PENDING  # nothing to charge by
    is_given = status is not MandateStatus.MANDATE_INACTIVE
    return Mandate(
        status=status,
        connector_mandate_id=method if is_given else None,
        merchant_mandate_id=own_id(intent.metadata, "merchant_mandate_id"),
        connector_customer_id=told(intent.customer),
        redirection_data=redirection(intent.next_action, intent.client_secret),
        error=None if failure is None else details(failure),
    )


def mandate_by(intent: PaymentIntent) -> Mandate:
    """The permission that came with a first payment."""
    method = intent.payment_method if isinstance(intent.payment_method, str) else None
    return _mandate(payment(intent), method, own_id(intent.metadata, "merchant_mandate_id"))


def _mandate(paid: Payment, method: str | None = None, own: str | None = None) -> Mandate:
    if paid.status in _GIVEN_UP:
        status, method = MandateStatus.MANDATE_INACTIVE, None
    elif paid.status in _PAID and method is not None:
        status = MandateStatus.ACTIVE
    else:
        status = MandateStatus.MANDATE_PENDING
    return Mandate(
        status=status,
        connector_mandate_id=method,
        merchant_mandate_id=own,
        connector_customer_id=paid.connector_customer_id,
        connector_transaction_id=paid.connector_transaction_id,
        amount=(paid.captured_amount if paid.status in _PAID else None) or paid.amount,
        network_transaction_id=paid.network_transaction_id,
        redirection_data=paid.redirection_data,
        error=paid.error,
    )


def _customer(given: str | None) -> str:
    """https://docs.stripe.com/api/payment_methods/attach: a card that is kept for nobody pays
    once at most."""
    if given is None:
        raise InvalidRequest(
            "Stripe charges a card again only by the customer who has it: create the customer, "
            "and give connector_customer_id",
            field="connector_customer_id",
        )
    return given
