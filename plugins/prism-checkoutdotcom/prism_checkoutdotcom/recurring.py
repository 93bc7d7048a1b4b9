"""Permissions to charge again: a stored card, charged by `payment_type`."""

from typing import Any

from msgspec.structs import replace

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    expect_same,
    hookimpl,
    nullable,
)

from .account import CheckoutDotComAccount as Account
from .answers import mandate_of
from .customers import INSTRUMENT
from .fields import three_ds
from .methods import info_of, source
from .payments import PAYMENT, PAYMENTS, asked_for, just_made, kind, with_customer
from .shapes import InstrumentBody, PaymentBody


def first(request: SetupRecurringRequest, account: Account) -> dict[str, Any]:
    """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details/recurring-payments-with-stored-card-details:
    an amount of 0 verifies the card."""
    assert request.payment_method is not None  # info.needs
    amount = request.amount or Money(0, account.verification_currency)
    paid = source(request.payment_method, request.billing_address, request.merchant_mandate_id)
    asked = three_ds(request.auth_type, request.authentication_data)
    if asked is not None and asked["enabled"]:
        asked["challenge_indicator"] = "challenge_requested_mandate"
    return {
        **asked_for(request, amount, account),
        **with_customer(request),
        "source": {**paid, "store_for_future_use": True},
        "payment_type": "Recurring",
        "merchant_initiated": False,
        "3ds": asked,
    }


class Recurring:
    """The operations on permissions."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details/recurring-payments-with-stored-card-details"""
        asked = account.post(PAYMENTS, json=first(request, account))
        return mandate_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://api-reference.checkout.com/#operation/getInstrumentDetails: what is stored can be
        charged; or the first payment."""
        known, payment = request.connector_mandate_id, request.connector_transaction_id
        if known is None:
            body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
            return mandate_of(body)
        kept = yield from account.fetch(account.get(INSTRUMENT, known), InstrumentBody)
        return Mandate(
            status=MandateStatus.ACTIVE,
            connector_mandate_id=kept.id,
            connector_customer_id=nullable(kept.customer.id) if kept.customer else None,
            connector_payment_method_id=kept.id,
            payment_method=info_of(kept),
        )

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://api-reference.checkout.com/#operation/getPaymentDetails"""
        payment = request.connector_transaction_id
        body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
        expect_same("connector_transaction_id", payment, body.id)
        return mandate_of(body)

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details/recurring-payments-with-stored-card-details:
        `previous_payment_id` takes the scheme's id of the first payment, too."""
        charge = {
            **asked_for(request, request.amount, account),
            "source": {"type": "id", "id": request.connector_mandate_id},
            "payment_type": kind(request.mit_category, "Recurring"),
            "merchant_initiated": True,
            "previous_payment_id": request.network_transaction_id,
            "capture": True,
        }
        asked = account.post(PAYMENTS, json=charge)
        made = just_made((yield from account.fetch(asked, PaymentBody)), "id")
        return replace(made, connector_mandate_id=made.connector_payment_method_id)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://api-reference.checkout.com/#tag/Instruments"""
        known = request.connector_mandate_id
        account.expect_empty((yield account.delete(INSTRUMENT, known, keyed=False)), 204)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=known)
