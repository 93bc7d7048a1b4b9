"""Payments: made with a token, looked up, raised, captured, cancelled, refunded."""

from typing import Any

from msgspec.structs import replace

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    ChargeRecurringRequest,
    Flow,
    GetPaymentRequest,
    GetRefundRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    Money,
    Payment,
    Refund,
    RefundRequest,
    SdkToken,
    Token,
    VoidRequest,
    at_most,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
    nullable,
)

from .account import SquareAccount as Account
from .answers import payment_of, refund_of
from .fields import address, amount, contact
from .orders import PAYMENT, found, looked_up, paid
from .shapes import PaymentBody, RefundBody

PAYMENTS = "/v2/payments"


def paying(request: AuthorizeRequest | ChargeRecurringRequest, account: Account) -> dict[str, Any]:
    """https://developer.squareup.com/reference/square/payments-api/create-payment: what every
    payment says."""
    return {
        "amount_money": amount(request.amount),
        "location_id": account.location_id,
        "customer_id": request.connector_customer_id,
        "reference_id": request.merchant_transaction_id,
        "note": request.description,
        "statement_description_identifier": request.statement_descriptor_suffix,
    }


def source(request: AuthorizeRequest) -> dict[str, Any]:
    """https://developer.squareup.com/docs/payments-api/take-payments: one field for every token,
    and for what is on file, which needs the customer."""
    method = request.payment_method
    if isinstance(method, Token):
        needs("connector_customer_id", request.connector_customer_id, "with a Token")
        return {"source_id": method.token}
    assert isinstance(method, SdkToken)  # the core refuses what is not in info.payment_methods
    return {"source_id": method.token, "verification_token": method.verification_token}


def known_payment(payment: str, asked: Money, account: Account) -> Flow[PaymentBody]:
    """A lookup before an amount is changed: UpdatePayment raises and lowers alike."""
    body = yield from found(payment, account)
    expect_currency(asked, Money(body.amount_money.amount, body.amount_money.currency))
    return body


def updated(payment: str, money: Money, account: Account) -> Flow[PaymentBody]:
    """https://developer.squareup.com/docs/payments-api/update-payments"""
    change = {"payment": {"amount_money": amount(money)}}
    asked = account.put(PAYMENT, payment, json=change)
    body = yield from paid(asked, account)
    expect_same("connector_transaction_id", payment, body.id)
    now = Money(body.amount_money.amount, body.amount_money.currency)
    expect_same("amount", str(money), str(now))  # before it is captured
    return body


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/payments-api/create-payment"""
        email, phone = contact(request)
        present = None if request.off_session is None else not request.off_session
        payment = {
            **source(request),
            **paying(request, account),
            "autocomplete": request.capture_method is CaptureMethod.AUTOMATIC,
            "buyer_email_address": email,
            "buyer_phone_number": phone,
            "billing_address": address(request.billing_address),
            "shipping_address": address(request.shipping_address),
            "customer_details": None if present is None else {"customer_initiated": present},
        }
        asked = account.post(PAYMENTS, json=payment)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/payments-api/get-payment; of an order:
        https://developer.squareup.com/reference/square/orders-api/retrieve-order"""
        return (yield from looked_up(request, account))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/payments-api/complete-payment, which has
        no amount and no idempotency key: a part is what the payment is lowered to before. With a
        version, Square captures nothing if the payment was changed meanwhile."""
        payment, money, version = request.connector_transaction_id, request.amount, None
        if money is not None:
            known = yield from known_payment(payment, money, account)
            if money.minor_amount > known.amount_money.amount:
                raise InvalidRequest("more than is authorized cannot be captured", field="amount")
            if known.status == "COMPLETED" and known.amount_money.amount == money.minor_amount:
                return payment_of(known)  # by an earlier try of this call
            if money.minor_amount < known.amount_money.amount:
                known = yield from updated(payment, money, account)
            version = known.version_token
        done = {"version_token": version}
        asked = account.post(PAYMENT + "/complete", payment, json=done, keyed=False)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: Account
    ) -> Flow[Payment]:
        """https://developer.squareup.com/docs/payments-api/update-payments"""
        payment, money = request.connector_transaction_id, request.amount
        known = (yield from known_payment(payment, money, account)).amount_money
        if money.minor_amount < known.amount:
            raise InvalidRequest("the authorization is for more already", field="amount")
        return payment_of((yield from updated(payment, money, account)))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://developer.squareup.com/reference/square/payments-api/cancel-payment"""
        asked = account.post(PAYMENT + "/cancel", request.connector_transaction_id)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.squareup.com/reference/square/refunds-api/refund-payment: it has no
        field for an id of the caller but the reason."""
        reason = ": ".join(filter(None, (request.merchant_refund_id, request.reason)))
        back = {
            "payment_id": request.connector_transaction_id,
            "amount_money": amount(request.amount),
            "reason": at_most(192, "reason", reason),
        }
        asked = account.post("/v2/refunds", json=back)
        body = yield from account.fetch(asked, RefundBody, member="refund")
        told = nullable(body.reason)
        if isinstance(told, str) and request.reason:
            told = told.removesuffix(f": {request.reason}")
        return replace(refund_of(body), merchant_refund_id=told)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.squareup.com/reference/square/refunds-api/get-payment-refund"""
        asked = account.get("/v2/refunds/{}", request.connector_refund_id)
        return refund_of((yield from account.fetch(asked, RefundBody, member="refund")))
