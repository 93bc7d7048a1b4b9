"""Recurring payments: a permission is a card stored for a customer, set up to be charged without
them. https://docs.stripe.com/payments/save-and-reuse"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import (
    NULL,
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
    nullable,
)
from prism_stripe.account import StripeAccount
from prism_stripe.answers import FAILED, TAKEN, payment, redirection
from prism_stripe.errors import details
from prism_stripe.payment_methods import detaching, is_another, paying_with
from prism_stripe.payments import confirmed, create_intent, descriptor_suffix
from prism_stripe.shapes import DetachedMethod, PaymentIntent, SetupIntent

M = MandateStatus
_BY_PAYMENT = dict.fromkeys((*FAILED, PaymentStatus.VOIDED), M.MANDATE_INACTIVE)
_BY_PAYMENT |= dict.fromkeys(TAKEN, M.ACTIVE)


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: StripeAccount
    ) -> Flow[Mandate]:
        """https://docs.stripe.com/api/setup_intents/create, and with a first payment
        https://docs.stripe.com/api/payment_intents/create, both confirmed at once"""
        form = paying_with(request)
        if request.amount is None:
            whole = {**confirmed(request), **form, "usage": "off_session"}
            setting_up = account.post("/v1/setup_intents", form=whole)
            made = mandate_of((yield from account.fetch(setting_up, SetupIntent)))
        else:
            first = {"capture_method": "automatic", "setup_future_usage": "off_session"}
            made = mandate_of((yield from create_intent(request, account, **form, **first)))
        if is_another(request.payment_method, made.connector_mandate_id):
            found = Discrepancy("payment_method", "the token given", "another one")
            return replace(made, discrepancies=(found,))
        return made

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: StripeAccount
    ) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-off_session:
        Stripe tells the networks that the merchant started it, with a card stored before, and
        which payment it follows."""
        intent = yield from create_intent(
            request,
            account,
            payment_method=request.connector_mandate_id,
            off_session=True,
            capture_method="automatic",
            statement_descriptor_suffix=descriptor_suffix(request.statement_descriptor_suffix),
        )
        paid = payment(intent)
        # Of a payment that was not made, a payment method that is null is the usual answer.
        unpaid = paid.connector_payment_method_id is NULL and paid.status not in TAKEN
        mandate = None if unpaid else paid.connector_payment_method_id
        return replace(paid, connector_mandate_id=mandate)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: StripeAccount
    ) -> Flow[Mandate]:
        """https://docs.stripe.com/api/payment_methods/detach: without its customer the card can
        not be charged any more."""
        detached = detaching(request.connector_mandate_id, account)
        body = yield from account.fetch(detached, DetachedMethod)
        status = M.REVOKED if body.customer is None else M.MANDATE_PENDING
        return Mandate(status=status, connector_mandate_id=body.id)


def mandate_of(intent: SetupIntent | PaymentIntent) -> Mandate:
    """The permission that a setup or a first payment gave; charging by it takes its payment
    method's id."""
    method = intent.payment_method if isinstance(intent.payment_method, str) else None
    status = _status(intent)
    first: dict[str, Any] = {}
    if isinstance(intent, PaymentIntent):
        paid = payment(intent)
        status = _BY_PAYMENT.get(paid.status, M.MANDATE_PENDING)
        first = {
            "connector_transaction_id": paid.connector_transaction_id,
            "amount": (paid.captured_amount if paid.status in TAKEN else None) or paid.amount,
            "network_transaction_id": paid.network_transaction_id,
        }
    if status is M.ACTIVE and method is None:
        status = M.MANDATE_PENDING  # nothing to charge by
    return Mandate(
        status=status,
        connector_mandate_id=None if status is M.MANDATE_INACTIVE else method,
        merchant_mandate_id=intent.own_id("merchant_mandate_id"),
        connector_customer_id=nullable(intent.customer),
        redirection_data=redirection(intent),
        error=None if intent.failure is None else details(intent.failure),
        **first,
    )


def _status(intent: SetupIntent | PaymentIntent) -> MandateStatus:
    """https://docs.stripe.com/payments/paymentintents/lifecycle: a setup that waits for a payment
    method has failed if it says why."""
    failed = intent.status == "requires_payment_method" and intent.failure is not None
    if failed or intent.status == "canceled":
        return M.MANDATE_INACTIVE
    return M.ACTIVE if intent.status == "succeeded" else M.MANDATE_PENDING
