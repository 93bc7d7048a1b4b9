"""What is paid with: as Shift4 wants it, and as its answers describe it."""

from typing import Any

from prism_core import (
    Address,
    ApplePay,
    AuthorizeRequest,
    BrowserInfo,
    Card,
    GooglePay,
    PaymentMethodInfo,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Secret,
    SetupRecurringRequest,
    Token,
    TokenSource,
    needs,
    whole_number,
)
from prism_core.connector.values import json_in

from .fields import billing
from .shapes import CardBody, MethodBody, WalletBody

Fields = dict[str, Any]
# https://dev.shift4.com/docs/api#payment-method-object, `type`
REDIRECTS = {
    PaymentMethodType.ALI_PAY: "alipay",
    PaymentMethodType.BANCONTACT_CARD: "bancontact",
    PaymentMethodType.BLIK: "blik",
    PaymentMethodType.EPS: "eps",
    PaymentMethodType.IDEAL: "ideal",
    PaymentMethodType.KLARNA: "klarna_debit_risk",
    PaymentMethodType.PAY_SAFE_CARD: "paysafecard",
    PaymentMethodType.PRZELEWY24: "p24",
    PaymentMethodType.SWISH: "swish",
    PaymentMethodType.TRUSTLY_BANK_REDIRECT: "trustly",
    PaymentMethodType.WE_CHAT_PAY: "wechatpay",
}
TYPES = {name: kind for kind, name in REDIRECTS.items()} | {
    "apple_pay": PaymentMethodType.APPLE_PAY,
    "google_pay": PaymentMethodType.GOOGLE_PAY,
}
WALLETS = {"apple_pay": TokenSource.APPLEPAY, "google_pay": TokenSource.GOOGLEPAY}


def card_fields(card: Card, address: Address | None) -> Fields:
    """https://dev.shift4.com/docs/api#card-create: the address is compared with the issuer's."""
    where = address or Address()
    return {
        "number": card.number,
        "expMonth": f"{card.exp_month:02}",
        "expYear": str(card.exp_year),
        "cvc": card.cvc,
        "cardholderName": card.holder_name,
        "addressLine1": where.line1,
        "addressLine2": where.line2,
        "addressCity": where.city,
        "addressState": where.state,
        "addressZip": where.zip_code,
        "addressCountry": where.country_alpha2_code,
    }


def browser(info: BrowserInfo | None) -> Fields | None:
    """https://dev.shift4.com/docs/api#charge-create, `fraudCheckData`"""
    if info is None:
        return None
    return {
        "ipAddress": info.ip_address,
        "userAgent": info.user_agent,
        "acceptLanguage": info.accept_language,
    }


def hidden(value: Any) -> Any:
    """JSON with its texts as secrets."""
    if isinstance(value, dict):
        return {name: hidden(one) for name, one in value.items()}
    if isinstance(value, list):
        return [hidden(one) for one in value]
    return Secret(value) if isinstance(value, str) and value else value


def apple(method: ApplePay) -> Fields:
    """https://dev.shift4.com/docs/api#payment-method-create: `paymentData` of Apple's token, as
    https://github.com/shift4developer/shift4-salesforce-b2c sends it."""
    data = json_in(method.payment_data, "payment_method", dict[str, Any])
    return {"type": "apple_pay", "applePay": {"token": hidden(data)}}


def redirected(method: Redirect) -> Fields:
    """https://dev.shift4.com/docs/api#payment-method-create"""
    name = REDIRECTS[PaymentMethodType(method.payment_method_type)]
    if name == "blik":
        return {"type": name, "blik": method.code and {"code": method.code}}
    # Other links open an app, and Shift4's library does not say where an answer has them.
    return {"type": name, "swish": {"linkMethod": "qr_code"} if name == "swish" else None}


def stored(known: str | Secret) -> Fields:
    """`tok_` and `card_` are cards, `pm_` is a payment method:
    https://github.com/shift4developer/shift4-salesforce-b2c"""
    text = known.reveal() if isinstance(known, Secret) else known
    return {"paymentMethod" if text.startswith("pm_") else "card": known}


def card_of(method: Card | SdkToken, request: AuthorizeRequest | SetupRecurringRequest) -> Fields:
    """A card's number, or a token of Shift4's library."""
    if isinstance(method, SdkToken):
        return {**stored(method.token), "billing": billing(request.billing_address)}
    where = request.billing_address
    fraud = browser(request.browser_info)
    card = {**card_fields(method, where), "fraudCheckData": fraud}
    return {"card": card, "billing": billing(where)}


def way(request: AuthorizeRequest) -> Fields:
    """https://dev.shift4.com/docs/api#charge-create: what is paid with."""
    method = request.payment_method
    if isinstance(method, Card | SdkToken):
        return card_of(method, request)
    if isinstance(method, Token):
        needs("connector_customer_id", request.connector_customer_id, "with a Token")
        return {**stored(method.token), "billing": billing(request.billing_address)}
    if isinstance(method, ApplePay):
        paid = apple(method)
    elif isinstance(method, GooglePay):
        paid = {"type": "google_pay", "googlePay": {"token": method.token}}
    else:
        assert isinstance(method, Redirect)  # the core refuses what is not in info.payment_methods
        paid = redirected(method)
    known = {"billing": billing(request.billing_address)}
    fraud = {"fraudCheckData": browser(request.browser_info)}
    return {"paymentMethod": {**paid, **known, **fraud}}


def card_info(body: CardBody) -> PaymentMethodInfo:
    """https://dev.shift4.com/docs/api#card-object"""
    return PaymentMethodInfo(
        payment_method_type=PaymentMethodType.CARD,
        brand=body.brand,
        last_four=body.last4,
        exp_month=None if body.exp_month is None else whole_number(body.exp_month),
        exp_year=None if body.exp_year is None else whole_number(body.exp_year),
        funding=body.type,
        country=body.country,
    )


def info_of(card: CardBody | None, method: MethodBody | None) -> PaymentMethodInfo | None:
    """What a charge was paid with."""
    if method is None:
        return None if card is None else card_info(card)
    card_in = method.apple_pay or method.google_pay or WalletBody()
    return PaymentMethodInfo(
        payment_method_type=TYPES.get(method.type),
        brand=card_in.card_brand,
        last_four=card_in.last4,
        wallet=WALLETS.get(method.type),
    )
