"""Payment methods in answers: what is shown of one that paid or that is stored."""

from __future__ import annotations

import re
from typing import Any

from prism_authorizedotnet.shapes import MaskedPayment, PaymentProfile
from prism_authorizedotnet.values import made_id
from prism_core import PaymentMethodInfo, PaymentMethodType, StoredPaymentMethod

ECHECK = "eCheck"
"""The accountType of a bank account; all others are names of cards, or PayPal."""
_LAST_FOUR = re.compile(r"[0-9]{4}\Z")
_EXPIRY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")


def last_four(masked: str | None) -> str | None:
    """The digits that are shown, if there are as many."""
    found = _LAST_FOUR.search(masked or "")
    return found[0] if found is not None else None


def paying(account_type: str | None, masked: str | None) -> PaymentMethodInfo | None:
    """What a transaction was paid with, as its answer shows it."""
    if not account_type:
        return None
    if account_type == ECHECK:
        return PaymentMethodInfo(
            payment_method_type=PaymentMethodType.ACH, last_four=last_four(masked)
        )
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.CARD,
        brand=account_type,
        last_four=last_four(masked),
    )


def info(payment: MaskedPayment | None) -> PaymentMethodInfo | None:
    """What a lookup shows of a payment method."""
    parts = _parts(payment)
    return PaymentMethodInfo(**parts) if parts else None


def stored(profile: PaymentProfile, customer: str) -> StoredPaymentMethod | None:
    """What a payment profile has stored, if it is a card or a bank account."""
    parts = _parts(profile.payment)
    if not parts:
        return None
    return StoredPaymentMethod(
        connector_payment_method_id=made_id(profile.customer_payment_profile_id),
        connector_customer_id=customer,
        **parts,
    )


def _parts(payment: MaskedPayment | None) -> dict[str, Any]:
    """The fields of a `PaymentMethodInfo`. A card's expiry stands there as "2090-12", masked as
    "XXXX"."""
    if payment is None:
        return {}
    bank, card = payment.bank_account, payment.credit_card
    if bank is not None:
        return {
            "payment_method_type": PaymentMethodType.ACH,
            "last_four": last_four(bank.account_number),
            "bank_name": bank.bank_name or None,
        }
    if card is None:
        return {}
    expiry = _EXPIRY.fullmatch(card.expiration_date)
    return {
        "payment_method_type": PaymentMethodType.CARD,
        "brand": card.card_type or None,
        "last_four": last_four(card.card_number),
        "exp_month": int(expiry["month"]) if expiry is not None else None,
        "exp_year": int(expiry["year"]) if expiry is not None else None,
    }
