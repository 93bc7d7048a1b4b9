"""Acme's answers: the shapes of their bodies, and what these mean."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from prism_core import (
    ConnectorDetails,
    ErrorDetails,
    Money,
    Nullable,
    Payment,
    PaymentMethodInfo,
    PaymentMethodType,
    PaymentStatus,
    RedirectionData,
    UnifiedCode,
    nullable,
    unified_error,
)

EXPONENTS = {"ISK": 2}


class CustomerBody(msgspec.Struct):
    """A customer as Acme answers it."""

    id: str
    ref: Nullable[str] = UNSET
    name: str | None = None
    deleted: bool = False


class PaymentBody(msgspec.Struct):
    """A payment as Acme answers it."""

    id: str
    state: str
    amount: int | None = None
    currency: str = "USD"
    ref: Nullable[str] = UNSET
    customer: Nullable[str] = UNSET
    mandate: Nullable[str] = UNSET
    method: Nullable[str] = UNSET
    order: Nullable[str] = UNSET
    kind: str | None = None
    authorized: int | None = None
    capturable: int | None = None
    captured: int | None = None
    page: str | None = None
    error: str | None = None


class Problem(msgspec.Struct):
    """An error as Acme answers it; what it does not say of its kind, its status says."""

    code: str
    message: str = ""
    kind: str | None = None
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
    "waiting": PaymentStatus.PENDING,
    "challenge": PaymentStatus.AUTHENTICATION_PENDING,
    "open": PaymentStatus.PAYMENT_METHOD_AWAITED,
    "failed": PaymentStatus.FAILURE,
}
KINDS = {
    "card": PaymentMethodType.CARD,
    "ideal": PaymentMethodType.IDEAL,
    "sepa": PaymentMethodType.SEPA,
}
REASONS = {"no_funds": UnifiedCode.INSUFFICIENT_FUNDS}


def payment_of(body: PaymentBody) -> Payment:
    """The payment that a body describes."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money.from_wire(amount, body.currency, EXPONENTS)

    return Payment(
        status=STATES.get(body.state, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.ref),
        connector_customer_id=nullable(body.customer),
        connector_mandate_id=nullable(body.mandate),
        connector_payment_method_id=nullable(body.method),
        connector_order_id=nullable(body.order),
        payment_method=paid_with(body.kind),
        amount=money(body.amount),
        authorized_amount=money(body.authorized),
        capturable_amount=money(body.capturable),
        captured_amount=money(body.captured),
        redirection_data=None if body.page is None else RedirectionData(uri=body.page),
        error=None if body.error is None else why_of(body.error),
    )


def paid_with(kind: str | None) -> PaymentMethodInfo | None:
    """What a payment was made with."""
    return None if kind is None else PaymentMethodInfo(payment_method_type=KINDS.get(kind))


def why_of(code: str) -> ErrorDetails:
    """Why a payment was declined."""
    return ErrorDetails(
        unified=unified_error(REASONS.get(code, UnifiedCode.DECLINED)),
        connector=ConnectorDetails(code=code),
    )
