"""Orders and payments: opened, looked up, completed, captured, refunded."""

from collections.abc import Mapping

from msgspec.structs import replace

from prism_core import (
    CaptureMethod,
    CaptureRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    GetPaymentRequest,
    GetRefundRequest,
    MalformedResponse,
    Money,
    NotFound,
    Payment,
    Refund,
    RefundRequest,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
)
from prism_core.connector.values import kept_id, metadata_with

from .account import RazorpayAccount as Account
from .answers import deciding, order_of, payment_of, rank, refund_of
from .fields import order_for, subunits
from .pages import RETURNED, options, page_of, signed
from .shapes import OrderBody, PaymentBody, PaymentList, RefundBody

ORDERS = "/v1/orders"
ORDER = "/v1/orders/{}"
PAYMENT = "/v1/payments/{}"
MOST = 100  # orders in one answer
# https://razorpay.com/docs/api/payments/fetch-payment-expanded-card
WITH_CARD = {"expand[]": "card"}


def found_order(order: str | None, account: Account) -> Flow[OrderBody]:
    """https://razorpay.com/docs/api/orders/fetch-with-id and, once somebody has tried to pay,
    https://razorpay.com/docs/api/orders/fetch-payments"""
    body = yield from account.fetch(account.get(ORDER, order), OrderBody)
    expect_same("connector_order_id", order, body.id)
    if body.status != "created":
        asked = account.get(ORDER + "/payments", order)
        body.payments = yield from account.fetch(asked, PaymentList)
        for one in body.payments.items:
            expect_same("connector_order_id", order, one.order_id or None)
    return body


def found_payment(payment: str | None, account: Account) -> Flow[PaymentBody]:
    """https://razorpay.com/docs/api/payments/fetch-with-id"""
    asked = account.get(PAYMENT, payment, query=WITH_CARD)
    body = yield from account.fetch(asked, PaymentBody)
    expect_same("connector_transaction_id", payment, body.id)
    return body


def tries(order: OrderBody) -> list[PaymentBody]:
    """The payments of an order."""
    return order.payments.items if order.payments else []


