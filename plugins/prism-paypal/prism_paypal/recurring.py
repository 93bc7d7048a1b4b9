"""Recurring payments: a mandate is a method that PayPal stores, and its id a payment token.
https://developer.paypal.com/docs/api/orders/v2/#definition-card_stored_credential"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import (
    NULL,
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Discrepancy,
    Flow,
    GetMandateRequest,
    InvalidRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    Redirect,
    RedirectionData,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    expect_same,
    hookimpl,
    needs,
    nullable,
)
from prism_core.connector.values import mandate_of_payment
from prism_core.schema.secrets import reveal
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.answers import FAILED, PAID, payment, redirection
from prism_paypal.methods import told
from prism_paypal.orders import expect_own, finish_found, order_of, pay, send_away
from prism_paypal.payment_methods import delete, owner_of, stored_of
from prism_paypal.shapes import PaymentToken
from prism_paypal.sources import approval, mit_type, payment_source, real, wallet


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/during-purchase/orders-api/cards:
        a first payment, which stores its card. Of a stored card, PayPal knows whether it paid
        before. Without a card, the payer approves at PayPal, which stores the wallet by a first
        payment, or without one."""
        method = request.payment_method
        if isinstance(method, Redirect) and method.payment_method_type != PaymentMethodType.PAY_PAL:
            what = f"PayPal stores its own wallet, and not {method.payment_method_type}"
            raise InvalidRequest(f"payment_method: {what}", field="payment_method")
        if method is None or isinstance(method, Redirect):
            return (yield from _approved_at_paypal(account, request))
        needs("amount", request.amount, "with a card: PayPal stores it by a first payment")
        given = method if isinstance(method, Token) else None
        usage = ("CUSTOMER", "RECURRING", "FIRST" if given is None else "DERIVED")
        source = payment_source(request, method, usage)
        return _mandate((yield from pay(account, request, source, "CAPTURE")), given)

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_get, or what the
        payer approves: the setup token or the order of the first payment"""
        if request.connector_transaction_id is not None:
            order = yield from order_of(account, request.connector_transaction_id)
            return _mandate(payment(order), None)
        if request.connector_order_id is not None:
            return _awaited((yield from _setup_token(account, request.connector_order_id)))
        token = request.connector_mandate_id
        asked = account.get("/v3/vault/payment-tokens/{}", token)
        found = yield from account.fetch(asked, PaymentToken)
        expect_same("connector_mandate_id", token, found.id)
        return _active(found)

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/api/payment-tokens/save-without-purchase/paypal: a setup
        token that the payer approved becomes a payment token. The order of a first payment is paid
        as `complete` does."""
        if request.connector_transaction_id is not None:
            order = yield from order_of(account, request.connector_transaction_id)
            found = payment(order)
            own = request.merchant_mandate_id  # compared, and not sent
            expect_own(order, found, "merchant_mandate_id", own)
            return _mandate((yield from finish_found(account, order, found)), None)
        setup = yield from _setup_token(account, request.connector_order_id)
        # Of one that is stored already, PayPal answers a repeated request as it did the first time.
        if setup.status not in ("APPROVED", "VAULTED", "TOKENIZED"):
            return _awaited(setup)
        made = yield from stored_of(account, setup.id)
        return _active(made, setup.id)

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_capture with
        a stored method, started by the merchant"""
        before = request.network_transaction_id
        kind = mit_type(request.mit_category)
        usage = ("MERCHANT", kind, "SUBSEQUENT", before and {"id": real(before)})
        source = payment_source(request, Token(request.connector_mandate_id), usage)
        made = yield from pay(account, request, source, "CAPTURE")
        return replace(made, connector_mandate_id=made.connector_payment_method_id)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card
        that is not stored any more cannot be charged."""
        yield from delete(request.connector_mandate_id, account)
        revoked = MandateStatus.REVOKED
        return Mandate(status=revoked, connector_mandate_id=request.connector_mandate_id)


