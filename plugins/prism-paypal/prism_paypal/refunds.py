"""Refunds: which capture of a payment https://developer.paypal.com/docs/api/payments/v2/#captures_refund
is asked for, and what the answers mean."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

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
    expect_same,
    hookimpl,
    nullable,
)
from prism_paypal.account import WHOLE
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.amounts import money
from prism_paypal.answers import holds, left
from prism_paypal.errors import refusal
from prism_paypal.orders import paid_order_of, part_of, whole_of
from prism_paypal.shapes import Order, Part

# https://developer.paypal.com/docs/api/payments/v2/#definition-refund_status
_STATUS = {
    "COMPLETED": RefundStatus.REFUND_SUCCESS,
    "PENDING": RefundStatus.REFUND_PENDING,
    "FAILED": RefundStatus.REFUND_FAILURE,
    "CANCELLED": RefundStatus.REFUND_FAILURE,
}
_UNCAPTURED = ("CREATED", "PENDING", "DENIED", "VOIDED", "EXPIRED")
_UNCLEAR = "the order does not say of which of its captures a refund was"


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.paypal.com/docs/api/payments/v2/#captures_refund, of one of the order's
        captures; without an amount, all that is left of it. A reason has no place there: the
        note, which is the only one for words, reaches the payer."""
        body = {"amount": money(request.amount), "custom_id": request.merchant_refund_id}
        order = yield from paid_order_of(account, request.connector_transaction_id)
        capture = _capture(order, request.amount, request.merchant_refund_id)
        path = "/v2/payments/captures/{}/refund"
        answer = yield account.post(path, capture, json=body, headers=WHOLE)
        made = yield from whole_of(account, answer, "refunds")
        expect_same("capture", capture, made.parent("captures") or capture)
        return _refund(made, order.id)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.paypal.com/docs/api/payments/v2/#refunds_get, and its capture"""
        found = yield from part_of(account, "refunds", request.connector_refund_id)
        return (yield from refund_alone(account, found))


def refund_alone(account: Account, refund: Part) -> Flow[Refund]:
    """A refund that PayPal tells without its payment. Its capture is looked up: that names the
    order, and it tells whose `custom_id` the refund has. One that was made without an id of its
    own, in PayPal's own pages say, has the payment's."""
    capture_id = refund.parent("captures") or refund.ids.capture_id
    if capture_id is None:
        return _refund(replace(refund, custom_id=UNSET), refund.ids.order_id or None)
    capture = yield from part_of(account, "captures", capture_id)
    if refund.custom_id == capture.custom_id:
        refund = replace(refund, custom_id=UNSET)
    return _refund(refund, capture.order_id or refund.ids.order_id or None)


def _refund(refund: Part, order_id: str | None) -> Refund:
    """What a refund of an order's payment is. Why it failed:
    https://developer.paypal.com/docs/api/payments/v2/#definition-refund_status_details"""
    status = _STATUS.get(refund.status, RefundStatus.REFUND_MANUAL_REVIEW)
    reason = refund.status_details.reason if refund.status_details else None
    said = ConnectorDetails(code=reason or refund.status, reason=refund.status)
    return Refund(
        status=status,
        connector_refund_id=refund.id,
        merchant_refund_id=nullable(refund.custom_id),
        connector_transaction_id=order_id,
        amount=refund.amount.money,
        error=ErrorDetails(connector=said) if status is RefundStatus.REFUND_FAILURE else None,
    )


def _capture(order: Order, amount: Money | None, own_id: str | None) -> str:
    """The id of the capture to refund. Whether it can be is for PayPal to say; among several, it
    is the one that the amount fits best, or the one that a refund with the same id went to: then
    this may be a repetition, which must not refund another capture as well."""
    captures, refunds = _captures(order), order.listed("refunds")
    if len(captures) == 1:
        return captures[0].id
    parents = [one.parent("captures") for one in refunds if one.custom_id == own_id]
    if not parents:
        return _fitting(amount, [(one, _left(one, refunds)) for one in captures]).id
    found = [one.id for one in captures if one.id in parents]
    if not found:
        raise MalformedResponse(_UNCLEAR)
    return found[0]


def _captures(order: Order) -> list[Part]:
    """The captures that took money; those that still wait, where there are no others."""
    taken = [one for one in order.listed("captures") if one.is_taken]
    if not taken:
        if order.listed("captures") or any(one.status in _UNCAPTURED for one in order.held[-1:]):
            raise refusal("there is no captured money to give back; void an authorization instead")
        raise MalformedResponse("the order was paid for, and lists no capture")
    return [one for one in taken if one.status != "PENDING"] or taken


def _fitting(amount: Money | None, captures: list[tuple[Part, Money]]) -> Part:
    """The capture with the least left that holds an amount; without one, the only one with
    anything left."""
    some = [(one, rest) for one, rest in captures if rest.minor_amount > 0]
    fitting = [(one, rest) for one, rest in some if amount is None or holds(rest, amount)]
    if not fitting or (amount is None and len(fitting) > 1):
        rests = ", ".join(str(rest) for _, rest in some) or "nothing"
        raise refusal(
            "a refund is of one capture, and this payment has several, of which there is left: "
            f"{rests}. Refund an amount that one of them holds"
        )
    return min(fitting, key=lambda pair: pair[1].minor_amount)[0]


def _left(capture: Part, refunds: list[Part]) -> Money:
    """What of a capture is not refunded."""
    own = [one for one in refunds if one.parent("captures") == capture.id]
    back = [one for one in own if one.status != "CANCELLED" and one.is_taken]
    if capture.status == "REFUNDED":
        return Money(0, capture.amount.currency_code)
    if capture.status == "PARTIALLY_REFUNDED" and not back:
        raise MalformedResponse(_UNCLEAR)
    return left(capture.amount.money, back)
