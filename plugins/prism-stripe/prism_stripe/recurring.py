"""Recurring payments: a permission is a payment method stored for a customer, set up to be charged
without them. https://docs.stripe.com/payments/save-and-reuse"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import (
    NULL,
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Discrepancy,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    Payment,
    PaymentStatus,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
    nullable,
)
from prism_stripe.account import StripeAccount as Account
from prism_stripe.account import to_wire
from prism_stripe.answers import FAILED, TAKEN, chargeable_again, payment, redirection
from prism_stripe.errors import details
from prism_stripe.fields import common, confirmed, descriptor_suffix, off_session
from prism_stripe.intents import ORDER, MandateObject, PaymentIntent, Session, SetupIntent
from prism_stripe.kinds import info, words_of
from prism_stripe.pages import (
    OF_A_SETUP,
    find_session,
    for_page,
    offered,
    open_session,
    opening,
    stripes_page,
    whole_amount,
)
from prism_stripe.paying import is_another, paying_with, three_d_secure
from prism_stripe.payment_methods import detaching
from prism_stripe.payments import create_intent, look_up
from prism_stripe.shapes import DetachedMethod, KnownMethod, PaymentMethodObject

M = MandateStatus
_BY_PAYMENT = dict.fromkeys((*FAILED, PaymentStatus.VOIDED), M.MANDATE_INACTIVE)
_BY_PAYMENT |= dict.fromkeys(TAKEN, M.ACTIVE)
# https://docs.stripe.com/api/mandates/object#mandate_object-status
BY_MANDATE = {"active": M.ACTIVE, "inactive": M.REVOKED}


class Recurring:
    """The operations on permissions to charge again."""

    @hookimpl
    def setup_recurring(self, request: SetupRecurringRequest, account: Account) -> Flow[Mandate]:
        """https://docs.stripe.com/api/setup_intents/create, and with a first payment
        https://docs.stripe.com/api/payment_intents/create, both confirmed at once"""
        method = request.payment_method
        if method is None:
            return (yield from _on_a_page(request, account))
        form = paying_with(request)
        if request.amount is None:
            whole = {**confirmed(request), **form, "usage": "off_session", "expand": [*OF_A_SETUP]}
            setting_up = account.post("/v1/setup_intents", form=whole)
            made = mandate_of((yield from account.fetch(setting_up, SetupIntent)))
        else:
            first = {"capture_method": "automatic", "setup_future_usage": "off_session"}
            made = mandate_of((yield from create_intent(request, account, **form, **first)))
        if is_another(method, made.connector_mandate_id):
            found = Discrepancy("payment_method", "the token given", "another one")
            return replace(made, discrepancies=(found,))
        return made

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.stripe.com/api/payment_methods/retrieve, or what it was set up with"""
        return (yield from _found(request, account))

    @hookimpl
    def complete_mandate(self, request: CompleteMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.stripe.com/payments/setupintents/lifecycle: Stripe goes on by itself once
        the customer has authenticated, and is asked what became of it."""
        return (yield from _found(request, account))

    @hookimpl
    def charge_recurring(self, request: ChargeRecurringRequest, account: Account) -> Flow[Payment]:
        """https://docs.stripe.com/api/payment_intents/create#create_payment_intent-off_session:
        Stripe tells the networks that the merchant started it, with a method stored before, and
        which payment it follows."""
        intent = yield from create_intent(
            request,
            account,
            stored=request.connector_mandate_id,
            off_session=off_session(request.mit_category, True),
            capture_method="automatic",
            statement_descriptor_suffix=descriptor_suffix(request),
        )
        paid = payment(intent)
        # Of a payment that was not made, a payment method that is null is the usual answer.
        unpaid = paid.connector_payment_method_id is NULL and paid.status not in TAKEN
        mandate = None if unpaid else paid.connector_payment_method_id
        return replace(paid, connector_mandate_id=mandate)

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: Account) -> Flow[Mandate]:
        """https://docs.stripe.com/api/payment_methods/detach: without its customer the payment
        method can not be charged any more."""
        detached = detaching(request.connector_mandate_id, account)
        body = yield from account.fetch(detached, DetachedMethod)
        status = M.REVOKED if body.customer is None else M.MANDATE_PENDING
        return Mandate(status=status, connector_mandate_id=body.id)


def _on_a_page(request: Any, account: Account) -> Flow[Mandate]:
    """https://docs.stripe.com/payments/save-and-reuse: a page asks for the permission, with a first
    payment if there is an amount."""
    later = {"setup_future_usage": "off_session"}
    shared = common(request, **{ORDER: "hosted" if request.hosted else "page"})
    options = {"payment_method_options": {"card": three_d_secure(request)}}
    if request.hosted:
        form = _checkout(request, shared, {**options, "metadata": shared["metadata"]}, later)
        return mandate_on((yield from open_session(form, account)))
    back, whole = request.return_url, {**shared, **options, **offered(request)}
    made: SetupIntent | PaymentIntent
    if request.amount is None:
        asked = account.post("/v1/setup_intents", form={**whole, "usage": "off_session"})
        made = yield from account.fetch(asked, SetupIntent)
    else:
        money = {"amount": to_wire(request.amount), "currency": request.amount.currency.lower()}
        asked = account.post("/v1/payment_intents", form={**money, **whole, **later})
        made = yield from account.fetch(asked, PaymentIntent)
    return replace(mandate_of(made), redirection_data=for_page(made, account, back))


