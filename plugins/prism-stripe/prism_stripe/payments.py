"""Payments: what is sent to https://docs.stripe.com/api/payment_intents"""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace

from prism_core import (
    NULL,
    Address,
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    Declined,
    Discrepancy,
    Flow,
    GetPaymentRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    Payment,
    PaymentStatus,
    VoidRequest,
    at_most,
    expect_currency,
    expect_same,
    hookimpl,
)
from prism_stripe.account import StripeAccount, from_wire, metadata, street, to_wire
from prism_stripe.answers import FAILED, HELD, payment
from prism_stripe.errors import declined_intent
from prism_stripe.payment_methods import is_alias, paying_with
from prism_stripe.shapes import PaymentIntent

S = PaymentStatus
EXPAND = ["latest_charge"]
# https://docs.stripe.com/payments/incremental-authorization
_CAN_BE_RAISED: dict[object, str] = {True: "if_available", False: "never"}


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create, confirmed at once"""
        raising = _CAN_BE_RAISED.get(request.request_incremental_authorization)
        intent = yield from create_intent(
            request,
            account,
            **paying_with(request, request_incremental_authorization=raising),
            capture_method=request.capture_method.lower(),
            setup_future_usage=request.setup_future_usage and request.setup_future_usage.lower(),
            off_session=request.off_session,
            statement_descriptor_suffix=descriptor_suffix(request.statement_descriptor_suffix),
            shipping=_shipping(request.shipping_address),
        )
        paid = payment(intent)
        is_new = is_alias(request.payment_method)
        return replace(paid, connector_payment_method_id=None) if is_new else paid

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/retrieve"""
        return payment((yield from _look_up(request.connector_transaction_id, account)))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/payments/3d-secure/authentication-flow: Stripe goes on by itself
        once the customer has authenticated, and is asked what became of it."""
        return payment((yield from _look_up(request.connector_transaction_id, account)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/capture: without an amount, all of it. The
        metadata is the PaymentIntent's, and joins what is there."""
        form = {"amount_to_capture": to_wire(request.amount), "metadata": metadata(request)}
        yield from in_its_currency(request, account)
        return (yield from _change(request, account, "capture", form, S.CAPTURE_FAILED))

    @hookimpl
    def void(self, request: VoidRequest, account: StripeAccount) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/cancel: its reasons are words of a short
        list, and it has no metadata."""
        return (yield from _change(request, account, "cancel", {}, S.VOID_FAILED))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: StripeAccount
    ) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/increment_authorization: the amount is the
        new total, and a decline leaves the first authorization as it was."""
        form = {
            "amount": to_wire(request.amount),
            "description": request.description,
            "metadata": metadata(request),
        }
        yield from in_its_currency(request, account)
        what, failed = "increment_authorization", S.AUTHORIZATION_FAILED
        return (yield from _change(request, account, what, form, failed))


def create_intent(request: Any, account: StripeAccount, **form: Any) -> Flow[PaymentIntent]:
    """https://docs.stripe.com/api/payment_intents/create; a decline has its PaymentIntent, too."""
    money = {"amount": to_wire(request.amount), "currency": request.amount.currency.lower()}
    whole = {**money, **confirmed(request), **form, "expand": EXPAND}
    try:
        creating = account.post("/v1/payment_intents", form=whole)
        return (yield from account.fetch(creating, PaymentIntent))
    except Declined as declined:
        return declined_intent(declined)


def confirmed(request: Any) -> dict[str, Any]:
    """What is sent with every payment and every setup: a card pays, at once."""
    return {
        "confirm": True,
        "payment_method_types": ["card"],
        "customer": request.connector_customer_id,
        "description": request.description,
        "metadata": metadata(request),
    }


def _look_up(known: str | None, account: StripeAccount) -> Flow[PaymentIntent]:
    """https://docs.stripe.com/api/payment_intents/retrieve"""
    asking = account.get("/v1/payment_intents/{}", known, query={"expand[0]": "latest_charge"})
    return (yield from account.fetch(asking, PaymentIntent))


def in_its_currency(request: Any, account: StripeAccount) -> Flow[None]:
    """Refuses an amount in another currency than the payment's, which is looked up for that. A
    change sends no currency: Stripe would move as many of the payment's own."""
    if request.amount is not None:
        found = yield from _look_up(request.connector_transaction_id, account)
        expect_same("connector_transaction_id", request.connector_transaction_id, found.id)
        expect_currency(request.amount, from_wire(found.amount, found.currency))


def _change(
    request: Any, account: StripeAccount, what: str, form: dict[str, Any], failed: PaymentStatus
) -> Flow[Payment]:
    """The payment after a change. Declined, it stands as before, and its status says so. The
    caller's id of the change must be the last in the metadata, or the answer is about another
    change; without any, the result says so."""
    known, path = request.connector_transaction_id, f"/v1/payment_intents/{{}}/{what}"
    changing = account.post(path, known, form={**form, "expand": EXPAND})
    try:
        intent = yield from account.fetch(changing, PaymentIntent)
    except Declined as declined:
        found = payment(declined_intent(declined))
        return replace(found, status=failed) if found.status in HELD + FAILED else found
    own = request.reference_field
    asked, told = form.get("metadata", {}).get(own), intent.own_id(own)
    if asked is not None and told is NULL:
        return replace(payment(intent), discrepancies=(Discrepancy(own, asked, "null"),))
    if told is not None:
        expect_same(own, asked, told)
    return payment(intent)


def _shipping(address: Address | None) -> dict[str, Any] | None:
    """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-shipping"""
    if address is None:
        return None
    name = at_most(5000, "shipping_address", address.full_name)
    place = street(address)
    if name is None or not any(place.values()):
        problem = "shipping_address needs first_name or last_name at Stripe, and an address"
        raise InvalidRequest(problem, field="shipping_address")
    return {"name": name, "phone": address.phone_number, "address": place}


# Latin characters, a letter among them, and none of six.
_LATIN = r"[ -~\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]{1,22}"
_SUFFIX = re.compile(rf"""(?=.*[^\W\d_])(?!.*[<>\\'"*]){_LATIN}""")


def descriptor_suffix(given: str | None) -> str | None:
    """What stands on the customer's statement behind the account's own descriptor:
    https://docs.stripe.com/get-started/account/statement-descriptors"""
    if given is None or _SUFFIX.fullmatch(given):
        return given
    problem = "has up to 22 Latin characters at Stripe, with a letter, and none of < > \\ ' \" *"
    field = "statement_descriptor_suffix"
    raise InvalidRequest(f"{field} {problem}", field=field)
