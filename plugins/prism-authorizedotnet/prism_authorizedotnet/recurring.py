"""Recurring payments: a payment profile to charge again, with the marks that card networks want.

https://developer.authorize.net/api/reference/features/card-on-file.html
"""

from __future__ import annotations

from prism_authorizedotnet import parts
from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.answers import paid
from prism_authorizedotnet.errors import checks
from prism_authorizedotnet.methods import paid_with, stored_profile
from prism_authorizedotnet.payment_methods import delete, store
from prism_authorizedotnet.shapes import Answer, TransactionAnswer, Validated
from prism_authorizedotnet.values import REFUSED, echoed, link, made_id
from prism_core import (
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    Mandate,
    MandateStatus,
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
        that is stored already
        https://developer.authorize.net/api/reference/index.html#customer-profiles-validate-customer-payment-profile."""
        if request.amount is not None:
            return _granted((yield from _first_payment(request, account)), request)
        if not isinstance(request.payment_method, Token):
            made = yield from store(request, request.payment_method, account, "liveMode")
            stored = made_id(made.customer_payment_profile_id)
            customer = link(made.customer_profile_id)
            return _validated(made, made.validation_direct_response, stored, customer)
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
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-customer-profile"""
        own_id, customer = request.merchant_transaction_id, request.connector_customer_id
        original = request.network_transaction_id
        answer = yield from account.transact(
            "authCaptureTransaction",
            own_id,
            **parts.amount_fields(request.amount),
            profile=stored_profile(customer, request.connector_mandate_id),
            order={"invoiceNumber": own_id, "description": request.description},
            userFields=parts.user_fields(request.metadata),
            processingOptions={"isSubsequentAuth": True},
            # Its reasons (resubmission, no show, ...) are not those of a renewal.
            subsequentAuthInformation=original and {"originalNetworkTransId": original},
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
    the card is put in the profile once the payment is approved."""
    return account.transact(
        "authCaptureTransaction",
        request.merchant_mandate_id,
        **parts.amount_fields(request.amount),
        **paid_with(request),
        order={"invoiceNumber": request.merchant_mandate_id},
        billTo=parts.bill_to(request),
        processingOptions={"isFirstRecurringPayment": True},
    )


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
        amount=made.authorized_amount,
        network_transaction_id=made.network_transaction_id,
        error=made.error,
        discrepancies=tuple(found),
    )
