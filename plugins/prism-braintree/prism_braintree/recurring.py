"""Mandates: a stored payment method is the permission to charge it."""

from typing import Any

from prism_core import (
    ChargeRecurringRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    MitCategory,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
    needs,
)

from . import documents
from .account import BraintreeAccount
from .answers import mandate_after, mandate_of, payment_of
from .fields import STORE, amount, card_options, custom_fields, initiator, risk, transaction
from .methods import forgotten, usable, vaulted
from .payments import paying
from .shapes import MethodBody, TransactionPayload


def first_payment(request: SetupRecurringRequest, account: BraintreeAccount) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input: the first
    payment of several, after which the payment method is stored."""
    money = needs("amount", request.amount, "for a first payment")
    return {
        "amount": amount(money),
        "merchantAccountId": account.merchant_account(money),
        "orderId": request.merchant_mandate_id,
        "customerId": request.connector_customer_id,
        "paymentInitiator": "RECURRING_FIRST",
        "vaultPaymentMethodAfterTransacting": STORE,
        "riskData": risk(request.browser_info),
        "customFields": custom_fields(request.metadata),
    }


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: BraintreeAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/vault-payment-method;
        with an amount it is a first payment."""
        method, customer = request.payment_method, request.connector_customer_id
        if request.amount is None:
            kept = yield from vaulted(method, customer, request.billing_address, account)
            return mandate_of(kept)
        order, options = first_payment(request, account), card_options(request)
        paid = paying((yield from usable(method, account)), order, options, True, account)
        body = yield from account.fetch(paid, TransactionPayload)
        return mandate_after(payment_of(body.transaction))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: BraintreeAccount) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        asked = account.query(documents.FIND_METHOD, {"id": request.connector_mandate_id})
        return mandate_of((yield from account.fetch(asked, MethodBody)))

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: BraintreeAccount
    ) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/types/payment-initiator"""
        category = request.mit_category or MitCategory.RECURRING_MIT
        order = {**transaction(request, account), "paymentInitiator": initiator(category)}
        asked = paying(request.connector_mandate_id, order, None, True, account)
        return payment_of((yield from account.fetch(asked, TransactionPayload)).transaction)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: BraintreeAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/delete-payment-method-from-vault"""
        known = request.connector_mandate_id
        yield from forgotten(known, account)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=known)
