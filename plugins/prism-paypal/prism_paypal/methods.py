"""What PayPal tells about a payment method that paid, or that it stores."""

from __future__ import annotations

import re
from typing import Any

from prism_core import PaymentMethodInfo, PaymentMethodType, TokenSource
from prism_paypal.shapes import Instrument

_T = PaymentMethodType
TYPES = {
    "card": _T.CARD,
    "paypal": _T.PAY_PAL,
    "venmo": _T.VENMO,
    "apple_pay": _T.APPLE_PAY,
    "google_pay": _T.GOOGLE_PAY,
    "bancontact": _T.BANCONTACT_CARD,
    "blik": _T.BLIK,
    "eps": _T.EPS,
    "ideal": _T.IDEAL,
    "p24": _T.PRZELEWY24,
    "trustly": _T.TRUSTLY_BANK_REDIRECT,
}
"""By PayPal's name of a payment source."""
_CARDS_IN = {"apple_pay": TokenSource.APPLEPAY, "google_pay": TokenSource.GOOGLEPAY}


def told(kind: str | None, instrument: Instrument | None) -> PaymentMethodInfo | None:
    """What is told about a payment source; None where nothing is."""
    return (
        None if kind is None or instrument is None else PaymentMethodInfo(**facts(kind, instrument))
    )


def facts(kind: str, instrument: Instrument) -> dict[str, Any]:
    """The fields of a `PaymentMethodInfo`. An expiry that is none is left out: the money has moved
    all the same."""
    card = instrument.card or instrument
    expiry = re.fullmatch("([0-9]{4})-(0[1-9]|1[0-2])", card.expiry or "")
    issuer = card.bin_details
    return {
        "payment_method_type": TYPES[kind],
        "brand": card.brand,
        "last_four": card.last_digits or (instrument.iban_last_chars or "")[-4:] or None,
        "exp_year": int(expiry[1]) if expiry else None,
        "exp_month": int(expiry[2]) if expiry else None,
        "funding": card.type,
        "country": (issuer and issuer.bin_country_code) or instrument.country_code,
        "bank_name": issuer and issuer.issuing_bank,
        "wallet": _CARDS_IN.get(kind),
    }
