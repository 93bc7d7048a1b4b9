"""What is sent in more than one operation: amounts, names, addresses, the customer's device."""

from typing import Any

from prism_core import (
    Address,
    BrowserInfo,
    CaptureMethod,
    Card,
    CustomerDetails,
    Money,
    json_number,
    needs,
)
from prism_core.connector.values import split_name


def number(money: Money | None) -> Any:
    """https://airwallex.com/docs/payments__supported-currencies: a JSON number with the decimals
    of ISO 4217."""
    return None if money is None else json_number(money.to_decimal())


def card(method: Card, address: Address | None) -> dict[str, Any]:
    """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout"""
    about = {
        "number": method.number,
        "expiry_month": f"{method.exp_month:02d}",
        "expiry_year": str(method.exp_year),
        "name": method.holder_name,
        "cvc": method.cvc,
        "billing": billing(address),
    }
    return {"type": "card", "card": about}


def place(known: Address | None, field: str) -> dict[str, Any] | None:
    """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_methods: one line for the
    street; the country is required."""
    if known is None:
        return None
    street = ", ".join(filter(None, (known.line1, known.line2, known.line3)))
    parts = {
        "street": street or None,
        "city": known.city,
        "state": known.state,
        "postcode": known.zip_code,
    }
    country = known.country_alpha2_code
    if country is None and not any(parts.values()):
        return None
    code = needs(f"{field}.country_alpha2_code", country, "with an address")
    return {**parts, "country_code": code}


def person(known: Address, field: str) -> dict[str, Any]:
    """Who lives at an address."""
    return {
        "first_name": known.first_name,
        "last_name": known.last_name,
        "phone_number": known.phone_number,
        "address": place(known, field),
    }


def billing(known: Address | None) -> dict[str, Any] | None:
    """The address of a card, and its holder's contacts."""
    return {**person(known, "billing_address"), "email": known.email} if known else None


def shipping(known: Address | None) -> dict[str, Any] | None:
    """https://www.airwallex.com/docs/api/payments/payment_intents, `order.shipping`"""
    return {"shipping": person(known, "shipping_address")} if known else None


def payer(known: CustomerDetails | None) -> dict[str, Any] | None:
    """https://www.airwallex.com/docs/api/payments/payment_intents, `customer`"""
    if known is None:
        return None
    first, last = split_name(known.name) if known.name else (None, None)
    name = {"first_name": first, "last_name": last}
    return {**name, "email": known.email, "phone_number": known.phone}


def device(known: BrowserInfo | None) -> dict[str, Any] | None:
    """https://www.airwallex.com/docs/api/payments/payment_intents, `device_data`"""
    if known is None:
        return None
    browser = {
        "user_agent": known.user_agent,
        "java_enabled": known.java_enabled,
        "javascript_enabled": known.java_script_enabled,
    }
    return {
        "accept_header": known.accept_header,
        "browser": browser,
        "ip_address": known.ip_address,
        "language": known.language,
        "screen_color_depth": known.color_depth,
        "screen_height": known.screen_height,
        "screen_width": known.screen_width,
    }


def capturing(method: object) -> dict[str, Any]:
    """https://www.airwallex.com/docs/payments__native-api__guest-user-checkout: a card alone can be
    captured later."""
    return {"card": {"auto_capture": method is CaptureMethod.AUTOMATIC}}
