"""Payments: orders of https://developer.paypal.com/docs/api/orders/v2/, and the authorizations of
https://developer.paypal.com/docs/api/payments/v2/ that are made of them."""

from __future__ import annotations

from msgspec.structs import replace

from prism_core import (
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Declined,
    Flow,
    GetPaymentRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    Redirect,
    RedirectionData,
    VoidRequest,
    expect_same,
    hookimpl,
    needs,
    single_value,
)
from prism_paypal.account import WHOLE
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.amounts import money
from prism_paypal.answers import captured, holds, left, otherwise, payment
from prism_paypal.customers import payer
from prism_paypal.errors import refusal
from prism_paypal.orders import (
    BY_ITSELF,
    expect_own,
    finish_found,
    intent_of,
    is_unpaid,
    order_of,
    paid_order_of,
    pay,
    send_away,
    whole_of,
)
from prism_paypal.shapes import CAPTURED, Json, Made, Order, Part
from prism_paypal.sources import approval, bank, payment_source, usage, wallet

_CHANGE = "/v2/payments/authorizations/{}/{}"


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_authorize or
        #orders_capture. The order alone moves no money: the second call does, or, after a
        redirect, `complete`; a bank's payment is captured by PayPal itself."""
        method, intent = request.payment_method, intent_of(request)
        if not isinstance(method, Redirect):
            source = payment_source(request, method, usage(request, method))
            return (yield from pay(account, request, source, intent))
        if method.payment_method_type is PaymentMethodType.PAY_PAL:
            needs("return_url", request.return_url, "with PAY_PAL")
            source = wallet(request, is_kept=request.setup_future_usage is not None)
            return (yield from send_away(account, request, source, intent))
        if intent == "AUTHORIZE":
            what = f"{method.payment_method_type} at once; give AUTOMATIC"
            raise InvalidRequest(f"PayPal captures {what}", field="capture_method")
        source = bank(request, method)
        by: Json = {"processing_instruction": BY_ITSELF, "payer": payer(request)}
        return (yield from send_away(account, request, source, intent, **by))

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, for PayPal's page or for
        its library in the shop's page, which also takes cards, unless the order is of the wallet:
        https://developer.paypal.com/sdk/js/set-up"""
        own = request.merchant_order_id or request.merchant_transaction_id
        is_kept, types = request.setup_future_usage is not None, request.payment_method_types
        if types and {*types} != {PaymentMethodType.PAY_PAL}:
            what = (
                "PayPal offers what the payer and the account have; give PAY_PAL alone, or nothing"
            )
            raise InvalidRequest(f"payment_method_types: {what}", field="payment_method_types")
        if request.hosted:
            needs("return_url", request.return_url, "with PayPal's page")
        if request.hosted or is_kept or types or request.connector_customer_id is not None:
            source, context = wallet(request, is_kept=is_kept), None
        else:
            source, context = None, approval(request)
        made = yield from send_away(
            account, request, source, intent_of(request), own, application_context=context
        )
        if request.hosted:
            return made
        values = {"orderId": made.connector_order_id or "", "clientId": account.client_id}
        return replace(made, redirection_data=RedirectionData(sdk=values))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/api/orders-v2/expanded/3d-secure: the order tells whether
        the payer approved it or how they authenticated; where that suffices, it is authorized or
        captured, with the method that it has. The shop's page makes orders with the public client
        id, too, of any amount: one that does not name the payment is not this one."""
        ids = (request.connector_order_id, request.connector_transaction_id)
        order_id = single_value("order", "connector_transaction_id", *ids)
        order = yield from order_of(account, order_id)
        found = payment(order)
        own = request.merchant_transaction_id  # compared, and not sent
        expect_own(order, found, "merchant_transaction_id", own)
        if request.amount is not None and is_unpaid(order, found):
            expect_same("amount", str(request.amount), str(found.amount))
        return (yield from finish_found(account, order, found))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
        order_id = request.connector_order_id or request.connector_transaction_id
        return payment((yield from order_of(account, order_id)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
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
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
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


def _unchanged(order: Order, status: PaymentStatus, refused: Declined) -> Payment:
    """A payment that a decline leaves as it was."""
    return replace(payment(order), status=status, error=refused.details)


def _authorization(account: Account, order_id: str) -> Flow[tuple[Order, Part]]:
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