def _approved_at_paypal(account: Account, request: SetupRecurringRequest) -> Flow[Mandate]:
    """A permission that the payer gives at PayPal: with a first payment, an order that stores the
    wallet; without one, a setup token."""
    types = request.payment_method_types
    if types and {*types} != {PaymentMethodType.PAY_PAL}:
        what = "a permission is given for the PayPal wallet; give PAY_PAL alone, or nothing"
        raise InvalidRequest(f"payment_method_types: {what}", field="payment_method_types")
    needs("return_url", request.return_url, "where PayPal asks for the permission")
    client_id = None if request.hosted else account.client_id
    if request.amount is not None:
        source, own = wallet(request, is_kept=True), request.merchant_mandate_id
        paid = yield from send_away(account, request, source, "CAPTURE", own)
        return _in_page(client_id, _mandate(paid, None), {"orderId": paid.connector_order_id})
    owner = request.connector_customer_id  # a setup token has no place for the caller's own id
    context = {one: found for one, found in approval(request).items() if one != "user_action"}
    body = {
        "payment_source": {"paypal": {"usage_type": "MERCHANT", "experience_context": context}},
        "customer": owner and {"id": owner},
    }
    asked = account.post("/v3/vault/setup-tokens", json=body, changes=False, keyed=True)
    setup = yield from account.fetch(asked, PaymentToken)
    return _in_page(client_id, _awaited(setup), {"vaultSetupToken": setup.id})


def _in_page(client_id: str | None, made: Mandate, values: dict[str, Any]) -> Mandate:
    """The mandate with what the library needs in the shop's own page, where it is not PayPal's."""
    if client_id is None:
        return made
    return replace(made, redirection_data=RedirectionData(sdk={**values, "clientId": client_id}))


def _setup_token(account: Account, token: str | None) -> Flow[PaymentToken]:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#setup-tokens_get"""
    setup = yield from account.fetch(account.get("/v3/vault/setup-tokens/{}", token), PaymentToken)
    expect_same("connector_order_id", token, setup.id)
    return setup


def _awaited(setup: PaymentToken) -> Mandate:
    """The permission that a setup token waits for. One that became a payment token is told by its
    event alone: PayPal does not name it here."""
    is_open = setup.status in ("CREATED", "PAYER_ACTION_REQUIRED")
    return Mandate(
        status=MandateStatus.MANDATE_PENDING,
        connector_order_id=setup.id,
        connector_customer_id=nullable(owner_of(setup.customer)),
        redirection_data=redirection(setup.links) if is_open else None,
    )


def _active(token: PaymentToken, setup_id: str | None = None) -> Mandate:
    """The permission that a payment token is."""
    source = (token.payment_source and token.payment_source.given) or (None, None)
    return Mandate(
        status=MandateStatus.ACTIVE,
        connector_mandate_id=token.id,
        connector_payment_method_id=token.id,
        connector_order_id=setup_id,
        connector_customer_id=nullable(owner_of(token.customer)),
        payment_method=told(*source),
    )


def _mandate(paid: Payment, given: Token | None) -> Mandate:
    """The mandate that came with a first payment, by the saved card that paid: the one that PayPal
    names, else the one that was given. One for which nothing is stored yet, or that waits for the
    payment, is not one."""
    named, is_paid = paid.connector_payment_method_id, paid.status in PAID
    own = reveal(given.token) if given is not None else None
    stored = own if named is None or named is NULL else named
    status = MandateStatus.MANDATE_PENDING
    if paid.status in (*FAILED, PaymentStatus.VOIDED, PaymentStatus.AUTHENTICATION_FAILED):
        status, stored = MandateStatus.MANDATE_INACTIVE, None
    elif is_paid and stored is not None:
        status = MandateStatus.ACTIVE
    more = list(paid.discrepancies)
    if is_paid and given and named is not None and Token(named) != given:
        reported = named if named is NULL else "another one"
        more.append(Discrepancy("payment_method", "the token given", reported))
    return mandate_of_payment(
        paid,
        status,
        connector_mandate_id=stored,
        connector_order_id=None,
        connector_payment_method_id=None,
        amount=(paid.captured_amount if is_paid else None) or paid.amount,
        discrepancies=tuple(more),
    )
