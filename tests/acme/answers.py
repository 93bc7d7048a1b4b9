"""Acme's answers: the shapes of their bodies, and what these mean."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    KeptCard,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    Told,
    told,
)
from prism_core import Customer as CustomerDetailed


class Customer(msgspec.Struct):
    """A customer's body."""

    id: str
    deleted: bool = False
    ref: str | None = None
    name: str | None = None


class Body(msgspec.Struct):
    """A payment's body."""

    id: str
    state: str
    amount: int = 1000
    currency: str = "USD"
    ref: Told[str] = UNSET
    customer: Told[str] = UNSET
    mandate: Told[str] = UNSET
    method: Told[str] = UNSET
    error: str | None = None
    authorized: int | None = None
    capturable: int | None = None
    captured: int | None = None


class RefundBody(msgspec.Struct):
    """A refund's body."""

    id: str
    state: str
    amount: int
    currency: str = "USD"
    ref: Told[str] = UNSET
    payment: Told[str] = UNSET


class CardBody(msgspec.Struct):
    """A kept card's body."""

    id: str
    last_four: str | None = None
    owner: Told[str] = UNSET


class MandateBody(msgspec.Struct):
    """A permission's body."""

    id: str
    state: str
    ref: str | None = None
    network: str | None = None


class EventBody(msgspec.Struct):
    """An event's body."""

    id: str
    type: str
    payment: Body | None = None


class Problem(msgspec.Struct):
    """An error's body."""

    code: str
    message: str = ""
    kind: str = "OTHER"
    retryable: bool | None = None
    unknown: bool | None = None
    echoed: tuple[str, ...] = ()


STATES = {
    "ok": PaymentStatus.AUTHORIZED,
    "part": PaymentStatus.PARTIALLY_AUTHORIZED,
    "paid": PaymentStatus.CHARGED,
    "partly": PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    "taking": PaymentStatus.CAPTURE_INITIATED,
    "void": PaymentStatus.VOIDED,
    "refused": PaymentStatus.AUTHORIZATION_FAILED,
}
MANDATES = {"active": MandateStatus.ACTIVE, "revoked": MandateStatus.REVOKED}
REFUNDS = {"done": RefundStatus.REFUND_SUCCESS, "waiting": RefundStatus.REFUND_PENDING}


def customer_of(body: Customer) -> CustomerDetailed:
    """The customer that a body describes."""
    return CustomerDetailed(
        connector_customer_id=body.id, merchant_customer_id=body.ref, name=body.name
    )


def card_of(body: CardBody) -> KeptCard:
    """The card that a body describes."""
    return KeptCard(
        connector_payment_method_id=body.id,
        connector_customer_id=told(body.owner),
        last_four=body.last_four,
    )


def mandate_of(body: MandateBody) -> Mandate:
    """The permission that a body describes."""
    return Mandate(
        status=MANDATES.get(body.state, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        merchant_mandate_id=body.ref,
        network_transaction_id=body.network,
    )


def refund_of(body: RefundBody) -> Refund:
    """The refund that a body describes."""
    return Refund(
        status=REFUNDS.get(body.state, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=told(body.ref),
        connector_transaction_id=told(body.payment),
        amount=Money(body.amount, body.currency),
    )


def payment_of(body: Body) -> Payment:
    """The payment that a body describes."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, body.currency)

    return Payment(
        status=STATES.get(body.state, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=told(body.ref),
        connector_customer_id=told(body.customer),
        connector_mandate_id=told(body.mandate),
        connector_payment_method_id=told(body.method),
        amount=money(body.amount),
        authorized_amount=money(body.authorized),
        capturable_amount=money(body.capturable),
        captured_amount=money(body.captured),
        error=None if body.error is None else _said(body.error),
    )


def _said(code: str) -> ErrorDetails:
    return ErrorDetails(connector=ConnectorDetails(code=code))
