"""Orders: payments that the customer makes on a page.
https://docs.stripe.com/payments/accept-a-payment"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import CreateOrderRequest, Flow, Payment, hookimpl
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import to_wire
from prism_stripe.answers import payment
from prism_stripe.fields import amount_details, common, descriptor_suffix, risk, shipping
from prism_stripe.intents import ORDER, PaymentIntent
from prism_stripe.kinds import words_of
from prism_stripe.pages import for_page, offered, open_session, opening, paid_on, whole_amount
from prism_stripe.paying import hold_only, three_d_secure
from prism_stripe.payments import EXPAND, of_its_order


class Orders:
    """The operation that opens one; `payments` looks it up."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create, not confirmed, for Stripe.js; or
        https://docs.stripe.com/api/checkout/sessions/create"""
        for word in words_of(request.payment_method_types) or ():
            hold_only(request, word)
        if request.hosted:
            session = yield from open_session(_checkout(request), account)
            return paid_on(of_its_order(request, session))
        form, back = _intent(request), request.return_url
        creating = account.post("/v1/payment_intents", form=form)
        intent = of_its_order(request, (yield from account.fetch(creating, PaymentIntent)))
        return replace(payment(intent), redirection_data=for_page(intent, account, back))


def _shared(request: Any) -> dict[str, Any]:
    """What is sent either way."""
    usage = request.setup_future_usage
    return {
        "capture_method": request.capture_method.lower(),
        "setup_future_usage": usage and usage.lower(),
        "statement_descriptor_suffix": descriptor_suffix(request),
        "shipping": shipping(request.shipping_address),
    }


def _intent(request: Any) -> dict[str, Any]:
    """The PaymentIntent that Stripe.js confirms."""
    return {
        "amount": to_wire(request.amount),
        "currency": request.amount.currency.lower(),
        **common(request, **{ORDER: "page"}),
        **_shared(request),
        **offered(request),
        **amount_details(request.order_details),
        "payment_method_options": {"card": three_d_secure(request)},
        "radar_options": risk(request.browser_info),
        "expand": EXPAND,
    }


def _checkout(request: Any) -> dict[str, Any]:
    """The page, and the PaymentIntent that it makes."""
    lines = whole_amount(request, request.amount)
    made = common(request, **{ORDER: "hosted"})
    customer = made.pop("customer")
    return opening(
        request,
        "payment",
        customer_email=request.customer.email if request.customer and not customer else None,
        line_items=lines,
        payment_method_types=words_of(request.payment_method_types),
        payment_method_options={"card": three_d_secure(request)},
        payment_intent_data={**made, **_shared(request)},
        metadata=made["metadata"],
    )
