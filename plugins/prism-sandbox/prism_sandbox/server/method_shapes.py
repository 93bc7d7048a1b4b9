"""What clients may send as a payment method, by its type."""

from __future__ import annotations

from typing import Any

from prism_sandbox.server.accounts import DEBITS, REDIRECTS
from prism_sandbox.server.checks import Check, integer, object_of, one_of, text
from prism_sandbox.server.errors import invalid
from prism_sandbox.server.rules import passes_luhn


def _card_number(value: Any, param: str) -> str:
    digits: str = text(r"[0-9]{12,19}", allowed="12 to 19 digits")(value, param)
    if not passes_luhn(digits):
        raise invalid(param, "The check digit of this card number is wrong.")
    return digits


def _iban(value: Any, param: str) -> str:
    iban: str = text(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}", allowed="an IBAN without spaces")(
        value, param
    )
    if int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4])) % 97 != 1:
        raise invalid(param, "The check digits of this IBAN are wrong.")
    return iban


def _digits(least: int, most: int) -> Check:
    return text(rf"[0-9]{{{least},{most}}}", allowed=f"{least} to {most} digits")


_PAYLOAD = text(r"(?s:.{1,1000})", allowed="the wallet's payload, as text")
_EXPIRY: dict[str, Check] = {"exp_month": integer(1, 12), "exp_year": integer(2000, 2099)}
_SHAPES: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "card": (
        {"number": _card_number, **_EXPIRY},
        {"cvc": text(r"[0-9]{3,4}", allowed="3 or 4 digits"), "holder_name": text()},
    ),
    "token": ({"token": text(r"(tok|pm)_[a-z0-9_]+", allowed="a token: tok_… or pm_…")}, {}),
    "sdk_token": (
        {"token": text(r"(tok|sdk)_[a-z0-9_]+", allowed="a token: sdk_… or tok_…")},
        {"method": text(r"[a-z_]+", allowed="a type, such as card")},
    ),
    "apple_pay": (
        {"payment_data": _PAYLOAD},
        {"transaction_identifier": text(), "display_name": text(), "network": text()},
    ),
    "google_pay": ({"token": _PAYLOAD}, {"card_network": text()}),
    "network_token": (
        {"number": _card_number, **_EXPIRY},
        {
            "cryptogram": text(),
            "eci": text(),
            "source": one_of("apple_pay", "google_pay"),
            "network": text(),
            "token_requestor_id": text(),
            "holder_name": text(),
        },
    ),
    "redirect": (
        {"method": one_of(*REDIRECTS)},
        {"bank_name": text(), "code": text(r"[0-9]{6}", allowed="six digits")},
    ),
    "sepa": ({"iban": _iban, "holder_name": text()}, {}),
    "ach": (
        {"account_number": _digits(4, 17), "routing_number": _digits(9, 9), "holder_name": text()},
        {
            "account_type": one_of("checking", "savings"),
            "holder_type": one_of("personal", "business"),
        },
    ),
    "bacs": (
        {"account_number": _digits(6, 10), "sort_code": _digits(6, 6), "holder_name": text()},
        {},
    ),
    "becs": (
        {"account_number": _digits(4, 9), "bsb_number": _digits(6, 6), "holder_name": text()},
        {},
    ),
}


def method_of(*types: str) -> Check:
    """A payment method of one of these types."""
    known = one_of(*types)
    shapes = {
        name: object_of({"type": one_of(name), **required}, optional)
        for name, (required, optional) in _SHAPES.items()
    }

    def check(value: Any, param: str) -> dict[str, Any]:
        kind = value.get("type") if isinstance(value, dict) else None
        name = "card" if kind is None else known(kind, f"{param}.type")
        found: dict[str, Any] = shapes[name](value, param)
        return found

    return check


ANY_METHOD = method_of(*_SHAPES)
NEW_METHOD = method_of("card", "token", *DEBITS)
"""What a page collects, or its customer chooses among the stored ones."""
PAGE_METHOD = method_of("card", "sdk_token", "apple_pay", "google_pay", "redirect", *DEBITS)
"""What pays an order on a page: no stored method, which only the shop's server may name."""
STORABLE = method_of("card", "sdk_token", *DEBITS)
