"""Stored payment methods, those of a shopper:
https://docs.adyen.com/online-payments/tokenization/managing-tokens"""

from __future__ import annotations

from typing import Any

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.methods import kind_of, payment_method
from prism_adyen.shapes import StoredBody, StoredList
from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    InvalidRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethod,
    PaymentMethodDeleted,
    PaymentMethodInfo,
    PaymentMethodList,
    PaymentMethodStored,
    PaymentMethodType,
    SdkToken,
    StoredPaymentMethod,
    TokenizeRequest,
    hookimpl,
    nullable,
    whole_number,
)
from prism_core.connector.values import stored_payment_method

_OF_SHOPPER = "merchantAccount={}&shopperReference={}"


_STORABLE = (
    *("type", "brand", "encryptedCard", "encryptedCardNumber", "encryptedExpiryMonth"),
    *("encryptedExpiryYear", "encryptedSecurityCode", "holderName"),
)
# https://docs.adyen.com/api-explorer/Checkout/71/post/storedPaymentMethods#request-paymentMethod
# has fewer fields than a payment: nothing of the library's own.


class PaymentMethods:
    """The operations on stored methods, for the connector to inherit."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/storedPaymentMethods"""
        json = {
            "merchantAccount": account.merchant_account,
            "shopperReference": request.connector_customer_id,
            "paymentMethod": _to_store(request.payment_method),
            "recurringProcessingModel": "CardOnFile",
        }
        asked = account.post("/v71/storedPaymentMethods", json=json)
        body = yield from account.fetch(asked, StoredBody)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.shopper_reference),
            payment_method=stored_method(body, request.connector_customer_id),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods: all of them at
        once, of every type."""
        shopper = request.connector_customer_id
        body = yield from stored_list(account, shopper)
        found = body.stored_payment_methods or ()
        return PaymentMethodList(
            payment_methods=tuple(stored_method(one, shopper) for one in found),
            connector_customer_id=nullable(body.shopper_reference),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = request.connector_payment_method_id
        yield from deletion(account, stored, request.connector_customer_id)
        return PaymentMethodDeleted(connector_payment_method_id=stored)


def deletion(account: Account, stored: str, shopper: str | None) -> Flow[None]:
    """Deletes a stored method, which a 204 without a body says is done.
    https://docs.adyen.com/development-resources/api-idempotency: a DELETE may be repeated by its
    definition."""
    path = "/v71/storedPaymentMethods/{}?" + _OF_SHOPPER
    response = yield account.delete(path, stored, account.merchant_account, shopper)
    account.expect_empty(response)


def _to_store(method: PaymentMethod) -> dict[str, Any]:
    json = payment_method(method)
    if kind_of(json["type"]) is not PaymentMethodType.CARD:
        raise InvalidRequest("Adyen stores cards without a payment", field="payment_method")
    known = _STORABLE if isinstance(method, SdkToken) else json
    return {name: json.get(name) for name in known}


def stored_list(account: Account, shopper: str | None) -> Flow[StoredList]:
    """All methods that are stored for a shopper."""
    path = "/v71/storedPaymentMethods?" + _OF_SHOPPER
    return account.fetch(account.get(path, account.merchant_account, shopper), StoredList)


def find_stored(account: Account, stored: str, shopper: str | None) -> Flow[StoredBody | None]:
    """The stored method with that id, if its shopper has it."""
    body = yield from stored_list(account, shopper)
    if body.shopper_reference != shopper:
        raise MalformedResponse("the answer is about another connector_customer_id than asked")
    if body.stored_payment_methods is None:
        raise MalformedResponse("the answer has no list of stored payment methods")
    return {one.id: one for one in body.stored_payment_methods}.get(stored)


def info_of(body: StoredBody) -> PaymentMethodInfo:
    """What is told of a stored method; a bank account's last digits are those of its IBAN."""
    year = whole_number(body.expiry_year)  # 2030 after storing a card, and 30 in the list
    return PaymentMethodInfo(
        payment_method_type=kind_of(body.type),
        brand=body.brand,
        last_four=body.last_four or (body.iban and body.iban[-4:]),
        exp_month=whole_number(body.expiry_month),
        exp_year=year + 2000 if year is not None and year < 100 else year,
    )


def stored_method(body: StoredBody, asked: str | None) -> StoredPaymentMethod:
    """A stored method, of a shopper if the answer names the one that was asked for."""
    customer = asked if body.shopper_reference == asked else None
    return stored_payment_method(info_of(body), body.id, customer)
