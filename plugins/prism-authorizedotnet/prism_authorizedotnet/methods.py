"""Payment methods: how a request names one, and how an answer shows it.

https://developer.authorize.net/api/reference/features/customer_profiles.html
"""

from __future__ import annotations

import re
from typing import Any

from prism_authorizedotnet.shapes import MaskedPayment, PaymentProfile
from prism_authorizedotnet.values import made_id, needed
from prism_core import (
    AuthorizeRequest,
    Card,
    Secret,
    SetupRecurringRequest,
    StoredPaymentMethod,
    Token,
    needs,
)

Paying = AuthorizeRequest | SetupRecurringRequest
_LAST_FOUR = re.compile(r"[0-9]{4}\Z")
_EXPIRY = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")


def payment(method: Card) -> dict[str, Any]:
    """The `payment` of a request: what to pay with or to store."""
    expiry = f"{method.exp_year}-{method.exp_month:02}"
    card = {"cardNumber": method.number, "expirationDate": expiry, "cardCode": method.cvc}
    return {"creditCard": card}


def paid_with(request: Paying, *, stores: bool = False) -> dict[str, Any]:
    """The payment profile that a Token names; or another payment method, with the customer's
    profile to put it in."""
    customer, method = request.connector_customer_id, request.payment_method
    if stores or isinstance(method, Token):
        customer = needs("connector_customer_id", customer, "with a stored card")
    if isinstance(method, Token):
        return {"profile": stored_profile(customer, method.token)}
    new = {"createProfile": True, "customerProfileId": customer} if customer else None
    return {"payment": payment(method), "profile": new}


def stored_profile(customer: str | None, payment_profile: str | Secret) -> dict[str, Any]:
    """A payment profile to pay with."""
    return {"customerProfileId": customer, "paymentProfile": {"paymentProfileId": payment_profile}}


def refunded_to(paid: MaskedPayment | None) -> dict[str, Any]:
    """The `payment` of a refund: the last four digits of the card that paid."""
    digits = _last_four(paid.credit_card.card_number) if paid and paid.credit_card else None
    card = {"cardNumber": needed("card number", digits), "expirationDate": "XXXX"}
    return {"creditCard": card}


def stored_card(profile: PaymentProfile, customer: str) -> StoredPaymentMethod | None:
    """The card of a payment profile, if it has one; its expiry stands there as "2090-12", masked
    as "XXXX"."""
    card = profile.payment.credit_card if profile.payment is not None else None
    if card is None:
        return None
    expiry = _EXPIRY.fullmatch(card.expiration_date)
    return StoredPaymentMethod(
        connector_payment_method_id=made_id(profile.customer_payment_profile_id),
        connector_customer_id=customer,
        brand=card.card_type or None,
        last_four=_last_four(card.card_number),
        exp_month=int(expiry["month"]) if expiry is not None else None,
        exp_year=int(expiry["year"]) if expiry is not None else None,
    )


def _last_four(masked: str) -> str | None:
    """The digits that are shown, if there are as many."""
    found = _LAST_FOUR.search(masked)
    return found[0] if found is not None else None
