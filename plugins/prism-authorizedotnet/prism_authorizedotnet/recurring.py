"""Recurring payments: a payment profile to charge again, with the marks that card networks want.

https://developer.authorize.net/api/reference/features/card-on-file.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from prism_authorizedotnet.account import AuthorizeNetAccount, expect_done, reference
from prism_authorizedotnet.answers import authorized, beside, error_beside, links
from prism_authorizedotnet.errors import checks
from prism_authorizedotnet.parts import (
    amount_fields,
    credit_card,
    digits,
    kept_profile,
    no_email,
    owner,
    paying_profile,
    token_id,
    user_fields,
)
from prism_authorizedotnet.people import bill_to
from prism_authorizedotnet.profile_shapes import (
    Done,
    PaymentProfileAnswer,
    RefusedAnswer,
    ValidationAnswer,
)
from prism_authorizedotnet.shapes import TransactionAnswer
from prism_authorizedotnet.values import echoed, id_of, link, made_id, money, network_id
from prism_core import (
    Card,
    ChargeRecurringRequest,
    Discrepancy,
    ErrorAnswer,
    ErrorDetails,
    Flow,
    HttpRequest,
    HttpResponse,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    RevokeMandateRequest,
    Secret,
    SetupRecurringRequest,
    Token,
    at_most,
    hookimpl,
    told,
)

_NETWORK_ID = re.compile(r"[0-9a-zA-Z\s]{1,255}", re.ASCII)


class Recurring:
    """The operations on permissions to charge again: each is a payment profile."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AuthorizeNetAccount
    ) -> Flow[Mandate]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-credit-card
        with an amount. Without one #customer-profiles-create-customer-payment-profile with
        liveMode, where the issuer is asked, and of a card that is kept already
        #customer-profiles-validate-customer-payment-profile."""
        no_email(request.customer)
        sent_as = at_most(20, "merchant_mandate_id", request.merchant_mandate_id)
        profile = owner(request.connector_customer_id)
        if request.amount is not None:
            response = yield _first_payment(request, request.amount, sent_as, profile, account)
            answer = account.decode(response, TransactionAnswer)
            return _paid(answer, request.payment_method, request.amount, response.error)
        if isinstance(request.payment_method, Card):
            response = yield _keeping(request, sent_as, profile, account)
            return _kept(response, account)
        kept = token_id(request.payment_method)
        bill_to(request.payment_method, request.billing_address, request.customer)
        response = yield account.ask(
            "validateCustomerPaymentProfileRequest",
            refId=sent_as,
            customerProfileId=profile,
            customerPaymentProfileId=kept,
            validationMode="liveMode",
        )
        if response.error is not None:
            return _declined(response, response.error, account)
        checked = account.decode(response, ValidationAnswer)
        return Mandate(
            status=_checked(checked.direct_response),
            connector_mandate_id=kept,
            merchant_mandate_id=echoed(checked.ref_id),
        )

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AuthorizeNetAccount
    ) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-customer-profile"""
        sent_as = at_most(20, "merchant_transaction_id", request.merchant_transaction_id)
        original = _original(request.network_transaction_id)
        kept = digits("connector_mandate_id", request.connector_mandate_id)
        response = yield account.ask(
            "createTransactionRequest",
            refId=sent_as,
            transactionRequest={
                "transactionType": "authCaptureTransaction",
                **amount_fields(request.amount),
                "profile": kept_profile(owner(request.connector_customer_id), kept),
                "order": {
                    "invoiceNumber": sent_as,
                    "description": at_most(255, "description", request.description),
                },
                "userFields": user_fields(request.metadata),
                "processingOptions": {"isSubsequentAuth": True},
                # Its reasons (resubmission, no show, ...) are not those of a renewal.
                "subsequentAuthInformation": {"originalNetworkTransId": original}
                if original is not None
                else None,
            },
        )
        answer = account.decode(response, TransactionAnswer)
        return authorized(answer, request, response.error)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: AuthorizeNetAccount
    ) -> Flow[Mandate]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-delete-customer-payment-profile"""
        kept = digits("connector_mandate_id", request.connector_mandate_id)
        profile = owner(request.connector_customer_id)
        sent_as = reference(None, kept)
        response = yield account.ask(
            "deleteCustomerPaymentProfileRequest",
            refId=sent_as,
            customerProfileId=profile,
            customerPaymentProfileId=kept,
        )
        expect_done(sent_as, account.decode(response, Done).ref_id)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=kept)


