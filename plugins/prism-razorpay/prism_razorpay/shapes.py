"""What Razorpay answers, with the fields that are used."""

from typing import Any

from msgspec import UNSET, Struct

from prism_core import Nullable


class CustomerBody(Struct):
    """https://razorpay.com/docs/api/customers/entity"""

    id: str
    name: str | None = None
    email: str | None = None
    contact: str | int | None = None
    notes: Any = None


class CardBody(Struct):
    """The card of a payment or a token: https://razorpay.com/docs/api/payments/entity"""

    last4: str | int | None = None
    network: str | None = None
    type: str | None = None
    expiry_month: str | int | None = None
    expiry_year: str | int | None = None


class UpiBody(Struct):
    """How a customer paid by UPI: https://razorpay.com/docs/api/payments/entity"""

    flow: str | None = None


class PaymentBody(Struct):
    """https://razorpay.com/docs/api/payments/entity"""

    id: str
    status: str
    amount: int
    currency: str
    captured: bool
    amount_refunded: int | None = None
    order_id: Nullable[str] = UNSET
    customer_id: Nullable[str] = UNSET
    token_id: Nullable[str] = UNSET
    method: str | None = None
    bank: str | None = None
    card: CardBody | None = None
    upi: UpiBody | None = None
    notes: Any = None
    error_code: str | None = None
    error_description: str | None = None
    error_reason: str | None = None


class PaymentList(Struct):
    """https://razorpay.com/docs/api/orders/fetch-payments"""

    items: list[PaymentBody]


class OrderBody(Struct):
    """https://razorpay.com/docs/api/orders/entity"""

    id: str
    status: str
    amount: int
    currency: str
    receipt: Nullable[str] = UNSET
    customer_id: Nullable[str] = UNSET
    notes: Any = None
    payments: PaymentList | None = None


class RefundBody(Struct):
    """https://razorpay.com/docs/api/refunds/entity"""

    id: str
    status: str
    amount: int
    currency: str
    payment_id: Nullable[str] = UNSET
    receipt: Nullable[str] = UNSET


class RecurringDetails(Struct):
    """How far the registration of a token is."""

    status: str | None = None
    failure_reason: str | None = None


class TokenBody(Struct):
    """https://razorpay.com/docs/api/payments/recurring-payments/cards/tokens"""

    id: str
    method: str | None = None
    bank: str | None = None
    card: CardBody | None = None
    customer_id: str | None = None
    recurring_details: RecurringDetails | None = None


class DisputeBody(Struct):
    """https://razorpay.com/docs/api/disputes/entity"""

    id: str
    payment_id: str
    amount: int
    currency: str
    status: str
    phase: str | None = None
    reason_code: str | None = None
    respond_by: int | None = None
