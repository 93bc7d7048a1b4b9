"""What the sandbox answers: narrow shapes, with the fields that are used and no others."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET

from prism_core import Nullable


class CustomerBody(msgspec.Struct):
    """A customer as the sandbox answers it."""

    id: str
    reference: Nullable[str] = UNSET
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    deleted: Literal[False] = False
    object: Literal["customer"] = "customer"
    """Another one is the answer to another call."""


class CustomerList(msgspec.Struct):
    """Customers found by reference, oldest first."""

    data: list[CustomerBody]


class Deleted(msgspec.Struct):
    """What is no more."""

    id: str
    deleted: Literal[True]


class MethodBody(msgspec.Struct):
    """What the sandbox keeps of a payment method."""

    type: str | None = None
    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    wallet: str | None = None
    country: str | None = None
    bank: str | None = None


class StoredBody(msgspec.Struct):
    """A stored payment method as the sandbox answers it."""

    id: str
    method: MethodBody
    customer: Nullable[str] = UNSET
    reference: Nullable[str] = UNSET
    object: Literal["payment_method"] = "payment_method"
    """Another one is the answer to another call."""


class MethodList(msgspec.Struct):
    """Payment methods kept for a customer, newest first."""

    data: list[StoredBody]
    has_more: bool = False


class Decline(msgspec.Struct):
    """Why a payment was declined."""

    code: str
    message: str | None = None
    network_code: str | None = None
    network_advice_code: str | None = None


class NextAction(msgspec.Struct):
    """What the customer must do next: open this page, or answer in an app where there is none."""

    url: str | None = None


class Change(msgspec.Struct):
    """What was done to a payment."""

    reference: str | None = None
    amount: int | None = None


class PaymentBody(msgspec.Struct):
    """A payment as the sandbox answers it."""

    id: str
    status: str
    amount: int
    currency: str
    reference: Nullable[str] = UNSET
    customer: Nullable[str] = UNSET
    order: Nullable[str] = UNSET
    mandate: Nullable[str] = UNSET
    payment_method: Nullable[str] = UNSET
    method: MethodBody | None = None
    order_reference: Nullable[str] = UNSET
    amount_authorized: int | None = None
    amount_capturable: int | None = None
    amount_captured: int | None = None
    amount_refunded: int | None = None
    amount_charged_back: int | None = None
    network_transaction_id: str | None = None
    decline: Decline | None = None
    next_action: NextAction | None = None
    changes: list[Change] | None = None
    object: Literal["payment"] = "payment"
    """Another one is the answer to another call."""


class DeclinedBody(PaymentBody, kw_only=True):
    """A payment that the issuer declined, or declined to raise; the body of a 402."""

    decline: Decline


class MandateBody(msgspec.Struct):
    """A mandate as the sandbox answers it; its amount is that of the first payment."""

    id: str
    status: str
    reference: Nullable[str] = UNSET
    customer: Nullable[str] = UNSET
    payment: Nullable[str] = UNSET
    order: Nullable[str] = UNSET
    payment_method: str | None = None
    method: MethodBody | None = None
    amount: int | None = None
    currency: str | None = None
    network_transaction_id: str | None = None
    decline: Decline | None = None
    next_action: NextAction | None = None
    object: Literal["mandate"] = "mandate"
    """Another one is the answer to another call."""


class MandateList(msgspec.Struct):
    """Mandates found by reference or by payment."""

    data: list[MandateBody]


class OrderBody(msgspec.Struct):
    """An order as the sandbox answers it, with its payment and its mandate as they stand."""

    id: str
    payment: PaymentBody
    mandate: MandateBody | None = None
    url: str | None = None
    client_secret: str | None = None
    expires_at: int | None = None
    object: Literal["order"] = "order"
    """Another one is the answer to another call."""


class SetupOrderBody(OrderBody, kw_only=True):
    """An order that asks for a mandate."""

    mandate: MandateBody


class ClientTokenBody(msgspec.Struct):
    """What a page needs before there is a payment."""

    publishable_key: str
    customer: Nullable[str] = UNSET
    client_secret: str | None = None
    expires_at: int | None = None
    apple_pay_session: str | None = None
    object: Literal["client_token"] = "client_token"
    """Another one is the answer to another call."""


class DisputeBody(msgspec.Struct):
    """A debit that the customer's bank took back."""

    id: str
    status: str
    payment: str
    amount: int
    currency: str
    reason: str | None = None


class DeclinedMandate(MandateBody, kw_only=True):
    """A mandate whose first payment was declined; the body of a 402."""

    decline: Decline


class Failure(msgspec.Struct):
    """Why a refund failed."""

    code: str
    message: str | None = None


class RefundBody(msgspec.Struct):
    """A refund as the sandbox answers it."""

    id: str
    status: str
    amount: int
    currency: str
    payment: Nullable[str] = UNSET
    reference: Nullable[str] = UNSET
    failure: Failure | None = None
    object: Literal["refund"] = "refund"
    """Another one is the answer to another call."""


class PaymentList(msgspec.Struct):
    """Payments found by reference, newest first."""

    data: list[PaymentBody]


class Problem(msgspec.Struct):
    """What was wrong with a request."""

    type: str
    code: str
    message: str
    param: str | None = None
    customer: str | None = None


class ProblemBody(msgspec.Struct):
    """The body of every error answer but a decline."""

    error: Problem


class EventBody(msgspec.Struct):
    """What every event has."""

    id: str
    type: str
    created: int | None = None


class PaymentEvent(EventBody, kw_only=True):
    """An event about a payment, as it stands."""

    data: PaymentBody


class RefundEvent(EventBody, kw_only=True):
    """An event about a refund, as it stands."""

    data: RefundBody


class MandateEvent(EventBody, kw_only=True):
    """An event about a mandate, as it stands."""

    data: MandateBody


class OrderEvent(EventBody, kw_only=True):
    """An event about an order, as it stands."""

    data: OrderBody


class SetupOrderEvent(EventBody, kw_only=True):
    """An event about an order that asks for a mandate, as it stands."""

    data: SetupOrderBody


class DisputeEvent(EventBody, kw_only=True):
    """An event about a dispute."""

    data: DisputeBody
