"""What is sent in more than one operation: metadata, names, addresses."""

from typing import Any

from prism_core import Address

# What the connector keeps in the metadata: the caller's own ids, and the mark of a release.
RESERVED = (
    "merchant_transaction_id",
    "merchant_customer_id",
    "merchant_refund_id",
    "merchant_mandate_id",
    "merchant_void_id",
    "prism_void",
)


def place(known: Address) -> dict[str, str | None]:
    """https://dev.shift4.com/docs/api#charge-create, `billing` and `shipping`"""
    return {
        "line1": known.line1,
        "line2": known.line2,
        "zip": known.zip_code,
        "city": known.city,
        "state": known.state,
        "country": known.country_alpha2_code,
    }


def billing(known: Address | None) -> dict[str, Any] | None:
    """https://dev.shift4.com/docs/api#charge-create, `billing`"""
    if known is None:
        return None
    return {
        "name": known.full_name,
        "address": place(known),
        "email": known.email,
        "phone": known.phone_number,
    }


def shipping(known: Address | None) -> dict[str, Any] | None:
    """https://dev.shift4.com/docs/api#charge-create, `shipping`"""
    if known is None:
        return None
    return {"name": known.full_name, "address": place(known), "phone": known.phone_number}
