"""Payment methods: cards, and those that Adyen stores for a shopper:
https://docs.adyen.com/online-payments/tokenization/managing-tokens"""

from __future__ import annotations

from typing import Any

from prism_adyen.account import AdyenAccount
from prism_adyen.shapes import StoredBody, StoredList
from prism_core import (
    Card,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredPaymentMethod,
    Token,
    TokenizeRequest,
    hookimpl,
    nullable,
    whole_number,
)

_OF_SHOPPER = "merchantAccount={}&shopperReference={}"


def payment_method(method: Card | Token) -> dict[str, Any]:
    """https://docs.adyen.com/payment-methods/cards/raw-card-data"""
    if isinstance(method, Token):
        return {"type": "scheme", "storedPaymentMethodId": method.token}
    return {
        "type": "scheme",
        "number": method.number,
        "expiryMonth": f"{method.exp_month:02}",
        "expiryYear": str(method.exp_year),
        "cvc": method.cvc,
        "holderName": method.holder_name,
    }


class PaymentMethods:
    """The operations on stored cards, for the connector to inherit."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: AdyenAccount
    ) -> Flow[PaymentMethodStored]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/storedPaymentMethods"""
        json = {
            "merchantAccount": account.merchant_account,
            "shopperReference": request.connector_customer_id,
            "paymentMethod": payment_method(request.payment_method),
            "recurringProcessingModel": "CardOnFile",
        }
        asked = account.post("/v71/storedPaymentMethods", json=json)
        body = yield from account.fetch(asked, StoredBody)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.shopper_reference),
            payment_method=_card(body, request.connector_customer_id),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AdyenAccount
    ) -> Flow[PaymentMethodList]:
        """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods: all of them at
        once. Only cards, whose type is scheme, are paid with as a Token here."""
        shopper = request.connector_customer_id
        path = "/v71/storedPaymentMethods?" + _OF_SHOPPER
        asked = account.get(path, account.merchant_account, shopper)
        body = yield from account.fetch(asked, StoredList)
        cards = (one for one in body.stored_payment_methods if one.type == "scheme")
        return PaymentMethodList(
            payment_methods=tuple(_card(one, shopper) for one in cards),
            connector_customer_id=nullable(body.shopper_reference),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AdyenAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = request.connector_payment_method_id
        yield from deletion(account, stored, request.connector_customer_id)
        return PaymentMethodDeleted(connector_payment_method_id=stored)


def deletion(account: AdyenAccount, stored: str, shopper: str | None) -> Flow[None]:
    """Deletes a stored card, which a 204 without a body says is done.
    https://docs.adyen.com/development-resources/api-idempotency: a DELETE may be repeated by its
    definition."""
    path = "/v71/storedPaymentMethods/{}?" + _OF_SHOPPER
    response = yield account.delete(path, stored, account.merchant_account, shopper)
    account.expect_empty(response)


def _card(body: StoredBody, asked: str | None) -> StoredPaymentMethod:
    year = whole_number(body.expiry_year)  # 2030 after storing a card, and 30 in the list
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=asked if body.shopper_reference == asked else None,
        brand=body.brand,
        last_four=body.last_four,
        exp_month=whole_number(body.expiry_month),
        exp_year=year + 2000 if year is not None and year < 100 else year,
    )
