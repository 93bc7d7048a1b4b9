"""Payments: what is sent to https://developer.paypal.com/docs/api/orders/v2/, and to the
authorizations of https://developer.paypal.com/docs/api/payments/v2/ that orders are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    ChargeRecurringRequest,
    ConnectorError,
    Discrepancy,
    Flow,
    GetPaymentRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    PrismError,
    SetupRecurringRequest,
    VoidRequest,
    at_most,
    hookimpl,
    segment,
)
from prism_paypal.account import WHOLE, PayPalAccount
from prism_paypal.amounts import left, money_of, under_way
from prism_paypal.answers import CAPTURED, captured, live, parts_of, payment, telling, voided
from prism_paypal.card import card
from prism_paypal.errors import about, declined, refusal, refused, unchanged
from prism_paypal.lookups import insist, order_of, paid_order_of, parent, whole_of
from prism_paypal.parts import SECOND_CALL, money, request_id, shipping
from prism_paypal.shapes import Created, Order, Part, RelatedIds, Voided


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_authorize or
        #orders_capture. The order alone moves no money: the second call does."""
        manual = request.capture_method is CaptureMethod.MANUAL
        paid = yield from pay(
            account,
            request.idempotency_key,
            intent="AUTHORIZE" if manual else "CAPTURE",
            unit=purchase_unit(request, request.merchant_transaction_id, request.amount),
            card=card(request),
        )
        return paid if isinstance(paid, Payment) else payment(paid)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
        return payment((yield from order_of(account, request.connector_transaction_id or "")))

    @hookimpl
    def capture(self, request: CaptureRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/payments/v2/#authorizations_capture, of the order's
        authorization. A part leaves the rest for later; without an amount, the rest is taken."""
        amount, rest = None if request.amount is None else money(request.amount), None
        invoice_id = at_most(127, "merchant_capture_id", request.merchant_capture_id)
        order = yield from paid_order_of(account, request.connector_transaction_id)
        authorization = _authorization(order)
        if request.amount is None:
            rest = _rest(order, authorization)
            amount = None if rest is None else money(rest)
        asked = request.amount or rest or money_of(authorization.amount)
        response = yield from account.authorized(
            account.post(
                f"/v2/payments/authorizations/{segment(authorization.id)}/capture",
                json={
                    "amount": amount,
                    "invoice_id": invoice_id,
                    "final_capture": _is_last(request.amount, authorization),
                },
                headers=WHOLE,
                idempotency_key=request.idempotency_key,
            )
        )
        if response.error is not None:
            return unchanged(payment(order), response, PaymentStatus.CAPTURE_FAILED)
        made = yield from whole_of(account, response, Part, "captures")
        otherwise = _otherwise(made, order, authorization, invoice_id)
        return telling(captured(order, authorization, made, asked), otherwise)

    @hookimpl
    def void(self, request: VoidRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/payments/v2/#authorizations_void, of the order's
        authorization; after a partial capture, of what is left of it. It takes a key:
        https://developer.paypal.com/api/payments/v2/authorizations-void"""
        order = yield from paid_order_of(account, request.connector_transaction_id)
        authorization = _authorization(order)
        response = yield from account.authorized(
            account.post(
                f"/v2/payments/authorizations/{segment(authorization.id)}/void",
                headers=WHOLE,
                idempotency_key=request.idempotency_key,
            )
        )
        if response.error is not None:
            return unchanged(payment(order), response, PaymentStatus.VOID_FAILED)
        if response.status_code == 204:  # where it does not heed `WHOLE`
            account.expect_empty(response, 204)
            return voided(order, authorization, "VOIDED")
        done = account.decode(response, Voided)
        insist("authorization", authorization.id, done.id)
        otherwise = _otherwise(done, order, authorization)
        return telling(voided(order, authorization, done.status), otherwise)


def pay(
    account: PayPalAccount,
    key: str | None,
    *,
    intent: str,
    unit: Mapping[str, Any],
    card: Mapping[str, Any],
) -> Flow[Order | Payment]:
    """Makes an order and pays it with a card; the order as it is then, or the payment that was
    declined or interrupted."""
    order = account.post(
        "/v2/checkout/orders",
        json={"intent": intent, "purchase_units": [unit]},
        idempotency_key=request_id(key),
        changes=False,
    )
    second = request_id(key, SECOND_CALL)
    try:
        response = yield from account.authorized(order)
    except ConnectorError as error:
        return declined(error)
    order_id = account.decode(response, Created).id
    try:
        return (yield from finish(account, order_id, intent, second, card))
    except PrismError as error:
        raise about(order_id, error) from None


def finish(
    account: PayPalAccount,
    order_id: str,
    intent: str,
    key: str | None,
    card: Mapping[str, Any] | None = None,
) -> Flow[Order | Payment]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_authorize or #orders_capture, by the
    order's intent; without a card, with the one that the order has."""
    action = "authorize" if intent == "AUTHORIZE" else "capture"
    response = yield from account.authorized(
        account.post(
            f"/v2/checkout/orders/{segment(order_id)}/{action}",
            json={} if card is None else {"payment_source": {"card": card}},
            headers=WHOLE,
            idempotency_key=key,
        )
    )
    if response.error is not None:
        return refused(account, response, order_id)
    whole = account.decode(response, Order)
    insist("connector_transaction_id", order_id, whole.id)
    if whole.status == "COMPLETED" and not any(parts_of(whole)):
        # A minimal answer. A completed order may be one of a payment that was declined.
        whole = yield from order_of(account, order_id)
    payment(whole)  # an answer that makes no sense is an error here, where the order is known
    return whole


def _otherwise(
    made: Part | Voided, order: Order, authorization: Part, invoice_id: str | None = None
) -> Iterator[Discrepancy]:
    """What the answer to a change says is null. Raises `MalformedResponse` where it is about
    another order, authorization or capture than asked."""
    ids = (made.supplementary_data and made.supplementary_data.related_ids) or RelatedIds()
    insist("connector_transaction_id", order.id, parent(made.links, "checkout/orders"))
    insist("authorization", authorization.id, parent(made.links, "authorizations"))
    for field, asked, named in (
        ("connector_transaction_id", order.id, ids.order_id),
        ("authorization", authorization.id, ids.authorization_id),
        ("merchant_capture_id", invoice_id, made.invoice_id),
    ):
        insist(field, asked, named or None)
        if asked is not None and named is None:
            yield Discrepancy(field, asked, "null")


def _authorization(order: Order) -> Part:
    """The authorization to change. What it is fit for is for PayPal to say, which answers a
    repeated request as it did the first time."""
    parts = parts_of(order)
    if order.intent == "CAPTURE":
        raise refusal("the order was charged at once: there is no authorization; refund it")
    if not parts.authorizations:
        raise MalformedResponse("the order was paid for, and lists no authorization")
    authorization = live(parts.authorizations)[-1]
    if authorization.status in CAPTURED and not parts.captures:
        raise MalformedResponse("the order does not list the captures of its authorization")
    return authorization


def _rest(order: Order, authorization: Part) -> Money | None:
    """What is left to capture; None if that is all, which PayPal captures unless told otherwise.
    A final capture is what an earlier call with the same key may have made: it does not count, so
    that the repeated request is the same."""
    before = [one for one in parts_of(order).captures if not one.final_capture]
    whole = money_of(authorization.amount)
    rest = left(whole, under_way(before))
    if before and rest.minor_amount <= 0:
        raise refusal("nothing is left to capture")
    return rest if 0 < rest.minor_amount < whole.minor_amount else None


def _is_last(amount: Money | None, authorization: Part) -> bool:
    """Whether nothing is left to capture afterwards: that ends the authorization."""
    whole = money_of(authorization.amount)
    return amount is None or (
        amount.currency == whole.currency and amount.minor_amount >= whole.minor_amount
    )


def purchase_unit(
    request: AuthorizeRequest | ChargeRecurringRequest | SetupRecurringRequest,
    custom_id: str,
    amount: Money,
) -> dict[str, Any]:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit_request"""
    suffix = getattr(request, "statement_descriptor_suffix", None)
    return {
        "custom_id": at_most(127, request.reference_field, custom_id),
        "amount": money(amount),
        "description": at_most(127, "description", request.description),
        "soft_descriptor": at_most(22, "statement_descriptor_suffix", suffix),
        "shipping": shipping(getattr(request, "shipping_address", None)),
    }
