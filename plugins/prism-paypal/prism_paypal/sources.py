"""What pays an order, as PayPal takes it: cards and tokens, wallets, and banks of the payer.
https://developer.paypal.com/docs/api/orders/v2/#definition-payment_source"""

from __future__ import annotations

from typing import Any

from prism_core import (
    Address,
    AuthorizeRequest,
    Card,
    Flow,
    FutureUsage,
    InvalidRequest,
    MitCategory,
    NetworkToken,
    PaymentMethodType,
    Redirect,
    Token,
    TokenSource,
    at_most,
    expect_same,
    needs,
    single_value,
)
from prism_core.schema.payment_methods import PaymentMethod
from prism_core.schema.secrets import reveal
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.amounts import money
from prism_paypal.customers import email_of, street
from prism_paypal.methods import BANKS, TYPES, WALLETS, Customer
from prism_paypal.shapes import Json, PaymentToken

Usage = tuple[Any, ...] | None
"""Who starts a payment, how often, and whether the card was used before; and, where it is known,
the network's reference of an earlier payment: the values of `stored_credential`."""
# https://developer.paypal.com/api/orders-v2/expanded/3d-secure
_THREE_D_SECURE: dict[object, str] = {"THREE_DS": "SCA_ALWAYS", "NO_THREE_DS": "SCA_WHEN_REQUIRED"}
_MIT: dict[object, str] = {
    None: "RECURRING",
    MitCategory.RECURRING_MIT: "RECURRING",
    MitCategory.UNSCHEDULED_MIT: "UNSCHEDULED",
}
_BANKS = {TYPES[one]: one for one in BANKS}
REDIRECTS = (PaymentMethodType.PAY_PAL, *_BANKS)
# The networks' numbers for PayPal's words: https://developers.tabapay.com/docs/3ds-eci-values
_ECI = {
    "00": "MASTERCARD_NON_3D_SECURE_TRANSACTION",
    "01": "MASTERCARD_ATTEMPTED_AUTHENTICATION_TRANSACTION",
    "02": "MASTERCARD_FULLY_AUTHENTICATED_TRANSACTION",
    "05": "FULLY_AUTHENTICATED_TRANSACTION",
    "06": "ATTEMPTED_AUTHENTICATION_TRANSACTION",
    "07": "NON_3D_SECURE_TRANSACTION",
}


def usage(request: AuthorizeRequest, method: PaymentMethod) -> Usage:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_stored_credential. Google
    Pay has none, and a network token of the shop's own is stored nowhere else:
    https://developer.paypal.com/expanded/third-party-tokens"""
    wallet = method.source if isinstance(method, NetworkToken) else None
    if wallet is TokenSource.GOOGLEPAY:
        return None
    category = request.mit_category
    if category is not None or request.off_session:
        kind = "UNSCHEDULED" if category is None else mit_type(category)
        before = request.network_transaction_id
        return ("MERCHANT", kind, "SUBSEQUENT", before and {"id": real(before)})
    can_be_kept = isinstance(method, Card) or wallet is TokenSource.APPLEPAY
    if can_be_kept and request.setup_future_usage is not None:
        is_once = request.setup_future_usage is FutureUsage.ON_SESSION
        return ("CUSTOMER", "ONE_TIME" if is_once else "UNSCHEDULED", "FIRST")
    if request.off_session is False:
        return ("CUSTOMER", "ONE_TIME", "DERIVED")
    return None


def mit_type(category: object) -> str:
    """PayPal's word for why the merchant starts a payment; it has none for the others."""
    kind = _MIT.get(category)
    if kind is None:
        what = "PayPal knows RECURRING_MIT and UNSCHEDULED_MIT"
        raise InvalidRequest(f"mit_category: {what}", field="mit_category")
    return kind


def real(network_id: str) -> str:
    """A network's reference; PayPal's zeros alone are none."""
    if not network_id.strip("0"):
        field = "network_transaction_id"
        raise InvalidRequest(f"{field} is zeros alone: leave it out", field=field)
    return network_id


