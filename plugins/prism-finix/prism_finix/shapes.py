"""The parts of Finix's answers that are used."""

from datetime import datetime
from typing import Any

from msgspec import UNSET, Struct, field

from prism_core import Nullable


class EntityBody(Struct):
    """Who an identity is."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None


class IdentityBody(Struct):
    """https://docs.finix.com/api/identities"""

    id: str
    entity: EntityBody = field(default_factory=EntityBody)
    tags: Any = None


class InstrumentBody(Struct):
    """https://docs.finix.com/api/payment-instruments"""

    id: str
    enabled: bool
    identity: Nullable[str] = UNSET
    instrument_type: str | None = None
    brand: str | None = None
    card_type: str | None = None
    expiration_month: int | None = None
    expiration_year: int | None = None
    last_four: str | None = None
    masked_account_number: str | None = None
    tags: Any = None


class InstrumentList(Struct):
    """The payment instruments of one page of a list."""

    payment_instruments: list[InstrumentBody] = []


class PageBody(Struct):
    """Where a list goes on."""

    next_cursor: str | None = None


class InstrumentPage(Struct):
    """https://docs.finix.com/api/payment-instruments; an empty list has no `_embedded`."""

    page: PageBody
    embedded: InstrumentList = field(name="_embedded", default_factory=InstrumentList)


class PaymentBody(Struct, kw_only=True):
    """What an authorization and a transfer have both."""

    id: str
    state: str
    amount: int
    currency: str
    source: Nullable[str] = UNSET
    failure_code: str | None = None
    failure_message: str | None = None
    address_verification: str | None = None
    security_code_verification: str | None = None
    tags: Any = None


class AuthorizationBody(PaymentBody, kw_only=True):
    """https://docs.finix.com/api/authorizations; `transfer` is what it was captured with. After a
    capture, `amount` is what was captured, and `amount_requested` what was asked for first."""

    amount_requested: int
    is_void: bool
    transfer: str | None
    void_state: str | None = None


class TransferBody(PaymentBody, kw_only=True):
    """https://docs.finix.com/api/transfers; a refund and a returned debit are transfers, too."""

    type: str
    subtype: str | None = None
    parent_transfer: Nullable[str] = UNSET


class AmountDetails(Struct):
    """What a checkout form asks for."""

    total_amount: int
    currency: str


class FormBody(Struct):
    """https://docs.finix.com/api/checkout-forms/getcheckoutform; the link is in
    https://github.com/finix-payments/accept-a-payment/blob/main/src/app/checkout/hosted/page.tsx"""

    id: str
    amount_details: AmountDetails
    nickname: Nullable[str] = UNSET
    link_url: str | None = None


class AttemptBody(Struct):
    """https://docs.finix.com/guides/online-payments/low-code-no-code/transfer-attempts"""

    entity_id: str
    transfer_id: str | None = None
    authorization_id: str | None = None


class AttemptList(Struct):
    """The tries of one page of a list."""

    transfer_attempts: list[AttemptBody] = []


class AttemptPage(Struct):
    """https://docs.finix.com/api/transfer-attempts/listtransferattempts"""

    page: PageBody
    embedded: AttemptList = field(name="_embedded", default_factory=AttemptList)


class DisputeBody(Struct):
    """https://docs.finix.com/api/disputes"""

    id: str
    state: str
    transfer: str
    amount: int | None = None
    reason: str | None = None
    respond_by: datetime | None = None
    response_state: str | None = None


class ApplePayBody(Struct):
    """https://docs.finix.com/api/apple-pay: Apple's own session, as JSON."""

    session_details: str


class Named(Struct):
    """The id of what an event is about."""

    id: str


class EventBody(Struct):
    """https://docs.finix.com/additional-resources/developers/webhooks/webhook-events"""

    entity: str
    embedded: dict[str, list[Named]] = field(name="_embedded")
