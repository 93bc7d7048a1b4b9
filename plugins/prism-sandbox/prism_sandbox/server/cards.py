"""Whose card is meant: a card that is sent, a token, or a card that is kept; and its rule."""

from __future__ import annotations

import time

from prism_sandbox.server.errors import ApiError, invalid, not_found
from prism_sandbox.server.objects import Document, new_card, new_payment_method
from prism_sandbox.server.rules import EXPIRED_CARD, TOKENS, CardRule, rule_for
from prism_sandbox.server.store import Store


def card_of(
    store: Store, method: Document, customer: str | None
) -> tuple[CardRule, Document, str | None]:
    """The rule of a card, what may be kept of it, and whose it is: the customer that is named, or
    the one that it is kept for. Nobody pays with another customer's card."""
    if customer is not None and store.customer(customer) is None:
        raise not_found("customer", "customer")
    rule, card, owner = _found(store, method)
    if rule.outcome == "limit":
        message = "Too many requests; slow down."
        raise ApiError(429, "rate_limited", "too_many", message, headers={"Retry-After": "1"})
    if None not in (owner, customer) and owner != customer:
        raise invalid("customer", "The card is kept for another customer.", code="wrong_customer")
    whose = None if rule.fault == "unlinked" else customer or owner
    return unless_expired(rule, card), card, whose


def must_be_storable(request: Document, owner: str | None) -> None:
    """Refuses to store a card for later where there is nobody to store it for."""
    if request["setup_future_usage"] is not None and owner is None:
        message = "A card is stored for later for a customer only: send one."
        raise invalid("customer", message, code="missing")


def stored(store: Store, payment: Document) -> Document:
    """The payment with its card stored for its customer, where that was asked for and the payment
    is made. A card that was stored for nobody becomes the customer's."""
    made = payment["status"] in ("authorized", "captured")
    if payment["setup_future_usage"] is None or not made or payment["customer"] is None:
        return payment
    if payment["payment_method"] is not None:
        store.give_payment_method(payment["payment_method"], payment["customer"])
        return payment
    about = {"customer": payment["customer"], "reference": None, "metadata": None}
    method = new_payment_method(about, payment["card"], payment["outcome"])
    store.add_payment_method(method)
    return payment | {"payment_method": method["id"]}


def unless_expired(rule: CardRule, card: Document) -> CardRule:
    """The rule of a card, which is to decline once it has expired."""
    if (card["exp_year"], card["exp_month"]) < time.gmtime()[:2]:
        return CardRule(rule.number, rule.token, "", "decline", EXPIRED_CARD)
    return rule


def _found(store: Store, method: Document) -> tuple[CardRule, Document, str | None]:
    if method["type"] == "card":
        number = method["number"]
        return rule_for(number), new_card(number, method["exp_month"], method["exp_year"]), None
    if method["token"] in TOKENS:
        rule = TOKENS[method["token"]]
        return rule, new_card(rule.number, 12, 2099), None
    kept = store.payment_method(method["token"])
    if kept is None:
        raise not_found("token", "payment_method.token")
    return TOKENS[kept["outcome"]], kept["card"], kept["customer"]
