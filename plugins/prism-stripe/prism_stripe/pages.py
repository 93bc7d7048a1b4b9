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
from prism_stripe.account import StripeAccount, from_wire, to_wire
from prism_stripe.answers import payment
from prism_stripe.intents import Intent, PaymentIntent, Session
from prism_stripe.kinds import words_of

S = PaymentStatus
# https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-locale
_LOCALES = (
    *("bg", "cs", "da", "de", "el", "en", "en-GB", "es", "es-419", "et", "fi", "fil", "fr"),
    *("fr-CA", "hr", "hu", "id", "it", "ja", "ko", "lt", "lv", "ms", "mt", "nb", "nl", "pl"),
    *("pt", "pt-BR", "ro", "ru", "sk", "sl", "sv", "th", "tr", "vi", "zh", "zh-HK", "zh-TW"),
)
_BY_LOWER = {one.lower(): one for one in _LOCALES}


def opening(request: Any, mode: str, **form: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/checkout/sessions/create: what is sent for every page."""
    customer, known = None, request.connector_customer_id
    if known is None and request.customer is not None:
        customer = request.customer.email
    return {
        "mode": mode,
        "success_url": needs("return_url", request.return_url, "with Stripe's page"),
        "cancel_url": request.cancel_url,
        "locale": locale(request.locale),
        "customer": known,
        "customer_email": customer,
        **form,
    }


def open_session(form: dict[str, Any], account: StripeAccount) -> Flow[Session]:
    """https://docs.stripe.com/api/checkout/sessions/create"""
    creating = account.post("/v1/checkout/sessions", form=form)
    return (yield from account.fetch(creating, Session))


def find_session(known: str, account: StripeAccount) -> Flow[Session]:
    """https://docs.stripe.com/api/checkout/sessions/retrieve"""
    expanded = (
        "payment_intent.latest_charge",
        "setup_intent.payment_method",
        "setup_intent.mandate",
    )
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
    if sum(line.amount.minor_amount * line.quantity for line in lines) != amount.minor_amount or {
        line.amount.currency for line in lines
    } != {amount.currency}:
        problem = "must add up to the amount on Stripe's page, with the tax in each price"
        raise InvalidRequest(f"order_details {problem}", field="order_details")
    return [_line(line.product_name, line.amount, line.quantity) for line in lines]


def _line(name: str, amount: Money, quantity: int) -> dict[str, Any]:
    price = {"currency": amount.currency.lower(), "unit_amount": to_wire(amount)}
    return {"price_data": {**price, "product_data": {"name": name}}, "quantity": quantity}


def offered(request: Any) -> dict[str, Any]:
    """The kinds of payment methods that Stripe.js offers; without any, those of the account."""
    words = words_of(request.payment_method_types)
    automatic = {"enabled": True} if words is None else None
    return {"payment_method_types": words, "automatic_payment_methods": automatic}


def for_page(
    intent: Intent, account: StripeAccount, return_url: str | None = None
) -> RedirectionData:
    """What Stripe.js needs: https://docs.stripe.com/js/elements_object/create. `return_url` is for
    its confirmParams."""
    secret, key = intent.client_secret or "", account.publishable_key
    values = {"client_secret": secret, "publishable_key": key, "return_url": return_url}
    return RedirectionData(sdk={name: text for name, text in values.items() if text is not None})


def still_open(intent: PaymentIntent, made: Payment, account: StripeAccount) -> Payment:
    """The payment with what a page needs, if one can still pay it."""
    if made.status is not S.PAYMENT_METHOD_AWAITED or intent.order != "page":
        return made
    return replace(made, redirection_data=for_page(intent, account))


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
    """A page takes no second try once it is complete or has expired."""
    if made.status not in (S.PAYMENT_METHOD_AWAITED, S.VOIDED) or session.status == "open":
        return made.status
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
