"""Payment methods in requests: how each is named. `shown.py` reads them in answers.

https://developer.authorize.net/api/reference/features/customer_profiles.html
"""

from __future__ import annotations

from base64 import b64encode
from typing import Any, Literal

import msgspec

from prism_authorizedotnet.shapes import MaskedPayment, Shape
from prism_authorizedotnet.shown import last_four
from prism_authorizedotnet.values import needed
from prism_core import (
    AcceptanceType,
    Ach,
    ApplePay,
    AuthorizeRequest,
    BankHolderType,
    BankType,
    Card,
    CustomerAcceptance,
    GooglePay,
    InvalidRequest,
    SdkToken,
    Secret,
    SetupRecurringRequest,
    Token,
    needs,
)
from prism_core.connector.bodies import decoder

Paying = AuthorizeRequest | SetupRecurringRequest
_ACCEPT: Literal["COMMON.ACCEPT.INAPP.PAYMENT"] = "COMMON.ACCEPT.INAPP.PAYMENT"


class _OpaqueData(Shape, kw_only=True):
    """What Accept.js gives:
    https://developer.authorize.net/api/reference/features/acceptjs.html"""

    data_descriptor: Literal["COMMON.ACCEPT.INAPP.PAYMENT"]
    data_value: Secret


def payment(method: Any, accepted: CustomerAcceptance | None = None) -> dict[str, Any]:
    """The `payment` of a request: what to pay with or to store. How the customer `accepted`
    matters to debits alone."""
    if isinstance(method, Ach):
        return {"bankAccount": _bank_account(method, accepted)}
    if isinstance(method, SdkToken):
        return {"opaqueData": _accepted(method)}
    if isinstance(method, ApplePay):
        return {"opaqueData": _wallet("APPLE", method.payment_data)}
    if isinstance(method, GooglePay):
        return {"opaqueData": _wallet("GOOGLE", method.token)}
    card = {
        "cardNumber": method.number,
        "expirationDate": f"{method.exp_year}-{method.exp_month:02}",
    }
    if isinstance(method, Card):
        return {"creditCard": {**card, "cardCode": method.cvc}}
    # https://developer.authorize.net/api/reference/index.html#payment-transactions-charge-a-tokenized-credit-card
    token = {
        "isPaymentToken": True,
        "cryptogram": method.cryptogram,
        "tokenRequestorId": method.token_requestor_id,
        "tokenRequestorEci": method.eci,
    }
    return {"creditCard": {**card, **token}}


def _bank_account(method: Ach, accepted: CustomerAcceptance | None) -> dict[str, Any]:
    """https://developer.authorize.net/api/reference/index.html#payment-transactions-debit-a-bank-account.
    A debit accepted online is of the type WEB, one accepted in writing PPD, and one of a business
    CCD: https://account.authorize.net/help/Miscellaneous/Pop-up_Terms/ALL/eCheck.Net_Type.htm"""
    is_online = accepted is None or accepted.acceptance_type is AcceptanceType.ONLINE
    is_business = method.holder_type is BankHolderType.BUSINESS
    kind = "savings" if method.account_type is BankType.SAVINGS else "checking"
    if is_business and kind == "savings":
        problem = "Authorize.Net debits no savings account of a business"
        raise InvalidRequest(problem, field="payment_method")
    return {
        "accountType": "businessChecking" if is_business else kind,
        "routingNumber": method.routing_number,
        "accountNumber": method.account_number,
        "nameOnAccount": method.holder_name,
        "echeckType": "CCD" if is_business else "WEB" if is_online else "PPD",
    }


def _accepted(method: SdkToken) -> dict[str, Any]:
    """The object that Accept.js gave, as JSON, or its dataValue: a card or a bank account."""
    token = Secret(method.token)
    if token.reveal().startswith("{"):
        token = _data_value(token)
    return {"dataDescriptor": _ACCEPT, "dataValue": token}


def _data_value(token: Secret) -> Secret:
    """The dataValue of the object that Accept.js gave."""
    try:
        found = decoder(_OpaqueData).decode(token.reveal()).data_value
    except msgspec.DecodeError:
        found = Secret("")
    if not found:
        problem = "payment_method.token is not the opaqueData of Accept.js, or its dataValue"
        raise InvalidRequest(problem, field="payment_method")
    return found


def _wallet(name: str, payload: str | Secret) -> dict[str, Any]:
    """https://developer.authorize.net/api/reference/index.html#mobile-in-app-transactions: what the
    wallet encrypted, in Base64."""
    encoded = b64encode(Secret(payload).reveal().encode()).decode()
    return {"dataDescriptor": f"COMMON.{name}.INAPP.PAYMENT", "dataValue": Secret(encoded)}


def paid_with(request: Paying, *, stores: bool = False) -> dict[str, Any]:
    """The payment profile that a Token names; or another payment method, with the customer's
    profile to put it in."""
    customer, method = request.connector_customer_id, request.payment_method
    if stores or isinstance(method, Token):
        customer = needs("connector_customer_id", customer, "with a stored payment method")
    if isinstance(method, Token):
        return {"profile": stored_profile(customer, method.token)}
    new = {"createProfile": True, "customerProfileId": customer} if customer else None
    accepted = request.customer_acceptance if isinstance(method, Ach) else None
    return {"payment": payment(method, accepted), "profile": new}


def stored_profile(customer: str | None, payment_profile: str | Secret) -> dict[str, Any]:
    """A payment profile to pay with."""
    return {"customerProfileId": customer, "paymentProfile": {"paymentProfileId": payment_profile}}


def refunded_to(paid: MaskedPayment | None) -> dict[str, Any]:
    """The `payment` of a refund: what paid, as the lookup shows it. Of a card, these are its last
    four digits; of a bank account, both numbers without their beginning."""
    bank = paid.bank_account if paid is not None else None
    if bank is not None:
        account = {
            "accountType": bank.account_type,
            "routingNumber": needed("routingNumber", bank.routing_number),
            "accountNumber": needed("accountNumber", bank.account_number),
            "nameOnAccount": needed("nameOnAccount", bank.name_on_account),
        }
        return {"bankAccount": account}
    digits = last_four(paid.credit_card.card_number) if paid and paid.credit_card else None
    card = {"cardNumber": needed("card number", digits), "expirationDate": "XXXX"}
    return {"creditCard": card}
