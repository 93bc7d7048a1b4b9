"""Cards and tokens: what pays, and what is sent to https://docs.stripe.com/api/payment_methods to
store a card."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict

from prism_core import (
    Address,
    Card,
    DeletePaymentMethodRequest,
    Flow,
    HttpRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    Secret,
    StoredPaymentMethod,
    Token,
    TokenizeRequest,
    at_most,
    expect_same,
    hookimpl,
    nullable,
    single_value,
)
from prism_stripe.account import StripeAccount, metadata, street
from prism_stripe.shapes import CardObject, DetachedMethod, Page, PaymentMethodObject


class PaymentMethods:
    """The operations on stored cards."""

    @hookimpl
    def tokenize(
        self, request: TokenizeRequest, account: StripeAccount
    ) -> Flow[PaymentMethodStored]:
        """https://docs.stripe.com/api/payment_methods/create, and for a customer
        https://docs.stripe.com/api/payment_methods/attach"""
        customer = request.connector_customer_id
        card = _card_data(request.payment_method, request.billing_address)
        form, alone = {**card, "metadata": metadata(request)}, customer is None
        # A card that nobody has yet is not stored.
        creating = account.post("/v1/payment_methods", form=form, changes=alone, keyed=True)
        body = made = yield from account.fetch(creating, PaymentMethodObject)
        if customer is not None:
            # The customer gets no card that is another's.
            own = request.reference_field
            expect_same(own, request.reference, made.own_id(own))
            form = {"customer": customer}
            attaching = account.post("/v1/payment_methods/{}/attach", made.id, form=form)
            body = yield from account.fetch(attaching, PaymentMethodObject)
            expect_same("payment method", made.id, body.id)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.customer),
            merchant_payment_method_id=body.own_id("merchant_payment_method_id"),
            payment_method=_card(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: StripeAccount
    ) -> Flow[PaymentMethodList]:
        """https://docs.stripe.com/api/payment_methods/customer_list: up to 100 at once"""
        path, query = "/v1/customers/{}/payment_methods", {"type": "card", "limit": "100"}
        asking = account.get(path, request.connector_customer_id, query=query)
        page = yield from account.fetch(asking, Page[PaymentMethodObject])
        return PaymentMethodList(
            payment_methods=tuple(map(_card, page.data)),
            connector_customer_id=nullable(page.data[0].customer) if page.data else None,
            is_complete=not page.has_more,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: StripeAccount
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.stripe.com/api/payment_methods/detach: it never pays again"""
        known = request.connector_payment_method_id
        body = yield from account.fetch(detaching(known, account), DetachedMethod)
        if body.customer is not None:
            raise MalformedResponse("the answer says that the customer still has the card")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def detaching(method: str, account: StripeAccount) -> HttpRequest:
    """https://docs.stripe.com/api/payment_methods/detach"""
    return account.post("/v1/payment_methods/{}/detach", method, form={})


# https://docs.stripe.com/payments/3d-secure/authentication-flow
_THREE_D_SECURE: dict[object, str] = {"THREE_DS": "any", "NO_THREE_DS": "automatic"}


def paying_with(request: Any, **options: str | None) -> dict[str, Any]:
    """What a customer pays with, whether they authenticate, and where they come back to then:
    https://docs.stripe.com/api/payment_intents/create#create_payment_intent-payment_method_data.
    A PaymentMethod has a billing address of its own."""
    method = request.payment_method
    options["request_three_d_secure"] = _THREE_D_SECURE.get(request.auth_type)
    form = {"payment_method_options": {"card": options}, "return_url": request.return_url}
    if isinstance(method, Token):
        return {**form, "payment_method": method.token}
    return {**form, "payment_method_data": _card_data(method, request.billing_address)}


def _card_data(card: Card, given: Address | None) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/create"""
    address = given or Address()
    name = single_value("name", "billing_address", card.holder_name, address.full_name)
    return {
        "type": "card",
        "card": {part: getattr(card, part) for part in ("number", "exp_month", "exp_year", "cvc")},
        "billing_details": {
            "name": at_most(5000, "billing_address", name),
            "email": address.email,
            "phone": address.phone_number,
            "address": street(address),
        },
    }


def is_alias(method: Card | Token) -> bool:
    """Whether it stands for a new PaymentMethod each time, which the answer names then:
    https://docs.stripe.com/testing?testing-method=payment-methods"""
    return isinstance(method, Token) and Secret(method.token).reveal().startswith("pm_card_")


def is_another(method: Card | Token, answered: str | None) -> bool:
    """Whether an answer names another PaymentMethod than the given token."""
    is_fixed = isinstance(method, Token) and not is_alias(method)
    return is_fixed and answered is not None and method != Token(answered)


def _card(body: PaymentMethodObject) -> StoredPaymentMethod:
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.customer),
        **asdict(body.card or CardObject()),
    )
