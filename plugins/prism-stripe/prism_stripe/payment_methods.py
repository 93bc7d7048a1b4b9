"""Stored payment methods, and what a page needs to show them:
https://docs.stripe.com/api/payment_methods, https://docs.stripe.com/api/customer_sessions"""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    HttpRequest,
    InvalidRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    SdkToken,
    StoredPaymentMethod,
    TokenizeRequest,
    expect_same,
    hookimpl,
    needs,
    needs_setting,
    nullable,
)
from prism_core.connector.values import metadata_with_id
from prism_stripe.account import StripeAccount as Account
from prism_stripe.intents import SetupIntent
from prism_stripe.kinds import described
from prism_stripe.paying import billing, card_data, is_page_token
from prism_stripe.shapes import CustomerSession, DetachedMethod, Page, PaymentMethodObject


class PaymentMethods:
    """The operations on stored payment methods."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: Account) -> Flow[PaymentMethodStored]:
        """https://docs.stripe.com/api/payment_methods/create, and for a customer
        https://docs.stripe.com/api/payment_methods/attach"""
        method, customer = request.payment_method, request.connector_customer_id
        if is_page_token(method, "ctoken_"):
            problem = "a confirmation token pays or sets up, and is not stored; give a pm_ here"
            raise InvalidRequest(problem, field="payment_method")
        if is_page_token(method, "pm_"):
            owner = needs("connector_customer_id", customer, "to store it for")
            return (yield from _kept(request, owner, account))
        holder = {} if isinstance(method, SdkToken) else billing(request, method.holder_name)
        # A card that nobody has yet is not stored.
        form, alone = (
            {**card_data(method), **holder, "metadata": metadata_with_id(request)},
            not customer,
        )
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
        return _stored(body)

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: Account
    ) -> Flow[ClientToken]:
        """https://docs.stripe.com/api/customer_sessions/create: for a customer, of whom the
        Payment Element then shows what is stored. Without one, it needs the public key alone."""
        key, customer = account.publishable_key, request.connector_customer_id
        public = {} if key is None else {"publishable_key": key}
        if customer is None:
            needs_setting("publishable_key", key, "for Stripe.js")
            return ClientToken(sdk=public)
        shows = {"payment_method_redisplay": "enabled", "payment_method_save": "enabled"}
        element = {
            "enabled": True,
            "features": {**shows, "payment_method_save_usage": "off_session"},
        }
        form = {"customer": customer, "components": {"payment_element": element}}
        opening = account.post("/v1/customer_sessions", form=form, changes=False)
        body = yield from account.fetch(opening, CustomerSession)
        return ClientToken(
            sdk={**public, "customer_session_client_secret": body.client_secret},
            expires_at=body.expires_at,
            connector_customer_id=body.customer,
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: Account
    ) -> Flow[PaymentMethodList]:
        """https://docs.stripe.com/api/payment_methods/customer_list: up to 100 at once,
        of every kind"""
        path, known = "/v1/customers/{}/payment_methods", request.connector_customer_id
        asking = account.get(path, known, query={"limit": "100"})
        page = yield from account.fetch(asking, Page[PaymentMethodObject])
        return PaymentMethodList(
            payment_methods=tuple(map(_told, page.data)),
            connector_customer_id=nullable(page.data[0].customer) if page.data else None,
            is_complete=not page.has_more,
        )

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: Account
    ) -> Flow[PaymentMethodDeleted]:
        """https://docs.stripe.com/api/payment_methods/detach: it never pays again"""
        known = request.connector_payment_method_id
        body = yield from account.fetch(detaching(known, account), DetachedMethod)
        if body.customer is not None:
            raise MalformedResponse("the answer says that the customer still has it")
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def detaching(method: str, account: Account) -> HttpRequest:
    """https://docs.stripe.com/api/payment_methods/detach"""
    return account.post("/v1/payment_methods/{}/detach", method, form={})


def _kept(request: Any, customer: str, account: Account) -> Flow[PaymentMethodStored]:
    """What Stripe.js made, for a customer: a SetupIntent stores it, with its bank's consent.
    https://docs.stripe.com/payments/save-and-reuse"""
    form = {
        "confirm": True,
        "payment_method": request.payment_method.token,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
        "customer": customer,
        "usage": "on_session",
        "metadata": metadata_with_id(request),
        "expand": ["payment_method"],
    }
    setting_up = account.post("/v1/setup_intents", form=form)
    made = yield from account.fetch(setting_up, SetupIntent)
    if made.status != "succeeded" or not isinstance(made.payment_method, PaymentMethodObject):
        problem = "that it is not stored yet: its customer must authenticate (recurring.setup)"
        raise MalformedResponse(f"the answer says {problem}")
    own = made.own_id("merchant_payment_method_id")
    return replace(_stored(made.payment_method), merchant_payment_method_id=own)


def _stored(body: PaymentMethodObject) -> PaymentMethodStored:
    return PaymentMethodStored(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.customer),
        merchant_payment_method_id=body.own_id("merchant_payment_method_id"),
        payment_method=_told(body),
    )


def _told(body: PaymentMethodObject) -> StoredPaymentMethod:
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.customer),
        **described(body),
    )