def _checkout(
    request: Any, shared: dict[str, Any], form: dict[str, Any], later: dict[str, str]
) -> dict[str, Any]:
    """Stripe's page. Without a currency it must be told what to offer, and is told cards."""
    about = {name: text for name, text in shared.items() if name != "customer"}
    words = words_of(request.payment_method_types)
    if request.amount is None:
        return opening(
            request,
            "setup",
            payment_method_types=words or ["card"],
            setup_intent_data=about,
            **form,
        )
    lines, paying = whole_amount(request, request.amount), {**about, **later}
    return opening(
        request,
        "payment",
        line_items=lines,
        payment_method_types=words,
        payment_intent_data=paying,
        **form,
    )


def _found(request: Any, account: Account) -> Flow[Mandate]:
    """The permission by what it was set up with, or by the PaymentMethod that it is."""
    if request.connector_order_id is not None:
        return (yield from _set_up(request.connector_order_id, account))
    if request.connector_transaction_id is not None:
        return mandate_of((yield from look_up(request.connector_transaction_id, account)))
    asking = account.get("/v1/payment_methods/{}", request.connector_mandate_id)
    response = yield asking
    known = account.decode(response, KnownMethod)
    return Mandate(
        status=M.ACTIVE if isinstance(known.customer, str) else _without_customer(known),
        connector_mandate_id=known.id,
        connector_payment_method_id=known.id,
        connector_customer_id=known.customer or None,
        payment_method=info(account.decode(response, PaymentMethodObject)),
    )


def _without_customer(known: KnownMethod) -> MandateStatus:
    """https://docs.stripe.com/api/payment_methods/detach: null says that it was detached."""
    return M.REVOKED if known.customer is None else M.MANDATE_PENDING


def _set_up(known: str, account: Account) -> Flow[Mandate]:
    """https://docs.stripe.com/api/setup_intents/retrieve, or the page or the first payment"""
    if known.startswith("cs_"):
        return mandate_on((yield from find_session(known, account)))
    if known.startswith("pi_"):
        return mandate_of((yield from look_up(known, account)))
    query = {f"expand[{at}]": one for at, one in enumerate(OF_A_SETUP)}
    asking = account.get("/v1/setup_intents/{}", known, query=query)
    return mandate_of((yield from account.fetch(asking, SetupIntent)))


def mandate_on(session: Session) -> Mandate:
    """The permission that the customer gives on Stripe's page."""
    intent = session.setup_intent or session.payment_intent
    made = Mandate(status=M.MANDATE_PENDING, connector_customer_id=nullable(session.customer))
    if isinstance(intent, (SetupIntent, PaymentIntent)):
        made = mandate_of(intent)
    return replace(
        made,
        status=M.MANDATE_INACTIVE if session.status == "expired" else made.status,
        connector_order_id=session.id,
        merchant_mandate_id=session.own_id("merchant_mandate_id"),
        redirection_data=stripes_page(session) or made.redirection_data,
    )


def mandate_of(intent: SetupIntent | PaymentIntent) -> Mandate:
    """The permission that a setup or a first payment gave; charging by it takes its payment
    method's id."""
    status, failure, method = _status(intent), intent.failure, chargeable_again(intent)
    first: dict[str, Any] = {}
    if isinstance(intent, PaymentIntent):
        paid = payment(intent)
        status = _BY_PAYMENT.get(paid.status, M.MANDATE_PENDING)
        first = {
            "connector_transaction_id": paid.connector_transaction_id,
            "amount": (paid.captured_amount if paid.status in TAKEN else None) or paid.amount,
            "network_transaction_id": paid.network_transaction_id,
        }
    if status is M.ACTIVE and method is None:
        status = M.MANDATE_PENDING  # nothing to charge by
    chargeable = None if status is M.MANDATE_INACTIVE else method
    return Mandate(
        status=status,
        connector_mandate_id=chargeable,
        connector_payment_method_id=chargeable,
        connector_order_id=_order_id(intent),
        merchant_mandate_id=intent.own_id("merchant_mandate_id"),
        connector_customer_id=nullable(intent.customer),
        payment_method=info(intent.method),
        redirection_data=redirection(intent),
        error=None if failure is None else details(failure),
        **first,
    )


def _order_id(intent: SetupIntent | PaymentIntent) -> str | None:
    """What the permission is looked up and completed by: a setup's own id, or that of a page."""
    return intent.id if isinstance(intent, SetupIntent) or intent.order == "page" else None


def _status(intent: SetupIntent | PaymentIntent) -> MandateStatus:
    """https://docs.stripe.com/payments/setupintents/lifecycle: a setup that waits for a payment
    method has failed if it says why, unless the customer can try again on a page."""
    waits = intent.status == "requires_payment_method" and intent.failure is not None
    if (waits and not intent.order) or intent.status == "canceled":
        return M.MANDATE_INACTIVE
    agreed = intent.mandate if isinstance(intent, SetupIntent) else None
    if intent.status == "succeeded" and isinstance(agreed, MandateObject):
        return BY_MANDATE.get(agreed.status, M.MANDATE_PENDING)
    return M.ACTIVE if intent.status == "succeeded" else M.MANDATE_PENDING
