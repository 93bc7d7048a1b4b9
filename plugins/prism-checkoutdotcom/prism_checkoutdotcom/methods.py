"""Payment methods: how each is sent as a `source`, and what an answer tells about one."""

from typing import Any

from prism_core import (
    Ach,
    Address,
    ApplePay,
    Card,
    GooglePay,
    InvalidRequest,
    NetworkToken,
    PaymentMethod,
    PaymentMethodInfo,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Secret,
    Token,
    TokenSource,
    needs,
)
from prism_core.connector.values import json_in

from .fields import holder, phone, place
from .shapes import Source

# https://github.com/checkout/checkout-sdk-python, payment_apm.py and common/enums.py
REDIRECTS = {
    PaymentMethodType.ALMA: "alma",
    PaymentMethodType.BANCONTACT_CARD: "bancontact",
    PaymentMethodType.BENEFIT: "benefit",
    PaymentMethodType.EPS: "eps",
    PaymentMethodType.IDEAL: "ideal",
    PaymentMethodType.KNET: "knet",
    PaymentMethodType.MOBILE_PAY: "mobilepay",
    PaymentMethodType.MULTIBANCO: "multibanco",
    PaymentMethodType.PRZELEWY24: "p24",
    PaymentMethodType.TRUSTLY_BANK_REDIRECT: "trustly",
    PaymentMethodType.TWINT: "twint",
    PaymentMethodType.VIPPS: "vipps",
}
# What a page can offer, too: sessions.py in the same place.
OFFERED = {
    **REDIRECTS,
    PaymentMethodType.APPLE_PAY: "applepay",
    PaymentMethodType.BIZUM: "bizum",
    PaymentMethodType.CARD: "card",
    PaymentMethodType.GOOGLE_PAY: "googlepay",
    PaymentMethodType.KLARNA: "klarna",
    PaymentMethodType.MB_WAY: "mbway",
    PaymentMethodType.PAY_PAL: "paypal",
    PaymentMethodType.SEPA: "sepa",
}
TYPES = {name: kind for kind, name in OFFERED.items()} | {
    "ach": PaymentMethodType.ACH,
    "network_token": PaymentMethodType.NETWORK_TOKEN,
}
DEBITS = {"ach", "sepa"}
WALLETS = {"applepay": TokenSource.APPLEPAY, "googlepay": TokenSource.GOOGLEPAY}
NAMED = {"bancontact", "multibanco", "p24"}
SERVICES = {"2": "mdes", "4": "vts", "5": "mdes"}


def source(method: PaymentMethod, address: Address | None, reference: str) -> dict[str, Any]:
    """https://api-reference.checkout.com/#operation/requestAPaymentOrPayout, `source`"""
    if isinstance(method, Redirect):
        return redirect(method, address, reference)
    if isinstance(method, Ach):
        return debit(method, address)
    billing = {
        "billing_address": place(address),
        "account_holder": holder(address),
        "phone": phone(address.phone_number) if address else None,
    }
    if isinstance(method, Card):
        return {**card(method), **billing}
    if isinstance(method, NetworkToken):
        return {**network_token(method), **billing}
    if isinstance(method, Token):
        return {"type": "id", "id": method.token, **billing}
    if isinstance(method, ApplePay | GooglePay):
        return {"type": "token", **billing}  # the token is asked for first
    assert isinstance(method, SdkToken)  # the core refuses what is not in info.payment_methods
    return {"type": "token", "token": method.token, **billing}


def wallet(method: ApplePay | GooglePay) -> dict[str, Any]:
    """https://api-reference.checkout.com/#operation/requestAToken: the payload as it came."""
    given = method.payment_data if isinstance(method, ApplePay) else method.token
    kind = "applepay" if isinstance(method, ApplePay) else "googlepay"
    return {"type": kind, "token_data": json_in(given, "payment_method", dict[str, Any])}


def card(method: Card) -> dict[str, Any]:
    """https://api-reference.checkout.com/#operation/requestAPaymentOrPayout"""
    return {
        "type": "card",
        "number": method.number,
        "expiry_month": method.exp_month,
        "expiry_year": method.exp_year,
        "cvv": method.cvc,
        "name": method.holder_name,
    }


def network_token(method: NetworkToken) -> dict[str, Any]:
    """The kind of token is the wallet that it came from, or the scheme's own service, which the
    first digit tells: https://api-reference.checkout.com/#operation/requestAPaymentOrPayout"""
    assert isinstance(method.number, Secret)
    kind = method.source and TokenSource(method.source).lower()
    kind = kind or SERVICES.get(method.number.reveal()[:1])
    if kind is None:
        raise InvalidRequest(
            "Checkout.com takes tokens of Visa and Mastercard, or of a wallet",
            field="payment_method",
        )
    return {
        "type": "network_token",
        "token": method.number,
        "expiry_month": method.exp_month,
        "expiry_year": method.exp_year,
        "token_type": kind,
        "cryptogram": method.cryptogram,
        "eci": method.eci,
        "name": method.holder_name,
    }


def redirect(method: Redirect, address: Address | None, reference: str) -> dict[str, Any]:
    """https://github.com/checkout/checkout-sdk-python, payment_apm.py. How long the texts may be:
    https://docs.checkout.com/payment-methods/bank-transfers/ideal and .../eps"""
    name = REDIRECTS[PaymentMethodType(method.payment_method_type)]
    if name == "ideal":
        return {"type": name, "description": reference[:35]}
    if name == "eps":
        return {"type": name, "purpose": reference[:27]}
    if name in ("alma", "trustly"):
        return {"type": name, "billing_address": place(address)}
    if name not in NAMED:
        return {"type": name}
    payer = needs("billing_address", address, "with the payer's name and country")
    named = needs("billing_address", payer.full_name, "with the payer's first and last name")
    country = needs("billing_address", payer.country_alpha2_code, "with the payer's country")
    paid = {"type": name, "payment_country": country, "account_holder_name": named}
    if name == "p24":
        paid["account_holder_email"] = needs("billing_address", payer.email, "with an email")
    return paid


def debit(method: Ach, address: Address | None) -> dict[str, Any]:
    """https://www.checkout.com/docs/payments/add-payment-methods/ach-direct-debit"""
    business = method.holder_type == "BUSINESS"
    first, _, last = method.holder_name.partition(" ")
    person = {"first_name": first, "last_name": last or None}
    named = {"company_name": method.holder_name} if business else person
    return {
        "type": "ach",
        "account_type": method.account_type.lower(),
        "country": "US",
        "account_number": method.account_number,
        "bank_code": method.routing_number,
        "account_holder": {
            "type": "corporate" if business else "individual",
            **named,
            "billing_address": place(address),
        },
    }


def info_of(known: Source | None) -> PaymentMethodInfo | None:
    """https://api-reference.checkout.com/#operation/getPaymentDetails, `source`"""
    if known is None:
        return None
    return PaymentMethodInfo(
        payment_method_type=TYPES.get(known.type),
        brand=known.scheme,
        last_four=known.last4 or known.last_4,
        exp_month=known.expiry_month,
        exp_year=known.expiry_year,
        funding=known.card_type,
        country=known.issuer_country,
        bank_name=known.issuer,
        wallet=WALLETS.get(known.card_wallet_type or ""),
    )
