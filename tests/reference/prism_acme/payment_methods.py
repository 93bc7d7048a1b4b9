"""Payment methods: kept, listed, deleted."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

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
    hookimpl,
    segment,
    told,
)

from .account import AcmeAccount


class CardBody(msgspec.Struct):
    """A kept card's body."""

    id: str
    last_four: str | None = None
    owner: Told[str] = UNSET


class PaymentMethods:
    """The operations on cards that are kept."""

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: AcmeAccount) -> Flow[PaymentMethodKept]:
        """POST /cards"""
        response = yield account.post(
            "/cards",
            json={"number": request.payment_method.number, "owner": request.connector_customer_id},
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CardBody)
        return PaymentMethodKept(
            connector_payment_method_id=body.id,
            connector_customer_id=told(body.owner),
            card=card_of(body),
        )

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodList]:
        """GET /cards?owner=..."""
        response = yield account.get("/cards", query={"owner": request.connector_customer_id})
        cards = account.decode(response, list[CardBody])
        return PaymentMethodList(payment_methods=tuple(map(card_of, cards)))

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodDeleted]:
        """POST /cards/{id}/delete"""
        response = yield account.post(
            f"/cards/{segment(request.connector_payment_method_id)}/delete",
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CardBody)
        return PaymentMethodDeleted(connector_payment_method_id=body.id)


def card_of(body: CardBody) -> KeptCard:
    """The card that a body describes."""
    return KeptCard(
        connector_payment_method_id=body.id,
        connector_customer_id=told(body.owner),
        last_four=body.last_four,
    )
