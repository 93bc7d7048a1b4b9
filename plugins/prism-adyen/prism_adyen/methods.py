"""What is paid with: each payment method as Adyen's `paymentMethod` has it, and Adyen's names of
the kinds. https://docs.adyen.com/payment-methods"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    BankHolderType,
    BankType,
    Becs,
    CaptureMethod,
    Card,
    GooglePay,
    InvalidRequest,
    PaymentMethod,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Sepa,
    Token,
    at_most,
)
from prism_core.connector.bodies import decoder
from prism_core.schema.secrets import reveal

_T = PaymentMethodType
REDIRECTS = {
    _T.ALI_PAY: "alipay",
    _T.BANCONTACT_CARD: "bcmc_mobile",
    _T.BIZUM: "bizum",
    _T.BLIK: "blik",
    _T.EPS: "eps",
    _T.IDEAL: "ideal",
    _T.KLARNA: "klarna",
    _T.MB_WAY: "mbway",
    _T.MOBILE_PAY: "mobilepay",
    _T.MULTIBANCO: "multibanco",
    _T.PAY_PAL: "paypal",
    _T.PRZELEWY24: "onlineBanking_PL",
    _T.SWISH: "swish",
    _T.TRUSTLY_BANK_REDIRECT: "trustly",
    _T.TWINT: "twint",
    _T.VIPPS: "vipps",
    _T.WERO: "wero",
}
"""What a `Redirect` may name, and Adyen's `type` of it."""
_DEBITS = {
    _T.ACH: "ach",
    _T.BACS: "directdebit_GB",
    _T.BECS: "directdebit_AU",
    _T.SEPA: "sepadirectdebit",
}
DEBITS = frozenset((*_DEBITS.values(), "ach_plaid", "sepadirectdebit_amazonpay"))
"""The types that collect the money days later, and may fail until then and after."""
_WALLETS = {_T.APPLE_PAY: "applepay", _T.GOOGLE_PAY: "googlepay"}
_TYPES = {_T.CARD: "scheme", **_WALLETS, **_DEBITS, **REDIRECTS}
_KINDS = {
    **{name: kind for kind, name in _TYPES.items()},
    "bcmc": _T.BANCONTACT_CARD,
    "paywithgoogle": _T.GOOGLE_PAY,
    "networkToken": _T.NETWORK_TOKEN,
    "ach_plaid": _T.ACH,
}
_ON_PAGES: dict[object, tuple[str, ...]] = {
    _T.BANCONTACT_CARD: ("bcmc", "bcmc_mobile"),
    _T.GOOGLE_PAY: ("googlepay", "paywithgoogle"),
    _T.KLARNA: ("klarna", "klarna_paynow", "klarna_account"),
}
"""The types of a kind that a page can offer, where there are several."""
_WITH_ISSUER = ("eps", "onlineBanking_PL")
_AT_ONCE = {
    *("bizum", "blik", "eps", "ideal", "multibanco", "onlineBanking_PL", "swish", "trustly"),
    "wero",
}
"""Bank transfers, which take the money with the authorization. Adyen lists what can be captured
later: https://www.adyen.help/hc/en-us/articles/115001179684"""


def can_be_held(capture: object, *types: str | None) -> None:
    """Refuses to authorize now and capture later what is charged at once: it would be told as held,
    and is taken."""
    at_once = sorted(_AT_ONCE.intersection(types))
    if capture is CaptureMethod.MANUAL and at_once:
        problem = f"Adyen charges {', '.join(at_once)} at once; capture_method must be AUTOMATIC"
        raise InvalidRequest(problem, field="capture_method")


def kind_of(adyens: str | None) -> PaymentMethodType | None:
    """The kind that one of Adyen's types is, if Prism has a name for it."""
    return _KINDS.get(adyens or "")


def types_of(kinds: Sequence[PaymentMethodType | str] | None) -> list[str] | None:
    """Adyen's types of the kinds that a page shall offer."""
    if kinds is None:
        return None
    for kind in kinds:
        if kind not in _TYPES:
            raise InvalidRequest(
                f"Adyen's page offers {', '.join(_TYPES)} here, not {kind}",
                field="payment_method_types",
            )
    named = (_ON_PAGES.get(kind) or (_TYPES[PaymentMethodType(kind)],) for kind in kinds)
    return [name for names in named for name in names]


