"""Payments: orders of https://developer.paypal.com/docs/api/orders/v2/, and the authorizations of
https://developer.paypal.com/docs/api/payments/v2/ that are made of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Card,
    CompletePaymentRequest,
    Declined,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    PrismError,
    VoidRequest,
    expect_same,
    hookimpl,
)
from prism_paypal.account import WHOLE, PayPalAccount
from prism_paypal.answers import captured, holds, left, otherwise, payment
from prism_paypal.customers import shipping
from prism_paypal.errors import PayPalError, refusal
from prism_paypal.payment_methods import payment_source
from prism_paypal.shapes import (
    CAPTURED,
    AuthenticationResult,
    Json,
    Made,
    Order,
    Part,
    ThreeDSecure,
)

EXPONENTS = {"HUF": 0, "TWD": 0}
"""Where PayPal takes other decimals than ISO 4217 gives (it takes none for JPY either, and neither
does ISO 4217): https://developer.paypal.com/reference/currency-codes/"""
# MAX_VALUE_EXCEEDED at https://developer.paypal.com/api/rest/reference/orders/v2/errors/
_MOST = Decimal("999999999999999.99")
_CHANGE = "/v2/payments/authorizations/{}/{}"
_UNPAID = ("CREATED", "SAVED", "APPROVED", "PAYER_ACTION_REQUIRED")
"""The statuses of an order that can still be paid."""


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_authorize or
        #orders_capture. The order alone moves no money: the second call does."""
        usage = None
        if request.off_session:
            usage = ("MERCHANT", "UNSCHEDULED", "SUBSEQUENT")
        elif isinstance(request.payment_method, Card) and request.setup_future_usage is not None:
            is_once = request.setup_future_usage is FutureUsage.ON_SESSION
            usage = ("CUSTOMER", "ONE_TIME" if is_once else "UNSCHEDULED", "FIRST")
        elif request.off_session is False:
            usage = ("CUSTOMER", "ONE_TIME", "DERIVED")
        source = payment_source(request, request.payment_method, usage)
        is_manual = request.capture_method is CaptureMethod.MANUAL
        return (yield from pay(account, request, source, "AUTHORIZE" if is_manual else "CAPTURE"))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/api/orders-v2/expanded/3d-secure: the order tells how the
        payer authenticated; where that suffices, it is authorized or captured once more, with
        the card that it has."""
        order = yield from order_of(account, request.connector_transaction_id)
        found = payment(order)
        own = request.merchant_transaction_id  # compared, and not sent
        expect_same("merchant_transaction_id", own, found.merchant_transaction_id or own)
        if order.status not in _UNPAID or found.authorized_amount or found.captured_amount:
            return found
        status = _verdict(order)
        if status is not None:
            return replace(found, status=status)
        return (yield from finish(account, order.id, order.intent or ""))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
        return payment((yield from order_of(account, request.connector_transaction_id)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/payments/v2/#authorizations_capture, of the order's
        authorization. A part leaves the rest for later; without an amount, the rest is taken."""
        # What cannot be sent is refused before the order is looked up.
        value, own_id = money(request.amount), request.merchant_capture_id
        order, held = yield from _authorization(account, request.connector_transaction_id)
        whole = held.amount.money
        amount = request.amount or _rest(order, whole)
        body = {
            "amount": value or money(amount),
            "invoice_id": own_id,
            "final_capture": request.amount is None or holds(request.amount, whole),
        }
        try:
            answer = yield account.post(_CHANGE, held.id, "capture", json=body, headers=WHOLE)
        except Declined as refused:
            return _unchanged(order, PaymentStatus.CAPTURE_FAILED, refused)
        made = yield from whole_of(account, answer, "captures")
        return captured(order, held, made, amount or whole, own_id)

    @hookimpl
    def void(self, request: VoidRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/payments/v2/#authorizations_void, of the order's
        authorization; after a partial capture, of what is left of it. It takes a key:
        https://developer.paypal.com/api/payments/v2/authorizations-void"""
        order, held = yield from _authorization(account, request.connector_transaction_id)
        try:
            answer = yield account.post(_CHANGE, held.id, "void", headers=WHOLE)
        except Declined as refused:
            return _unchanged(order, PaymentStatus.VOID_FAILED, refused)
        if answer.status_code == 204:  # PayPal ignored the header `WHOLE`
            account.expect_empty(answer)
            held.status = "VOIDED"
            return payment(order)
        done = account.decode(answer, Made)
        expect_same("authorization", held.id, done.id)
        more = otherwise(done, order, held)
        held.status = done.status
        return payment(order, None, more)


def pay(account: PayPalAccount, request: Any, source: Json, intent: str) -> Flow[Payment]:
    """Makes an order, which moves no money yet, and pays it."""
    unit = {
        "custom_id": request.reference,
        "amount": money(request.amount),
        "description": request.description,
        "soft_descriptor": getattr(request, "statement_descriptor_suffix", None),
        "shipping": shipping(getattr(request, "shipping_address", None)),
    }
    body = {"intent": intent, "purchase_units": [unit]}
    order = account.post("/v2/checkout/orders", json=body, changes=False, keyed=True)
    order_id = (yield from account.fetch(order, Made)).id
    return (yield from finish(account, order_id, intent, payment_source=source))


def finish(account: PayPalAccount, order_id: str, intent: str, **body: Json) -> Flow[Payment]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_authorize or #orders_capture, by the
    order's intent; without a payment_source, with the order's own."""
    action = "authorize" if intent == "AUTHORIZE" else "capture"
    paid = account.post("/v2/checkout/orders/{}/{}", order_id, action, json=body, headers=WHOLE)
    try:
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


def order_of(account: PayPalAccount, order_id: str | None) -> Flow[Order]:
    """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
    asked = account.get("/v2/checkout/orders/{}", order_id)
    order = yield from account.fetch(asked, Order, declined=True)
    expect_same("connector_transaction_id", order_id, order.id)
    return order


def paid_order_of(account: PayPalAccount, order_id: str) -> Flow[Order]:
    """An order whose payment shall be changed; refused if it says that it was never paid."""
    order = yield from order_of(account, order_id)
    if order.status in (*_UNPAID, "VOIDED") and order.is_empty:
        raise refusal("the order was not paid for")
    return order


def whole_of(account: PayPalAccount, answer: HttpResponse, collection: str) -> Flow[Part]:
    """The capture or refund just made, from the answer; a minimal answer has no amount, which must
    be compared, so that the object is looked up."""
    made = account.decode(answer, Made)
    if made.amount is not UNSET:
        return account.decode(answer, Part)
    return (yield from part_of(account, collection, made.id))


def part_of(account: PayPalAccount, collection: str, part_id: str) -> Flow[Part]:
    """https://developer.paypal.com/docs/api/payments/v2/#captures_get or #refunds_get"""
    asked = account.get("/v2/payments/{}/{}", collection, part_id)
    part = yield from account.fetch(asked, Part, declined=True)
    expect_same(collection.removesuffix("s"), part_id, part.id)
    return part


def money(amount: Money | None) -> dict[str, str] | None:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-money"""
    if amount is None:
        return None
    value = amount.to_decimal(EXPONENTS)
    if value > _MOST:
        raise InvalidRequest(f"amount: PayPal takes up to {_MOST}", field="amount")
    return {"currency_code": amount.currency, "value": f"{value:f}"}


def _unchanged(order: Order, status: PaymentStatus, refused: Declined) -> Payment:
    """A payment that a decline leaves as it was."""
    return replace(payment(order), status=status, error=refused.details)


def _verdict(order: Order) -> PaymentStatus | None:
    """The status of an order that is not to be paid as it is; None for one that is. The letters are
    of https://developer.paypal.com/docs/checkout/advanced/customize/3d-secure/response-parameters"""
    result: AuthenticationResult | None = order.paid_with("authentication_result") or None
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


def _authorization(account: PayPalAccount, order_id: str) -> Flow[tuple[Order, Part]]:
    """An order and its authorization to change. Whether it can be is for PayPal to say, which
    answers a repeated request as it did the first time."""
    order = yield from paid_order_of(account, order_id)
    if order.intent == "CAPTURE":
        raise refusal("the order was charged at once: there is no authorization; refund it")
    found = order.held
    if not found:
        raise MalformedResponse("the order was paid for, and lists no authorization")
    if found[-1].status in CAPTURED and not order.listed("captures"):
        raise MalformedResponse("the order does not list the captures of its authorization")
    return order, found[-1]


def _rest(order: Order, whole: Money) -> Money | None:
    """What is left to capture; None if that is all, which PayPal captures unless told otherwise.
    A final capture is what an earlier call with the same key may have made: it does not count, so
    that the repeated request is the same."""
    before = [one for one in order.listed("captures") if not one.final_capture]
    rest = left(whole, before)
    if before and rest.minor_amount == 0:
        raise refusal("nothing is left to capture")
    return rest if 0 < rest.minor_amount < whole.minor_amount else None
