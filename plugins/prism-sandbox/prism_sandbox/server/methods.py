"""What is paid with: a method that is sent, a token, or one that is kept; its rule, what may be
kept of it, and whose it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from prism_sandbox.server.accounts import (
    DEBITS,
    RULES,
    at_once,
    kept_as,
    rule_for_account,
    rule_for_redirect,
    storable,
)
from prism_sandbox.server.errors import ApiError, invalid, not_found
from prism_sandbox.server.objects import Document, new_card, new_payment_method
from prism_sandbox.server.payloads import apple_pay_token, google_pay_token
from prism_sandbox.server.rules import EXPIRED_CARD, TOKENS, Rule, rule_for
from prism_sandbox.server.store import Store


@dataclass(frozen=True)
class Means:
    """What is paid with. `stored` is the id of a kept method, `owner` the customer."""

    rule: Rule
    method: Document
    owner: str | None = None
    stored: str | None = None


def means_of(store: Store, asked: Document, customer: str | None) -> Means:
    """What is meant by a payment method that was sent, for the customer that is named, or the one
    that it is kept for. Nobody pays with another customer's."""
    if customer is not None and store.customer(customer) is None:
        raise not_found("customer", "customer")
    found = _FOUND[asked["type"]](store, asked)
    if asked["type"] == "sdk_token" and asked["method"] not in (None, found.method["type"]):
        raise invalid("payment_method.method", "The token stands for another type.")
    rule, owner = found.rule, found.owner
    if rule.outcome == "limit":
        message = "Too many requests; slow down."
        raise ApiError(429, "rate_limited", "too_many", message, headers={"Retry-After": "1"})
    if None not in (owner, customer) and owner != customer:
        message = "The payment method is kept for another customer."
        raise invalid("customer", message, code="wrong_customer")
    whose = None if rule.fault == "unlinked" else customer or owner
    return Means(unless_expired(rule, found.method), found.method, whose, found.stored)


def must_be_storable(request: Document, means: Means) -> None:
    """Refuses to store a method for later where nobody is there to store it for, or it cannot be
    used again; and an authorization without capture, which debits and banks do not have."""
    kind = means.method["type"]
    if request.get("setup_future_usage") is not None:
        if request["customer"] is None and means.owner is None:
            message = "A method is stored for later for a customer only: send one."
            raise invalid("customer", message, code="missing")
        must_be_usable_again(kind)
    if request.get("capture") == "manual" and at_once(kind):
        raise invalid("capture", f"{kind} is captured at once: send automatic.")


def must_be_usable_again(kind: str) -> None:
    """Refuses to keep what can be used once only."""
    if not storable(kind):
        message = f"{kind} cannot be used again later."
        raise invalid("payment_method", message, code="not_storable")


def stored(store: Store, payment: Document) -> Document:
    """The payment with its method stored for its customer, where that was asked for and the payment
    is made. A method that was stored for nobody becomes the customer's."""
    made = payment["status"] in ("authorized", "captured")
    made = made or (payment["status"] == "processing" and payment["method"]["type"] in DEBITS)
    if payment["setup_future_usage"] is None or not made or payment["customer"] is None:
        return payment
    if payment["payment_method"] is not None:
        store.give_payment_method(payment["payment_method"], payment["customer"])
        return payment
    about = {"customer": payment["customer"], "reference": None, "metadata": None}
    method = new_payment_method(about, *kept_as(payment["method"], payment["outcome"]))
    store.add_payment_method(method)
    return payment | {"payment_method": method["id"]}


def unless_expired(rule: Rule, method: Document) -> Rule:
    """The rule of a method, which is to decline once its card has expired."""
    expiry = (method.get("exp_year", 9999), method.get("exp_month", 12))
    if expiry < time.gmtime()[:2]:
        return Rule(rule.number, rule.token, "", "decline", EXPIRED_CARD)
    return rule


def _card(store: Store, asked: Document) -> Means:
    number = asked["number"]
    return Means(rule_for(number), new_card(number, asked["exp_month"], asked["exp_year"]))


def _network_token(store: Store, asked: Document) -> Means:
    found = _card(store, asked)
    return Means(found.rule, found.method | {"type": "network_token"} | _wallet(asked["source"]))


def _of_token(name: str, **more: str) -> Means:
    rule = TOKENS[name]
    return Means(rule, new_card(rule.number, 12, 2099) | more)


def _apple_pay(store: Store, asked: Document) -> Means:
    return _of_token(apple_pay_token(asked["payment_data"]), type="apple_pay", wallet="apple_pay")


def _google_pay(store: Store, asked: Document) -> Means:
    return _of_token(google_pay_token(asked["token"]), type="google_pay", wallet="google_pay")


def _token(store: Store, asked: Document) -> Means:
    if asked["token"] in TOKENS:
        return _of_token(asked["token"])
    kept = store.payment_method(asked["token"])
    if kept is None:
        raise not_found("token", "payment_method.token")
    return Means(RULES[kept["outcome"]], kept["method"], kept["customer"], kept["id"])


def _sdk_token(store: Store, asked: Document) -> Means:
    if asked["token"] in TOKENS:
        return _of_token(asked["token"])
    token = store.token(asked["token"])
    if token is None:
        raise not_found("token", "payment_method.token")
    if token["used"] or token["expires_at"] <= time.time():
        word = "used before" if token["used"] else "expired"
        message = f"The token is {word}: the page must make a new one."
        raise invalid("payment_method.token", message, code="token_used_up")
    store.use_token(token)
    # Of a number that is no test card nothing is kept: it declines.
    rule = RULES.get(token["outcome"]) or rule_for("")
    return Means(rule, token["method"], token["customer"], token["payment_method"])


def _redirect(store: Store, asked: Document) -> Means:
    bank = {"bank": asked["bank_name"]} if asked["bank_name"] else {}
    rule = rule_for_redirect(asked["method"], asked["code"])
    return Means(rule, {"type": asked["method"], **bank})


def _debit(store: Store, asked: Document) -> Means:
    number = asked.get("iban") or asked["account_number"]
    country = asked["iban"][:2] if "iban" in asked else _COUNTRIES[asked["type"]]
    method = {"type": asked["type"], "last4": number[-4:], "country": country}
    return Means(rule_for_account(number), method)


def _wallet(source: str | None) -> Document:
    return {} if source is None else {"wallet": source}


_COUNTRIES = {"ach": "US", "bacs": "GB", "becs": "AU"}
_FOUND: dict[str, Callable[[Store, Document], Means]] = {
    "card": _card,
    "token": _token,
    "sdk_token": _sdk_token,
    "apple_pay": _apple_pay,
    "google_pay": _google_pay,
    "network_token": _network_token,
    "redirect": _redirect,
    **dict.fromkeys(DEBITS, _debit),
}
