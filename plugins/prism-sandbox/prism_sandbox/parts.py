"""Parts of the requests that several operations send: a payment method, an address, words."""

from __future__ import annotations

from typing import Any

from prism_core import Address, AuthenticationType, Card, Money, Secret, Token


def method_of(method: Card | Token) -> dict[str, Any]:
    """What to pay with: a card, or a token, which may be that of a stored card."""
    if isinstance(method, Token):
        return {"type": "token", "token": method.token}
    return {
        "type": "card",
        "number": method.number,
        "exp_month": method.exp_month,
        "exp_year": method.exp_year,
        "cvc": method.cvc,
        "holder_name": method.holder_name,
    }


def is_test_token(method: Card | Token) -> bool:
    """Whether it stands for a test card, of which the sandbox stores a new one each time."""
    return isinstance(method, Token) and Secret(method.token).reveal().startswith("tok_")


def address_of(address: Address | None) -> dict[str, Any] | None:
    """An address in the sandbox's words."""
    if address is None:
        return None
    return {
        "first_name": address.first_name,
        "last_name": address.last_name,
        "line1": address.line1,
        "line2": address.line2,
        "line3": address.line3,
        "city": address.city,
        "state": address.state,
        "zip_code": address.zip_code,
        "country": address.country_alpha2_code,
        "email": address.email,
        "phone": address.phone_number,
    }


def three_d_secure(auth_type: object) -> str | None:
    """Whether a challenge is demanded."""
    if auth_type is None:
        return None
    return "required" if auth_type is AuthenticationType.THREE_DS else "none"


def lower(value: str | None) -> str | None:
    """A word of the schema in the sandbox's spelling."""
    return None if value is None else value.lower()


def given(**values: str | None) -> dict[str, str]:
    """Query parameters: those that there are."""
    return {name: value for name, value in values.items() if value is not None}


def part(amount: Money | None) -> dict[str, Any]:
    """The part of the money that is meant; nothing means all of it."""
    if amount is None:
        return {}
    return {"amount": amount.minor_amount, "currency": amount.currency}
