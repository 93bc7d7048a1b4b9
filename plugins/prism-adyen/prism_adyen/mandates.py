"""Recurring payments: a card stored with the first payment, or verified with an amount of 0, and
charged without the shopper. https://docs.adyen.com/online-payments/tokenization"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from prism_adyen.account import AdyenAccount
from prism_adyen.amounts import amount_of
from prism_adyen.answers import AdditionalData, PaymentBody, payment
from prism_adyen.cards import payment_method
from prism_adyen.parts import (
    authentication,
    capture,
    metadata,
    needed,
    return_url,
    statement,
)
from prism_adyen.people import billing, shopper
from prism_adyen.stored import deletion
from prism_core import (
    CaptureMethod,
    Card,
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    Told,
    at_most,
    hookimpl,
)

# Adyen wants a return URL with every payment, and a charge without the shopper returns nobody:
# a name that never leads anywhere (https://www.rfc-editor.org/rfc/rfc2606#section-2).
_NOWHERE = "https://nobody-returns.invalid/"
_MODEL = {"recurringProcessingModel": "Subscription"}
_REFUSED = (
    *(PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.AUTHENTICATION_FAILED),
    *(PaymentStatus.FAILURE, PaymentStatus.VOIDED),
)
"""What a first payment comes to that gives no permission."""


class Mandates:
    """The recurring operations, for the connector to inherit."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AdyenAccount
    ) -> Flow[Mandate]:
        """https://docs.adyen.com/online-payments/tokenization/create-tokens"""
        at_most(64, "idempotency_key", request.idempotency_key)
        own = request.merchant_mandate_id
        response = yield account.post(
            "/v71/payments",
            json={
                "merchantAccount": account.merchant_account,
                "reference": at_most(80, "merchant_mandate_id", own),
                **_first_amount(request, account),
                "paymentMethod": payment_method(request.payment_method),
                "authenticationData": authentication(request.auth_type),
                "returnUrl": return_url(request.return_url),
                "shopperReference": needed(request.connector_customer_id, "charge them again"),
                **shopper(request.customer, request.billing_address),
                **_MODEL,
                "shopperInteraction": "Ecommerce",
                "storePaymentMethod": None if isinstance(request.payment_method, Token) else True,
                "billingAddress": billing(request.billing_address),
                "metadata": metadata(request.metadata),
            },
            idempotency_key=request.idempotency_key,
        )
        return _mandate(account.decode(response, PaymentBody), request)

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AdyenAccount
    ) -> Flow[Payment]:
        """https://docs.adyen.com/online-payments/tokenization/make-token-payments"""
        at_most(64, "idempotency_key", request.idempotency_key)
        own = request.merchant_transaction_id
        network = request.network_transaction_id
        response = yield account.post(
            "/v71/payments",
            json={
                "merchantAccount": account.merchant_account,
                "reference": at_most(80, "merchant_transaction_id", own),
                "amount": amount_of(request.amount),
                "paymentMethod": {
                    "type": "scheme",
                    "storedPaymentMethodId": _stored(request.connector_mandate_id),
                    "networkPaymentReference": network,
                },
                **capture(CaptureMethod.AUTOMATIC),
                "returnUrl": _NOWHERE,
                "shopperReference": needed(request.connector_customer_id, "charge their card"),
                **_MODEL,
                "shopperInteraction": "ContAuth",
                "shopperStatement": statement(request.statement_descriptor_suffix),
                "metadata": metadata(request.metadata),
            },
            idempotency_key=request.idempotency_key,
        )
        found = payment(account.decode(response, PaymentBody), CaptureMethod.AUTOMATIC)
        paid_by = found.connector_payment_method_id  # the permission is the stored card
        return msgspec.structs.replace(found, connector_mandate_id=paid_by)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: AdyenAccount) -> Flow[Mandate]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = _stored(request.connector_mandate_id)
        yield from deletion(account, stored, request.connector_customer_id, request.idempotency_key)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=stored)


def _first_amount(request: SetupRecurringRequest, account: AdyenAccount) -> dict[str, Any]:
    """What is charged at once, or an amount of 0, which has the issuer verify the card."""
    if request.amount is not None:
        return {"amount": amount_of(request.amount), **capture(CaptureMethod.AUTOMATIC)}
    return {"amount": {"currency": account.verification_currency, "value": 0}}


def _stored(mandate_id: str) -> str:
    at_most(64, "connector_mandate_id", mandate_id)
    return mandate_id


def _mandate(body: PaymentBody, request: SetupRecurringRequest) -> Mandate:
    """The permission that an answer tells of. Its id is that of the stored card, which is there
    if the account is set up to be told: https://docs.adyen.com/online-payments/tokenization/create-tokens"""
    more = body.additional_data or AdditionalData()
    found = payment(body, CaptureMethod.AUTOMATIC)
    status, stored = MandateStatus.MANDATE_PENDING, None
    if found.status in _REFUSED:
        status = MandateStatus.MANDATE_INACTIVE
    elif found.status is PaymentStatus.CAPTURE_INITIATED and isinstance(more.stored, str):
        status, stored = MandateStatus.ACTIVE, more.stored
    return Mandate(
        status=status,
        connector_mandate_id=stored,
        merchant_mandate_id=found.merchant_transaction_id,
        connector_customer_id=found.connector_customer_id,
        connector_transaction_id=found.connector_transaction_id,
        amount=found.amount if request.amount or _is_money(found.amount) else None,
        network_transaction_id=found.network_transaction_id,
        redirection_data=found.redirection_data,
        error=found.error,
        discrepancies=tuple(_otherwise(request.payment_method, more.stored)),
    )


def _is_money(amount: Money | None) -> bool:
    """Whether it is more than the 0 with which a card is verified."""
    return amount is not None and amount.minor_amount > 0


def _otherwise(asked: Card | Token, stored: Told[str]) -> Iterator[Discrepancy]:
    """Where the card that Adyen has stored is none, or not the one that was given."""
    if stored is None:
        yield Discrepancy("connector_mandate_id", "a stored card", "null")
    elif isinstance(asked, Token) and isinstance(stored, str) and Token(stored) != asked:
        yield Discrepancy("payment_method", "the token given", "another one")
