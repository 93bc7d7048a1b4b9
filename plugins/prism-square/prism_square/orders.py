"""Orders that the customer pays on Square's page: opened, looked up, and after a failed try."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from prism_core import (
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    GetPaymentRequest,
    HttpRequest,
    InvalidRequest,
    Money,
    OrderLine,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    expect_same,
    hookimpl,
)
from prism_core.connector.values import metadata_with

from .account import SquareAccount as Account
from .answers import order_of, payment_of
from .fields import address, amount, contact
from .shapes import LinkAnswer, OrderBody, PaymentBody

PAYMENT = "/v2/payments/{}"
# https://developer.squareup.com/reference/square/objects/AcceptedPaymentMethods
OFFERED = {
    PaymentMethodType.APPLE_PAY: "apple_pay",
    PaymentMethodType.GOOGLE_PAY: "google_pay",
    PaymentMethodType.CASHAPP: "cash_app_pay",
    PaymentMethodType.AFTERPAY_CLEARPAY: "afterpay_clearpay",
}


def offered(types: Sequence[PaymentMethodType | str] | None) -> dict[str, bool] | None:
    """The page always takes cards; what is not named is turned off."""
    if types is None:
        return None
    if PaymentMethodType.CARD not in types or not {*types} <= {*OFFERED, PaymentMethodType.CARD}:
        raise InvalidRequest(
            f"Square's page has always CARD, and may have {', '.join(OFFERED)}",
            field="payment_method_types",
        )
    return {name: one in types for one, name in OFFERED.items()}


OTHER = "Taxes and other charges"


def line(one: OrderLine) -> dict[str, Any]:
    """https://developer.squareup.com/reference/square/objects/OrderLineItem"""
    return {
        "name": one.product_name,
        "quantity": str(one.quantity),
        "base_price_money": amount(one.amount),
        "note": one.description,
    }


def lines(request: CreateOrderRequest) -> list[dict[str, Any]]:
    """What is sold. The customer pays the sum of the lines, so that what the amount has besides
    (taxes, which Square would compute itself, and shipping) is a line of its own."""
    if request.order_details is None:
        name = request.description or request.merchant_transaction_id
        return [{"name": name, "quantity": "1", "base_price_money": amount(request.amount)}]
    total = sum(one.amount.minor_amount * one.quantity for one in request.order_details)
    rest = request.amount.minor_amount - total
    if rest < 0:
        raise InvalidRequest("the lines are more than the amount", field="order_details")
    other = OrderLine(product_name=OTHER, amount=Money(rest, request.amount.currency))
    return [line(one) for one in (*request.order_details, *([other] if rest else []))]


def order(request: CreateOrderRequest, account: Account) -> dict[str, Any]:
    """https://developer.squareup.com/reference/square/objects/Order; the metadata says that it is
    an order of ours: Square makes one for each payment, too."""
    return {
        "location_id": account.location_id,
        "reference_id": request.merchant_transaction_id,
        "customer_id": request.connector_customer_id,
        "line_items": lines(request),
        "metadata": metadata_with(request.metadata, opened_by="prism"),
    }


def paid(asked: HttpRequest, account: Account) -> Flow[PaymentBody]:
    """The payment in an answer."""
    return (yield from account.fetch(asked, PaymentBody, member="payment"))


def found(payment: str | None, account: Account) -> Flow[PaymentBody]:
    """https://developer.squareup.com/reference/square/payments-api/get-payment"""
    body = yield from paid(account.get(PAYMENT, payment), account)
    expect_same("connector_transaction_id", payment, body.id)
    return body


def found_order(order_id: str, account: Account) -> Flow[OrderBody]:
    """https://developer.squareup.com/reference/square/orders-api/retrieve-order"""
    asked = account.get("/v2/orders/{}", order_id)
    body = yield from account.fetch(asked, OrderBody, member="order")
    expect_same("connector_order_id", order_id, body.id)
    return body


def by_order(order_id: str, account: Account) -> Flow[Payment]:
    """The payment of an order, which its last tender names that has not failed; or the order, as
    long as nobody has paid it."""
    body = yield from found_order(order_id, account)
    if not body.tenders:
        return order_of(body)
    tender = ([one for one in body.tenders if not one.failed] or body.tenders)[-1]
    payment = yield from found(tender.payment, account)
    expect_same("connector_order_id", order_id, payment.order_id)
    waits, tried = order_of(body), payment_of(payment)
    failed = tried.status is PaymentStatus.AUTHORIZATION_FAILED
    if failed and is_page(body) and waits.status is PaymentStatus.PAYMENT_METHOD_AWAITED:
        return replace(waits, error=tried.error, payment_method=tried.payment_method)
    return replace(tried, merchant_transaction_id=waits.merchant_transaction_id)


def is_page(order: OrderBody) -> bool:
    """Whether it is an order of ours, which the customer pays on Square's page."""
    return order.metadata is not None and order.metadata.opened_by is not None


def after_a_try(body: PaymentBody, account: Account) -> Flow[Payment]:
    """A payment as it is; but of a page of ours, where the customer tries again after a failed
    try, the order that waits:
    https://developer.squareup.com/forums/t/if-the-payment-fails-during-a-checkout-where-will-the-user-be-redirected-to-and-how-will-i-get-notification/10788"""
    payment = payment_of(body)
    if payment.status is not PaymentStatus.AUTHORIZATION_FAILED or body.order_id is None:
        yield from ()
        return payment
    its = yield from found_order(body.order_id, account)
    waits = order_of(its)
    if not is_page(its):
        return payment
    others = (one for one in its.tenders or [] if one.payment != body.id)
    if not all(one.failed for one in others) or waits.status is PaymentStatus.VOIDED:
        return replace(payment, merchant_transaction_id=None)  # the order is paid, or has ended
    return replace(waits, error=payment.error, payment_method=payment.payment_method)


def looked_up(
    request: GetPaymentRequest | CompletePaymentRequest, account: Account
) -> Flow[Payment]:
    """https://developer.squareup.com/reference/square/payments-api/get-payment, or the payment of
    an order"""
    if request.connector_order_id is not None:
        return (yield from by_order(request.connector_order_id, account))
    body = yield from found(request.connector_transaction_id, account)
    return (yield from after_a_try(body, account))


class Orders:
    """The operations on orders."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/docs/checkout-api/square-order-checkout"""
        if not request.hosted:
            raise InvalidRequest(
                "Square has its page for an order; in your own page, authorize an SdkToken",
                field="hosted",
            )
        email, phone = contact(request)
        link = {
            "order": order(request, account),
            "checkout_options": {
                "redirect_url": request.return_url,
                "accepted_payment_methods": offered(request.payment_method_types),
            },
            "pre_populated_data": {
                "buyer_email": email,
                "buyer_phone_number": phone,
                "buyer_address": address(request.billing_address),
            },
            "payment_note": request.description,
        }
        asked = account.post("/v2/online-checkout/payment-links", json=link)
        made = yield from account.fetch(asked, LinkAnswer)
        body = made.related_resources.orders[0]
        expect_same("order_id", made.payment_link.order_id, body.id)
        page = RedirectionData(uri=made.payment_link.url)
        return replace(order_of(body), redirection_data=page)

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/orders-api/retrieve-order: what the page
        gave to the return URL is not believed."""
        return (yield from looked_up(request, account))
