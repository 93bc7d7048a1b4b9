"""Recurring payments: a method stored with the first payment, or a card verified with an amount of
0, and charged without the shopper. https://docs.adyen.com/online-payments/tokenization"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.answers import payment
from prism_adyen.circumstances import lines
from prism_adyen.orders import ask_session, in_session, kept, of_session, opened
from prism_adyen.payment_methods import deletion, find_stored, info_of
from prism_adyen.payments import CAPTURED_AT_ONCE, by_shopper, details, model_of, pay
from prism_adyen.shapes import PaymentBody, SessionBody, amount_of, money_of
from prism_core import (
    CaptureMethod,
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Discrepancy,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    NotFound,
    Nullable,
    Payment,
    PaymentMethod,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    hookimpl,
    needs,
    nullable,
)
from prism_core.connector.values import mandate_of_payment

# Adyen wants a return URL with every payment, and a charge without the shopper returns nobody:
# a name that never leads anywhere (https://www.rfc-editor.org/rfc/rfc2606#section-2).
_NOWHERE = "https://nobody-returns.invalid/"
_MODEL = "Subscription"
# https://docs.adyen.com/get-started-with-adyen/adyen-glossary#zero-value-auth: cards and the
# wallets that hold them; of a bank account, the token comes once the first debit is settled.
_VERIFIABLE = ("scheme", "applepay", "googlepay", "paywithgoogle")


class Recurring:
    """The recurring operations, for the connector to inherit."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://docs.adyen.com/online-payments/tokenization/create-tokens: what is charged at
        once, or an amount of 0, which has the issuer verify the card."""
        if request.payment_method is None:
            return (yield from _on_page(request, account))
        paid_by = by_shopper(request)
        method = paid_by["paymentMethod"]
        is_stored = method.get("storedPaymentMethodId") is not None
        parts = {
            "amount": _first_amount(request, account),
            **(CAPTURED_AT_ONCE if request.amount else {}),
            **paid_by,
            "recurringProcessingModel": _MODEL,
            "shopperInteraction": "Ecommerce",
            "storePaymentMethod": None if is_stored else True,
        }
        kind = method.get("type", "scheme")
        if kind not in _VERIFIABLE:
            needs("amount", request.amount, f"with {kind}: only cards are stored without a payment")
        body = yield from pay(request, account, parts)
        found = payment(body, CaptureMethod.AUTOMATIC, asked=method["type"])
        return _mandate(found, body, request, charged=request.amount is not None)

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://docs.adyen.com/online-payments/tokenization/make-token-payments"""
        method: dict[str, Any] = {
            "storedPaymentMethodId": request.connector_mandate_id,
            "networkPaymentReference": request.network_transaction_id,
        }
        parts = {
            "amount": amount_of(request.amount),
            "paymentMethod": method,
            **CAPTURED_AT_ONCE,
            "returnUrl": _NOWHERE,
            "recurringProcessingModel": model_of(request.mit_category) or _MODEL,
            "shopperInteraction": "ContAuth",
            "shopperStatement": request.statement_descriptor_suffix,
            "merchantOrderReference": request.merchant_order_id,
            "lineItems": lines(request.order_details),
        }
        body = yield from pay(request, account, parts)
        paid_by = nullable(body.stored)  # the permission is the stored method
        capture, kind = CaptureMethod.AUTOMATIC, method["type"]
        return payment(body, capture, asked=kind, mandate=paid_by)

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods"""
        stored = needs("connector_mandate_id", request.connector_mandate_id, "to look it up")
        shopper = needs("connector_customer_id", request.connector_customer_id, "to look it up")
        found = yield from find_stored(account, stored, shopper)
        if found is None:
            raise NotFound("Adyen has stored no payment method with that id for that shopper")
        return Mandate(
            status=MandateStatus.ACTIVE,
            connector_mandate_id=found.id,
            connector_payment_method_id=found.id,
            connector_customer_id=shopper,  # the lookup has compared it
            payment_method=info_of(found),
        )

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/details, or of a page
        https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId)"""
        capture = CaptureMethod.AUTOMATIC
        if request.connector_order_id is not None:
            result = yield from ask_session(account, request.connector_order_id, request.returned)
            found, body = of_session(result, capture), result.as_payment()
            return _mandate(found, body, request)
        body = yield from details(account, request.returned)
        return _mandate(payment(body, capture, is_begun=_is_begun(request)), body, request)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = request.connector_mandate_id
        yield from deletion(account, stored, request.connector_customer_id)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=stored)


def _on_page(request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
    """https://docs.adyen.com/online-payments/tokenization/sessions-flow"""
    json = {
        "amount": _first_amount(request, account),
        **(CAPTURED_AT_ONCE if request.amount else {}),
        **in_session(request, account),
        **kept(_MODEL),
    }
    body = yield from account.fetch(account.post("/v71/sessions", json=json), SessionBody)
    return Mandate(
        status=MandateStatus.MANDATE_PENDING,
        connector_order_id=body.id,
        merchant_mandate_id=nullable(body.reference),
        connector_customer_id=nullable(body.shopper_reference),
        amount=None if request.amount is None else money_of(body.amount),
        redirection_data=opened(body, request, account),
    )


def _first_amount(request: SetupRecurringRequest, account: Account) -> Any:
    return amount_of(request.amount) or {"currency": account.verification_currency, "value": 0}


def _is_begun(request: CompleteMandateRequest) -> bool:
    return request.connector_transaction_id is not None


def _mandate(
    found: Payment,
    body: PaymentBody,
    request: SetupRecurringRequest | CompleteMandateRequest,
    *,
    charged: bool = False,
) -> Mandate:
    """The permission that an answer tells of. Its id is that of the stored method, which is there
    if the account is set up to be told: https://docs.adyen.com/online-payments/tokenization/create-tokens"""
    stored, status, mandate = body.stored, MandateStatus.MANDATE_PENDING, None
    if found.status.is_failed:
        status = MandateStatus.MANDATE_INACTIVE
    elif found.status is PaymentStatus.CAPTURE_INITIATED and isinstance(stored, str):
        status, mandate = MandateStatus.ACTIVE, stored
    is_verification = not charged and body.amount is not None and not body.amount.value
    return mandate_of_payment(
        found,
        status,
        connector_mandate_id=mandate,
        connector_payment_method_id=mandate,
        amount=None if is_verification else found.amount,
        discrepancies=tuple(_otherwise(getattr(request, "payment_method", None), stored)),
    )


def _otherwise(asked: PaymentMethod | None, stored: Nullable[str]) -> Iterator[Discrepancy]:
    """Where the method that Adyen has stored is none, or not the one that was given."""
    if stored is None:
        yield Discrepancy("connector_mandate_id", "a stored method", "null")
    elif isinstance(asked, Token) and isinstance(stored, str) and Token(stored) != asked:
        yield Discrepancy("payment_method", "the token given", "another one")
