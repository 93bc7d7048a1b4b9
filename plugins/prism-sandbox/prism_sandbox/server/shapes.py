"""What clients may send: a customer, an address, a card, a payment, a mandate, and what is done to
one."""

from __future__ import annotations

from typing import Any

from prism_sandbox.server.checks import boolean, integer, object_of, one_of, text, text_map, web_url
from prism_sandbox.server.errors import invalid
from prism_sandbox.server.rules import passes_luhn


def _card_number(value: Any, param: str) -> str:
    digits: str = text(r"[0-9]{12,19}", allowed="12 to 19 digits")(value, param)
    if not passes_luhn(digits):
        raise invalid(param, "The check digit of this card number is wrong.")
    return digits


def _payment_method(value: Any, param: str) -> dict[str, Any]:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "token":
        checked: dict[str, Any] = _TOKEN(value, param)
    else:
        checked = _CARD(value, param)
    return checked


_ADDRESS_LINES = (
    *("first_name", "last_name", "line1", "line2", "line3"),
    *("city", "state", "zip_code", "country", "email", "phone"),
)
_ADDRESS = object_of({}, dict.fromkeys(_ADDRESS_LINES, text()))
_CARD = object_of(
    {
        "type": one_of("card", "token"),
        "number": _card_number,
        "exp_month": integer(1, 12),
        "exp_year": integer(2000, 2099),
    },
    {"cvc": text(r"[0-9]{3,4}", allowed="3 or 4 digits"), "holder_name": text()},
)
_TOKEN = object_of(
    {
        "type": one_of("token"),
        "token": text(r"(tok|pm)_[a-z0-9_]+", allowed="a token: tok_… or pm_…"),
    },
    {},
)

CUSTOMER = object_of(
    {},
    {
        "reference": text(),
        "name": text(),
        "email": text(),
        "phone": text(),
        "description": text(),
        "address": _ADDRESS,
        "metadata": text_map,
    },
)
_AMOUNT = integer(1, 999_999_999_999)
_CURRENCY = text(r"[A-Z]{3}", allowed="three upper-case letters, such as USD")
PAYMENT = object_of(
    {
        "amount": _AMOUNT,
        "currency": _CURRENCY,
        "payment_method": _payment_method,
    },
    {
        "reference": text(),
        "customer": text(),
        "capture": one_of("automatic", "manual"),
        "three_d_secure": one_of("required", "none"),
        "return_url": web_url,
        "setup_future_usage": one_of("on_session", "off_session"),
        "off_session": boolean,
        "incremental": boolean,
        "statement_descriptor_suffix": text(),
        "description": text(),
        "billing_address": _ADDRESS,
        "shipping_address": _ADDRESS,
        "metadata": text_map,
    },
)

_PART = {"amount": _AMOUNT, "currency": _CURRENCY}
_ABOUT = {"reference": text(), "metadata": text_map}
CAPTURE = object_of({}, {**_PART, **_ABOUT})
VOID = object_of({}, {"reason": text(), **_ABOUT})
INCREMENT = object_of({"amount": _AMOUNT}, {"currency": _CURRENCY, "description": text(), **_ABOUT})
REFUND = object_of({}, {**_PART, "reason": text(), **_ABOUT})

PAYMENT_METHOD = object_of(
    {"payment_method": _CARD},
    {"customer": text(), "billing_address": _ADDRESS, **_ABOUT},
)
MANDATE = object_of(
    {"payment_method": _payment_method},
    {
        **_PART,
        "customer": text(),
        "three_d_secure": one_of("required", "none"),
        "return_url": web_url,
        "description": text(),
        "billing_address": _ADDRESS,
        **_ABOUT,
    },
)
CHARGE = object_of(
    _PART,
    {
        "customer": text(),
        "network_transaction_id": text(),
        "statement_descriptor_suffix": text(),
        "description": text(),
        **_ABOUT,
    },
)
REVOCATION = object_of({}, {"reference": text(), "customer": text()})
