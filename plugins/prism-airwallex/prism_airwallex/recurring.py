"""Recurring payments: a payment consent, made with a first payment, is charged and disabled."""

from prism_core import (
    Card,
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    expect_same,
    hookimpl,
)

from .account import AirwallexAccount as Account
from .answers import first_payment_of, mandate_of, payment_of
from .fields import card, device
from .payments import BY_SHOP, basics, paid
from .shapes import Consent

CONSENT = "/api/v1/pa/payment_consents/{}"


def looked_up(
    request: GetMandateRequest | CompleteMandateRequest, account: Account
) -> Flow[Mandate]:
    """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents"""
    asked = account.get(CONSENT, request.connector_mandate_id)
    return mandate_of((yield from account.fetch(asked, Consent)))


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://www.airwallex.com/docs/payments/online-payments/save-and-reuse-payment-details:
        with the first payment."""
        method = request.payment_method
        assert isinstance(method, Card)
        opening = {
            **basics(request, request.merchant_mandate_id),
            "return_url": request.return_url,
        }
        paying = {
            "payment_method": card(method, request.billing_address),
            "payment_method_options": {"card": {"auto_capture": True}},
            "payment_consent": BY_SHOP,
            "device_data": device(request.browser_info),
        }
        return (yield from paid(opening, paying, first_payment_of, account))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents"""
        return (yield from looked_up(request, account))

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents: the success of
        the first payment verifies it."""
        return (yield from looked_up(request, account))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents: an intent is
        confirmed with the consent."""
        opening = basics(request, request.merchant_transaction_id)
        paying = {"payment_consent_id": request.connector_mandate_id}
        return (yield from paid(opening, paying, payment_of, account))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents"""
        known = request.connector_mandate_id
        asked = account.post(CONSENT + "/disable", known, json={})
        body = yield from account.fetch(asked, Consent)
        expect_same("connector_mandate_id", known, body.id)
        return mandate_of(body)
