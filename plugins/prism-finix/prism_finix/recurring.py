"""Mandates: a payment instrument can be charged again, until it is disabled."""

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
    nullable,
)
from prism_core.connector.values import kept_id, metadata_with_id

from .account import FinixAccount as Account
from .answers import info_of
from .payment_methods import disabled, known_instrument, new_instrument, usable_instrument
from .payments import charged, shop
from .shapes import InstrumentBody

# https://docs.finix.com/api/payment-instruments, `enabled`
MANDATES = {True: MandateStatus.ACTIVE, False: MandateStatus.REVOKED}


def mandate_of(body: InstrumentBody) -> Mandate:
    """https://docs.finix.com/api/payment-instruments"""
    return Mandate(
        status=MANDATES[body.enabled],
        connector_mandate_id=body.id,
        merchant_mandate_id=kept_id(body.tags, "merchant_mandate_id"),
        connector_customer_id=nullable(body.identity),
        connector_payment_method_id=body.id,
        payment_method=info_of(body),
    )


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://docs.finix.com/api/payment-instruments/createpaymentinstrument"""
        tags = metadata_with_id(request, description=request.description)
        asked = new_instrument(request, tags, account, changes=True)
        return mandate_of((yield from account.fetch(asked, InstrumentBody)))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.finix.com/api/payment-instruments/getpaymentinstrument"""
        known = request.connector_mandate_id
        return mandate_of((yield from known_instrument(known, None, account)))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/transfers/createtransfer"""
        charge = shop(request, account)
        known, customer = request.connector_mandate_id, request.connector_customer_id
        order = request.merchant_order_id
        instrument = yield from usable_instrument("connector_mandate_id", known, customer, account)
        payment = yield from charged(charge, order, instrument, account)
        return replace(payment, connector_mandate_id=payment.connector_payment_method_id)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.finix.com/api/payment-instruments/updatepaymentinstrument"""
        return mandate_of((yield from disabled(request.connector_mandate_id, account)))
