"""PayPal: Vault v3 customers and Orders v2, as https://developer.paypal.com/api/rest/ describes."""

from __future__ import annotations

from typing import Any

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    OAuthAccount,
    Payment,
    PrismError,
    at_most,
    hookimpl,
    segment,
)
from prism_paypal.answers import Created, Order, SetupToken, payment
from prism_paypal.card import card
from prism_paypal.errors import about, error_answer, refused
from prism_paypal.parts import (
    EXPONENTS,
    SECOND_CALL,
    merchant_customer_id,
    money,
    one_line,
    request_id,
    shipping,
    street,
)

WHOLE = {"prefer": "return=representation"}
"""Answers with the whole order: https://developer.paypal.com/api/rest/requests/#prefer"""


class PayPalAccount(OAuthAccount, frozen=True, kw_only=True):
    """A REST app's client id and secret. https://developer.paypal.com/api/rest/authentication/"""

    urls = {
        "SANDBOX": "https://api-m.sandbox.paypal.com",
        "PRODUCTION": "https://api-m.paypal.com",
    }
    idempotency_header = "PayPal-Request-Id"
    request_id_header = "PayPal-Debug-Id"


class PayPal:
    """The connector. What is sent is made in `card.py` and `parts.py`; answers are read in
    `answers.py`, errors in `errors.py`, decline codes in `declines.py`."""

    info = ConnectorInfo(
        display_name="PayPal",
        account=PayPalAccount,
        docs="https://developer.paypal.com/docs/api/orders/v2/",
        sends={
            "create_customer": ("merchant_customer_id", "name", "address"),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "billing_address",
                "shipping_address",
            ),
            "get_payment": ("connector_transaction_id",),
        },
        leaves_out={
            "create_customer": ("email", "phone", "description", "metadata"),
            "authorize": ("customer", "metadata"),
        },
        exponents=EXPONENTS,
        notes=(
            "connector_transaction_id is the id of the order.",
            "A Token is the id of a saved card (a payment token of Vault v3).",
            "PayPal keeps idempotency keys for 6 hours (3 for customers), and they have up to 100 "
            "characters for payments.",
        ),
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: PayPalAccount
    ) -> Flow[CustomerCreated]:
        """https://developer.paypal.com/docs/api/payment-tokens/v3/#setup-tokens_create: a setup
        token makes the customer; its card may be empty until one is saved, as in
        https://developer.paypal.com/sdk/android/save-without-purchase/cards/"""
        holder = {
            "name": one_line(300, "name", request.name),
            "billing_address": street(request.address),
        }
        response = yield from account.authorized(
            account.post(
                "/v3/vault/setup-tokens",
                json={
                    "payment_source": {"card": holder},
                    "customer": {"merchant_customer_id": merchant_customer_id(request)},
                },
                idempotency_key=request.idempotency_key,
            )
        )
        customer = account.decode(response, SetupToken).customer
        return CustomerCreated(
            connector_customer_id=customer.id, merchant_customer_id=customer.merchant_customer_id
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_create, then #orders_authorize or
        #orders_capture. The order alone moves no money: the second call does."""
        manual = request.capture_method is CaptureMethod.MANUAL
        action = "authorize" if manual else "capture"
        source = {"payment_source": {"card": card(request)}}
        order = account.post(
            "/v2/checkout/orders",
            json={
                "intent": "AUTHORIZE" if manual else "CAPTURE",
                "purchase_units": [_purchase_unit(request)],
            },
            idempotency_key=request_id(request),
            changes=False,
        )
        response = yield from account.authorized(order)
        if response.error is not None:
            return refused(account, response)
        order_id = account.decode(response, Created).id
        try:
            response = yield from account.authorized(
                account.post(
                    f"/v2/checkout/orders/{segment(order_id)}/{action}",
                    json=source,
                    headers=WHOLE,
                    idempotency_key=request_id(request, SECOND_CALL),
                )
            )
            if response.error is not None:
                return refused(account, response, order_id)
            return payment(account.decode(response, Order))
        except PrismError as error:
            raise about(order_id, error) from None

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: PayPalAccount) -> Flow[Payment]:
        """https://developer.paypal.com/docs/api/orders/v2/#orders_get"""
        order_id = segment(request.connector_transaction_id or "")
        response = yield from account.authorized(account.get(f"/v2/checkout/orders/{order_id}"))
        return payment(account.decode(response, Order))

    @hookimpl
    def parse_error(self, response: HttpResponse, account: PayPalAccount) -> ErrorAnswer | None:
        """https://developer.paypal.com/api/rest/responses/"""
        return error_answer(response)


def _purchase_unit(request: AuthorizeRequest) -> dict[str, Any]:
    """https://developer.paypal.com/docs/api/orders/v2/#definition-purchase_unit_request"""
    return {
        "custom_id": at_most(127, "merchant_transaction_id", request.merchant_transaction_id),
        "amount": money(request.amount),
        "description": at_most(127, "description", request.description),
        "soft_descriptor": at_most(
            22, "statement_descriptor_suffix", request.statement_descriptor_suffix
        ),
        "shipping": shipping(request.shipping_address),
    }


connector = PayPal()
