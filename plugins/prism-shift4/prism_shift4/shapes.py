"""What Shift4 answers, with the fields that are used."""

from typing import Any

from msgspec import UNSET, Raw, Struct

from prism_core import Nullable


class BillingBody(Struct):
    """https://dev.shift4.com/docs/api#customer-object"""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    vat: str | None = None
    address: dict[str, str | None] | None = None


class CustomerBody(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#customer-object"""

    id: str
    email: str | None = None
    phone_number: str | None = None
    description: str | None = None
    deleted: bool = False
    billing: BillingBody | None = None
    metadata: Any = None


class CardBody(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#card-object"""

    id: str
    last4: str | None = None
    exp_month: str | None = None
    exp_year: str | None = None
    brand: str | None = None
    type: str | None = None
    country: str | None = None
    customer_id: Nullable[str] = UNSET
    deleted: bool = False


class StoredCard(CardBody, kw_only=True):
    """A card of a customer."""

    customer_id: str


class CardList(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#card-list"""

    list: list[StoredCard]
    has_more: bool


class WalletBody(Struct, rename="camel"):
    """The card in a wallet."""

    card_brand: str | None = None
    last4: str | None = None


class MethodBody(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#payment-method-object"""

    type: str
    apple_pay: WalletBody | None = None
    google_pay: WalletBody | None = None


class RedirectBody(Struct, rename="camel"):
    """Where the customer is sent."""

    redirect_url: str | None = None


class QrBody(Struct, rename="camel"):
    """A picture that the customer's app reads."""

    img_src: str | None = None


class FlowBody(Struct, rename="camel"):
    """What the customer has to do: `flow` of https://dev.shift4.com/docs/api#charge-object"""

    next_action: str | None = None
    redirect: RedirectBody | None = None
    qr_code: QrBody | None = None


class RefundBody(Struct):
    """https://dev.shift4.com/docs/api#refund-object"""

    id: str
    status: str
    amount: int
    currency: str
    charge: Nullable[str] = UNSET
    metadata: Any = None


class RefundMarks(Struct):
    """What `void` keeps in the metadata of a refund: the mark decides a status."""

    merchant_void_id: Nullable[str] = UNSET
    prism_void: str | None = None


class RefundPart(Struct):
    """A refund, as a charge lists it."""

    amount: int
    status: str | None = None
    metadata: RefundMarks | None = None

    @property
    def marks(self) -> RefundMarks:
        """Those of `void`, if it was one."""
        return self.metadata or RefundMarks()


class ChargeBody(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#charge-object"""

    id: str
    status: str
    amount: int
    currency: str
    captured: bool
    refunded: bool
    type: str | None = None
    amount_refunded: int | None = None
    refunds: list[RefundPart] = []
    card: CardBody | None = None
    payment_method: MethodBody | None = None
    flow: FlowBody | None = None
    customer_id: Nullable[str] = UNSET
    metadata: Any = None
    failure_code: str | None = None
    failure_issuer_decline_code: str | None = None
    failure_message: str | None = None


class Only(Struct):
    """An object of which only the id matters: the charge of a dispute, what was deleted."""

    id: str


class Evidence(Struct, rename="camel"):
    """Until when a dispute can be answered."""

    due_by: int | None = None


class DisputeBody(Struct, rename="camel"):
    """https://dev.shift4.com/docs/api#dispute-object"""

    id: str
    status: str
    amount: int
    currency: str
    reason: str | None = None
    accepted_as_lost: bool = False
    evidence_details: Evidence | None = None
    charge: Only | None = None


class EventBody(Struct):
    """https://dev.shift4.com/docs/api#event-object"""

    id: str
    type: str
    created: int
    data: Raw


class Named(Struct, rename="camel"):
    """What the data of an event say about themselves."""

    id: str | None = None
    object_type: str | None = None
    customer_id: str | None = None
