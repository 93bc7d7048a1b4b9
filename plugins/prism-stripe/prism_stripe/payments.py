"""Payments: what is sent to https://docs.stripe.com/api/payment_intents"""

from __future__ import annotations

from typing import Any, TypeVar

from msgspec import UNSET
from msgspec.structs import replace

from prism_core import (
    NULL,
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
    Redirect,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
)
from prism_core.connector.values import metadata_with_id
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import from_wire, to_wire
from prism_stripe.answers import FAILED, HELD, payment
from prism_stripe.disputes import charged_back
from prism_stripe.errors import declined_intent
from prism_stripe.fields import (
    amount_details,
    confirmed,
    descriptor_suffix,
    off_session,
    risk,
    shipping,
)
from prism_stripe.intents import PaymentIntent
from prism_stripe.kinds import DEBITS
from prism_stripe.pages import find_session, on_own_page, paid_on
from prism_stripe.paying import is_alias, paying_with
from prism_stripe.shapes import KnownMethod, Owned

T = TypeVar("T", bound=Owned)
S = PaymentStatus
EXPAND = ["latest_charge"]
# https://docs.stripe.com/payments/incremental-authorization
_CAN_BE_RAISED: dict[object, str] = {True: "if_available", False: "never"}


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create, confirmed at once"""
        by_card, options = not isinstance(request.payment_method, (Redirect, *DEBITS)), {}
        if by_card:
            raising = _CAN_BE_RAISED.get(request.request_incremental_authorization)
            options["request_incremental_authorization"] = raising
        intent = yield from create_intent(
            request,
            account,
            **paying_with(request, **options),
            capture_method=request.capture_method.lower(),
            setup_future_usage=request.setup_future_usage and request.setup_future_usage.lower(),
            off_session=off_session(request.mit_category, request.off_session),
            statement_descriptor_suffix=descriptor_suffix(request) if by_card else None,
            shipping=shipping(request.shipping_address),
            radar_options=risk(request.browser_info),
        )
        paid = payment(intent)
        is_new = is_alias(request.payment_method)
        return replace(paid, connector_payment_method_id=None) if is_new else paid

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/retrieve"""
        if request.connector_order_id is not None:
            return (yield from found_order(request.connector_order_id, account))
        return (yield from found_payment(request.connector_transaction_id, account))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/payments/3d-secure/authentication-flow: Stripe goes on by itself
        once the customer has authenticated, and is asked what became of it."""
        order, known = request.connector_order_id, request.connector_transaction_id
        if order is not None:
            return (yield from found_order(order, account))
        return (yield from found_payment(known, account))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/capture: without an amount, all of it. The
        metadata is the PaymentIntent's, and joins what is there."""
        form = {"amount_to_capture": to_wire(request.amount), "metadata": metadata_with_id(request)}
        yield from in_its_currency(request, account)
        return (yield from _change(request, account, "capture", form, S.CAPTURE_FAILED))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/cancel: its reasons are words of a short
        list, and it has no metadata."""
        return (yield from _change(request, account, "cancel", {}, S.VOID_FAILED))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: Account
    ) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/increment_authorization: the amount is the
        new total, and a decline leaves the first authorization as it was."""
        form = {
            "amount": to_wire(request.amount),
            "description": request.description,
            "metadata": metadata_with_id(request),
        }
        yield from in_its_currency(request, account)
        what, failed = "increment_authorization", S.AUTHORIZATION_FAILED
        return (yield from _change(request, account, what, form, failed))


def create_intent(request: Any, account: Account, **form: Any) -> Flow[PaymentIntent]:
    """https://docs.stripe.com/api/payment_intents/create; a decline has its PaymentIntent, too."""
    money = {"amount": to_wire(request.amount), "currency": request.amount.currency.lower()}
    lines = amount_details(getattr(request, "order_details", None))
    whole = {**money, **confirmed(request), **lines, **form, "expand": EXPAND}
    known = form.pop("stored", None)
    if known is not None:
        kind = yield from kind_of(known, whole["customer"], account)
        whole |= {"stored": None, "payment_method": known, "payment_method_types": [kind]}
    try:
        creating = account.post("/v1/payment_intents", form=whole)
        intent = yield from account.fetch(creating, PaymentIntent)
    except Declined as declined:
        intent = declined_intent(declined)
    return of_its_order(request, intent)


def of_its_order(request: Any, answered: T) -> T:
    """What was answered, if it is not of another order."""
    told = answered.own_id("merchant_order_id")
    if told not in (None, NULL):
        expect_same("merchant_order_id", getattr(request, "merchant_order_id", None), told)
    return answered


def found_payment(known: str | None, account: Account) -> Flow[Payment]:
    """The payment that a PaymentIntent is."""
    intent = yield from look_up(known, account)
    return (yield from _with_disputes(intent, payment(intent), account))


def found_order(known: str, account: Account) -> Flow[Payment]:
    """The payment that is made on the shop's page (a PaymentIntent) or on Stripe's."""
    if known.startswith("pi_"):
        intent = yield from look_up(known, account)
        made = on_own_page(intent, account)
        return (yield from _with_disputes(intent, made, account))
    session = yield from find_session(known, account)
    return (yield from _with_disputes(session.payment_intent, paid_on(session), account))


def _with_disputes(intent: object, made: Payment, account: Account) -> Flow[Payment]:
    if not isinstance(intent, PaymentIntent) or not intent.charge.disputed:
        return made
    back = yield from charged_back(intent.id, account)
    return replace(made, charged_back_amount=back)


def kind_of(known: str, customer: str | None, account: Account) -> Flow[str]:
    """Stripe's word for the kind of a PaymentMethod, which must be the customer's:
    https://docs.stripe.com/api/payment_methods/retrieve"""
    asking = account.get("/v1/payment_methods/{}", known)
    found = yield from account.fetch(asking, KnownMethod)
    expect_same("connector_mandate_id", known, found.id)
    if found.customer is None:
        raise InvalidRequest(
            "the permission was revoked: its payment method is nobody's any more; ask the customer "
            "for another one",
            field="connector_mandate_id",
        )
    if found.customer is not UNSET:
        expect_same("connector_customer_id", customer, found.customer)
    return found.type


def look_up(known: str | None, account: Account) -> Flow[PaymentIntent]:
    """https://docs.stripe.com/api/payment_intents/retrieve"""
    asking = account.get("/v1/payment_intents/{}", known, query={"expand[0]": "latest_charge"})
    return (yield from account.fetch(asking, PaymentIntent))


def in_its_currency(request: Any, account: Account) -> Flow[None]:
    """Refuses an amount in another currency than the payment's, which is looked up for that. A
    change sends no currency: Stripe would move as many of the payment's own."""
    if request.amount is not None:
        found = yield from look_up(request.connector_transaction_id, account)
        expect_same("connector_transaction_id", request.connector_transaction_id, found.id)
        expect_currency(request.amount, from_wire(found.amount, found.currency))


def _change(
    request: Any, account: Account, what: str, form: dict[str, Any], failed: PaymentStatus
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
