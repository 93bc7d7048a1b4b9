"""Mandates: a stored payment method is the permission to charge it."""

from typing import Any

from msgspec.structs import replace

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
    nullable,
)
from prism_core.connector.values import translated

from . import documents
from .account import BraintreeAccount as Account
from .answers import mandate_after, mandate_of, payment_of
from .fields import INITIATORS, STORE, card_options, custom_fields, risk, transaction
from .methods import METHOD_ID, deleted, kept, usable, vaulted
from .payments import paid, paying
from .shapes import MethodBody


def first_payment(request: SetupRecurringRequest, account: Account) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input: the first
    payment of several, after which the payment method is stored."""
    money = needs("amount", request.amount, "for a first payment")
    return {
        "amount": money.to_decimal(),
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
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/vault-payment-method;
        with an amount it is a first payment."""
        if request.amount is None:
            answer = yield from vaulted(request, request.merchant_mandate_id, account)
            checked = answer.verification.status if answer.verification else "VERIFIED"
            own_id = nullable(answer.client_mutation_id)
            return replace(mandate_of(kept(answer), checked), merchant_mandate_id=own_id)
        order, options = first_payment(request, account), card_options(request)
        method = yield from usable(request.payment_method, account)
        asked = paying(method, order, options, True, account)
        return mandate_after(payment_of((yield from paid(asked, account))))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        asked = account.query(documents.FIND_METHOD, {"id": request.connector_mandate_id})
        return mandate_of((yield from account.fetch(asked, MethodBody)))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/types/payment-initiator"""
        category = request.mit_category or MitCategory.RECURRING_MIT
        word = translated("mit_category", category, INITIATORS)
        order = {**transaction(request, account), "paymentInitiator": word}
        asked = paying(request.connector_mandate_id, order, None, True, account)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/delete-payment-method-from-vault"""
        known = request.connector_mandate_id
        yield from deleted(documents.DELETE_METHOD, METHOD_ID, known, account)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=known)