def payment_source(request: Any, method: PaymentMethod, used: Usage) -> Json:
    """A card, or a stored method whose kind is not known yet (`stored`). A card that is used for
    the first time is stored."""
    if isinstance(method, NetworkToken) and method.source is TokenSource.GOOGLEPAY:
        return {"google_pay": _google(request, method)}
    names = ("payment_initiator", "payment_type", "usage", "previous_network_transaction_reference")
    credential = dict(zip(names, used, strict=False)) if used else None
    if isinstance(method, NetworkToken) and method.source is TokenSource.APPLEPAY:
        apple = _apple(request, method) | _use_of(request, used, has_3ds=False)
        return {"apple_pay": apple | {"stored_credential": credential}}
    if isinstance(method, Token):
        card: Json = {"vault_id": method.token}
    elif isinstance(method, NetworkToken):
        card = _network_token(request, method)
    else:
        # PayPal takes no security code while the customer is not there.
        is_there = used is None or used[0] == "CUSTOMER"
        card = whole_card(method, request.billing_address, with_cvc=is_there)
    return {"card": card | _use_of(request, used) | {"stored_credential": credential}}


def _use_of(request: Any, used: Usage, *, has_3ds: bool = True) -> Json:
    """What belongs to the use of a card: its customer, saving it, 3-D Secure."""
    owner, back = request.connector_customer_id, getattr(request, "return_url", None)
    when = _THREE_D_SECURE.get(getattr(request, "auth_type", None)) if has_3ds else None
    attributes = {
        "customer": owner and {"id": owner},
        "vault": {"store_in_vault": "ON_SUCCESS"} if used and used[2] == "FIRST" else None,
        "verification": when and {"method": when},
    }
    return {
        "attributes": attributes if any(attributes.values()) else None,
        "experience_context": back and _back(request, back),
    }


def stored(account: Account, source: Json) -> Flow[Json]:
    """The source of a stored method, once its kind is looked up at
    https://developer.paypal.com/docs/api/payment-tokens/v3/#payment-tokens_get: it must be named.
    A wallet takes nothing of what a card takes beside it, but its owner."""
    card = source.get("card", {})
    if "vault_id" not in card:
        return source
    asked = account.get("/v3/vault/payment-tokens/{}", card["vault_id"])
    found = yield from account.fetch(asked, PaymentToken)
    owner = (card["attributes"] or {}).get("customer")
    expect_same("payment_method", reveal(card["vault_id"]), found.id)
    if owner and isinstance(found.customer, Customer):
        expect_same("connector_customer_id", owner["id"], found.customer.id)
    kind, _ = (found.payment_source and found.payment_source.given) or (None, None)
    if kind == "apple_pay":
        return {kind: {one: card[one] for one in ("vault_id", "stored_credential")}}
    if kind not in WALLETS:
        return source
    attributes = {"customer": owner} if owner else None
    return {kind: {"vault_id": card["vault_id"], "attributes": attributes}}


def whole_card(card: Any, given: Address | None, *, with_cvc: bool = True) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-card_request, which the vault
    takes alike: a card, and its billing address"""
    return {
        "number": card.number,
        "expiry": _expiry(card),
        "security_code": card.cvc if with_cvc else None,
        **_holder(card, given),
    }


def _network_token(request: Any, token: NetworkToken) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-network_token_request"""
    eci = token.eci and (_ECI.get(token.eci) or token.eci)
    if eci not in (None, *_ECI.values()):
        known = ", ".join(_ECI)
        raise InvalidRequest(f"payment_method.eci: PayPal takes {known}", field="payment_method")
    fields = {
        "number": token.number,
        "expiry": _expiry(token),
        "cryptogram": token.cryptogram,
        "eci_flag": eci,
        "token_requestor_id": token.token_requestor_id,
    }
    return {"network_token": fields, **_holder(token, request.billing_address)}


