"""Parts of requests that several operations have: amounts, cards, profiles, ids, metadata."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_core import Card, CustomerDetails, InvalidRequest, Money, Secret, Token


def amount_fields(amount: Money) -> dict[str, str]:
    """An amount and its currency, which belong together."""
    return {"amount": str(amount.to_decimal()), "currencyCode": amount.currency}


def user_fields(metadata: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Metadata as Authorize.Net gives it back with the answer."""
    if not metadata:
        return None
    if len(metadata) > 20:
        raise InvalidRequest("metadata has up to 20 keys at Authorize.Net", field="metadata")
    return {"userField": [{"name": key, "value": value} for key, value in metadata.items()]}


def digits(field: str, value: str) -> str:
    """An id as Authorize.Net gives them: 0 stands for what it never made."""
    if not (value.isascii() and value.isdigit()):
        raise InvalidRequest(f"{field}: an id of Authorize.Net has only digits", field=field)
    if not value.strip("0"):
        raise InvalidRequest(
            f"{field}: 0 is no id at Authorize.Net, it stands for what was never made", field=field
        )
    return value


def credit_card(method: Card | Token) -> dict[str, Any] | None:
    """A card to pay with or to keep; a Token is named by its profile instead."""
    if isinstance(method, Token):
        return None
    if len(Secret(method.number)) > 16:
        raise InvalidRequest(
            "Authorize.Net takes card numbers of up to 16 digits", field="payment_method"
        )
    return {
        "creditCard": {
            "cardNumber": method.number,
            "expirationDate": f"{method.exp_year}-{method.exp_month:02}",
            "cardCode": method.cvc,
        }
    }


def owner(connector_customer_id: str | None) -> str:
    """The customer's profile, without which Authorize.Net keeps and finds no card."""
    if connector_customer_id is None:
        raise InvalidRequest(
            "Authorize.Net keeps cards in customer profiles; give connector_customer_id",
            field="connector_customer_id",
        )
    return digits("connector_customer_id", connector_customer_id)


def paying_profile(profile: str, method: Card | Token) -> dict[str, Any]:
    """The customer's profile, with the payment profile that a Token names, or to put the card in.

    https://developer.authorize.net/api/reference/features/customer_profiles.html
    """
    if isinstance(method, Token):
        return kept_profile(profile, token_id(method))
    return {"createProfile": True, "customerProfileId": profile}


def kept_profile(profile: str, payment_profile: str) -> dict[str, Any]:
    """A payment profile to pay with."""
    return {"customerProfileId": profile, "paymentProfile": {"paymentProfileId": payment_profile}}


def token_id(method: Token) -> str:
    """The id of the payment profile that a Token names."""
    return digits("payment_method", Secret(method.token).reveal())


def no_email(customer: CustomerDetails | None) -> None:
    """A profile has its own email: E00108 refuses another beside it."""
    if customer is not None and customer.email is not None:
        raise InvalidRequest(
            "Authorize.Net takes no email beside a customer profile; leave customer.email out",
            field="customer",
        )
