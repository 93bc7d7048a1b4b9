"""Parts of requests that several operations have: amounts, people, metadata.

Lengths are those of https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd; what is longer is
refused, never cut.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_authorizedotnet.methods import Paying
from prism_core import (
    Address,
    CustomerDetails,
    InvalidRequest,
    Money,
    Token,
    TokenizeRequest,
    at_most,
    single_value,
)

Parts = dict[str, str | None]


def amount_fields(amount: Money | None) -> dict[str, str]:
    """An amount and its currency, which belong together."""
    if amount is None:
        return {}
    return {"amount": str(amount.to_decimal()), "currencyCode": amount.currency}


def user_fields(metadata: Mapping[str, str] | None) -> dict[str, Any] | None:
    """Metadata as Authorize.Net gives it back with the answer."""
    if metadata and len(metadata) > 20:
        raise InvalidRequest("metadata has up to 20 keys at Authorize.Net", field="metadata")
    fields = [{"name": key, "value": value} for key, value in (metadata or {}).items()]
    return {"userField": fields} if fields else None


def bill_to(request: Paying | TokenizeRequest) -> dict[str, Any] | None:
    """Whose card it is. A payment profile has its own: E00093 refuses another beside it."""
    card = request.payment_method
    if isinstance(card, Token):
        return None
    address = request.billing_address or Address()
    payer = getattr(request, "customer", None) or CustomerDetails()
    blamed = "billing_address" if address.full_name else "customer"
    name = single_value("name", blamed, address.full_name, card.holder_name, payer.name)
    first, last = address.first_name, address.last_name
    if name is not None and not address.full_name:  # in one line: split at its last space
        first, _, last = name.strip().rpartition(" ")
        first, last = at_most(50, "first_name", first.rstrip()), at_most(50, "last_name", last)
    phone = single_value("phone number", "billing_address", address.phone_number, payer.phone)
    place = _place(first, last, address, "billing_address")
    return _filled({**place, "phoneNumber": phone, "email": address.email})


def ship_to(address: Address | None) -> dict[str, Any] | None:
    """Where the goods go: a ship-to has no contact."""
    if address is None:
        return None
    return _filled(_place(address.first_name, address.last_name, address, "shipping_address"))


def _place(first: str | None, last: str | None, address: Address, field: str) -> Parts:
    """What bill-to and ship-to have in common, in the schema's order. All lines of an address
    are in the one that Authorize.Net has, as far as they fit."""
    street = ", ".join(filter(None, (address.line1, address.line2, address.line3)))
    return {
        "firstName": first,
        "lastName": last,
        "address": at_most(60, f"{field}.line1, line2 and line3 together", street),
        "city": address.city,
        "state": address.state,
        "zip": address.zip_code,
        "country": address.country_alpha2_code,
    }


def _filled(parts: Parts) -> dict[str, str] | None:
    """The parts that are given, if any is."""
    return {name: part for name, part in parts.items() if part} or None