def payment_method(method: PaymentMethod) -> dict[str, Any]:
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#request-paymentMethod"""
    match method:
        case Token():
            return {"storedPaymentMethodId": method.token}  # its type is looked up
        case SdkToken():
            return from_library(method)
        case Redirect():
            return _redirect(method)
        case Card():
            return _card(method)
        case ApplePay():
            # "Stringified and base64 encoded" is Apple's paymentData at Adyen.
            encoded = b64encode(reveal(method.payment_data).encode()).decode()
            at_most(10_000, "payment_method.payment_data", encoded)
            return {"type": "applepay", "applePayToken": encoded}
        case GooglePay():
            at_most(10_000, "payment_method.token", reveal(method.token))
            network = method.card_network
            return {
                "type": "googlepay",
                "googlePayToken": method.token,
                "googlePayCardNetwork": network,
            }
    return _debit(method)


def _card(card: Card) -> dict[str, Any]:
    """https://docs.adyen.com/payment-methods/cards/raw-card-data"""
    return {
        "type": "scheme",
        "number": card.number,
        "expiryMonth": f"{card.exp_month:02}",
        "expiryYear": str(card.exp_year),
        "cvc": card.cvc,
        "holderName": card.holder_name,
    }


def _debit(account: Any) -> dict[str, Any]:
    """https://docs.adyen.com/payment-methods/sepa-direct-debit, and the pages of the others."""
    if isinstance(account, Sepa):
        return {
            "type": "sepadirectdebit",
            "iban": account.iban,
            "ownerName": account.holder_name,
        }
    number: dict[str, Any] = {"bankAccountNumber": account.account_number}
    if isinstance(account, Ach):
        savings = account.account_type is BankType.SAVINGS
        business = account.holder_type is BankHolderType.BUSINESS
        return {
            "type": "ach",
            **number,
            "bankLocationId": account.routing_number,
            "bankAccountType": "savings" if savings else "checking",
            "accountHolderType": "business" if business else "personal",
            "ownerName": account.holder_name,
        }
    if isinstance(account, Bacs):
        sort_code = {"bankLocationId": account.sort_code}
        return {"type": "directdebit_GB", **number, **sort_code, "holderName": account.holder_name}
    assert isinstance(account, Becs)
    branch = {"bankBranchCode": account.bsb_number}
    return {"type": "directdebit_AU", **number, **branch, "holderName": account.holder_name}


def _redirect(method: Redirect) -> dict[str, Any]:
    """The `type`, and what Adyen's description requires with it: a bank of its list (`issuer`) with
    EPS and Przelewy24, the code of the app with BLIK. iDEAL takes a bank, and needs none."""
    name = REDIRECTS[PaymentMethodType(method.payment_method_type)]
    if name in _WITH_ISSUER:
        return {"type": name, "issuer": _part(method.bank_name, "bank_name", name)}
    if name == "blik":
        return {"type": name, "blikCode": _part(method.code, "code", name)}
    if name == "ideal":
        return {"type": name, "issuer": method.bank_name}
    return {"type": name, "subtype": "redirect" if name == "paypal" else None}


def _part(value: Any, part: str, name: str) -> Any:
    if value is None:
        raise InvalidRequest(
            f"Adyen needs {part} of the Redirect with {name}; give it", field="payment_method"
        )
    return value


class _Given(msgspec.Struct, rename="camel"):
    """What is looked at of an object of the library: whether it is one, and encrypted."""

    type: str
    number: Any = UNSET
    cvc: Any = UNSET
    encrypted_card_number: str | None = None
    encrypted_card: str | None = None
    stored_payment_method_id: str | None = None


def from_library(token: SdkToken) -> dict[str, Any]:
    """What Drop-in or a Component gave: `JSON.stringify(state.data.paymentMethod)`. It goes to
    Adyen as it is. https://docs.adyen.com/online-payments/build-your-integration/advanced-flow"""
    text = reveal(token.token)
    try:
        given = decoder(_Given).decode(text)
    except (msgspec.MsgspecError, UnicodeError):
        raise _unknown("is not the text of an object with a type") from None
    if given.number is not UNSET or given.cvc is not UNSET:
        raise _unknown("has a card number, which the library encrypts: pay with a Card")
    named = (given.encrypted_card_number, given.encrypted_card, given.stored_payment_method_id)
    if kind_of(given.type) is _T.CARD and not any(named):
        raise _unknown("is a card's, and has no encryptedCardNumber")
    whole: dict[str, Any] = msgspec.json.decode(text)
    return {name: _unread(value) for name, value in whole.items()}


def _unread(value: Any) -> Any:
    """A value to be passed on as it is, whatever is in it. Its texts are read."""
    as_it_is = isinstance(value, str) or value is None
    return value if as_it_is else msgspec.Raw(msgspec.json.encode(value))


def _unknown(problem: str) -> InvalidRequest:
    return InvalidRequest(
        f"the SdkToken {problem}. Give JSON.stringify(state.data.paymentMethod) of Drop-in or of a "
        "Component, and not all of state.data",
        field="payment_method",
    )
