"""Payment methods: cards as PayPal takes them, and those that it stores at
https://developer.paypal.com/docs/api/payment-tokens/v3/, whose ids (payment tokens) pay as a
`Token`."""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    Card,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    Nullable,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredPaymentMethod,
    Token,
    TokenizeRequest,
    at_most,
    expect_same,
    hookimpl,
    nullable,
    single_value,
)
from prism_paypal.account import PayPalAccount
from prism_paypal.customers import street
from prism_paypal.shapes import Customer, Json, PaymentToken, PaymentTokens

Usage = tuple[Any, ...] | None
"""Who starts a payment, how often, and whether the card was used before; and, where it is known,
the network's reference of an earlier payment: the values of `stored_credential`."""
# https://developer.paypal.com/api/orders-v2/expanded/3d-secure
_THREE_D_SECURE: dict[object, str] = {"THREE_DS": "SCA_ALWAYS", "NO_THREE_DS": "SCA_WHEN_REQUIRED"}


class PaymentMethods:
    """The operations on payment methods."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: PayPalAccount
    ) -> Flow[PaymentMethodStored]:
        """https://developer.paypal.com/docs/checkout/save-payment-methods/purchase-later/payment-tokens-api/cards:
        a setup token of the card, and a payment token of that"""
        asked = request.connector_customer_id
        body = {
            "payment_source": {"card": whole_card(request.payment_method, request.billing_address)},
            "customer": {"id": asked} if asked else None,
        }
        setup = account.post("/v3/vault/setup-tokens", json=body, changes=False, keyed=True)
        made = yield from account.fetch(setup, PaymentToken)
        expect_same("connector_customer_id", asked, _owner(made.customer) or asked)
        source = {"token": {"id": made.id, "type": "SETUP_TOKEN"}}
        stored = account.post("/v3/vault/payment-tokens", json={"payment_source": source})
        token = yield from account.fetch(stored, PaymentToken)
        return PaymentMethodStored(
            connector_payment_method_id=token.id,
            connector_customer_id=nullable(_owner(token.customer)),
            payment_method=_card(token),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: PayPalAccount
    ) -> Flow[PaymentMethodList]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#customer_payment-tokens_get;
        what is stored that is no card is left out."""
        customer = request.connector_customer_id
        # total_items of the collection counts no further than 50
        query = {"customer_id": customer, "page_size": "50", "total_required": "true"}
        asked = account.get("/v3/vault/payment-tokens", query=query)
        found = yield from account.fetch(asked, PaymentTokens)
        stored, owner = found.payment_tokens, _owner(found.customer)
        cards = (_card(token, owner or None) for token in stored)
        is_last = not any(link.rel == "next" for link in found.links or ())
        return PaymentMethodList(
            payment_methods=tuple(card for card in cards if card is not None),
            connector_customer_id=nullable(owner),
            is_complete=is_last and (found.total_items or 0) <= len(stored),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: PayPalAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete"""
        yield from delete(request.connector_payment_method_id, account)
        return PaymentMethodDeleted(connector_payment_method_id=request.connector_payment_method_id)


def whole_card(card: Card, given: Address | None, *, with_cvc: bool = True) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_request, which the vault
    takes alike: a card, and its billing address"""
    address = given or Address()
    name = single_value("name", "billing_address", card.holder_name, address.full_name)
    return {
        "number": card.number,
        "expiry": f"{card.exp_year:04}-{card.exp_month:02}",
        "security_code": card.cvc if with_cvc else None,
        "name": at_most(300, "billing_address", name),
        "billing_address": street(address, "billing_address"),
    }


def payment_source(request: Any, method: Card | Token, usage: Usage) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_source: what pays an
    order. A card that is used for the first time is stored."""
    if isinstance(method, Card):
        # PayPal takes no security code while the customer is not there.
        is_there = usage is None or usage[0] == "CUSTOMER"
        card = whole_card(method, request.billing_address, with_cvc=is_there)
    else:
        card = {"vault_id": method.token}
    owner, back = request.connector_customer_id, getattr(request, "return_url", None)
    when = _THREE_D_SECURE.get(getattr(request, "auth_type", None))
    attributes = {
        "customer": owner and {"id": owner},
        "vault": {"store_in_vault": "ON_SUCCESS"} if usage and usage[2] == "FIRST" else None,
        "verification": when and {"method": when},
    }
    names = ("payment_initiator", "payment_type", "usage", "previous_network_transaction_reference")
    card |= {
        "stored_credential": dict(zip(names, usage, strict=False)) if usage else None,
        "attributes": attributes if any(attributes.values()) else None,
        "experience_context": back and {"return_url": back, "cancel_url": back},
    }
    return {"card": card}


def delete(token: str, account: PayPalAccount) -> Flow[None]:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_delete: a card that
    is not stored any more is a 204 without a body."""
    account.expect_empty((yield account.delete("/v3/vault/payment-tokens/{}", token)))


def _owner(customer: Nullable[Customer]) -> Nullable[str]:
    """The id of a customer who may be null, or not told."""
    return customer.id if isinstance(customer, Customer) else customer


def _card(token: PaymentToken, owner: str | None = None) -> StoredPaymentMethod | None:
    """The card of a payment token; None where it is of something else."""
    card = token.payment_source.card if token.payment_source else None
    if card is None:
        return None
    year, _, month = (card.expiry or "").partition("-")
    return StoredPaymentMethod(
        connector_payment_method_id=token.id,
        connector_customer_id=_owner(token.customer) or owner,
        brand=card.brand,
        last_four=card.last_digits,
        exp_month=int(month) if month else None,
        exp_year=int(year) if year else None,
    )
