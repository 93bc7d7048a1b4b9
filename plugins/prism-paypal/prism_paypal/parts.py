"""The parts of PayPal's requests: amounts, ids, names and addresses, within PayPal's limits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from prism_core import (
    Address,
    CreateCustomerRequest,
    InvalidRequest,
    Money,
    Secret,
    Token,
    at_most,
    without,
)

# https://developer.paypal.com/reference/currency-codes/: where PayPal takes other decimals than
# ISO 4217 gives (it takes none for JPY either, and neither does ISO 4217).
EXPONENTS = {"HUF": 0, "TWD": 0}

# MAX_VALUE_EXCEEDED at https://developer.paypal.com/api/rest/reference/orders/v2/errors/
_MOST = Decimal("999999999999999.99")

_CUSTOMER = re.compile(r"[0-9a-zA-Z_-]{1,22}")
_MERCHANT_CUSTOMER = re.compile(r"[0-9a-zA-Z\-_.^*$@#]{1,64}")
_VAULT = re.compile(r"[0-9a-zA-Z_-]{1,255}")
_LONGEST_KEY = 108
SECOND_CALL = "-payment"
"""What the key of a payment's second call ends in."""

# https://developer.paypal.com/docs/api/orders/v2/#definition-address_portable
_STREET = {
    "line1": ("address_line_1", 300),
    "line2": ("address_line_2", 300),
    "city": ("admin_area_2", 120),
    "state": ("admin_area_1", 300),
    "zip_code": ("postal_code", 60),
}
_NO_PLACE = ("first_name", "last_name", "line3", "email", "phone_number")
NAMES = ("first_name", "last_name")
"""The parts of an address that PayPal has apart from it."""


def money(amount: Money) -> dict[str, str]:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money"""
    value = amount.to_decimal(EXPONENTS)
    if value > _MOST:
        raise InvalidRequest(f"amount: PayPal takes up to {_MOST}", field="amount")
    return {"currency_code": amount.currency, "value": f"{value:f}"}


def request_id(key: str | None, suffix: str = "") -> str | None:
    """The PayPal-Request-Id of one of a payment's two calls: the caller's key, and a suffix for
    the second. https://developer.paypal.com/api/orders/v2/orders-authorize has the limit."""
    if key is not None and len(key) > _LONGEST_KEY - len(SECOND_CALL):
        raise InvalidRequest(
            f"idempotency_key has up to {_LONGEST_KEY - len(SECOND_CALL)} characters for a "
            "payment at PayPal",
            field="idempotency_key",
        )
    return None if key is None else f"{key}{suffix}"


def customer_id(given: str) -> str:
    """The id that PayPal gave a customer."""
    if not _CUSTOMER.fullmatch(given):
        raise InvalidRequest(
            "connector_customer_id is no id of a PayPal customer: those have up to 22 letters, "
            "digits, hyphens and underscores",
            field="connector_customer_id",
        )
    return given


def merchant_customer_id(request: CreateCustomerRequest) -> str:
    """The caller's own id of a customer."""
    given = request.merchant_customer_id
    if not _MERCHANT_CUSTOMER.fullmatch(given):
        raise InvalidRequest(
            "merchant_customer_id has up to 64 ASCII letters, digits and -_.^*$@# at PayPal",
            field="merchant_customer_id",
        )
    return given


def vault_id(token: Token, field: str = "payment_method") -> Secret:
    """The id of a saved card."""
    given = Secret(token.token)
    if not _VAULT.fullmatch(given.reveal()):
        raise InvalidRequest(
            "the token is no id of a saved card: those have letters, digits, hyphens and "
            "underscores",
            field=field,
        )
    return given


def one_line(longest: int, field: str, value: str | None) -> str | None:
    """A name or a note, which has no line breaks at PayPal."""
    if value is not None and "\n" in value:
        raise InvalidRequest(f"{field} has words on one line at PayPal", field=field)
    return at_most(longest, field, value)


def street(address: Address | None, kept: tuple[str, ...] = ()) -> dict[str, Any] | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-address_portable; `kept` are
    the parts that are sent elsewhere, and None is left of an address that has no others."""
    if address is None:
        return None
    without(address, [name for name in _NO_PLACE if name not in kept])
    parts = {
        theirs: at_most(longest, ours, getattr(address, ours))
        for ours, (theirs, longest) in _STREET.items()
    }
    country = address.country_alpha2_code
    if country is None and any(parts.values()):
        raise InvalidRequest("PayPal needs an address's country", field="country_alpha2_code")
    return None if country is None else {**parts, "country_code": country}


def shipping(address: Address | None) -> dict[str, Any] | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-shipping_detail"""
    if address is None:
        return None
    to = street(address, NAMES)
    if to is None:
        raise InvalidRequest("PayPal needs an address to ship to", field="shipping_address")
    name = at_most(300, "shipping_address", address.full_name)
    return {"name": {"full_name": name} if name else None, "address": to}
