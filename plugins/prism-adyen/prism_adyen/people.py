"""Who pays and where they live, as Adyen's payment request has it."""

from __future__ import annotations

from typing import Any

from prism_core import Address, CustomerDetails, InvalidRequest, at_most, one_of, without

# What Adyen's own checkout form sends for a part of an address that stays empty:
# https://github.com/Adyen/adyen-web (FALLBACK_VALUE). ZZ is documented for an unknown country.
_NO_HOUSE = "N/A"
_NO_COUNTRY = "ZZ"
_NO_PLACE = ("first_name", "last_name", "line3", "email", "phone_number")


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
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-billingAddress"""
    sent_elsewhere = ("first_name", "last_name", "email", "phone_number")
    return _street("billing_address", address, sent_elsewhere)


def delivery(address: Address | None) -> dict[str, Any] | None:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-deliveryAddress"""
    street = _street("shipping_address", address, ("first_name", "last_name"))
    if street is None or address is None:
        return None
    return {"firstName": address.first_name, "lastName": address.last_name, **street}


def _street(field: str, address: Address | None, kept: tuple[str, ...]) -> dict[str, Any] | None:
    """The parts that Adyen's address has; the others are refused unless `kept` elsewhere."""
    if address is None:
        return None
    without(address, [name for name in _NO_PLACE if name not in kept], field)
    for name in ("line1", "city", "zip_code"):
        if getattr(address, name) is None:
            raise InvalidRequest(f"Adyen needs {name} in {field}", field=field)
    at_most(5 if address.country_alpha2_code == "US" else 10, "zip_code", address.zip_code)
    return {
        "street": at_most(3000, "line1", address.line1),
        "houseNumberOrName": at_most(3000, "line2", address.line2) or _NO_HOUSE,
        "city": at_most(3000, "city", address.city),
        "postalCode": address.zip_code,
        "stateOrProvince": at_most(1000, "state", address.state),
        "country": address.country_alpha2_code or _NO_COUNTRY,
    }
