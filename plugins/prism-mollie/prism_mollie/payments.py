"""Payments: opened, paid with a method, looked up, captured, released, refunded."""

from typing import Any

import msgspec
from msgspec.structs import replace

from prism_core import (
    ApplePay,
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GetRefundRequest,
    InvalidRequest,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    Redirect,
    Refund,
    RefundRequest,
    SdkToken,
    Secret,
    Token,
    VoidRequest,
    expect_same,
    hookimpl,
    needs,
)
from prism_core.connector.values import json_in, metadata_with_id

from .account import MollieAccount as Account
from .answers import payment_of, refund_of
from .fields import amount, shop
from .methods import REDIRECTS, offered
from .shapes import CaptureBody, PaymentBody, RefundBody

PAYMENTS = "/v2/payments"
PAYMENT = "/v2/payments/{}"


def wallet(method: ApplePay) -> Secret:
    """https://docs.mollie.com/docs/direct-integration-of-apple-pay: the whole token, as JSON."""
    token = {
        "paymentData": json_in(method.payment_data, "payment_method", dict[str, Any]),
        "paymentMethod": {"displayName": method.display_name, "network": method.network},
        "transactionIdentifier": method.transaction_identifier,
    }
    return Secret(msgspec.json.encode(token).decode())


def for_later(request: AuthorizeRequest | CreateOrderRequest, *, card: bool) -> dict[str, Any]:
    """https://docs.mollie.com/docs/recurring-payments for payments without the customer, and
    https://docs.mollie.com/docs/saving-a-card-for-returning-customers for those with them."""
    usage = request.setup_future_usage
    if usage is None:
        return {}
    needs("connector_customer_id", request.connector_customer_id, "with setup_future_usage")
    if usage is FutureUsage.OFF_SESSION:
        return {"sequenceType": "first"}
    if not card:
        raise InvalidRequest(
            "Mollie keeps a payment method for later payments with the customer only of an "
            "SdkToken: give OFF_SESSION, or leave setup_future_usage out",
            field="setup_future_usage",
        )
    return {"storeCredentials": True}


def way(request: AuthorizeRequest) -> dict[str, Any]:
    """https://docs.mollie.com/reference/create-payment: what is paid with."""
    method = request.payment_method
    if isinstance(method, ApplePay):
        paid = {"method": "applepay", "applePayPaymentToken": wallet(method)}
        return {**paid, "redirectUrl": request.return_url}
    back = needs("return_url", request.return_url, "except with ApplePay")
    if isinstance(method, SdkToken):
        card = {"method": "creditcard", "cardToken": method.token, "redirectUrl": back}
        return {**card, **for_later(request, card=True)}
    if isinstance(method, Redirect):
        name = REDIRECTS[PaymentMethodType(method.payment_method_type)]
        if name == "klarna":
            needs("order_details", request.order_details, "with Klarna")
        if name in ("alma", "klarna"):
            needs("billing_address", request.billing_address, f"with {name.title()}")
        return {"method": name, "redirectUrl": back, **for_later(request, card=False)}
    assert isinstance(method, Token)  # the core refuses what is not in info.payment_methods
    needs("connector_customer_id", request.connector_customer_id, "with a Token")
    return {"method": "creditcard", "mandateId": method.token, "redirectUrl": back}


def looked_up(
    request: GetPaymentRequest | CompletePaymentRequest, account: Account
) -> Flow[Payment]:
    """https://docs.mollie.com/reference/get-payment"""
    order = request.connector_order_id
    asked = account.get(PAYMENT, order or request.connector_transaction_id)
    return payment_of((yield from account.fetch(asked, PaymentBody)), order=order is not None)


def changed(payment: str, account: Account) -> Flow[Payment]:
    """A lookup after a change."""
    asked = account.get(PAYMENT, payment)
    return payment_of((yield from account.fetch(asked, PaymentBody, payment=payment)))


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/create-payment"""
        asked = account.post(PAYMENTS, json={**shop(request), **way(request)})
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/create-payment, without a method or with several"""
        order = {
            **shop(request),
            **for_later(request, card=False),
            "redirectUrl": request.return_url,
            "method": offered(request.payment_method_types),
        }
        asked = account.post(PAYMENTS, json=order)
        return payment_of((yield from account.fetch(asked, PaymentBody)), order=True)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/get-payment"""
        return (yield from looked_up(request, account))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/get-payment: the way back says nothing."""
        return (yield from looked_up(request, account))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/create-capture: how much is captured then, the payment
        tells."""
        payment = request.connector_transaction_id
        part = {"amount": amount(request.amount), "metadata": request.metadata}
        asked = account.post(PAYMENT + "/captures", payment, json=part)
        body = yield from account.fetch(asked, CaptureBody)
        expect_same("connector_transaction_id", payment, body.payment_id)
        if body.status != "succeeded":
            status = CAPTURES.get(body.status, PaymentStatus.UNRESOLVED)
            return Payment(status=status, connector_transaction_id=body.payment_id)
        return (yield from changed(payment, account))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://docs.mollie.com/reference/release-authorization: it may be done later. What was
        captured of it stays."""
        payment = request.connector_transaction_id
        asked = account.post(PAYMENT + "/release-authorization", payment)
        account.expect_empty((yield asked), 202)
        found = yield from changed(payment, account)
        held = found.status.is_authorized
        return replace(found, status=PaymentStatus.VOID_INITIATED) if held else found

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.mollie.com/reference/create-refund"""
        back = {
            "amount": amount(request.amount),
            "description": request.reason,
            "metadata": metadata_with_id(request),
        }
        asked = account.post(PAYMENT + "/refunds", request.connector_transaction_id, json=back)
        return refund_of((yield from account.fetch(asked, RefundBody)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.mollie.com/reference/get-refund"""
        payment, refund = request.connector_transaction_id, request.connector_refund_id
        asked = account.get(PAYMENT + "/refunds/{}", payment, refund)
        return refund_of((yield from account.fetch(asked, RefundBody)))


CAPTURES = {"pending": PaymentStatus.CAPTURE_INITIATED, "failed": PaymentStatus.CAPTURE_FAILED}
