"""What GoCardless answers, with the fields that are used."""

from datetime import datetime
from typing import Any, ClassVar

from msgspec import UNSET, Raw, Struct, field

from prism_core import Nullable


class Links(Struct):
    """The ids of what belongs together."""

    customer: Nullable[str] = UNSET
    customer_bank_account: str | None = None
    mandate: Nullable[str] = UNSET
    payment: Nullable[str] = UNSET
    refund: str | None = None
    billing_request: str | None = None
    payment_request_payment: str | None = None
    mandate_request_mandate: str | None = None


class Resource(Struct, kw_only=True):
    """What each object has. `name` is the resource's, which is in the path and around the body."""

    name: ClassVar[str]
    id: str
    links: Links = field(default_factory=Links)
    metadata: Any = None


class CustomerBody(Resource):
    """https://developer.gocardless.com/api-reference/#core-endpoints-customers"""

    name = "customers"
    given_name: str | None = None
    family_name: str | None = None
    company_name: str | None = None
    email: str | None = None
    phone_number: str | None = None


class BankAccountBody(Resource):
    """https://developer.gocardless.com/api-reference/#core-endpoints-customer-bank-accounts"""

    name = "customer_bank_accounts"
    account_number_ending: str | None = None
    bank_name: str | None = None
    country_code: str | None = None


class MandateBody(Resource, kw_only=True):
    """https://developer.gocardless.com/api-reference/#core-endpoints-mandates"""

    name = "mandates"
    status: str
    scheme: str | None = None


class PaymentBody(Resource, kw_only=True):
    """https://developer.gocardless.com/api-reference/#core-endpoints-payments"""

    name = "payments"
    status: str
    amount: int
    currency: str
    amount_refunded: int | None = None
    scheme: str | None = None
    retry_if_possible: bool | None = None


class RefundBody(Resource, kw_only=True):
    """https://developer.gocardless.com/api-reference/#core-endpoints-refunds"""

    name = "refunds"
    status: str
    amount: int
    currency: str


class PaymentRequest(Struct):
    """What is to be paid; the amount comes as a text."""

    amount: int | str
    currency: str


class BillingRequestBody(Resource, kw_only=True):
    """https://developer.gocardless.com/api-reference/#billing-requests-billing-requests"""

    name = "billing_requests"
    status: str
    payment_request: PaymentRequest | None = None


class FlowBody(Resource, kw_only=True):
    """https://developer.gocardless.com/api-reference/#billing-requests-billing-request-flows"""

    name = "billing_request_flows"
    authorisation_url: str
    expires_at: datetime | None = None


class Cursors(Struct):
    """https://developer.gocardless.com/api-reference/#api-usage-cursor-pagination"""

    after: str | None = None


class Meta(Struct):
    """Where the next part of a list begins."""

    cursors: Cursors = field(default_factory=Cursors)


class MandatePage(Struct):
    """A part of a list of mandates."""

    mandates: list[MandateBody]
    meta: Meta = field(default_factory=Meta)


class Details(Struct):
    """Why something happened: https://developer.gocardless.com/api-reference/#core-endpoints-events"""

    cause: str | None = None
    description: str | None = None
    reason_code: str | None = None
    scheme: str | None = None
    will_attempt_retry: bool | None = None


class Named(Struct):
    """What every event has: its id, and what it is about."""

    id: str
    resource_type: str
    action: str


class EventBody(Named, kw_only=True):
    """https://developer.gocardless.com/api-reference/#core-endpoints-events"""

    created_at: datetime
    links: Links = field(default_factory=Links)
    details: Details = field(default_factory=Details)
    resource_metadata: Any = None


class WebhookBody(Struct):
    """https://developer.gocardless.com/api-reference/#webhooks-overview: up to 250 events, each
    read by itself."""

    events: list[Raw]


Object = dict[str, Any]
