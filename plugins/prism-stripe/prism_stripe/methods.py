"""Kept cards: what is sent to https://docs.stripe.com/api/payment_methods, and what it answers."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET

from prism_core import (
    DeletePaymentMethodRequest,
    Flow,
    HttpRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredCard,
    TokenizeRequest,
    Told,
    expect_same,
    hookimpl,
    segment,
    told,
)
from prism_stripe.account import StripeAccount
from prism_stripe.answers import own_id
from prism_stripe.parts import card_data, metadata, second_key


class CardObject(msgspec.Struct):
    """Of a kept card, what may be shown."""

    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None


class PaymentMethodObject(msgspec.Struct):
    """https://docs.stripe.com/api/payment_methods/object"""

    id: str
    customer: Told[str] = UNSET
    card: CardObject | None = None
    metadata: Told[dict[str, str]] = UNSET
    object: Literal["payment_method"] = "payment_method"
    """Another one is the answer to another call."""


class DetachedMethod(msgspec.Struct):
    """https://docs.stripe.com/api/payment_methods/detach: the customer is null then."""

    id: str
    object: Literal["payment_method"]
    customer: str | None


class PaymentMethodPage(msgspec.Struct):
    """https://docs.stripe.com/api/payment_methods/customer_list"""

    data: list[PaymentMethodObject]
    has_more: bool


class PaymentMethods:
    """The operations on kept cards."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: StripeAccount
    ) -> Flow[PaymentMethodStored]:
        """https://docs.stripe.com/api/payment_methods/create, and for a customer
        https://docs.stripe.com/api/payment_methods/attach"""
        customer, key = request.connector_customer_id, request.idempotency_key
        attaching = None if customer is None else second_key(key, "attach")
        own = {"merchant_payment_method_id": request.merchant_payment_method_id}
        response = yield account.post(
            "/v1/payment_methods",
            form={
                **card_data(request.payment_method, request.billing_address),
                "metadata": metadata(request.metadata, **own),
            },
            idempotency_key=key,
            changes=customer is None,  # a card that nobody has yet is not kept
        )
        body = account.decode(response, PaymentMethodObject)
        if customer is not None:
            for name, value in own.items():  # the customer gets no card that is another's
                expect_same(name, value, own_id(body.metadata, name))
            response = yield account.post(
                f"/v1/payment_methods/{segment(body.id)}/attach",
                form={"customer": customer},
                idempotency_key=attaching,
            )
            made, body = body.id, account.decode(response, PaymentMethodObject)
            expect_same("payment method", made, body.id)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=told(body.customer),
            merchant_payment_method_id=own_id(body.metadata, "merchant_payment_method_id"),
            card=_card(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: StripeAccount
    ) -> Flow[PaymentMethodList]:
        """https://docs.stripe.com/api/payment_methods/customer_list: up to 100 at once"""
        customer = segment(request.connector_customer_id)
        response = yield account.get(
            f"/v1/customers/{customer}/payment_methods", query={"type": "card", "limit": "100"}
        )
        page = account.decode(response, PaymentMethodPage)
        return PaymentMethodList(
            payment_methods=tuple(map(_card, page.data)),
            connector_customer_id=told(page.data[0].customer) if page.data else None,
            is_complete=not page.has_more,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: StripeAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.stripe.com/api/payment_methods/detach: it never pays again"""
        response = yield detaching(
            request.connector_payment_method_id, account, request.idempotency_key
        )
        body = account.decode(response, DetachedMethod)
        if body.customer is not None:
            raise MalformedResponse("the answer says that the customer still has the card")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def detaching(method: str, account: StripeAccount, key: str | None) -> HttpRequest:
    """https://docs.stripe.com/api/payment_methods/detach"""
    return account.post(
        f"/v1/payment_methods/{segment(method)}/detach", form={}, idempotency_key=key
    )


def _card(body: PaymentMethodObject) -> StoredCard:
    card = body.card or CardObject()
    return StoredCard(
        connector_payment_method_id=body.id,
        connector_customer_id=told(body.customer),
        brand=card.brand,
        last_four=card.last4,
        exp_month=card.exp_month,
        exp_year=card.exp_year,
    )
