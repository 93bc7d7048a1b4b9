"""Who pays and where they live, as Adyen's payment request has it."""

from __future__ import annotations

from typing import Any

from prism_core import Address, CustomerDetails, InvalidRequest, at_most, one_of, without

# What Adyen's own checkout form sends for a part of an address that stays empty, such as a city or,
# in Hong Kong, a postal code: https://github.com/Adyen/adyen-web (FALLBACK_VALUE).
_NOT_THERE = "N/A"
# https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-billingAddress-country
_NO_COUNTRY = "ZZ"
_PLACE = ("line1", "line2", "city", "zip_code", "state", "country_alpha2_code")


def shopper(customer: CustomerDetails | None, bill: Address | None) -> dict[str, Any]:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-shopperName

    Adyen's billing address has no name and no contact: those are the shopper's.
    """
    told, billed = customer or CustomerDetails(), bill or Address()
    return {
        "shopperName": _name(one_of("name", "customer", told.name, billed.full_name), billed),
        "shopperEmail": one_of("email", "customer", told.email, billed.email),
        "telephoneNumber": one_of("phone", "customer", told.phone, billed.phone_number),
    }


def _name(name: str | None, billed: Address) -> dict[str, str | None] | None:
    """In two parts, which Adyen wants both: as the billing address has them, else by the last
    space."""
    if name is None:
        return None
    first, last = billed.first_name, billed.last_name
    if first is None and last is None:
        *rest, last = name.rsplit(maxsplit=1)
        first = rest[0] if rest else None
    if first is None or last is None:
        field = "billing_address" if billed.full_name else "customer"
        raise InvalidRequest("Adyen needs a first and a last name, or none", field=field)
    at_most(80, "name", first)
    at_most(80, "name", last)
    return {"firstName": first, "lastName": last}


def billing(address: Address | None) -> dict[str, Any] | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-billingAddress: left
    out where only the shopper's name and contact are given, which are sent as such."""
    without(address, ("line3",), "billing_address")
    return _place(address) if address is not None and _is_somewhere(address) else None


def delivery(address: Address | None) -> dict[str, Any] | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-deliveryAddress"""
    if address is None:
        return None
    without(address, ("line3", "email", "phone_number"), "shipping_address")
    if not _is_somewhere(address):
        raise InvalidRequest("shipping_address has no place", field="shipping_address")
    return {"firstName": address.first_name, "lastName": address.last_name, **_place(address)}


def _is_somewhere(address: Address) -> bool:
    return any(getattr(address, name) is not None for name in _PLACE)


def _place(address: Address) -> dict[str, str | None]:
    """Where it is. Every part is sent: Adyen wants all of them, and a value for none."""
    at_most(5 if address.country_alpha2_code == "US" else 10, "zip_code", address.zip_code)
    return {
        "street": at_most(3000, "line1", address.line1) or _NOT_THERE,
        "houseNumberOrName": at_most(3000, "line2", address.line2) or _NOT_THERE,
        "city": at_most(3000, "city", address.city) or _NOT_THERE,
        "postalCode": address.zip_code or _NOT_THERE,
        "stateOrProvince": at_most(1000, "state", address.state) or _NOT_THERE,
        "country": address.country_alpha2_code or _NO_COUNTRY,
    }
