"""Recurring payments: a mandate is a card that PayPal stores, and its id a payment token.
https://developer.paypal.com/docs/api/orders/v2/#definition-card_stored_credential"""

from __future__ import annotations

from msgspec.structs import replace

from prism_core import (
    NULL,
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
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import FAILED, PAID
from prism_paypal.payment_methods import delete, payment_source
from prism_paypal.payments import pay


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: PayPalAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/during-purchase/orders-api/cards:
        a first payment, which stores its card: without one, PayPal has no place for
        `merchant_mandate_id`. Of a stored card, PayPal knows whether it paid before."""
        method = request.payment_method
        given = method if isinstance(method, Token) else None
        usage = ("CUSTOMER", "RECURRING", "FIRST" if given is None else "DERIVED")
        source = payment_source(request, method, usage)
        return _mandate((yield from pay(account, request, source, "CAPTURE")), given)

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: PayPalAccount
    ) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_capture with
        a stored card, started by the merchant"""
        before = request.network_transaction_id
        if before is not None and not before.strip("0"):
            field = "network_transaction_id"
            raise InvalidRequest(f"{field} is zeros alone: leave it out", field=field)
        usage = ("MERCHANT", "RECURRING", "SUBSEQUENT", before and {"id": before})
        source = payment_source(request, Token(request.connector_mandate_id), usage)
        made = yield from pay(account, request, source, "CAPTURE")
        return replace(made, connector_mandate_id=made.connector_payment_method_id)

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: PayPalAccount
    ) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card
        that is not stored any more cannot be charged."""
        yield from delete(request.connector_mandate_id, account)
        revoked = MandateStatus.REVOKED
        return Mandate(status=revoked, connector_mandate_id=request.connector_mandate_id)


def _mandate(paid: Payment, given: Token | None) -> Mandate:
    """The mandate that came with a first payment, by the saved card that paid: the one that PayPal
    names, else the one that was given. One for which nothing is stored yet, or that waits for the
    payment, is not one."""
    named, is_paid = paid.connector_payment_method_id, paid.status in PAID
    own = reveal(given.token) if given is not None else None
    stored = own if named is None or named is NULL else named
    status = MandateStatus.MANDATE_PENDING
    if paid.status in (*FAILED, PaymentStatus.VOIDED):
        status, stored = MandateStatus.MANDATE_INACTIVE, None
    elif is_paid and stored is not None:
        status = MandateStatus.ACTIVE
    more = list(paid.discrepancies)
    if is_paid and given and named is not None and Token(named) != given:
        reported = named if named is NULL else "another one"
        more.append(Discrepancy("payment_method", "the token given", reported))
    return Mandate(
        status=status,
        connector_mandate_id=stored,
        merchant_mandate_id=paid.merchant_transaction_id,
        connector_customer_id=paid.connector_customer_id,
        connector_transaction_id=paid.connector_transaction_id,
        amount=(paid.captured_amount if is_paid else None) or paid.amount,
        network_transaction_id=paid.network_transaction_id,
        redirection_data=paid.redirection_data,
        error=paid.error,
        discrepancies=tuple(more),
    )
