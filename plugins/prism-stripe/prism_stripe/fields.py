"""What describes a payment, and travels with every way to make one.
https://docs.stripe.com/api/payment_intents/create"""

from __future__ import annotations

import re
from typing import Any

from prism_core import Address, BrowserInfo, InvalidRequest, MitCategory, OrderLine, at_most
from prism_core.connector.values import metadata_with_id
from prism_stripe.account import street, to_wire


def confirmed(request: Any) -> dict[str, Any]:
    """What is sent with every payment and every setup, which are made at once."""
    return {"confirm": True, **common(request)}


def common(request: Any, **more: str | None) -> dict[str, Any]:
    """What is sent with everything that is paid or permitted, on a page, too."""
    order = getattr(request, "merchant_order_id", None)
    return {
        "customer": request.connector_customer_id,
        "description": request.description,
        "metadata": metadata_with_id(request, merchant_order_id=order, **more),
    }


# https://docs.stripe.com/api/payment_intents/create#create_payment_intent-off_session
_OFF_SESSION = {MitCategory.RECURRING_MIT: "recurring", MitCategory.UNSCHEDULED_MIT: "one_off"}


def off_session(category: MitCategory | str | None, default: bool | None) -> bool | str | None:
    """Why the customer is not there, in the words that Stripe has for it."""
    if category is None:
        return default
    word = _OFF_SESSION.get(MitCategory(category))
    if word is not None:
        return word
    problem = f"{category} has no word at Stripe; it knows {', '.join(_OFF_SESSION)}"
    raise InvalidRequest(problem, field="mit_category")


def risk(browser: BrowserInfo | None) -> dict[str, Any] | None:
    """https://docs.stripe.com/radar/radar-session: what Stripe.js found out about the browser"""
    return None if browser is None else {"session": browser.device_data}


def amount_details(lines: tuple[OrderLine, ...] | None) -> dict[str, Any]:
    """https://docs.stripe.com/payments/payment-line-items. They describe: a payment is not refused
    because they do not add up. Codes and units have up to 12 characters there."""
    if lines is None:
        return {}
    items = [
        {
            "product_name": line.product_name,
            "quantity": line.quantity,
            "unit_cost": to_wire(line.amount),
            "tax": {"total_tax_amount": to_wire(line.total_tax_amount)},
            "product_code": _short(line.product_id),
            "unit_of_measure": _short(line.unit_of_measure),
        }
        for line in lines
    ]
    return {"amount_details": {"line_items": items, "enforce_arithmetic_validation": False}}


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text) <= 12 else None


def shipping(address: Address | None) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-shipping"""
    if address is None:
        return None
    name = at_most(5000, "shipping_address", address.full_name)
    place = street(address)
    if name is None or not any(place.values()):
        problem = "shipping_address needs first_name or last_name at Stripe, and an address"
        raise InvalidRequest(problem, field="shipping_address")
    return {"name": name, "phone": address.phone_number, "address": place}


# Latin characters, a letter among them, and none of six.
_LATIN = r"[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]{1,22}"
_SUFFIX = re.compile(rf"""(?=.*[^\W\d_])(?!.*[<>\\'"*]){_LATIN}""")


def descriptor_suffix(request: Any) -> str | None:
    """What stands on the customer's statement behind the account's own descriptor:
    https://docs.stripe.com/get-started/account/statement-descriptors"""
    given: str | None = request.statement_descriptor_suffix
    if given is None or _SUFFIX.fullmatch(given):
        return given
    problem = "has up to 22 Latin characters at Stripe, with a letter, and none of < > \\ ' \" *"
    field = "statement_descriptor_suffix"
    raise InvalidRequest(f"{field} {problem}", field=field)
