"""What is sent in more than one operation: amounts, names, addresses, contacts."""

from typing import Any

from prism_core import (
    NULL,
    Address,
    AuthorizeRequest,
    CreateOrderRequest,
    CustomerDetails,
    Money,
    single_value,
)
from prism_core.connector.values import split_name


def amount(money: Money | None) -> dict[str, Any] | None:
    """https://developer.squareup.com/docs/build-basics/working-with-monetary-amounts"""
    return None if money is None else {"amount": money.minor_amount, "currency": money.currency}


def names(name: str | None, *, clear: bool = False) -> dict[str, Any]:
    """A name in one line, split at its last space; `clear` takes a former family name out."""
    if name is None:
        return {}
    given, family = split_name(name)
    return {"given_name": given, "family_name": NULL if clear and family is None else family}


def place(known: Address | None) -> dict[str, Any] | None:
    """https://developer.squareup.com/reference/square/objects/Address: of a customer, who has
    their names and contacts beside it."""
    if known is None:
        return None
    return {
        "address_line_1": known.line1,
        "address_line_2": known.line2,
        "address_line_3": known.line3,
        "locality": known.city,
        "administrative_district_level_1": known.state,
        "postal_code": known.zip_code,
        "country": known.country_alpha2_code,
    }


def address(known: Address | None) -> dict[str, Any] | None:
    """https://developer.squareup.com/reference/square/objects/Address, with a person"""
    if known is None:
        return None
    person = {"first_name": known.first_name, "last_name": known.last_name}
    return {**(place(known) or {}), **person}


def contact(request: AuthorizeRequest | CreateOrderRequest) -> tuple[str | None, str | None]:
    """The buyer's email and phone, from the customer or the billing address."""
    payer, bill = request.customer or CustomerDetails(), request.billing_address or Address()
    email = single_value("email address", "billing_address", payer.email, bill.email)
    return email, single_value("phone number", "billing_address", payer.phone, bill.phone_number)
