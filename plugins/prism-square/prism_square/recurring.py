"""Recurring payments: what is on file is the permission to charge it."""

from msgspec.structs import replace

from prism_core import (
    ChargeRecurringRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
)

from .account import SquareAccount as Account
from .answers import mandate_of, payment_of
from .orders import paid
from .payment_methods import answered, disabled, on_file, path_of
from .payments import PAYMENTS, paying


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://developer.squareup.com/reference/square/cards-api/create-card"""
        return mandate_of((yield from on_file(request, request.merchant_mandate_id, account)))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.squareup.com/reference/square/cards-api/retrieve-card"""
        known = request.connector_mandate_id
        asked = account.get(path_of(known), known)
        return mandate_of((yield from answered(asked, known, account)))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/payments-api/create-payment: the customer
        is not there."""
        charge = {
            **paying(request, account),
            "source_id": request.connector_mandate_id,
            "autocomplete": True,
            "customer_details": {"customer_initiated": False},
        }
        asked = account.post(PAYMENTS, json=charge)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.squareup.com/reference/square/cards-api/disable-card"""
        mandate = yield from disabled(request.connector_mandate_id, account)
        return replace(mandate, status=AFTER.get(mandate.status, mandate.status))


AFTER = {
    MandateStatus.MANDATE_INACTIVE: MandateStatus.REVOKED,
    MandateStatus.ACTIVE: MandateStatus.MANDATE_REVOKE_FAILED,
}
