"""Kinds of payment methods: Stripe's words for them, and what it tells about one.
https://docs.stripe.com/api/payment_methods/object#payment_method_object-type"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from prism_core import (
    Ach,
    Bacs,
    Becs,
    InvalidRequest,
    PaymentMethodInfo,
    PaymentMethodType,
    Sepa,
    TokenSource,
)
from prism_stripe.shapes import OfKinds

T = PaymentMethodType
_REDIRECTS = {
    T.AFFIRM: "affirm",
    T.AFTERPAY_CLEARPAY: "afterpay_clearpay",
    T.ALI_PAY: "alipay",
    T.AMAZON_PAY: "amazon_pay",
    T.BANCONTACT_CARD: "bancontact",
    T.BLIK: "blik",
    T.EPS: "eps",
    T.IDEAL: "ideal",
    T.KLARNA: "klarna",
    T.MB_WAY: "mb_way",
    T.MOBILE_PAY: "mobilepay",
    T.MULTIBANCO: "multibanco",
    T.OXXO: "oxxo",
    T.PAY_PAL: "paypal",
    T.PRZELEWY24: "p24",
    T.REVOLUT_PAY: "revolut_pay",
    T.SWISH: "swish",
    T.TWINT: "twint",
}
REDIRECTS = tuple(_REDIRECTS)
DEBITS: dict[type, str] = {
    Sepa: "sepa_debit",
    Ach: "us_bank_account",
    Bacs: "bacs_debit",
    Becs: "au_becs_debit",
}
_WORDS = {
    **_REDIRECTS,
    **dict.fromkeys((T.CARD, T.CREDIT, T.DEBIT, T.APPLE_PAY, T.GOOGLE_PAY), "card"),
    **{T(kind.__name__.upper()): word for kind, word in DEBITS.items()},
}
_TYPES = {word: kind for kind, word in reversed(_WORDS.items())} | {"card": T.CARD}
# https://docs.stripe.com/payments/place-a-hold-on-a-payment-method: authorized now, captured later.
HOLDING = {
    *("affirm", "afterpay_clearpay", "amazon_pay", "card", "klarna", "mobilepay", "paypal"),
    "revolut_pay",
}
# https://docs.stripe.com/payments/ideal/save-during-payment, .../bancontact/save-during-payment:
# they pay once, and the bank account behind them is what can be charged again.
GENERATING = {"ideal", "bancontact"}
_WALLETS = {"apple_pay": TokenSource.APPLEPAY, "google_pay": TokenSource.GOOGLEPAY}


def word_of(kind: PaymentMethodType | str, field: str = "payment_method_types") -> str:
    """Stripe's word for a kind of payment method."""
    word = _WORDS.get(T(kind))
    if word is None:
        problem = f"Stripe has no {kind} here; it has {', '.join(_WORDS)}"
        raise InvalidRequest(problem, field=field)
    return word


def words_of(kinds: Sequence[Any] | None) -> list[str] | None:
    """Stripe's words for several kinds, each once."""
    return None if kinds is None else list(dict.fromkeys(map(word_of, kinds)))


def described(told: OfKinds) -> dict[str, Any]:
    """What Stripe tells about a payment method, in the fields of a `PaymentMethodInfo`."""
    one = told.about
    wallet = one.wallet and one.wallet.type
    return {
        "payment_method_type": _TYPES.get(told.type or ("card" if told.card else "")),
        "brand": one.brand,
        "last_four": one.last4 or one.iban_last4,
        "exp_month": one.exp_month,
        "exp_year": one.exp_year,
        "funding": one.funding,
        "country": one.country,
        "bank_name": one.bank_name or one.bank,
        "wallet": _WALLETS.get(wallet or ""),
    }


def info(told: OfKinds | None) -> PaymentMethodInfo | None:
    """The same as a result has it; None where Stripe told nothing."""
    found = {} if told is None else described(told)
    return PaymentMethodInfo(**found) if any(found.values()) else None