def _first_payment(
    request: SetupRecurringRequest,
    amount: Money,
    sent_as: str | None,
    profile: str,
    account: AuthorizeNetAccount,
) -> HttpRequest:
    """The first of a series, whose card is put in the profile once it is approved."""
    method = request.payment_method
    return account.ask(
        "createTransactionRequest",
        refId=sent_as,
        transactionRequest={
            "transactionType": "authCaptureTransaction",
            **amount_fields(amount),
            "payment": credit_card(method),
            "profile": paying_profile(profile, method),
            "order": {"invoiceNumber": sent_as},
            "billTo": bill_to(method, request.billing_address, request.customer),
            "processingOptions": {"isFirstRecurringPayment": True},
        },
    )


def _original(network_transaction_id: str | None) -> str | None:
    """The first payment's id at the card network, as the schema's networkTransId has it."""
    if network_transaction_id is not None and not _NETWORK_ID.fullmatch(network_transaction_id):
        raise InvalidRequest(
            "Authorize.Net takes letters and digits as network_transaction_id",
            field="network_transaction_id",
        )
    return network_transaction_id


def _keeping(
    request: SetupRecurringRequest, sent_as: str | None, profile: str, account: AuthorizeNetAccount
) -> HttpRequest:
    """A card to keep that the issuer is asked about: that counts as the first transaction."""
    method = request.payment_method
    return account.ask(
        "createCustomerPaymentProfileRequest",
        refId=sent_as,
        customerProfileId=profile,
        paymentProfile={
            "billTo": bill_to(method, request.billing_address, request.customer),
            "payment": credit_card(method),
        },
        validationMode="liveMode",
    )


def _kept(response: HttpResponse, account: AuthorizeNetAccount) -> Mandate:
    """The permission that a payment profile is, once the issuer was asked."""
    if response.error is not None:
        return _declined(response, response.error, account)
    body = account.decode(response, PaymentProfileAnswer)
    return Mandate(
        status=_checked(body.validation_direct_response),
        connector_mandate_id=made_id("customerPaymentProfileId", body.customer_payment_profile_id),
        merchant_mandate_id=echoed(body.ref_id),
        connector_customer_id=link(body.customer_profile_id),
    )


def _checked(direct: str | None) -> MandateStatus:
    """What the issuer said of a card that is kept; held for review, it is not sure yet."""
    found = checks(direct)
    approved = found is not None and found.code == "1" and found.was_asked
    return MandateStatus.ACTIVE if approved else MandateStatus.MANDATE_PENDING


def _declined(
    response: HttpResponse, failure: ErrorAnswer, account: AuthorizeNetAccount
) -> Mandate:
    """A permission that was not given: the issuer declined the card."""
    return Mandate(
        status=MandateStatus.MANDATE_INACTIVE,
        merchant_mandate_id=echoed(account.decode(response, RefusedAnswer).ref_id),
        error=failure.details,
    )


def _paid(
    answer: TransactionAnswer,
    method: Card | Token,
    amount: Money,
    failure: ErrorAnswer | None,
) -> Mandate:
    """The permission that comes with a first payment: the payment profile that the answer names.
    Whatever is wrong with keeping the card, the payment was made."""
    done, partly = answer.transaction_response, answer.transaction_response.pre_paid_card
    approved = str(done.response_code) == "1" and id_of(done.trans_id) is not None
    customer, kept = links(answer, owed=failure is None and approved)
    kept = None if kept is told(None) else kept
    wrong = failure.details if failure is not None else beside(answer)
    status = MandateStatus.MANDATE_PENDING
    if failure is not None or (wrong is not None and kept is None):
        status = MandateStatus.MANDATE_INACTIVE
    elif approved and kept is not None:
        status = MandateStatus.ACTIVE
    return Mandate(
        status=status,
        connector_mandate_id=kept if failure is None else None,
        merchant_mandate_id=echoed(answer.ref_id),
        connector_customer_id=customer,
        connector_transaction_id=id_of(done.trans_id),
        amount=money(partly.approved_amount, amount.currency)
        if partly is not None and failure is None
        else None,
        network_transaction_id=network_id(done.network_trans_id),
        error=wrong,
        discrepancies=tuple(_differences(method, kept, wrong)) if approved else (),
    )


def _differences(
    method: Card | Token, kept: str | None, wrong: ErrorDetails | None
) -> Iterator[Discrepancy]:
    """What a first payment that was approved is otherwise than it was asked for."""
    if isinstance(method, Token) and (kept is None or Secret(kept) != Secret(method.token)):
        said = "null" if kept is None else "another one"
        yield Discrepancy("payment_method", "the token given", said)
    if kept is not None:
        yield from error_beside(wrong)
