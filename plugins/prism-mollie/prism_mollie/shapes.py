"""What Mollie answers, with the fields that are used."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, field

from prism_core import Nullable


class Amount(Struct):
    """https://docs.mollie.com/reference/common-data-types"""

    currency: str
    value: str


class Link(Struct):
    """A link of an answer."""

    href: str


class Links(Struct):
    """The links of an answer: the page that the customer opens, and the next part of a list."""

    checkout: Link | None = None
    next: Link | None = None


class Details(Struct, rename="camel"):
    """https://docs.mollie.com/reference/extra-payment-parameters"""

    card_number: str | None = None
    card_label: str | None = None
    card_expiry_date: str | None = None
    card_funding: str | None = None
    card_country_code: str | None = None
    wallet: str | None = None
    consumer_account: str | None = None
    failure_reason: str | None = None
    failure_message: str | None = None
    bank_reason_code: str | None = None
    bank_reason: str | None = None


class Reason(Struct):
    """Why a bank took a debit back."""

    code: str


class ChargebackBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/get-chargeback"""

    id: str
    amount: Amount
    created_at: datetime
    payment_id: str | None = None
    reason: Reason | None = None
    reversed_at: datetime | None = None


class Embedded(Struct):
    """What was asked for with `embed`."""

    chargebacks: list[ChargebackBody] = []


class PaymentBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/get-payment"""

    id: str
    status: str
    amount: Amount
    method: str | None = None
    metadata: Any = None
    customer_id: Nullable[str] = UNSET
    mandate_id: Nullable[str] = UNSET
    sequence_type: str | None = None
    expires_at: datetime | None = None
    capture_mode: str | None = None
    amount_captured: Amount | None = None
    amount_refunded: Amount | None = None
    amount_charged_back: Amount | None = None
    details: Details | None = None
    links: Links = field(name="_links", default_factory=Links)
    embedded: Embedded = field(name="_embedded", default_factory=Embedded)


class SessionBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/request-apple-pay-payment-session: Apple's own object."""

    merchant_session_identifier: str
    expires_at: int | None = None


class CaptureBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/get-capture"""

    id: str
    status: str
    payment_id: str


class RefundBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/get-refund"""

    id: str
    status: str
    amount: Amount
    payment_id: Nullable[str] = UNSET
    metadata: Any = None


class CustomerBody(Struct):
    """https://docs.mollie.com/reference/get-customer"""

    id: str
    name: str | None = None
    email: str | None = None
    metadata: Any = None


class MandateBody(Struct, rename="camel"):
    """https://docs.mollie.com/reference/get-mandate"""

    id: str
    status: str
    customer_id: str
    method: str | None = None
    mandate_reference: Nullable[str] = UNSET
    details: Details | None = None


class MandateList(Struct):
    """The mandates of one page of a list."""

    mandates: list[MandateBody]


class MandatePage(Struct):
    """https://docs.mollie.com/reference/list-mandates"""

    embedded: MandateList = field(name="_embedded")
    links: Links = field(name="_links", default_factory=Links)
