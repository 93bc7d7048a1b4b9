"""Refunds: what is sent to https://developer.paypal.com/docs/api/payments/v2/#captures_refund,
which capture of a payment it goes to, and what the answers mean."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    Flow,
    GetRefundRequest,
    MalformedResponse,
    Money,
    Refund,
    RefundRequest,
    RefundStatus,
    at_most,
    expect_same,
    hookimpl,
    segment,
    told,
)
from prism_paypal.account import WHOLE, PayPalAccount
from prism_paypal.amounts import NOT_TAKEN, left, money_of
from prism_paypal.answers import live, parts_of
from prism_paypal.errors import refusal
from prism_paypal.lookups import capture_of, insist, order_id_of, paid_order_of, parent, whole_of
from prism_paypal.parts import money
from prism_paypal.shapes import Order, Part, RefundBody, RelatedIds

# https://developer.paypal.com/docs/api/payments/v2/#definition-refund_status
_STATUS = {
    "COMPLETED": RefundStatus.REFUND_SUCCESS,
    "PENDING": RefundStatus.REFUND_PENDING,
    "FAILED": RefundStatus.REFUND_FAILURE,
    "CANCELLED": RefundStatus.REFUND_FAILURE,
}
_UNCAPTURED = ("CREATED", "PENDING", "DENIED", "VOIDED", "EXPIRED")
_UNCLEAR = "the order does not say of which of its captures a refund was"
_NOT_REFUNDED = ("FAILED", "CANCELLED")


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: PayPalAccount) -> Flow[Refund]:
        """https://developer.paypal.com/docs/api/payments/v2/#captures_refund, of one of the order's
        captures; without an amount, all that is left of it. A reason has no place there: the
        note, which is the only one for words, reaches the payer."""
        body = {
            "amount": None if request.amount is None else money(request.amount),
            "custom_id": at_most(127, "merchant_refund_id", request.merchant_refund_id),
        }
        order = yield from paid_order_of(account, request.connector_transaction_id)
        capture = _capture(order, request)
        response = yield from account.authorized(
            account.post(
                f"/v2/payments/captures/{segment(capture)}/refund",
                json=body,
                headers=WHOLE,
                idempotency_key=request.idempotency_key,
            )
        )
        if response.error is not None:
            return Refund(
                status=RefundStatus.REFUND_FAILURE,
                connector_transaction_id=order.id,
                error=response.error.details,
            )
        made = yield from whole_of(account, response, RefundBody, "refunds")
        insist("capture", capture, parent(made.links, "captures"))
        return refund_of(made, order.id)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: PayPalAccount) -> Flow[Refund]:
        """https://developer.paypal.com/docs/api/payments/v2/#refunds_get, and its capture"""
        refund_id = segment(request.connector_refund_id)
        response = yield from account.authorized(account.get(f"/v2/payments/refunds/{refund_id}"))
        found = account.decode(response, RefundBody)
        expect_same("connector_refund_id", request.connector_refund_id, found.id)
        return (yield from refund_alone(account, found))


def _capture(order: Order, request: RefundRequest) -> str:
    """The id of the capture to refund. Whether it can be is for PayPal to say; among several, it
    is the one that the amount fits best, or the one that a refund with the same id went to: then
    this may be a repetition, which must not refund another capture as well."""
    captures, refunds = _captures(order), parts_of(order).refunds
    if len(captures) == 1:
        return captures[0].id
    before = [one for one in refunds if one.custom_id == request.merchant_refund_id]
    if not before:
        return _fitting(request.amount, [(one, _left(one, refunds)) for one in captures]).id
    for one in captures:
        if any(_is_of(made, one) for made in before):
            return one.id
    raise MalformedResponse(_UNCLEAR)


def _captures(order: Order) -> list[Part]:
    """The captures that took money; those that still wait, where there are no others."""
    parts = parts_of(order)
    taken = [one for one in parts.captures if one.status not in NOT_TAKEN]
    if not taken:
        held = live(parts.authorizations)
        if parts.captures or (held and held[-1].status in _UNCAPTURED):
            raise refusal("there is no captured money to give back; void an authorization instead")
        raise MalformedResponse("the order was paid for, and lists no capture")
    return [one for one in taken if one.status != "PENDING"] or taken


def _fitting(amount: Money | None, captures: list[tuple[Part, Money]]) -> Part:
    """The capture with the least left that holds an amount; without one, the only one with
    anything left."""
    some = [(one, rest) for one, rest in captures if rest.minor_amount > 0]
    if amount is None:
        fitting = some if len(some) == 1 else []
    else:
        fitting = [(one, rest) for one, rest in some if _holds(rest, amount)]
    if not fitting:
        told = ", ".join(str(rest) for _, rest in some) or "nothing"
        raise refusal(
            "a refund is of one capture, and this payment has several, of which there is left: "
            f"{told}. Refund an amount that one of them holds"
        )
    return min(fitting, key=lambda pair: pair[1].minor_amount)[0]


def _holds(rest: Money, amount: Money) -> bool:
    return rest.currency == amount.currency and rest.minor_amount >= amount.minor_amount


def _left(capture: Part, refunds: list[RefundBody]) -> Money:
    """What of a capture is not refunded."""
    own = [one for one in refunds if _is_of(one, capture) and one.status not in _NOT_REFUNDED]
    if capture.status == "REFUNDED":
        return Money(0, capture.amount.currency_code)
    if capture.status == "PARTIALLY_REFUNDED" and not own:
        raise MalformedResponse(_UNCLEAR)
    return left(money_of(capture.amount), [one.amount for one in own])


def _is_of(refund: RefundBody, capture: Part) -> bool:
    """Whether a refund is of a capture, to which its link `up` leads."""
    return parent(refund.links, "captures") == capture.id


def refund_alone(account: PayPalAccount, body: RefundBody) -> Flow[Refund]:
    """A refund that PayPal tells without its payment. Its capture is looked up: that names the
    order, and it tells whose `custom_id` the refund has. One that was made without an id of its
    own, in PayPal's own pages say, has the payment's."""
    ids = (body.supplementary_data and body.supplementary_data.related_ids) or RelatedIds()
    capture_id = parent(body.links, "captures") or ids.capture_id
    if capture_id is None:
        return refund_of(msgspec.structs.replace(body, custom_id=UNSET), ids.order_id or None)
    capture = yield from capture_of(account, capture_id)
    if body.custom_id == capture.custom_id:
        body = msgspec.structs.replace(body, custom_id=UNSET)
    order_id = order_id_of(capture.supplementary_data, capture.links)
    return refund_of(body, order_id or ids.order_id or None)


def refund_of(body: RefundBody, order_id: str | None) -> Refund:
    """What a refund of an order's payment is."""
    status = _STATUS.get(body.status, RefundStatus.REFUND_MANUAL_REVIEW)
    return Refund(
        status=status,
        connector_refund_id=body.id,
        merchant_refund_id=told(body.custom_id),
        connector_transaction_id=order_id,
        amount=money_of(body.amount),
        error=_failure(body) if status is RefundStatus.REFUND_FAILURE else None,
    )


def _failure(body: RefundBody) -> ErrorDetails:
    """https://developer.paypal.com/docs/api/payments/v2/#definition-refund_status_details"""
    reason = body.status_details.reason if body.status_details else None
    return ErrorDetails(connector=ConnectorDetails(code=reason or body.status, reason=body.status))
