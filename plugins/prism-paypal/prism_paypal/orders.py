"""Orders: https://developer.paypal.com/docs/api/orders/v2/, made, paid and looked up, and what was
made of them at https://developer.paypal.com/docs/api/payments/v2/."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from prism_core import (
    CaptureMethod,
    Declined,
    Discrepancy,
    ErrorDetails,
    Flow,
    HttpRequest,
    HttpResponse,
    InvalidRequest,
    Payment,
    PaymentStatus,
    PrismError,
    UnifiedCode,
    at_most,
    expect_same,
    unified_error,
)
from prism_core.schema.secrets import reveal
from prism_paypal.account import WHOLE
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.amounts import breakdown, items, money
from prism_paypal.answers import payment, redirection
from prism_paypal.customers import shipping
from prism_paypal.errors import PayPalError, refusal
from prism_paypal.methods import WALLETS, AuthenticationResult, ThreeDSecure
from prism_paypal.shapes import Json, Made, Order, Part
from prism_paypal.sources import stored

BY_ITSELF = "ORDER_COMPLETE_ON_PAYMENT_APPROVAL"
"""PayPal authorizes or captures an order once the payer approved it at their bank:
https://developer.paypal.com/api/orders/v2/definitions/processing_instruction"""
# https://developer.paypal.com/api/handle-payment-failures
_AGAIN = ("INSTRUMENT_DECLINED", "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING")
_UNPAID = ("CREATED", "SAVED", "APPROVED", "PAYER_ACTION_REQUIRED")
"""The statuses of an order that can still be paid."""


def intent_of(request: Any) -> str:
    """Whether an order is to be authorized or captured."""
    return "AUTHORIZE" if request.capture_method is CaptureMethod.MANUAL else "CAPTURE"


def pay(account: Account, request: Any, source: Json, intent: str) -> Flow[Payment]:
    """Makes an order, which moves no money yet, and pays it."""
    order_id = (yield from account.fetch(opened(account, request, intent), Made)).id
    return (yield from finish(account, order_id, intent, source))


def send_away(
    account: Account,
    request: Any,
    source: Json | None,
    intent: str,
    own_id: str | None = None,
    **more: Any,
) -> Flow[Payment]:
    """Makes an order that the payer approves elsewhere. With `own_id`, it is for a page where the
    payer chooses how to pay (`Order.is_page`)."""
    asked = opened(account, request, intent, own_id, payment_source=source, **more)
    order = yield from account.fetch(asked, Order)
    return payment(order, None, _unnamed(order, own_id))


def opened(
    account: Account, request: Any, intent: str, own_id: str | None = None, **more: Any
) -> HttpRequest:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_create: an order, which moves no
    money yet."""
    lines, browser = getattr(request, "order_details", None), getattr(request, "browser_info", None)
    amount: Json = {**(money(request.amount) or {})}
    if lines:
        amount["breakdown"] = breakdown(request.amount, lines)
    unit = {
        "reference_id": own_id,
        "custom_id": request.reference,
        "amount": amount,
        "description": request.description,
        "soft_descriptor": getattr(request, "statement_descriptor_suffix", None),
        "items": items(lines) if lines else None,
        "shipping": shipping(getattr(request, "shipping_address", None)),
    }
    body = {"intent": intent, "purchase_units": [unit], **more}
    # https://developer.paypal.com/docs/api/orders/v2/#orders_create, header parameters
    device = at_most(36, "browser_info", reveal((browser and browser.device_data) or ""))
    if device and not device.isascii():  # no header can have it
        raise InvalidRequest("browser_info.device_data is ASCII at PayPal", field="browser_info")
    headers = {**(WHOLE if more else {})}  # without more, the answer to its payment tells it
    if device:
        headers["paypal-client-metadata-id"] = device
    # An order that is paid by another call changes nothing by itself.
    path, is_all = "/v2/checkout/orders", bool(more)
    return account.post(path, json=body, headers=headers, changes=is_all, keyed=True)


def is_unpaid(order: Order, found: Payment) -> bool:
    """Whether an order that was looked up can still be paid, and was not."""
    is_paid = found.authorized_amount or found.captured_amount
    return order.status in _UNPAID and not is_paid


def expect_own(order: Order, found: Payment, field: str, own: str | None) -> None:
    """Raises `MalformedResponse` for an order of another id of the caller's; and before it is paid,
    for one that names none."""
    named = found.merchant_transaction_id
    expect_same(field, own, named if is_unpaid(order, found) else named or own)


def finish_found(account: Account, order: Order, found: Payment) -> Flow[Payment]:
    """Pays an order that was looked up, if it was approved and is not paid yet. Where PayPal
    refuses the payer's funds, another way to pay can be chosen at PayPal:
    https://developer.paypal.com/v5/checkout/handle-funding-failure"""
    if not is_unpaid(order, found) or order.completes_itself:
        return found
    status = _verdict(order)
    if status is PaymentStatus.AUTHENTICATION_FAILED and order.is_page:  # another card may do
        why = ErrorDetails(unified=unified_error(UnifiedCode.AUTHENTICATION_FAILED))
        return replace(found, status=PaymentStatus.PAYMENT_METHOD_AWAITED, error=why)
    if status is not None:
        return replace(found, status=status)
    try:
        return (yield from finish(account, order.id, order.intent or ""))
    except Declined as refused:
        said = refused.details.connector
        can_choose = order.source[0] in WALLETS and said is not None and said.code in _AGAIN
        if not (order.is_page or can_choose):
            raise
        page = redirection(account.decode(refused.response, PayPalError).links)
        status = PaymentStatus.PAYMENT_METHOD_AWAITED
        return replace(found, status=status, error=refused.details, redirection_data=page)


