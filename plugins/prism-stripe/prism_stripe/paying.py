"""What a payment or a permission is paid with, as a PaymentIntent or a SetupIntent takes it.
https://docs.stripe.com/api/payment_intents/create"""

from __future__ import annotations

from typing import Any

from prism_core import (
    Ach,
    Address,
    AuthenticationData,
    BrowserInfo,
    CaptureMethod,
    Card,
    CustomerAcceptance,
    CustomerDetails,
    InvalidRequest,
    Redirect,
    SdkToken,
    Secret,
    Sepa,
    Token,
    at_most,
    needs,
    single_value,
)
from prism_stripe.account import street
from prism_stripe.kinds import DEBITS, HOLDING, word_of

# https://docs.stripe.com/payments/3d-secure/authentication-flow
_THREE_D_SECURE: dict[object, str] = {"THREE_DS": "any", "NO_THREE_DS": "automatic"}
_WITH_BANKS = ("ideal", "eps", "p24")


def paying_with(request: Any, **options: str | None) -> dict[str, Any]:
    """What a customer pays with, the types that Stripe shall accept, what the customer agreed to,
    and where they come back to. `options` are those of a card."""
    method, back = request.payment_method, {"return_url": request.return_url}
    if isinstance(method, Redirect):
        return {**back, **_redirected(request, method), "mandate_data": agreed(request)}
    if method.__class__ in DEBITS:
        # https://docs.stripe.com/payments/sepa-debit/accept-a-payment: no debit without a mandate.
        mandate = needs("customer_acceptance", agreed(request), "with a bank debit")
        return {**back, **_debited(request, method), "mandate_data": mandate}
    return {
        **back,
        **_card_or_token(request, method),
        "payment_method_options": {"card": _card_options(request, options)},
        "mandate_data": agreed(request) if _is_for_later(request) else None,
    }


def _is_for_later(request: Any) -> bool:
    """Whether there can be a mandate: not of a card that pays once."""
    once = getattr(request, "setup_future_usage", "a permission") is None
    return not (once and isinstance(request.payment_method, Card))


def _card_or_token(request: Any, method: Card | Token | SdkToken) -> dict[str, Any]:
    """A card; a PaymentMethod of any kind; or what Stripe.js made of one."""
    if isinstance(method, Card):
        data = {**card_data(method), **billing(request, method.holder_name)}
        return {"payment_method_types": ["card"], "payment_method_data": data}
    kind = method.payment_method_type if isinstance(method, SdkToken) else None
    if is_page_token(method, "tok_"):
        if kind is not None and word_of(kind) != "card":
            raise InvalidRequest("a tok_... is a card's at Stripe", field="payment_method")
        return {"payment_method_types": ["card"], "payment_method_data": card_data(method)}
    # https://docs.stripe.com/api/confirmation_tokens: it may bring the return_url.
    confirms = is_page_token(method, "ctoken_")
    types = _any_type("ctoken" if confirms else request.return_url)
    if kind is not None:
        word = word_of(kind, "payment_method")
        hold_only(request, word)
        types = {"payment_method_types": [word]}
    return {"confirmation_token" if confirms else "payment_method": method.token, **types}