def _apple(request: Any, token: NetworkToken) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-apple_pay_decrypted_token_data.
    Its use is told as a card's is, in PayPal's server SDK: `ApplePayAttributes`."""
    data = {"cryptogram": token.cryptogram, "eci_indicator": token.eci}
    return {
        "decrypted_token": {
            "transaction_amount": money(request.amount),
            "tokenized_card": _decrypted(request, token),
            "payment_data_type": "3DSECURE" if token.cryptogram else None,
            "payment_data": data if any(data.values()) else None,
        }
    }


def _google(request: Any, token: NetworkToken) -> Json:
    """`GooglePayDecryptedTokenData` of PayPal's server SDK:
    https://developer.paypal.com/serversdk/php/models/structures/google-pay-decrypted-token-data"""
    return {
        "decrypted_token": {
            "payment_method": "CARD",
            "authentication_method": "CRYPTOGRAM_3DS" if token.cryptogram else "PAN_ONLY",
            "card": _decrypted(request, token),
            "cryptogram": token.cryptogram,
            "eci_indicator": token.eci,
        },
        "experience_context": request.return_url and _back(request, request.return_url),
    }


def _decrypted(request: Any, token: NetworkToken) -> Json:
    holder = _holder(token, request.billing_address)
    return {"number": token.number, "expiry": _expiry(token), **holder}


def _expiry(card: Card | NetworkToken) -> str:
    return f"{card.exp_year:04}-{card.exp_month:02}"


def _holder(card: Card | NetworkToken, given: Address | None) -> Json:
    address = given or Address()
    name = single_value("name", "billing_address", card.holder_name, address.full_name)
    return {
        "name": at_most(300, "billing_address", name),
        "billing_address": street(address, "billing_address"),
    }


def wallet(request: Any, *, is_kept: bool) -> Json:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-paypal_wallet: the payer approves
    at PayPal, and may be known already. Kept, it is stored by paying with it:
    https://developer.paypal.com/api/orders-v2/save-with-purchase/paypal"""
    at, known = request.billing_address or Address(), request.customer
    name = {"given_name": at.first_name, "surname": at.last_name}
    name = name if any(name.values()) else {"full_name": known and known.name}
    owner = request.connector_customer_id
    attributes = {
        "customer": owner and {"id": owner},
        "vault": {"store_in_vault": "ON_SUCCESS", "usage_type": "MERCHANT"} if is_kept else None,
    }
    source = {
        "email_address": email_of(request, at),
        "name": name if any(name.values()) else None,
        "address": street(at, "billing_address"),
        "attributes": attributes if any(attributes.values()) else None,
        "experience_context": approval(request),
    }
    return {"paypal": source}


def approval(request: Any) -> Json:
    """What the payer sees at PayPal: https://developer.paypal.com/docs/api/orders/v2/#definition-paypal_wallet_experience_context.
    The shop asks for the address, so that PayPal does not."""
    has_address = getattr(request, "shipping_address", None) is not None
    return {
        **_back(request, request.return_url),
        "locale": _locale(request),
        "user_action": "PAY_NOW",
        "shipping_preference": "SET_PROVIDED_ADDRESS" if has_address else "NO_SHIPPING",
    }


def bank(request: Any, method: Redirect) -> Json:
    """https://developer.paypal.com/api/orders-v2/ideal, and the like for the others. A code of BLIK
    needs no page: https://developer.paypal.com/beta/apm-beta/blik-seamless"""
    kind = _BANKS[PaymentMethodType(method.payment_method_type)]
    at, known = request.billing_address or Address(), request.customer
    name, country = at.full_name or (known and known.name), at.country_alpha2_code
    source: Json = {
        "name": needs("billing_address", name, "with the payer's name"),
        "country_code": needs("billing_address", country, "with the payer's country"),
    }
    if kind == "p24":
        source["email"] = needs("customer", email_of(request, at), "with an email")
    context = {**_back(request, request.return_url), "locale": _locale(request)}
    if kind == "blik" and method.code is not None:
        source["level_0"] = {"auth_code": method.code}
        browser = request.browser_info
        context["consumer_ip"] = needs(
            "browser_info", browser and browser.ip_address, "with a code"
        )
        context["consumer_user_agent"] = needs("browser_info", browser.user_agent, "with a code")
    elif request.return_url is None:
        needs("return_url", None, f"with {method.payment_method_type}")
    return {kind: {**source, "experience_context": context}}


def _back(request: Any, back: str | None) -> Json:
    """Where the payer comes back to; without an address of its own, also after giving up."""
    return {"return_url": back, "cancel_url": getattr(request, "cancel_url", None) or back}


def _locale(request: Any) -> str | None:
    locale: str | None = request.locale
    return locale and locale.replace("_", "-")
