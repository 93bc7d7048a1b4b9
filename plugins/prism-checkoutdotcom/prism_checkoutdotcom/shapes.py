"""What Checkout.com answers, with the fields that are used."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, field

from prism_core import Nullable

LONGEST = (
    999_999_999  # https://www.checkout.com/docs/payments/accept-payments/format-the-amount-value
)


class Link(Struct):
    """A link of an answer."""

    href: str


class Links(Struct):
    """The links of an answer: the payment itself, and where the customer goes."""

    self_: Link | None = field(name="self", default=None)
    payment: Link | None = None
    redirect: Link | None = None


class CustomerRef(Struct):
    """The customer of a payment or an instrument."""

    id: Nullable[str] = UNSET


class Marks(Struct):
    """What this connector keeps in the metadata: whether a payment is an order, which the customer
    may try to pay again."""

    prism_order: str | None = None


class Source(Struct):
    """What was paid with: https://api-reference.checkout.com/#operation/getPaymentDetails. Webhooks
    write `last_4`: https://www.checkout.com/docs/workflows/webhook-event-types/payment_approved"""

    type: str
    id: Nullable[str] = UNSET
    scheme: str | None = None
    last4: str | None = None
    last_4: str | None = None
    expiry_month: int | None = None
    expiry_year: int | None = None
    card_type: str | None = None
    issuer: str | None = None
    issuer_country: str | None = None
    card_wallet_type: str | None = None
    avs_check: str | None = None
    cvv_check: str | None = None


class Balances(Struct):
    """https://www.checkout.com/docs/payments/manage-payments/authorize-a-payment"""

    total_authorized: int | None = None
    total_captured: int | None = None
    available_to_capture: int | None = None
    total_refunded: int | None = None


class Facts(Struct, kw_only=True):
    """What an answer and a webhook tell about a payment; one with status 202 has no amount."""

    amount: int | None = None
    currency: str | None = None
    reference: Nullable[str] = UNSET
    source: Source | None = None
    customer: CustomerRef | None = None
    balances: Balances | None = None
    metadata: Marks | None = None
    scheme_id: str | None = None
    response_code: str | None = None
    response_summary: str | None = None


class PaymentBody(Facts, kw_only=True):
    """https://api-reference.checkout.com/#operation/getPaymentDetails"""

    id: str
    status: str
    links: Links = field(name="_links", default_factory=Links)


class HeldBalances(Struct):
    """The balances of a payment that is raised."""

    total_authorized: Annotated[int, Meta(ge=0, le=LONGEST)]


class HeldBody(Struct):
    """A payment that is looked up before it is changed."""

    id: str
    amount: Annotated[int, Meta(ge=0, le=LONGEST)]
    currency: str
    balances: HeldBalances | None = None


class Tried(Struct):
    """One payment of several with the same reference."""

    id: str
    status: str
    reference: str | None = None


class PaymentList(Struct):
    """https://api-reference.checkout.com/#tag/Payments: the newest first."""

    total_count: int
    data: list[Tried]


class Accepted(Struct):
    """A capture, a void or a refund that was accepted, and is done later."""

    action_id: str
    reference: Nullable[str] = UNSET
    links: Links = field(name="_links", default_factory=Links)


class Increment(Accepted, kw_only=True):
    """https://api-reference.checkout.com/#operation/incrementPaymentAuthorization"""

    currency: str
    status: str
    balances: Balances | None = None


class Action(Struct):
    """https://api-reference.checkout.com/#operation/getPaymentActions"""

    id: str
    type: str
    amount: int
    approved: bool | None = None
    reference: Nullable[str] = UNSET
    response_code: str | None = None
    response_summary: str | None = None


class HostedBody(Struct, kw_only=True):
    """https://api-reference.checkout.com/#operation/getHostedPaymentsPageDetails; when it is made,
    it has no status yet."""

    id: str
    status: str | None = None
    payment_id: str | None = None
    amount: int | None = None
    currency: str | None = None
    reference: Nullable[str] = UNSET
    links: Links = field(name="_links", default_factory=Links)


class SessionBody(Struct):
    """https://api-reference.checkout.com/tag/Flow/#operation/CreatePaymentSession"""

    id: str
    payment_session_token: str
    payment_session_secret: str | None = None


class PhoneBody(Struct):
    """A phone number in two parts."""

    number: str | None = None
    country_code: str | None = None


class InstrumentBody(Source, kw_only=True):
    """https://api-reference.checkout.com/#operation/getInstrumentDetails"""

    id: str
    customer: CustomerRef | None = None


class CustomerBody(Struct):
    """https://api-reference.checkout.com/#operation/getCustomerDetails; when one is made, the
    answer has its id alone."""

    id: str
    email: str | None = None
    name: str | None = None
    phone: PhoneBody | None = None
    metadata: Any = None
    instruments: list[InstrumentBody] = []


class EventData(Facts, kw_only=True):
    """What a webhook is about: a payment with its newest action, or a dispute."""

    id: str | None = None
    action_id: str | None = None
    payment_id: str | None = None
    reason_code: str | None = None
    evidence_required_by: datetime | None = None


class EventBody(Struct, kw_only=True):
    """https://www.checkout.com/docs/workflows; some have `timestamp` in place of `created_on`."""

    id: str
    type: str
    created_on: datetime | None = None
    timestamp: datetime | None = None
    data: EventData = field(default_factory=EventData)
