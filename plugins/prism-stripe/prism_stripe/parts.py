"""The parts that requests are made of: payment methods, addresses, metadata."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from prism_core import (
    Address,
    AuthenticationType,
    Card,
    InvalidRequest,
    Secret,
    Token,
    at_most,
    one_of,
    without,
)

LONGEST = 5000
"""The most characters of a text for which the API's description has no limit of its own."""


def payment_method(method: Card | Token, address: Address | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_data"""
    if not isinstance(method, Card):
        if address is not None:
            raise InvalidRequest(
                "billing_address belongs to the PaymentMethod at Stripe; leave it out with a Token",
                field="billing_address",
            )
        return {"payment_method": _token(method)}
    return {"payment_method_data": card_data(method, address)}


def _token(method: Token) -> Secret | str:
    if len(_text(method)) > LONGEST:
        raise InvalidRequest(f"a token has up to {LONGEST} characters here", field="payment_method")
    return method.token


def is_alias(method: Card | Token) -> bool:
    """Whether it stands for a new PaymentMethod each time, which the answer names then:
    https://docs.stripe.com/testing?testing-method=payment-methods"""
    return isinstance(method, Token) and _text(method).startswith("pm_card_")


def is_another(method: Card | Token, answered: str) -> bool:
    """Whether an answer names another PaymentMethod than the given token."""
    given = isinstance(method, Token) and not is_alias(method)
    return given and method != Token(answered)


def _text(method: Token) -> str:
    return Secret(method.token).reveal()


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
    whole = address or Address()
    name = one_of("name", "billing_address", holder_name, whole.full_name)
    return {
        "name": at_most(LONGEST, "name", name),
        "email": whole.email,
        "phone": whole.phone_number,
        "address": street(address, kept=PERSON),
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
    name = at_most(LONGEST, "name", address.full_name)
    return {"name": name, "phone": address.phone_number, "address": place}


PERSON = ("first_name", "last_name", "email", "phone_number")
_NO_PLACE = (*PERSON, "line3")


def street(address: Address | None, kept: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """The parts that Stripe's address has; the others are refused unless `kept` elsewhere."""
    if address is None:
        return None
    without(address, [name for name in _NO_PLACE if name not in kept])
    parts = {
        "line1": address.line1,
        "line2": address.line2,
        "city": address.city,
        "state": address.state,
        "postal_code": address.zip_code,
        "country": address.country_alpha2_code,
    }
    return {name: at_most(LONGEST, name, value) for name, value in parts.items()}


_NOT_IN_DESCRIPTORS = frozenset("<>\\'\"*")


def descriptor_suffix(given: str | None) -> str | None:
    """What stands on the customer's statement behind the account's own descriptor:
    https://docs.stripe.com/get-started/account/statement-descriptors"""
    at_most(22, "statement_descriptor_suffix", given)
    if given is None or (all(map(_is_for_descriptors, given)) and any(map(str.isalpha, given))):
        return given
    raise InvalidRequest(
        "statement_descriptor_suffix has Latin characters at Stripe, a letter among them, and none "
        "of < > \\ ' \" *",
        field="statement_descriptor_suffix",
    )


def _is_for_descriptors(char: str) -> bool:
    if char.isascii():
        return char.isprintable() and char not in _NOT_IN_DESCRIPTORS
    return unicodedata.name(char, "").startswith("LATIN ")


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
