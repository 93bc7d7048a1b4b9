"""Recurring payments: a permission is a card that PayPal keeps, and its id a payment token.
https://developer.paypal.com/docs/api/orders/v2/#definition-card_stored_credential"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from prism_core import (
    ChargeRecurringRequest,
    Discrepancy,
    Flow,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    hookimpl,
)
from prism_core.schema.secrets import reveal
from prism_core.schema.told import Null
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import payment
from prism_paypal.card import returning, verification, whole_card
from prism_paypal.methods import forget
from prism_paypal.parts import customer_id, vault_id
from prism_paypal.payments import pay, purchase_unit

# https://developer.paypal.com/docs/api/orders/v2/#definition-network_transaction_reference
_NETWORK = re.compile(r"[a-zA-Z0-9-_@.:&+=*^'~#!$%()]{9,36}")
_PAID = (PaymentStatus.CHARGED, PaymentStatus.PARTIAL_CHARGED)
_GIVEN_UP = (
    *(PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.AUTHENTICATION_FAILED),
    *(PaymentStatus.FAILURE, PaymentStatus.VOIDED),
)


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: PayPalAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/during-purchase/orders-api/cards"""
        if request.amount is None:
            raise InvalidRequest(
                "PayPal has no place for merchant_mandate_id without a payment: give an amount, or "
                "keep the card with payment_methods.tokenize, and charge by its id",
                field="amount",
            )
        own, method = request.merchant_mandate_id, request.payment_method
        paid = yield from pay(
            account,
            request.idempotency_key,
            intent="CAPTURE",
            unit=purchase_unit(request, own, request.amount),
            card=_first(request),
        )
        if isinstance(paid, Payment):
            return _mandate(paid, None)
        return _mandate(payment(paid), method if isinstance(method, Token) else None)

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: PayPalAccount
    ) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_capture with
        a kept card, started by the merchant"""
        owner, before = request.connector_customer_id, request.network_transaction_id
        card: dict[str, Any] = {
            "vault_id": vault_id(Token(request.connector_mandate_id), "connector_mandate_id"),
            "stored_credential": {
                "payment_initiator": "MERCHANT",
                "payment_type": "RECURRING",
                "usage": "SUBSEQUENT",
                "previous_network_transaction_reference": _reference(before),
            },
            "attributes": None if owner is None else {"customer": {"id": customer_id(owner)}},
        }
        paid = yield from pay(
            account,
            request.idempotency_key,
            intent="CAPTURE",
            unit=purchase_unit(request, request.merchant_transaction_id, request.amount),
            card=card,
        )
        if isinstance(paid, Payment):
            return paid
        made = payment(paid)
        return msgspec.structs.replace(made, connector_mandate_id=made.connector_payment_method_id)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: PayPalAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card
        that is not kept any more cannot be charged."""
        asked = request.connector_mandate_id
        vault_id(Token(asked), "connector_mandate_id")
        response = yield from forget(asked, account, request.idempotency_key)
        if response.error is not None:
            failure = MandateStatus.MANDATE_REVOKE_FAILED
            error = response.error.details
            return Mandate(status=failure, connector_mandate_id=asked, error=error)
        return Mandate(status=MandateStatus.REVOKED, connector_mandate_id=asked)


def _first(request: SetupRecurringRequest) -> dict[str, Any]:
    """The card of a first payment, to be kept if it is not yet; of one that is kept, PayPal knows
    whether it paid before."""
    method, owner = request.payment_method, request.connector_customer_id
    is_kept = isinstance(method, Token)
    if isinstance(method, Token):
        if request.billing_address is not None:
            raise InvalidRequest(
                "billing_address was settled when PayPal saved the card; leave it out",
                field="billing_address",
            )
        card: dict[str, Any] = {"vault_id": vault_id(method)}
    else:
        card = whole_card(method, request.billing_address)
    attributes = {
        "customer": None if owner is None else {"id": customer_id(owner)},
        "vault": None if is_kept else {"store_in_vault": "ON_SUCCESS"},
        "verification": verification(request.auth_type) if request.auth_type else None,
    }
    return {
        **card,
        "stored_credential": {
            "payment_initiator": "CUSTOMER",
            "payment_type": "RECURRING",
            "usage": "DERIVED" if is_kept else "FIRST",
        },
        "attributes": attributes if any(attributes.values()) else None,
        "experience_context": returning(request.return_url),
    }


def _reference(given: str | None) -> dict[str, str] | None:
    if given is not None and not (_NETWORK.fullmatch(given) and given.strip("0")):
        raise InvalidRequest(
            "network_transaction_id has 9 to 36 letters, digits and signs, and not zeros alone; "
            "leave it out where there is none",
            field="network_transaction_id",
        )
    return None if given is None else {"id": given}


def _mandate(paid: Payment, given: Token | None) -> Mandate:
    """The permission that came with a first payment, by the saved card that paid: the one that
    PayPal names, else the one that was given. One for which nothing is kept yet, or that waits
    for the payment, is not one."""
    kept = paid.connector_payment_method_id
    if kept is None or type(kept) is Null:
        kept = None if given is None else reveal(given.token)
    status = MandateStatus.MANDATE_PENDING
    if paid.status in _GIVEN_UP:
        status, kept = MandateStatus.MANDATE_INACTIVE, None
    elif paid.status in _PAID and kept is not None:
        status = MandateStatus.ACTIVE
    return Mandate(
        status=status,
        connector_mandate_id=kept,
        merchant_mandate_id=paid.merchant_transaction_id,
        connector_customer_id=paid.connector_customer_id,
        connector_transaction_id=paid.connector_transaction_id,
        amount=(paid.captured_amount if paid.status in _PAID else None) or paid.amount,
        network_transaction_id=paid.network_transaction_id,
        redirection_data=paid.redirection_data,
        error=paid.error,
        discrepancies=(*paid.discrepancies, *_otherwise_paid(paid, given)),
    )


def _otherwise_paid(paid: Payment, given: Token | None) -> Iterator[Discrepancy]:
    """What the core tells of a payment that was made, here of a permission's first one: another
    card that paid, and an error beside the money."""
    if paid.status not in _PAID:
        return
    named = paid.connector_payment_method_id
    if given is not None and named is not None and Token(named) != given:
        reported = named if type(named) is Null else "another one"
        yield Discrepancy("payment_method", "the token given", reported)
    if paid.error is not None:
        said = paid.error.connector
        yield Discrepancy("error", "null", (said and said.code) or "an error")