def _any_type(back: str | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-automatic_payment_methods:
    the types that the account's settings have; those that send the customer away need a page to
    come back to. (A lookup of the type would have the token in its path, which is logged.)"""
    redirects = None if back else "never"
    return {"automatic_payment_methods": {"enabled": True, "allow_redirects": redirects}}


def card_data(method: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/create#create_payment_method-card"""
    if isinstance(method, SdkToken):
        return {"type": "card", "card": {"token": method.token}}
    parts = ("number", "exp_month", "exp_year", "cvc")
    return {"type": "card", "card": {part: getattr(method, part) for part in parts}}


def billing(request: Any, holder: str | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/create#create_payment_method-billing_details; the
    customer's own data stands in where the address has none."""
    address = request.billing_address or Address()
    name = single_value("name", "billing_address", holder, address.full_name)
    email, phone = address.email, address.phone_number
    if not (name and email and phone):
        customer = getattr(request, "customer", None) or CustomerDetails()
        name, email, phone = (
            name or customer.name,
            email or customer.email,
            phone or customer.phone,
        )
    whole = {"name": at_most(5000, "billing_address", name), "email": email, "phone": phone}
    return {"billing_details": {**whole, "address": street(address)}}


def _redirected(request: Any, method: Redirect) -> dict[str, Any]:
    """https://docs.stripe.com/payments/payment-methods/integration-options"""
    word = word_of(method.payment_method_type, "payment_method")
    bank = {"bank": method.bank_name} if word in _WITH_BANKS else None
    code = {"code": method.code} if word == "blik" else None
    hold_only(request, word)
    return {
        "payment_method_types": [word],
        "payment_method_data": {"type": word, word: bank, **billing(request, None)},
        "payment_method_options": {word: code},
    }


def _debited(request: Any, method: Any) -> dict[str, Any]:
    """https://docs.stripe.com/payments/bank-debits"""
    word = DEBITS[method.__class__]
    hold_only(request, word)
    data = {"type": word, word: _account(method), **billing(request, method.holder_name)}
    return {"payment_method_types": [word], "payment_method_data": data}


def _account(method: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/create#create_payment_method-us_bank_account and
    the others beside it"""
    if isinstance(method, Sepa):
        return {"iban": method.iban}
    if isinstance(method, Ach):
        person = method.holder_type == "PERSONAL"
        return {
            "account_number": method.account_number,
            "routing_number": method.routing_number,
            "account_type": method.account_type.lower(),
            "account_holder_type": "individual" if person else "company",
        }
    parts = ("account_number", "sort_code", "bsb_number")
    return {part: getattr(method, part) for part in parts if hasattr(method, part)}


def hold_only(request: Any, word: str) -> None:
    """Refuses to authorize now and capture later what can only be charged at once."""
    capture = getattr(request, "capture_method", None)
    if capture is CaptureMethod.MANUAL and word not in HOLDING:
        problem = f"{word} is charged at once at Stripe; capture_method must be AUTOMATIC"
        raise InvalidRequest(problem, field="capture_method")


def agreed(request: Any) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-mandate_data: how
    the customer agreed; the browser's data stands in where the acceptance has none."""
    accepted = request.customer_acceptance
    is_debit = request.payment_method.__class__ in DEBITS
    if accepted is None and not (is_debit and request.browser_info is not None):
        return None
    given = accepted or CustomerAcceptance()
    whole: dict[str, Any] = {
        "type": given.acceptance_type.lower(),
        "accepted_at": given.accepted_at,
    }
    if whole["type"] == "online":
        address, agent = given.ip_address, given.user_agent
        if not (address and agent):
            browser = request.browser_info or BrowserInfo()
            address, agent = address or browser.ip_address, agent or browser.user_agent
        what = "with ip_address and user_agent, for an online mandate"
        whole["online"] = {
            "ip_address": needs("browser_info", address, what),
            "user_agent": needs("browser_info", agent, what),
        }
    return {"customer_acceptance": whole}


def _card_options(request: Any, options: dict[str, str | None]) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_options-card"""
    done = request.authentication_data
    made = None if done is None else _imported(done, request.amount is not None)
    return {**options, **three_d_secure(request), "three_d_secure": made}


def three_d_secure(request: Any) -> dict[str, Any]:
    """Whether the customer authenticates, if a card pays."""
    return {"request_three_d_secure": _THREE_D_SECURE.get(request.auth_type)}


def _imported(done: AuthenticationData, pays: bool) -> dict[str, Any]:
    """3-D Secure that was done elsewhere: https://docs.stripe.com/payments/3d-secure/import"""
    what = "with authentication_data"
    return {
        "cryptogram": needs("authentication_data", done.cavv, "with a cavv"),
        "transaction_id": needs("authentication_data", done.ds_transaction_id, what),
        "version": needs("authentication_data", done.message_version, what),
        "electronic_commerce_indicator": done.eci,
        "ares_trans_status": done.trans_status,
        "exemption_indicator": done.exemption_indicator if pays else None,
    }


def _begins(method: Token | SdkToken, prefix: str) -> bool:
    return Secret(method.token).reveal().startswith(prefix)


def is_page_token(method: object, prefix: str) -> bool:
    """Whether Stripe.js gave it, in the form that begins so."""
    return isinstance(method, SdkToken) and _begins(method, prefix)


def is_alias(method: object) -> bool:
    """Whether it stands for a new PaymentMethod each time, which the answer names then:
    https://docs.stripe.com/testing?testing-method=payment-methods"""
    return isinstance(method, (Token, SdkToken)) and _begins(method, "pm_card_")


def is_another(method: object, answered: str | None) -> bool:
    """Whether an answer names another PaymentMethod than the given token."""
    is_fixed = isinstance(method, Token) or is_page_token(method, "pm_")
    if not is_fixed or is_alias(method) or answered is None:
        return False
    return Token(answered) != Token(method.token)  # type: ignore[attr-defined]
