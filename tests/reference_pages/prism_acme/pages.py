"""Acme with pages: the ways to pay without a card number, and orders that customers pay on Acme's
own page. The kit's mutants of these are copies of it with one thing wrong."""

from __future__ import annotations

from typing import Any

import msgspec

from prism_core import (
    ApplePay,
    AuthenticationData,
    AuthorizeRequest,
    BrowserInfo,
    CaptureMethod,
    Card,
    CreateOrderRequest,
    Flow,
    GetPaymentRequest,
    Payment,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Sepa,
    hookimpl,
)

from . import Acme, card_fields
from .account import AcmeAccount
from .answers import EXPONENTS, PaymentBody, payment_of


class PagesAcme(Acme):
    """The connector."""

    info = msgspec.structs.replace(
        Acme.info,
        payment_methods=(Card, SdkToken, ApplePay, Redirect, Sepa),
        payment_method_types=(PaymentMethodType.IDEAL, PaymentMethodType.BLIK),
        sdk_token_example="sdk_example1",
    )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments"""
        order = {
            "ref": request.merchant_transaction_id,
            "amount": request.amount.to_wire(EXPONENTS),
            "currency": request.amount.currency,
            **way(request.payment_method),
            "customer": request.connector_customer_id,
            "take": request.capture_method is CaptureMethod.AUTOMATIC,
            "return_url": request.return_url,
            "keep": request.setup_future_usage,
            "browser": browser(request.browser_info),
            "proof": proof(request.authentication_data),
            "metadata": request.metadata,
        }
        paid = yield from account.fetch(account.post("/payments", json=order), PaymentBody)
        return payment_of(paid)

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/orders"""
        order = {
            "ref": request.merchant_transaction_id,
            "amount": request.amount.to_wire(EXPONENTS),
            "currency": request.amount.currency,
            "return_url": request.return_url,
            "offer": request.payment_method_types,
            "language": request.locale,
            "keep": request.setup_future_usage,
            "lines": [
                {
                    "name": one.product_name,
                    "pieces": one.quantity,
                    "price": one.amount.to_wire(EXPONENTS),
                }
                for one in request.order_details or ()
            ],
        }
        opened = yield from account.fetch(account.post("/orders", json=order), PaymentBody)
        return payment_of(opened)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """https://acme.example/docs/payments#get"""
        order = request.connector_order_id
        asked = (
            account.get("/payments/{}", request.connector_transaction_id)
            if order is None
            else account.get("/orders/{}", order)
        )
        return payment_of((yield from account.fetch(asked, PaymentBody)))


def way(method: object) -> dict[str, Any]:
    """The fields of a request that say what is paid with."""
    if isinstance(method, SdkToken):
        return {"sdk": method.token}
    if isinstance(method, ApplePay):
        return {"apple": method.payment_data, "network": method.network}
    if isinstance(method, Redirect):
        return {"go": method.payment_method_type, "bank": method.bank_name, "code": method.code}
    if isinstance(method, Sepa):
        return {"iban": method.iban, "holder": method.holder_name}
    return {"card": card_fields(method)}


def browser(info: BrowserInfo | None) -> dict[str, Any] | None:
    """The customer's browser, as Acme takes it."""
    return info and {"ip": info.ip_address, "device": info.device_data, "width": info.screen_width}


def proof(data: AuthenticationData | None) -> dict[str, Any] | None:
    """The result of 3-D Secure that was done elsewhere."""
    return data and {"eci": data.eci, "cavv": data.cavv}


connector = PagesAcme()
