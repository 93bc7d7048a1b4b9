"""The names of payment methods, and what an answer tells about one."""

from collections.abc import Sequence

from prism_core import PaymentMethodInfo, PaymentMethodType, TokenSource, whole_number
from prism_core.connector.values import translated

from .shapes import Details

# https://docs.mollie.com/reference/create-payment, `method`
REDIRECTS = {
    PaymentMethodType.ALMA: "alma",
    PaymentMethodType.BANCONTACT_CARD: "bancontact",
    PaymentMethodType.BIZUM: "bizum",
    PaymentMethodType.BLIK: "blik",
    PaymentMethodType.EPS: "eps",
    PaymentMethodType.IDEAL: "ideal",
    PaymentMethodType.KLARNA: "klarna",
    PaymentMethodType.MB_WAY: "mbway",
    PaymentMethodType.MOBILE_PAY: "mobilepay",
    PaymentMethodType.MULTIBANCO: "multibanco",
    PaymentMethodType.PAY_PAL: "paypal",
    PaymentMethodType.PAY_SAFE_CARD: "paysafecard",
    PaymentMethodType.PRZELEWY24: "przelewy24",
    PaymentMethodType.SATISPAY: "satispay",
    PaymentMethodType.SWISH: "swish",
    PaymentMethodType.TRUSTLY_BANK_REDIRECT: "trustly",
    PaymentMethodType.TWINT: "twint",
    PaymentMethodType.VIPPS: "vipps",
}
# What an order can offer, too.
OFFERED = {
    **REDIRECTS,
    PaymentMethodType.APPLE_PAY: "applepay",
    PaymentMethodType.CARD: "creditcard",
}
TYPES = {name: kind for kind, name in OFFERED.items()} | {"directdebit": PaymentMethodType.SEPA}
WALLETS = {"applepay": TokenSource.APPLEPAY, "googlepay": TokenSource.GOOGLEPAY}
IBAN_METHODS = {"directdebit", "ideal", "eps", "trustly", "bancontact"}


def offered(types: Sequence[PaymentMethodType | str] | None) -> list[str] | None:
    """https://docs.mollie.com/reference/create-payment, `method`: those that the page shows."""
    if types is None:
        return None
    return [translated("payment_method_types", one, OFFERED) for one in types]


def expiry(text: str | None) -> tuple[int | None, int | None]:
    """Month and year: a payment has `MM/YY`, a mandate `YYYY-MM-DD`."""
    if text is None:
        return None, None
    if "/" in text:
        month, _, year = text.partition("/")
        return whole_number(month), whole_number(f"20{year}")
    return whole_number(text[5:7]), whole_number(text[:4])


def info_of(method: str | None, details: Details | None) -> PaymentMethodInfo | None:
    """https://docs.mollie.com/reference/extra-payment-parameters"""
    if method is None:
        return None
    found = details or Details()
    month, year = expiry(found.card_expiry_date)
    account = found.consumer_account if method in IBAN_METHODS else None
    number = found.card_number or account
    return PaymentMethodInfo(
        payment_method_type=TYPES.get(method),
        brand=found.card_label,
        last_four=number[-4:] if number else None,
        exp_month=month,
        exp_year=year,
        funding=found.card_funding,
        country=found.card_country_code,
        wallet=WALLETS.get(found.wallet or ""),
    )