class Payments:
    """The operations on orders, payments and refunds."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://razorpay.com/docs/api/orders/create"""
        manual = request.capture_method is CaptureMethod.MANUAL
        order = {
            **order_for(request.amount, request.merchant_transaction_id, manual=manual),
            "customer_id": request.connector_customer_id,
            "notes": metadata_with(request.metadata, prism_capture="manual" if manual else None),
        }
        page = options(request, account)
        body = yield from account.fetch(account.post(ORDERS, json=order, keyed=False), OrderBody)
        opened = page_of(body, page, hosted=request.hosted)
        return replace(order_of(body, []), redirection_data=opened)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """By the payment, its order or its order's receipt; the latter:
        https://razorpay.com/docs/api/orders/fetch-all-expanded-payments"""
        if request.connector_order_id is not None:
            made = yield from found_order(request.connector_order_id, account)
            return order_of(made, tries(made))
        if request.merchant_transaction_id is not None:
            return (yield from by_receipt(request.merchant_transaction_id, account))
        payment = yield from found_payment(request.connector_transaction_id, account)
        order = (yield from its_order(payment, account)) if payment.order_id else None
        return payment_of(payment, order)

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/integration-steps:
        what is authorized only is captured here, unless the order says that it is done by hand."""
        how, known = request.capture_method, request.connector_order_id
        payment, returned = request.connector_transaction_id, request.returned
        order, paid = yield from came_back(known, payment, returned, account)
        own_id = request.merchant_transaction_id  # compared, and not sent
        expect_same("merchant_transaction_id", own_id, order.receipt or None)
        if how is None and kept_id(order.notes, "prism_capture") == "manual":
            how = CaptureMethod.MANUAL
        if paid is None:
            return order_of(order, [])
        if paid.status != "authorized" or how is CaptureMethod.MANUAL:
            return payment_of(paid, order)
        money = Money(order.amount, order.currency)
        if request.amount is not None:
            expect_same("amount", str(request.amount), str(money))
        return payment_of((yield from captured(paid.id, money, account)), order)

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://razorpay.com/docs/api/payments/capture: the whole payment. Razorpay wants the
        amount of its order (with a fee for the customer, the payment is of more), so that is looked
        up if none is given."""
        payment, money = request.connector_transaction_id, request.amount
        if money is None:
            order = yield from its_order((yield from found_payment(payment, account)), account)
            money = Money(order.amount, order.currency)
        return payment_of((yield from captured(payment, money, account)))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://razorpay.com/docs/api/refunds/normal-refunds-idempotent: Razorpay knows the
        currency, so another one is found by a lookup."""
        payment, money = request.connector_transaction_id, request.amount
        back = {
            "amount": None if money is None else subunits(money),
            "receipt": request.merchant_refund_id,
            "notes": metadata_with(request.metadata, comment=request.reason),
        }
        if money is not None:
            found = yield from found_payment(payment, account)
            expect_currency(money, Money(found.amount, found.currency))
        asked = account.post(PAYMENT + "/refund", payment, json=back)
        return refund_of((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://razorpay.com/docs/api/refunds/fetch-with-id"""
        asked = account.get("/v1/refunds/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody)))


def captured(payment: str, money: Money, account: Account) -> Flow[PaymentBody]:
    """https://razorpay.com/docs/api/payments/capture"""
    body = {"amount": subunits(money), "currency": money.currency}
    asked = account.post(PAYMENT + "/capture", payment, json=body, keyed=False)
    return (yield from account.fetch(asked, PaymentBody, payment=payment))


def its_order(payment: PaymentBody, account: Account) -> Flow[OrderBody]:
    """The order of a payment: its receipt is the caller's own id. Payments without one "cannot be
    captured and will be automatically refunded":
    https://razorpay.com/docs/payments/payment-gateway/web-integration/hosted/integration-steps"""
    if not payment.order_id:
        raise MalformedResponse("the payment has no order")
    order = str(payment.order_id)
    body = yield from account.fetch(account.get(ORDER, order), OrderBody)
    expect_same("connector_order_id", order, body.id)
    return body


def came_back(
    order: str | None, payment: str | None, returned: Mapping[str, str], account: Account
) -> Flow[tuple[OrderBody, PaymentBody | None]]:
    """The order, and the payment that the customer came back with. After a failed try they come
    back without one: then the best of the order's payments."""
    if RETURNED in returned or payment is None:
        needs("connector_order_id", order, "with what the customer came back with")
    asked = payment or returned.get(RETURNED)
    if asked is None:
        body = yield from found_order(order, account)
        return body, deciding(tries(body))
    paid = yield from found_payment(asked, account)
    expect_same("connector_order_id", order, paid.order_id or None)
    if RETURNED in returned:
        signed(order, paid.id, returned, account)
    return (yield from its_order(paid, account)), paid


def by_receipt(receipt: str, account: Account) -> Flow[Payment]:
    """The orders "that contain" a receipt, so others are left out; ten of them, or up to a hundred:
    https://razorpay.com/docs/api/orders/fetch-all. If an order was made twice, the one that was
    paid counts."""
    query = {"receipt": receipt, "count": str(MOST), "expand[]": "payments"}
    asked = account.get(ORDERS, query=query)
    found = yield from account.fetch(asked, list[OrderBody], member="items")
    if len(found) >= MOST:
        raise MalformedResponse("the list of orders with that receipt is not whole")
    orders = [one for one in found if one.receipt == receipt]
    if not orders:
        raise NotFound("Razorpay has no order with that receipt")
    order = max(orders, key=lambda one: max(map(rank, tries(one)), default=-1))
    return order_of(order, tries(order))
