"""What Airwallex answers, with the fields that are used."""

from typing import Any

from msgspec import UNSET, Struct, field

from prism_core import Nullable, PlainDecimal


class CustomerBody(Struct):
    """https://www.airwallex.com/docs/api/payments/customers"""

    id: str
    merchant_customer_id: Nullable[str] = UNSET
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone_number: str | None = None


class CardBody(Struct):
    """A card of a payment method."""

    brand: str | None = None
    last4: str | None = None
    expiry_month: str | None = None
    expiry_year: str | None = None
    card_type: str | None = None
    issuer_country_code: str | None = None
    issuer_name: str | None = None


class MethodBody(Struct):
    """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_methods"""

    id: str | None = None
    customer_id: Nullable[str] = UNSET
    type: str | None = None
    card: CardBody | None = None
    googlepay: CardBody | None = None


class StoredBody(MethodBody, kw_only=True):
    """A payment method by itself."""

    id: str
    status: str
    metadata: Any = None


class MethodPage(Struct):
    """https://www.airwallex.com/docs/payments__native-api__manage-payment-credentials"""

    items: list[StoredBody]
    has_more: bool


class Checks(Struct):
    """What the issuer said of address and security code."""

    avs_result: str | None = None
    cvc_result: str | None = None


class Attempt(Struct):
    """https://www.airwallex.com/docs/api/payments/payment_attempts"""

    status: str | None = None
    failure_code: str | None = None
    provider_original_response_code: str | None = None
    refunded_amount: PlainDecimal | None = None
    payment_consent_id: Nullable[str] = UNSET
    payment_method: MethodBody | None = None
    authentication_data: Checks | None = None


class NextAction(Struct):
    """What the customer has to do: a page to open, or to post the data to."""

    type: str | None = None
    method: str | None = None
    url: str | None = None
    data: dict[str, Any] | None = None


class Marks(Struct):
    """What the metadata of an order of ours has, and that of no other payment."""

    prism_order: str | None = None


class Intent(Struct):
    """https://www.airwallex.com/docs/api/payments/payment_intents"""

    id: str
    status: str
    amount: PlainDecimal
    currency: str
    captured_amount: PlainDecimal
    merchant_order_id: Nullable[str] = UNSET
    customer_id: Nullable[str] = UNSET
    client_secret: str | None = None
    payment_consent_id: Nullable[str] = UNSET
    latest_payment_attempt: Attempt | None = None
    next_action: NextAction | None = None
    metadata: Marks | None = None


class IntentBrief(Struct):
    """An intent in a list, which has only the id of its attempt."""

    id: str
    status: str
    merchant_order_id: Nullable[str] = UNSET
    created_at: str | None = None


class IntentPage(Struct):
    """The list of https://www.airwallex.com/docs/api/payments/payment_intents"""

    items: list[IntentBrief]
    has_more: bool


class FailureReason(Struct):
    """Why a consent was not verified."""

    code: str | None = None
    message: str | None = None


class Consent(Struct):
    """https://www.airwallex.com/docs/api/2025-02-14/payments/payment_consents"""

    id: str
    status: str
    customer_id: Nullable[str] = UNSET
    initial_payment_intent_id: str | None = None
    payment_method: MethodBody | None = None
    failure_reason: FailureReason | None = None


class RefundBody(Struct):
    """https://www.airwallex.com/docs/api/2024-08-07/payments/refunds"""

    id: str
    status: str
    amount: PlainDecimal
    currency: str
    payment_intent_id: Nullable[str] = UNSET
    metadata: Any = None


class DisputeBody(Struct):
    """https://www.airwallex.com/docs/developer-tools/sandbox-environment/payments/simulate-payment-disputes"""

    id: str | None = None
    payment_intent_id: str | None = None
    stage: str | None = None
    amount: PlainDecimal | None = None
    currency: str | None = None
    due_at: str | None = None


class EventData(Struct):
    """What an event is about: the object by its own shape, which its name tells."""

    object: dict[str, Any] = field(default_factory=dict)


class EventBody(Struct):
    """https://www.airwallex.com/docs/developer-tools__listen-for-webhook-events__payload-examples"""

    id: str
    name: str
    data: EventData = field(default_factory=EventData)
    created_at: str | None = None
