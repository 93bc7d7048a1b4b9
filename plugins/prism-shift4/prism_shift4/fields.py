"""What is sent in more than one operation: metadata, names, addresses."""

from collections.abc import Mapping
from typing import Any

from prism_core import Address


def kept(metadata: Mapping[str, str] | None, **ids: str | None) -> dict[str, str]:
    """The caller's metadata and ids: Shift4 has no field for an id of the caller."""
    return {**(metadata or {}), **{name: one for name, one in ids.items() if one is not None}}


def full_name(known: Address) -> str | None:
    """The name of who lives there."""
    return " ".join(one for one in (known.first_name, known.last_name) if one) or None


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
        "name": full_name(known),
        "address": place(known),
        "email": known.email,
        "phone": known.phone_number,
    }


def shipping(known: Address | None) -> dict[str, Any] | None:
    """https://dev.shift4.com/docs/api#charge-create, `shipping`"""
    if known is None:
        return None
    return {"name": full_name(known), "address": place(known), "phone": known.phone_number}
