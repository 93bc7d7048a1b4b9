"""Recurring payments: a card stored with the first payment, or verified with an amount of 0, and
charged without the shopper. https://docs.adyen.com/online-payments/tokenization"""

from __future__ import annotations

from collections.abc import Iterator

from prism_adyen.account import AdyenAccount
from prism_adyen.answers import FAILED, payment
from prism_adyen.payment_methods import deletion
from prism_adyen.payments import CAPTURED_AT_ONCE, by_shopper, pay
from prism_adyen.shapes import PaymentBody, amount_of
from prism_core import (
    CaptureMethod,
    Card,
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    Mandate,
    MandateStatus,
    Nullable,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    hookimpl,
    nullable,
)

# Adyen wants a return URL with every payment, and a charge without the shopper returns nobody:
# a name that never leads anywhere (https://www.rfc-editor.org/rfc/rfc2606#section-2).
_NOWHERE = "https://nobody-returns.invalid/"


class Recurring:
    """The recurring operations, for the connector to inherit."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AdyenAccount
    ) -> Flow[Mandate]:
        """https://docs.adyen.com/online-payments/tokenization/create-tokens: what is charged at
        once, or an amount of 0, which has the issuer verify the card."""
        verification = {"currency": account.verification_currency, "value": 0}
        parts = {
            "amount": amount_of(request.amount) or verification,
            **(CAPTURED_AT_ONCE if request.amount else {}),
            **by_shopper(request),
            "recurringProcessingModel": "Subscription",
            "shopperInteraction": "Ecommerce",
            "storePaymentMethod": None if isinstance(request.payment_method, Token) else True,
        }
        body = yield from pay(request, account, parts)
        return _mandate(body, request)

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AdyenAccount
    ) -> Flow[Payment]:
        """https://docs.adyen.com/online-payments/tokenization/make-token-payments"""
        parts = {
            "amount": amount_of(request.amount),
            "paymentMethod": {
                "type": "scheme",
                "storedPaymentMethodId": request.connector_mandate_id,
                "networkPaymentReference": request.network_transaction_id,
            },
            **CAPTURED_AT_ONCE,
            "returnUrl": _NOWHERE,
            "recurringProcessingModel": "Subscription",
            "shopperInteraction": "ContAuth",
            "shopperStatement": request.statement_descriptor_suffix,
        }
        body = yield from pay(request, account, parts)
        paid_by = nullable(body.stored)  # the permission is the stored card
        return payment(body, CaptureMethod.AUTOMATIC, mandate=paid_by)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: AdyenAccount) -> Flow[Mandate]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = request.connector_mandate_id
        yield from deletion(account, stored, request.connector_customer_id)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=stored)


def _mandate(body: PaymentBody, request: SetupRecurringRequest) -> Mandate:
    """The permission that an answer tells of. Its id is that of the stored card, which is there
    if the account is set up to be told: https://docs.adyen.com/online-payments/tokenization/create-tokens"""
    found, stored = payment(body, CaptureMethod.AUTOMATIC), body.stored
    status, mandate = MandateStatus.MANDATE_PENDING, None
    if body.result_code in FAILED:
        status = MandateStatus.MANDATE_INACTIVE
    elif found.status is PaymentStatus.CAPTURE_INITIATED and isinstance(stored, str):
        status, mandate = MandateStatus.ACTIVE, stored
    is_verification = request.amount is None and body.amount is not None and not body.amount.value
    return Mandate(
        status=status,
        connector_mandate_id=mandate,
        merchant_mandate_id=found.merchant_transaction_id,
        connector_customer_id=found.connector_customer_id,
        connector_transaction_id=found.connector_transaction_id,
        amount=None if is_verification else found.amount,
        network_transaction_id=found.network_transaction_id,
        redirection_data=found.redirection_data,
        error=found.error,
        discrepancies=tuple(_otherwise(request.payment_method, stored)),
    )


def _otherwise(asked: Card | Token, stored: Nullable[str]) -> Iterator[Discrepancy]:
    """Where the card that Adyen has stored is none, or not the one that was given."""
    if stored is None:
        yield Discrepancy("connector_mandate_id", "a stored card", "null")
    elif isinstance(asked, Token) and isinstance(stored, str) and Token(stored) != asked:
        yield Discrepancy("payment_method", "the token given", "another one")
