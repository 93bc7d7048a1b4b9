"""What is sent in more than one operation: amounts, addresses, phones, the customer's device."""

import re
from typing import Any

from prism_core import Address, AuthenticationData, BrowserInfo, InvalidRequest, Money

from .shapes import LONGEST

# "For all other currencies, the amount you specify is divided by 100":
# https://www.checkout.com/docs/payments/accept-payments/format-the-amount-value
EXPONENTS = {"CLP": 2, "CLF": 2, "UYI": 2, "UYW": 2}
# "The last digit must always be a 0", on the same page.
TENS = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
# The country codes of ITU-T E.164: a number begins with exactly one of them.
PHONE = re.compile(
    r"\+(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)(\d{4,14})"
)


def wire(money: Money | None) -> int | None:
    """https://www.checkout.com/docs/payments/accept-payments/format-the-amount-value"""
    if money is None:
        return None
    amount = money.to_wire(EXPONENTS)
    if money.currency in TENS and amount % 10:
        raise InvalidRequest(
            f"Checkout.com takes {money.currency} in steps of ten: the last digit must be a 0",
            field="amount",
        )
    if amount > LONGEST:
        raise InvalidRequest("Checkout.com takes amounts of up to nine digits", field="amount")
    return amount


def money(amount: int | None, currency: str | None) -> Money | None:
    """An amount of an answer, if there is one."""
    if amount is None or currency is None:
        return None
    return Money.from_wire(amount, currency, EXPONENTS)


def phone(number: str | None) -> dict[str, str] | None:
    """https://api-reference.checkout.com/#operation/createCustomer, `phone`"""
    if number is None:
        return None
    parts = PHONE.fullmatch(number)
    if parts is None:
        return {"number": number}
    return {"country_code": f"+{parts[1]}", "number": parts[2]}


def place(known: Address | None) -> dict[str, str | None] | None:
    """https://api-reference.checkout.com/#operation/requestAPaymentOrPayout, `billing_address`"""
    if known is None:
        return None
    return {
        "address_line1": known.line1,
        "address_line2": known.line2,
        "city": known.city,
        "state": known.state,
        "zip": known.zip_code,
        "country": known.country_alpha2_code,
    }


def holder(known: Address | None) -> dict[str, str | None] | None:
    """The same page, `account_holder`: who the billing address names."""
    if known is None or (known.first_name or known.last_name or known.email) is None:
        return None
    named = {"first_name": known.first_name, "last_name": known.last_name}
    return {**named, "email": known.email}


def contact(known: Address | None) -> dict[str, Any] | None:
    """An address and the phone beside it, as `shipping` and `billing` have them."""
    if known is None:
        return None
    return {"address": place(known), "phone": phone(known.phone_number)}


def risk(browser: BrowserInfo | None) -> dict[str, Any] | None:
    """The same page, `risk`: its device, and the session of Checkout.com's Risk.js."""
    if browser is None:
        return None
    device = {
        "user_agent": browser.user_agent,
        "accept_header": browser.accept_header,
        "language": browser.language,
        "color_depth": as_text(browser.color_depth),
        "screen_height": as_text(browser.screen_height),
        "screen_width": as_text(browser.screen_width),
        "java_enabled": browser.java_enabled,
        "javascript_enabled": browser.java_script_enabled,
    }
    return {"enabled": True, "device_session_id": browser.device_data, "device": device}


def as_text(number: int | None) -> str | None:
    """A number as the text that a device's field has."""
    return None if number is None else str(number)


def three_ds(asked: object, done: AuthenticationData | None) -> dict[str, Any] | None:
    """The same page, `3ds`: whether it is asked for, or what came of it elsewhere."""
    if done is None:
        return None if asked is None else {"enabled": asked == "THREE_DS"}
    return {
        "enabled": True,
        "eci": done.eci,
        "cryptogram": done.cavv,
        "xid": done.ds_transaction_id,
        "version": done.message_version,
        "status": done.trans_status,
        "exemption": done.exemption_indicator,
    }
