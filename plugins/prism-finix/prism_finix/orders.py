"""Checkout forms, which the buyer pays on Finix's page, and how payments are looked up."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from prism_core import (
    CaptureMethod,
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    GetPaymentRequest,
    InvalidRequest,
    MalformedResponse,
    Payment,
    PaymentMethodType,
    PaymentStatus,
    expect_same,
    hookimpl,
    needs_setting,
)
from prism_core.connector.values import translated

from .account import FinixAccount as Account
from .answers import debit_of, order_of
from .payments import AUTHORIZATION, TRANSFER, captured, is_held
from .shapes import AttemptPage, AuthorizationBody, FormBody, TransferBody

FORMS = "/checkout_forms"
# https://docs.finix.com/api/checkout-forms/getcheckoutform, `allowed_payment_methods`
OFFERED = {
    PaymentMethodType.CARD: "PAYMENT_CARD",
    PaymentMethodType.ACH: "BANK_ACCOUNT",
    PaymentMethodType.APPLE_PAY: "APPLE_PAY",
    PaymentMethodType.GOOGLE_PAY: "GOOGLE_PAY",
}
FAILED = (PaymentStatus.FAILURE, PaymentStatus.AUTHORIZATION_FAILED)


def offered(types: Sequence[PaymentMethodType | str] | None) -> list[str]:
    """https://docs.finix.com/guides/online-payments/low-code-no-code/checkout-pages: they must be
    named; a wallet needs a registration, and is offered if it is asked for."""
    asked = types or (PaymentMethodType.CARD, PaymentMethodType.ACH)
    return [translated("payment_method_types", one, OFFERED) for one in asked]


def form(request: CreateOrderRequest, account: Account) -> dict[str, Any]:
    """https://docs.finix.com/guides/online-payments/low-code-no-code/checkout-pages and
    https://github.com/finix-payments/accept-a-payment/blob/main/src/app/api/checkout/route.ts; the
    nickname is the caller's id."""
    terms = needs_setting("terms_of_service_url", account.terms_of_service_url, "for Finix's page")
    manual = request.capture_method is CaptureMethod.MANUAL
    return {
        "merchant_id": account.merchant,
        "nickname": request.merchant_transaction_id,
        "payment_frequency": "ONE_TIME",
        "is_multiple_use": False,
        "is_authorization": True if manual else None,
        "allowed_payment_methods": offered(request.payment_method_types),
        "amount_details": {
            "amount_type": "FIXED",
            "total_amount": request.amount.minor_amount,
            "currency": request.amount.currency,
        },
        "additional_details": {
            "success_return_url": request.return_url,
            "cart_return_url": request.cancel_url,
            "expired_session_url": request.cancel_url,
            "terms_of_service_url": terms,
        },
    }


def found(payment: str | None, account: Account) -> Flow[Payment]:
    """https://docs.finix.com/api/authorizations/getauthorization, or
    https://docs.finix.com/api/transfers/gettransfer"""
    if is_held(payment):
        known = account.get(AUTHORIZATION, payment)
        return (yield from captured((yield from account.fetch(known, AuthorizationBody)), account))
    return debit_of((yield from account.fetch(account.get(TRANSFER, payment), TransferBody)))


def tried(order: str, account: Account) -> Flow[Payment | None]:
    """The payment that a form was paid with; if none has paid it, one that failed:
    https://docs.finix.com/api/transfer-attempts/listtransferattempts"""
    asked = account.get("/transfer_attempts", query={"entity_id": order, "limit": "100"})
    page = yield from account.fetch(asked, AttemptPage)
    if page.page.next_cursor is not None:
        raise MalformedResponse("the list of the tries to pay is not whole")
    last = None
    for one in page.embedded.transfer_attempts:
        expect_same("connector_order_id", order, one.entity_id)
        payment = one.transfer_id or one.authorization_id
        if payment is not None:
            last = yield from found(payment, account)
            expect_same("connector_transaction_id", payment, last.connector_transaction_id)
            if last.status not in FAILED:
                return last
    return last


def looked_up(
    request: GetPaymentRequest | CompletePaymentRequest, account: Account
) -> Flow[Payment]:
    """By the form, or by the payment. https://docs.finix.com/api/checkout-forms/getcheckoutform; a
    form that one try failed for can be paid by the next."""
    order = request.connector_order_id
    if order is None:
        return (yield from found(request.connector_transaction_id, account))
    body = yield from account.fetch(account.get(FORMS + "/{}", order), FormBody)
    expect_same("connector_order_id", order, body.id)
    payment = yield from tried(order, account)
    waits = order_of(body)
    if payment is None or payment.status in FAILED:
        return replace(waits, error=payment and payment.error)
    own_id = payment.merchant_transaction_id or waits.merchant_transaction_id
    return replace(payment, connector_order_id=body.id, merchant_transaction_id=own_id)


class Orders:
    """The operations on checkout forms, and the lookups of payments."""

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/guides/online-payments/low-code-no-code/checkout-pages"""
        if not request.hosted:
            raise InvalidRequest(
                "in your own page Finix.js makes a token: authorize it as an SdkToken",
                field="hosted",
            )
        asked = account.post(FORMS, json=form(request, account), keyed=False)
        body = yield from account.fetch(asked, FormBody)
        if body.link_url is None:
            raise MalformedResponse("the checkout form has no link_url")
        return order_of(body)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/transfers/gettransfer, and the form's payment"""
        return (yield from looked_up(request, account))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://docs.finix.com/api/checkout-forms/getcheckoutform: the way back says nothing."""
        return (yield from looked_up(request, account))
