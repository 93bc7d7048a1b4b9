"""Customers: Adyen keeps none, so each payment tells who pays and where they live."""

from __future__ import annotations

from typing import Any

from prism_core import Address, CustomerDetails, InvalidRequest, at_most, single_value
from prism_core.connector.values import without_nones

# What Adyen's own checkout form sends for a part of an address that stays empty, such as a city or,
# in Hong Kong, a postal code: https://github.com/Adyen/adyen-web (FALLBACK_VALUE).
_NOT_THERE = "N/A"
# https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-billingAddress-country
_NO_COUNTRY = "ZZ"


def shopper(customer: CustomerDetails | None, bill: Address | None) -> dict[str, Any]:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-shopperName

    Adyen's billing address has no name and no contact: those are the shopper's. It is left out
    where nothing else is given.
    """
    told, billed = customer or CustomerDetails(), bill or Address()
    return {
        "shopperName": _name(single_value("name", "customer", told.name, billed.full_name), billed),
        "shopperEmail": single_value("email", "customer", told.email, billed.email),
        "telephoneNumber": single_value("phone", "customer", told.phone, billed.phone_number),
        "billingAddress": _place("billing_address", billed),
    }


def _name(name: str | None, billed: Address) -> dict[str, str] | None:
    """In two parts, which Adyen wants both: as the billing address has them, else by the last
    space."""
    if name is None:
        return None
    first, last = billed.first_name, billed.last_name
    if first is None and last is None:
        first, last = (None, *name.rsplit(maxsplit=1))[-2:]
    of = "billing_address" if billed.full_name else "customer"
    if first is None or last is None:
        raise InvalidRequest("Adyen needs a first and a last name, or none", field=of)
    at_most(80, f"{of}.name", max(first, last, key=len))
    return {"firstName": first, "lastName": last}


def delivery(address: Address | None) -> dict[str, Any] | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-deliveryAddress: a
    place, and who is there."""
    if address is None or (place := _place("shipping_address", address)) is None:
        return None
    return {"firstName": address.first_name, "lastName": address.last_name, **place}


def _place(of: str, address: Address) -> dict[str, str] | None:
    """Where it is, if that is given. Then every part is sent: Adyen wants all of them, and a value
    for none."""
    country = address.country_alpha2_code
    parts = {
        "street": address.line1,
        "houseNumberOrName": address.line2,
        "city": address.city,
        "postalCode": at_most(5 if country == "US" else 10, f"{of}.zip_code", address.zip_code),
        "stateOrProvince": address.state,
        "country": country,
    }
    nothing = {**dict.fromkeys(parts, _NOT_THERE), "country": _NO_COUNTRY}
    given = without_nones(parts)
    return {**nothing, **given} if given else None
