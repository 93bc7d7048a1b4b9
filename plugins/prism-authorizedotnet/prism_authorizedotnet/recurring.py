"""Recurring payments: a payment profile to charge again, with the marks that card networks want.

https://developer.authorize.net/api/reference/features/card-on-file.html
"""

from __future__ import annotations

import msgspec

from prism_authorizedotnet import parts
from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.answers import paid
from prism_authorizedotnet.errors import checks
from prism_authorizedotnet.methods import paid_with, stored_profile
from prism_authorizedotnet.orders import profile_page
from prism_authorizedotnet.payment_methods import delete, store
from prism_authorizedotnet.shapes import (
    Answer,
    PaymentProfileFound,
    TransactionAnswer,
    Validated,
)
from prism_authorizedotnet.shown import info
from prism_authorizedotnet.values import REFUSED, echoed, link, made_id, network_id
from prism_core import (
    Ach,
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    MitCategory,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    Secret,
    SetupRecurringRequest,
    Token,
    hookimpl,
    nullable,
)


class Recurring:
    """The operations on permissions to charge again: each is a payment profile."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """With an amount, the first payment of a series; without one the issuer is asked in
        liveMode, which counts as the first transaction: about a card by storing it, and of a card
        that is stored already. Nobody can be asked about a bank account.
        https://developer.authorize.net/api/reference/index.html#customer-profiles-validate-customer-payment-profile."""
        if request.payment_method is None:
            return (yield from profile_page(request, account))
        if request.amount is not None:
            return _granted((yield from _first_payment(request, account)), request)
        if not isinstance(request.payment_method, Token):
            return (yield from _stored(request, account))
        stored = Secret(request.payment_method.token).reveal()
        asked = account.ask(
            "validateCustomerPaymentProfileRequest",
            refId=request.merchant_mandate_id,
            customerProfileId=request.connector_customer_id,
            customerPaymentProfileId=stored,
            validationMode="liveMode",
        )
        checked = yield from account.fetch(asked, Validated)
        return _validated(checked, checked.direct_response, stored, None)

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-get-customer-payment-profile"""
        asked = account.ask(
            "getCustomerPaymentProfileRequest",
            changes=False,
            customerProfileId=request.connector_customer_id,
            customerPaymentProfileId=request.connector_mandate_id,
            unmaskExpirationDate=True,
        )
        found = (yield from account.fetch(asked, PaymentProfileFound)).payment_profile
        return Mandate(
            status=MandateStatus.ACTIVE,
            connector_mandate_id=made_id(found.customer_payment_profile_id),
            connector_customer_id=link(found.customer_profile_id),
            payment_method=info(found.payment),
            network_transaction_id=network_id(found.original_network_trans_id),
        )

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-customer-profile"""
        own_id, customer = request.merchant_transaction_id, request.connector_customer_id
        category = request.mit_category or MitCategory.RECURRING_MIT
        answer = yield from account.transact(
            "authCaptureTransaction",
            own_id,
            **parts.amount_fields(request.amount),
            profile=stored_profile(customer, request.connector_mandate_id),
            order={"invoiceNumber": own_id, "description": request.description},
            lineItems=parts.line_items(request.order_details, request.amount),
            userFields=parts.user_fields(request.metadata),
            **parts.merchant_initiated(category, request.network_transaction_id),
        )
        return paid(answer, request, PaymentStatus.CHARGED)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """The payment profile is deleted."""
        stored = request.connector_mandate_id
        yield from delete(account, request.connector_customer_id, stored)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=stored)


def _first_payment(request: SetupRecurringRequest, account: Account) -> Flow[TransactionAnswer]:
    """https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-credit-card:
    the payment method is put in the profile once the payment is approved."""
    browser, is_debit = request.browser_info, isinstance(request.payment_method, Ach)
    return account.transact(
        "authCaptureTransaction",
        request.merchant_mandate_id,
        **parts.amount_fields(request.amount),
        **paid_with(request),
        order={"invoiceNumber": request.merchant_mandate_id},
        billTo=parts.bill_to(request),
        customerIP=browser.ip_address if browser is not None else None,
        cardholderAuthentication=parts.authenticated(request.authentication_data),
        processingOptions=None if is_debit else {"isFirstRecurringPayment": True},
    )


def _stored(request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
    """A permission without a payment: what can be charged is in the customer's profile."""
    is_debit = isinstance(request.payment_method, Ach)
    mode = "none" if is_debit else "liveMode"
    made = yield from store(request, request.payment_method, account, mode)
    stored, customer = made_id(made.customer_payment_profile_id), link(made.customer_profile_id)
    found = _validated(made, made.validation_direct_response, stored, customer)
    return msgspec.structs.replace(found, status=MandateStatus.ACTIVE) if is_debit else found


def _validated(answer: Answer, direct: str | None, stored: str, customer: str | None) -> Mandate:
    """A stored card and what the issuer said of it; held for review, it is not sure yet."""
    code, _, was_asked = checks(direct)
    approved = code == "1" and was_asked
    return Mandate(
        status=MandateStatus.ACTIVE if approved else MandateStatus.MANDATE_PENDING,
        connector_mandate_id=stored,
        merchant_mandate_id=echoed(answer.ref_id),
        connector_customer_id=customer,
    )


def _granted(answer: TransactionAnswer, request: SetupRecurringRequest) -> Mandate:
    """The permission that comes with a first payment: the payment profile that the answer names.
    Whatever is wrong with storing the card, the payment was made."""
    made, method = paid(answer, request, PaymentStatus.CHARGED), request.payment_method
    code, stored = answer.transaction_response.code, made.connector_payment_method_id
    if code in REFUSED or stored is nullable(None):
        stored = None
    status, found = MandateStatus.MANDATE_PENDING, list[Discrepancy]()
    if code in REFUSED or (made.error is not None and stored is None):
        status = MandateStatus.MANDATE_INACTIVE
    elif code == "1" and stored is not None:
        status = MandateStatus.ACTIVE
    if code == "1" and isinstance(method, Token) and Secret(stored or "none") != method.token:
        reported = "null" if stored is None else "another one"
        found.append(Discrepancy("payment_method", "the token given", reported))
    return Mandate(
        status=status,
        connector_mandate_id=stored,
        merchant_mandate_id=made.merchant_transaction_id,
        connector_customer_id=made.connector_customer_id,
        connector_transaction_id=made.connector_transaction_id,
        payment_method=made.payment_method,
        amount=made.authorized_amount,
        network_transaction_id=made.network_transaction_id,
        error=made.error,
        discrepancies=tuple(found),
    )
