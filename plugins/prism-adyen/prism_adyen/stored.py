"""Stored cards: https://docs.adyen.com/online-payments/tokenization/managing-tokens"""

from __future__ import annotations

import re
from typing import Annotated

import msgspec
from msgspec import UNSET

from prism_adyen.account import AdyenAccount
from prism_adyen.cards import payment_method
from prism_adyen.parts import needed
from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    KeptCard,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodKept,
    PaymentMethodList,
    TokenizeRequest,
    Told,
    at_most,
    hookimpl,
    segment,
    told,
)

# The words and digits that are shown of a card, so that nothing else ever is.
_BRAND = re.compile(r"[a-z0-9_]{1,40}")
_FOUR = re.compile(r"[0-9]{4}")


class StoredBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods#responses-200-storedPaymentMethods"""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    type: str | None = None
    brand: str | None = None
    last_four: str | None = None
    expiry_month: str | None = None
    expiry_year: str | None = None
    shopper_reference: Told[str] = UNSET


class StoredList(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods#responses-200"""

    shopper_reference: str | None
    stored_payment_methods: list[StoredBody] = []


class Stored:
    """The operations on stored cards, for the connector to inherit."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: AdyenAccount) -> Flow[PaymentMethodKept]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/storedPaymentMethods"""
        at_most(64, "idempotency_key", request.idempotency_key)
        response = yield account.post(
            "/v71/storedPaymentMethods",
            json={
                "merchantAccount": account.merchant_account,
                "shopperReference": needed(request.connector_customer_id, "store a card"),
                "paymentMethod": payment_method(request.payment_method),
                "recurringProcessingModel": "CardOnFile",
            },
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, StoredBody)
        return PaymentMethodKept(
            connector_payment_method_id=body.id,
            connector_customer_id=told(body.shopper_reference),
            card=_card(body, request.connector_customer_id),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AdyenAccount
    ) -> Flow[PaymentMethodList]:
        """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods: all of them at
        once. Only cards, whose type is scheme, are paid with as a Token here."""
        shopper = needed(request.connector_customer_id, "list payment methods")
        query = {"merchantAccount": account.merchant_account, "shopperReference": shopper}
        response = yield account.get("/v71/storedPaymentMethods", query=query)
        body = account.decode(response, StoredList)
        cards = (one for one in body.stored_payment_methods if one.type == "scheme")
        return PaymentMethodList(
            payment_methods=tuple(_card(one, shopper) for one in cards),
            connector_customer_id=told(body.shopper_reference),
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AdyenAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.adyen.com/api-explorer/Checkout/71/delete/storedPaymentMethods/(storedPaymentMethodId)"""
        stored = request.connector_payment_method_id
        yield from deletion(account, stored, request.connector_customer_id, request.idempotency_key)
        return PaymentMethodDeleted(connector_payment_method_id=stored)


def deletion(
    account: AdyenAccount, stored: str, customer: str | None, key: str | None
) -> Flow[None]:
    """Deletes a stored card, which a 204 without a body says is done.
    https://docs.adyen.com/development-resources/api-idempotency: a DELETE may be repeated by its
    definition."""
    at_most(64, "idempotency_key", key)
    shopper = needed(customer, "delete what is stored for them")
    response = yield account.delete(
        f"/v71/storedPaymentMethods/{segment(stored)}",
        query={"merchantAccount": account.merchant_account, "shopperReference": shopper},
        idempotency_key=key,
    )
    account.expect_empty(response, 204)


def _card(body: StoredBody, asked: str | None) -> KeptCard:
    return KeptCard(
        connector_payment_method_id=body.id,
        connector_customer_id=asked if body.shopper_reference == asked else None,
        brand=_matching(_BRAND, body.brand),
        last_four=_matching(_FOUR, body.last_four),
        exp_month=_number(body.expiry_month),
        exp_year=_year(_number(body.expiry_year)),
    )


def _matching(form: re.Pattern[str], text: str | None) -> str | None:
    return text if text is not None and form.fullmatch(text) else None


def _number(text: str | None) -> int | None:
    """The number that a text of up to four digits writes; None for any other."""
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) <= 4
    return int(text) if text is not None and is_number else None


def _year(year: int | None) -> int | None:
    """Adyen writes 2030 after storing a card, and 30 in the list."""
    return year + 2000 if year is not None and year < 100 else year
