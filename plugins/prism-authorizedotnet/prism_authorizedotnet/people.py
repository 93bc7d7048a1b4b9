"""Who pays, and where it goes: names, addresses and contacts in the places that Authorize.Net has.

Lengths are those of https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd (nameAndAddressType
and customerAddressType); what is longer is refused, never cut.
"""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    Card,
    CustomerDetails,
    InvalidRequest,
    Token,
    at_most,
    one_of,
    without,
)


def bill_to(
    method: Card | Token, address: Address | None, payer: CustomerDetails | None = None
) -> dict[str, Any] | None:
    """Whose card it is. A payment profile has its own: E00093 refuses another beside it."""
    if isinstance(method, Token):
        told = {
            "billing_address": address is not None,
            "customer": payer is not None and bool(payer.name or payer.phone),
        }
        for field, given in told.items():
            if given:
                raise InvalidRequest(
                    f"a payment profile has its own bill-to at Authorize.Net; leave {field} out",
                    field=field,
                )
        return None
    address, payer = address or Address(), payer or CustomerDetails()
    phone = one_of("phone number", "billing_address", address.phone_number, payer.phone)
    first, last = _names(method, address, payer)
    return _filled(
        {
            **_name_and_address(first, last, address),
            "phoneNumber": at_most(25, "phone_number", phone),
            "email": address.email,
        }
    )


def ship_to(address: Address | None) -> dict[str, Any] | None:
    """Where the goods go: a ship-to has no contact."""
    if address is None:
        return None
    without(address, ("email", "phone_number"), "shipping_address")
    return _filled(_name_and_address(address.first_name, address.last_name, address))


def _names(card: Card, address: Address, payer: CustomerDetails) -> tuple[str | None, str | None]:
    """First and last name: the address has them apart, and one line is split at its last space."""
    blamed = "billing_address" if address.full_name else "customer"
    name = one_of("name", blamed, address.full_name, card.holder_name, payer.name)
    if address.full_name or name is None:
        return address.first_name, address.last_name
    first, _, last = name.strip().rpartition(" ")
    return first.rstrip() or None, last


def _name_and_address(first: str | None, last: str | None, address: Address) -> dict[str, Any]:
    """What bill-to and ship-to have in common, in the schema's order."""
    return {
        "firstName": at_most(50, "first_name", first),
        "lastName": at_most(50, "last_name", last),
        "address": _street(address),
        "city": at_most(40, "city", address.city),
        "state": at_most(40, "state", address.state),
        "zip": at_most(20, "zip_code", address.zip_code),
        "country": address.country_alpha2_code,
    }


def _street(address: Address) -> str | None:
    """All lines in the one that Authorize.Net has, as far as they fit."""
    street = None
    for field in ("line1", "line2", "line3"):
        line = getattr(address, field)
        if line is not None:
            street = at_most(60, field, line if street is None else f"{street}, {line}")
    return street


def _filled(parts: dict[str, Any]) -> dict[str, Any] | None:
    """The parts, if any is given."""
    return parts if any(part is not None for part in parts.values()) else None