def finish(
    account: Account, order_id: str, intent: str, source: Json | None = None
) -> Flow[Payment]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_authorize or #orders_capture, by the
    order's intent; without a payment source, with the order's own."""
    action = "authorize" if intent == "AUTHORIZE" else "capture"
    try:
        body = {} if source is None else {"payment_source": (yield from stored(account, source))}
        paid = account.post("/v2/checkout/orders/{}/{}", order_id, action, json=body, headers=WHOLE)
        order = yield from account.fetch(paid, Order)
        expect_same("connector_transaction_id", order_id, order.id)
        if order.status == "COMPLETED" and order.is_empty:
            # A minimal answer. A completed order may be one of a payment that was declined.
            order = yield from order_of(account, order_id)
        return payment(order)
    except (Declined, PrismError) as refused:
        refused.connector_transaction_id = order_id
        if isinstance(refused, PrismError) or refused.details.unified is not None:
            raise
        # The payer must act: https://developer.paypal.com/api/orders-v2/expanded/3d-secure
        links = account.decode(refused.response, PayPalError).links
        return payment(Order(order_id, "PAYER_ACTION_REQUIRED", links=links))


def _unnamed(order: Order, own_id: str | None) -> list[Discrepancy]:
    """What differs where an order does not name the caller's own. Raises `MalformedResponse` where
    it names another one."""
    if own_id is None:
        return []
    named = [unit.reference_id for unit in order.purchase_units or ()]
    for one in named:
        expect_same("merchant_order_id", own_id, one or own_id)
    return [Discrepancy("merchant_order_id", own_id, "null")] if None in named else []


def order_of(account: Account, order_id: str | None) -> Flow[Order]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
    asked = account.get("/v2/checkout/orders/{}", order_id)
    order = yield from account.fetch(asked, Order, declined=True)
    expect_same("connector_transaction_id", order_id, order.id)
    return order


def paid_order_of(account: Account, order_id: str) -> Flow[Order]:
    """An order whose payment shall be changed; refused if it says that it was never paid."""
    order = yield from order_of(account, order_id)
    if order.status in (*_UNPAID, "VOIDED") and order.is_empty:
        raise refusal("the order was not paid for")
    return order


def whole_of(account: Account, answer: HttpResponse, collection: str) -> Flow[Part]:
    """The capture or refund just made, from the answer; a minimal answer has no amount, which must
    be compared, so that the object is looked up."""
    made = account.decode(answer, Made)
    if made.amount is not UNSET:
        return account.decode(answer, Part)
    return (yield from part_of(account, collection, made.id))


def part_of(account: Account, collection: str, part_id: str) -> Flow[Part]:
    """https://developer.paypal.com/docs/api/payments/v2/#captures_get or #refunds_get"""
    asked = account.get("/v2/payments/{}/{}", collection, part_id)
    part = yield from account.fetch(asked, Part, declined=True)
    expect_same(collection.removesuffix("s"), part_id, part.id)
    return part


def _verdict(order: Order) -> PaymentStatus | None:
    """The status of an order that is not to be paid as it is; None for one that is. The letters are
    of https://developer.paypal.com/docs/checkout/advanced/customize/3d-secure/response-parameters"""
    result: AuthenticationResult | None = order.paid_with("authentication_result") or None
    if result is None and order.source[0] == "google_pay":  # whose card tells it
        result = order.paid_with("card", "authentication_result") or None
    if order.intent not in ("AUTHORIZE", "CAPTURE"):
        return PaymentStatus.UNRESOLVED
    if result is None:
        return None if order.status == "APPROVED" else payment(order).status
    shift, letters = result.liability_shift, result.three_d_secure or ThreeDSecure()
    if shift == "UNKNOWN" and order.status == "PAYER_ACTION_REQUIRED":
        return PaymentStatus.AUTHENTICATION_PENDING
    not_needed = shift == "NO" and letters.enrollment_status in ("N", "U", "B")
    if shift in ("POSSIBLE", "YES") or not_needed:
        return None
    failed = shift == "NO" and letters.authentication_status in ("N", "R")
    return PaymentStatus.AUTHENTICATION_FAILED if failed else PaymentStatus.UNRESOLVED
