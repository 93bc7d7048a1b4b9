"""Mandates: a stored card that was charged or stored while the customer was there."""

from prism_core import (
    Card,
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    MitCategory,
    Payment,
    RevokeMandateRequest,
    SdkToken,
    SetupRecurringRequest,
    hookimpl,
    needs,
)
from prism_core.connector.values import metadata_with_id

from .account import Shift4Account as Account
from .answers import mandate_of_card, mandate_of_charge, payment_of
from .customers import CARD, delete_card
from .methods import card_of
from .payments import CHARGES, back_to, looked_up, secured, series
from .shapes import ChargeBody, StoredCard


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://dev.shift4.com/docs/api#charge-create with `first_recurring`"""
        method, amount = request.payment_method, request.amount
        assert isinstance(method, Card | SdkToken)
        assert amount is not None  # info.needs
        charge = {
            "amount": amount.minor_amount,
            "currency": amount.currency,
            "description": request.description,
            "customerId": request.connector_customer_id,
            "captured": True,
            "type": "first_recurring",
            "threeDSecure": secured(request),
            "flow": back_to(request.return_url),
            "metadata": metadata_with_id(request),
            **card_of(method, request),
        }
        asked = account.post(CHARGES, json=charge)
        return mandate_of_charge((yield from account.fetch(asked, ChargeBody)))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://dev.shift4.com/docs/api#card-retrieve, or of the first charge
        https://dev.shift4.com/docs/api#charge-retrieve"""
        known = request.connector_mandate_id
        if known is None:
            return mandate_of_charge(
                (yield from looked_up(request.connector_transaction_id, account))
            )
        customer = needs(
            "connector_customer_id", request.connector_customer_id, "with connector_mandate_id"
        )
        body = yield from account.fetch(account.get(CARD, customer, known), StoredCard)
        return mandate_of_card(body)

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://dev.shift4.com/docs/api#charge-retrieve: the way back says nothing."""
        return mandate_of_charge((yield from looked_up(request.connector_transaction_id, account)))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://dev.shift4.com/docs/api#charge-create, `type`"""
        charge = {
            "amount": request.amount.minor_amount,
            "currency": request.amount.currency,
            "description": request.description,
            "customerId": request.connector_customer_id,
            "card": request.connector_mandate_id,
            "captured": True,
            "type": series(request.mit_category or MitCategory.RECURRING_MIT),
            "metadata": metadata_with_id(request),
        }
        asked = account.post(CHARGES, json=charge)
        return payment_of((yield from account.fetch(asked, ChargeBody)))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://dev.shift4.com/docs/api#card-delete: without its card nothing can be charged."""
        known, customer = request.connector_mandate_id, request.connector_customer_id
        gone = yield from delete_card(customer, known, account)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=gone)
