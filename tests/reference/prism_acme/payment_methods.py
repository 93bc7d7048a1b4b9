"""Payment methods: kept, listed, deleted."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from prism_core import (
    ClientToken,
    CreateClientTokenRequest,
    DeletePaymentMethodRequest,
    Flow,
    ListPaymentMethodsRequest,
    Nullable,
    PaymentMethodDeleted,
    PaymentMethodList,
    PaymentMethodStored,
    StoredPaymentMethod,
    TokenizeRequest,
    hookimpl,
    nullable,
)

from . import card_fields
from .account import AcmeAccount


class CardBody(msgspec.Struct):
    """A stored card's body."""

    id: str
    last_four: str | None = None
    owner: Nullable[str] = UNSET


class SessionBody(msgspec.Struct):
    """What Acme's browser library needs."""

    session: str
    expires: int | None = None


class PaymentMethods:
    """The operations on cards that are kept."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: AcmeAccount) -> Flow[PaymentMethodStored]:
        """POST /cards"""
        asked = account.post(
            "/cards",
            json={
                "card": card_fields(request.payment_method),
                "owner": request.connector_customer_id,
            },
        )
        body = yield from account.fetch(asked, CardBody)
        return PaymentMethodStored(
            connector_payment_method_id=body.id,
            connector_customer_id=nullable(body.owner),
            payment_method=card_of(body),
        )

    @hookimpl
    def create_client_token(
        self, request: CreateClientTokenRequest, account: AcmeAccount
    ) -> Flow[ClientToken]:
        """POST /sessions"""
        owner = {"owner": request.connector_customer_id}
        asked = account.post("/sessions", json=owner, changes=False)
        body = yield from account.fetch(asked, SessionBody)
        return ClientToken(
            sdk={"session": body.session},
            expires_at=body.expires,
            connector_customer_id=request.connector_customer_id,
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodList]:
        """GET /cards?owner=..."""
        asked = account.get("/cards", query={"owner": request.connector_customer_id})
        cards = yield from account.fetch(asked, list[CardBody])
        return PaymentMethodList(payment_methods=tuple(map(card_of, cards)))

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodDeleted]:
        """POST /cards/{id}/delete"""
        asked = account.post("/cards/{}/delete", request.connector_payment_method_id)
        body = yield from account.fetch(asked, CardBody)
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def card_of(body: CardBody) -> StoredPaymentMethod:
    """The card that a body describes."""
    return StoredPaymentMethod(
        connector_payment_method_id=body.id,
        connector_customer_id=nullable(body.owner),
        last_four=body.last_four,
    )
