"""The fields that a page shows for a payment method: the hosted page, and the frame in a shop's."""

from __future__ import annotations

from prism_sandbox.server.accounts import DEBITS
from prism_sandbox.server.filling import Html, fill, together

FIELDS = {
    "card": {
        "number": "Card number",
        "exp_month": "Month of expiry",
        "exp_year": "Year of expiry",
        "cvc": "Security code",
    },
    "blik": {"code": "Code in your app (six digits)"},
    "sepa": {"iban": "IBAN", "holder_name": "Account holder"},
    "ach": {
        "routing_number": "Routing number",
        "account_number": "Account number",
        "holder_name": "Account holder",
    },
    "bacs": {
        "sort_code": "Sort code",
        "account_number": "Account number",
        "holder_name": "Account holder",
    },
    "becs": {
        "bsb_number": "BSB number",
        "account_number": "Account number",
        "holder_name": "Account holder",
    },
}
_NAMES = {"ideal": "iDEAL", "eps": "EPS", "blik": "BLIK", "pay_pal": "PayPal"}


def name_of(kind: str) -> str:
    """A payment method as its customer knows it."""
    return kind.upper() if kind in DEBITS else _NAMES.get(kind, kind.replace("_", " ").capitalize())


def fields_of(kind: str) -> Html:
    """Its fields, each with its label."""
    return together(
        *(
            fill("order_field.html", id=f"{kind}-{name}", name=name, label=label)
            for name, label in FIELDS.get(kind, {}).items()
        )
    )
