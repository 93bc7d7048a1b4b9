"""What a customer pays on a page: the shop's own with Stripe.js in it, or Stripe's (Checkout).
https://docs.stripe.com/api/checkout/sessions"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import (
    Flow,
    InvalidRequest,
    Money,
    OrderLine,
    Payment,
    PaymentStatus,
    RedirectionData,
    needs,
    nullable,
)
from prism_core.connector.values import without_nones
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import from_wire, to_wire
from prism_stripe.answers import FAILED, payment
from prism_stripe.intents import Intent, PaymentIntent, Session
from prism_stripe.kinds import words_of

S = PaymentStatus
OF_A_SETUP = ("payment_method", "mandate", "latest_attempt")
"""What is expanded of a SetupIntent."""
# https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
_LOCALES = (
    *("bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr"),
    *("fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl"),
    *("pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"),
)
_BY_LOWER = {one.lower(): one for one in _LOCALES}


def opening(request: Any, mode: str, **form: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/checkout/sessions/create: what is sent for every page."""
    return {
        "mode": mode,
        "success_url": needs("return_url", request.return_url, "with Stripe's page"),
        "cancel_url": request.cancel_url,
        "locale": locale(request.locale),
        "customer": request.connector_customer_id,
        **form,
    }


def open_session(form: dict[str, Any], account: Account) -> Flow[Session]:
    """https://docs.stripe.com/api/checkout/sessions/create"""
    creating = account.post("/v1/checkout/sessions", form=form)
    return (yield from account.fetch(creating, Session))


def find_session(known: str, account: Account) -> Flow[Session]:
    """https://docs.stripe.com/api/checkout/sessions/retrieve"""
    expanded = ("payment_intent.latest_charge", *(f"setup_intent.{one}" for one in OF_A_SETUP))
    query = {f"expand[{at}]": one for at, one in enumerate(expanded)}
    asking = account.get("/v1/checkout/sessions/{}", known, query=query)
    return (yield from account.fetch(asking, Session))


def locale(given: str | None) -> str | None:
    """The customer's language, as exactly as Checkout has it; else it asks the browser."""
    if given is None:
        return None
    whole = given.replace("_", "-").lower()
    return _BY_LOWER.get(whole) or _BY_LOWER.get(whole.partition("-")[0], "auto")


def whole_amount(request: Any, amount: Money) -> list[dict[str, Any]]:
    """The lines that Checkout shows, which make its amount: one, or those of the order."""
    lines: tuple[OrderLine, ...] | None = getattr(request, "order_details", None)
    if lines is None:
        name = request.description or getattr(request, "merchant_order_id", None)
        return [_line(name or request.reference, amount, 1)]
    taxes = [line.total_tax_amount for line in lines if line.total_tax_amount is not None]
    tax = sum(one.minor_amount for one in taxes)
    found = [(line.product_name, line.amount, line.quantity) for line in lines]
    found += [("Tax", Money(tax, amount.currency), 1)] if tax else []
    total = sum(price.minor_amount * quantity for _, price, quantity in found)
    if total != amount.minor_amount or {one.currency for _, one, _ in found} != {amount.currency}:
        problem = "must add up to the amount on Stripe's page, with the taxes"
        raise InvalidRequest(f"order_details {problem}", field="order_details")
    return [_line(*one) for one in found]


def _line(name: str, amount: Money, quantity: int) -> dict[str, Any]:
    price = {"currency": amount.currency.lower(), "unit_amount": to_wire(amount)}
    return {"price_data": {**price, "product_data": {"name": name}}, "quantity": quantity}


def offered(request: Any) -> dict[str, Any]:
    """The kinds of payment methods that Stripe.js offers; without any, those of the account."""
    words = words_of(request.payment_method_types)
    automatic = {"enabled": True} if words is None else None
    return {"payment_method_types": words, "automatic_payment_methods": automatic}


def for_page(intent: Intent, account: Account, return_url: str | None = None) -> RedirectionData:
    """What Stripe.js needs: https://docs.stripe.com/js/elements_object/create. `return_url` is for
    its confirmParams."""
    secret, key = intent.client_secret or "", account.publishable_key
    values = {"client_secret": secret, "publishable_key": key, "return_url": return_url}
    return RedirectionData(sdk=without_nones(values))


def on_own_page(intent: PaymentIntent, account: Account) -> Payment:
    """The payment that is made on the shop's page, with what the page needs while it is open."""
    made = payment(intent)
    waits = intent.status == "requires_payment_method"
    return replace(
        made,
        status=S.PAYMENT_METHOD_AWAITED if waits else made.status,
        connector_order_id=intent.id,
        redirection_data=for_page(intent, account) if waits else made.redirection_data,
    )


def stripes_page(session: Session) -> RedirectionData | None:
    """Stripe's page, while it is open."""
    if session.status != "open" or session.url is None:
        return None
    return RedirectionData(uri=session.url, expires_at=session.expires_at)


def paid_on(session: Session, *, failed: bool = False) -> Payment:
    """The payment that is made on Stripe's page. `failed` says that a delayed one was not paid:
    https://docs.stripe.com/checkout/fulfillment#delayed-notification"""
    intent = session.payment_intent
    if isinstance(intent, PaymentIntent):
        made = payment(intent)
        status = _with_intent(session, made)
    else:
        made, status = _alone(session, intent), _without_intent(session, failed)
    again = made.redirection_data
    return replace(
        made,
        status=status,
        connector_order_id=session.id,
        merchant_transaction_id=session.own_id("merchant_transaction_id"),
        redirection_data=stripes_page(session) if status is S.PAYMENT_METHOD_AWAITED else again,
    )


def _alone(session: Session, intent: str | None) -> Payment:
    """What the page says, without its PaymentIntent."""
    amount, currency = session.amount_total, session.currency
    known = amount is not None and currency is not None
    return Payment(
        status=S.UNRESOLVED,
        connector_transaction_id=intent,
        connector_customer_id=nullable(session.customer),
        amount=from_wire(amount or 0, currency or "") if known else None,
    )


def _with_intent(session: Session, made: Payment) -> PaymentStatus:
    """A failed try is the end once the page is complete or has expired."""
    if made.status not in (S.PAYMENT_METHOD_AWAITED, S.VOIDED, *FAILED):
        return made.status
    if session.status == "open":
        return S.PAYMENT_METHOD_AWAITED
    return S.EXPIRED if session.status == "expired" else S.FAILURE


def _without_intent(session: Session, failed: bool) -> PaymentStatus:
    if session.status == "open":
        return S.PAYMENT_METHOD_AWAITED
    if session.status == "expired":
        return S.EXPIRED
    if session.status == "complete" and session.payment_status == "paid":
        return S.CHARGED
    # Complete and unpaid: a delayed payment is under way, or the money is held for a capture.
    under_way = session.status == "complete" and session.payment_status == "unpaid"
    return (S.FAILURE if failed else S.PENDING) if under_way else S.UNRESOLVED
