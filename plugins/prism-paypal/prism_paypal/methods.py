"""What PayPal tells about a payment method that paid, or that it stores, and about its owner."""

from __future__ import annotations

import re
from typing import Any

from msgspec import UNSET, Struct

from prism_core import Nullable, PaymentMethodInfo, PaymentMethodType, TokenSource

WALLETS = ("paypal", "venmo")
BANKS = ("bancontact", "blik", "eps", "ideal", "p24", "trustly")
"""The payment sources whose payer is sent to a bank."""
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


class Customer(Struct):
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer"""

    id: str
    merchant_customer_id: Nullable[str] = UNSET


class BinDetails(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-bin_details"""

    issuing_bank: str | None = None
    bin_country_code: str | None = None


class Vault(Struct):
    """Of a method that is saved: its payment token, which one that is saved later has not yet, and
    its customer."""

    id: Nullable[str] = UNSET
    customer: Nullable[Customer] = UNSET


class Attributes(Struct):
    """Of a method that paid, what belongs to its use."""

    vault: Nullable[Vault] = UNSET


class ThreeDSecure(Struct):
    """The result of 3-D Secure, in letters."""

    enrollment_status: str | None = None
    authentication_status: str | None = None


class AuthenticationResult(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-authentication_response"""

    liability_shift: str | None = None
    three_d_secure: ThreeDSecure | None = None


class Instrument(Struct, kw_only=True):
    """What paid, or is stored: a card, a wallet (Apple's and Google's have a card in them), or what
    a bank tells of an account."""

    brand: str | None = None
    last_digits: str | None = None
    expiry: str | None = None
    type: str | None = None
    bin_details: BinDetails | None = None
    country_code: str | None = None
    iban_last_chars: str | None = None
    card: Instrument | None = None
    authentication_result: AuthenticationResult | None = None
    attributes: Nullable[Attributes] = UNSET


class PaymentSource(Struct):
    """https://developer.paypal.com/docs/api/orders/v2/#definition-payment_source_response, and the
    same of a stored method; of the kinds here, one is given."""

    card: Instrument | None = None
    paypal: Instrument | None = None
    venmo: Instrument | None = None
    apple_pay: Instrument | None = None
    google_pay: Instrument | None = None
    bancontact: Instrument | None = None
    blik: Instrument | None = None
    eps: Instrument | None = None
    ideal: Instrument | None = None
    p24: Instrument | None = None
    trustly: Instrument | None = None

    @property
    def given(self) -> tuple[str, Instrument] | None:
        """The kind that is given, by its name here; None where it is none of these."""
        all_ = ((name, getattr(self, name)) for name in self.__struct_fields__)
        return next(((name, one) for name, one in all_ if one is not None), None)


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
