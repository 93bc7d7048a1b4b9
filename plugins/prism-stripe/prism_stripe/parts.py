"""The parts that requests are made of: payment methods, addresses, metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import (
    Address,
    AuthenticationType,
    Card,
    InvalidRequest,
    Token,
    one_of,
    without,
)


def payment_method(method: Card | Token, address: Address | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_data"""
    if not isinstance(method, Card):
        if address is not None:
            raise InvalidRequest(
                "billing_address belongs to the PaymentMethod at Stripe; leave it out with a Token",
                field="billing_address",
            )
        return {"payment_method": method.token}
    return {"payment_method_data": card_data(method, address)}


def card_data(card: Card, address: Address | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/create"""
    return {
        "type": "card",
        "card": {
            "number": card.number,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "cvc": card.cvc,
        },
        "billing_details": _billing(card.holder_name, address),
    }


def _billing(holder_name: str | None, address: Address | None) -> dict[str, Any]:
    if address is None:
        return {"name": holder_name}
    contact = {"email": address.email, "phone": address.phone_number}
    return {
        "name": one_of("name", "billing_address", holder_name, address.full_name),
        **contact,
        "address": street(address, kept=("first_name", "last_name", "email", "phone_number")),
    }


def shipping(address: Address | None) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-shipping"""
    if address is None:
        return None
    if address.full_name is None:
        raise InvalidRequest(
            "Stripe needs the recipient's first_name or last_name", field="shipping_address"
        )
    place = street(address, kept=("first_name", "last_name", "phone_number")) or {}
    if not any(place.values()):
        raise InvalidRequest("Stripe needs an address to ship to", field="shipping_address")
    return {"name": address.full_name, "phone": address.phone_number, "address": place}


_NO_PLACE = ("first_name", "last_name", "line3", "email", "phone_number")


def street(address: Address | None, kept: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """The parts that Stripe's address has; the others are refused unless `kept` elsewhere."""
    if address is None:
        return None
    without(address, [name for name in _NO_PLACE if name not in kept])
    return {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.zip_code,
        "country": address.country_alpha2_code,
    }


def metadata(given: Mapping[str, str] | None, **own: str | None) -> dict[str, str]:
    """The caller's metadata and own ids, within the limits of https://docs.stripe.com/metadata.
    An id that is None is not sent, and its key is kept from the caller's metadata all the same:
    what Stripe holds under it would be replaced."""
    for key, value in own.items():
        if given and given.get(key, value) != value:
            raise InvalidRequest(f"metadata must not use the key '{key}'", field="metadata")
    complete = {**(given or {}), **{key: value for key, value in own.items() if value is not None}}
    problem = _problem(complete)
    if problem is not None:
        raise InvalidRequest(f"metadata {problem}", field="metadata")
    return complete


def _problem(complete: Mapping[str, str]) -> str | None:
    if len(complete) > 50:
        return "has up to 50 keys at Stripe, your id among them"
    for name, value in complete.items():
        if len(name) > 40 or "[" in name or "]" in name:
            return "has keys of up to 40 characters without brackets at Stripe"
        if not 1 <= len(value) <= 500:
            return "has values of 1 to 500 characters at Stripe"
    return None


def card_options(
    auth_type: object, *, can_be_raised: bool | None = None
) -> dict[str, dict[str, str | None]] | None:
    """https://docs.stripe.com/payments/3d-secure/authentication-flow and
    https://docs.stripe.com/payments/incremental-authorization"""
    if auth_type is None and can_be_raised is None:
        return None
    options = {
        "request_three_d_secure": _choice(
            None if auth_type is None else auth_type is AuthenticationType.THREE_DS,
            ("any", "automatic"),
        ),
        "request_incremental_authorization": _choice(can_be_raised, ("if_available", "never")),
    }
    return {"card": options}


def _choice(wanted: bool | None, words: tuple[str, str]) -> str | None:
    """The first word if it is wanted, the second if not, and None where nobody said."""
    return None if wanted is None else words[0] if wanted else words[1]


def lower(value: str | None) -> str | None:
    """The value of one of our enumerations as Stripe writes it."""
    return None if value is None else value.lower()


_LONGEST_KEY = 255


def second_key(key: str | None, what: str) -> str | None:
    """The idempotency key of a flow's second post; Stripe takes up to 255 characters:
    https://docs.stripe.com/api/idempotent_requests"""
    if key is None:
        return None
    longest = _LONGEST_KEY - len(what) - 1
    if len(key) > longest:
        raise InvalidRequest(
            f"idempotency_key has up to {longest} characters here: Stripe is asked twice",
            field="idempotency_key",
        )
    return f"{key}-{what}"
