"""The objects that Stripe answers with: of each, the fields that are used."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from prism_core import NULL, Nullable

T = TypeVar("T")


class Named(msgspec.Struct):
    """Of any object, its id, and those of what it belongs to."""

    id: str
    customer: str | None = None
    payment_intent: str | None = None


class StripeObject(msgspec.Struct, kw_only=True, tag_field="object"):
    """What the objects have in common. One of another kind is the answer to another call, and one
    with an error contradicts itself."""

    id: str
    customer: Nullable[str] = UNSET
    metadata: Nullable[dict[str, str]] = UNSET
    error: None = None

    def own_id(self, name: str) -> str | None:
        """The caller's own id among the metadata. Metadata without it says that there is none: it
        is sent with everything that is created."""
        if isinstance(self.metadata, dict):
            return self.metadata.get(name, NULL)
        return NULL if self.metadata is None else None


class CustomerObject(StripeObject, tag="customer"):
    """https://docs.stripe.com/api/customers/object; a deleted one has its id and `deleted`."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: dict[str, str] | UnsetType = UNSET
    deleted: bool = False


class CardObject(msgspec.Struct):
    """Of a stored card, what may be shown."""

    brand: str | None = None
    last_four: str | None = msgspec.field(name="last4", default=None)
    exp_month: int | None = None
    exp_year: int | None = None


class PaymentMethodObject(StripeObject, tag="payment_method"):
    """https://docs.stripe.com/api/payment_methods/object"""

    card: CardObject | None = None


class DetachedMethod(msgspec.Struct, tag_field="object", tag="payment_method"):
    """https://docs.stripe.com/api/payment_methods/detach: the customer is null then."""

    id: str
    customer: str | None


class StripeError(msgspec.Struct, kw_only=True):
    """https://docs.stripe.com/api/errors; also a PaymentIntent's last_payment_error"""

    type: str | None = None
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None
    network_decline_code: str | None = None


class RedirectToUrl(msgspec.Struct):
    """A next action that is a page to open."""

    url: str | None = None


class NextAction(msgspec.Struct):
    """https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action"""

    type: str
    redirect_to_url: RedirectToUrl | None = None


class Intent(StripeObject, kw_only=True):
    """What a PaymentIntent and a SetupIntent have in common."""

    status: str
    client_secret: str | None = None
    next_action: NextAction | None = None
    payment_method: Nullable[str] = UNSET


class SetupIntent(Intent, tag="setup_intent"):
    """https://docs.stripe.com/api/setup_intents/object"""

    failure: StripeError | None = msgspec.field(name="last_setup_error", default=None)


class Multicapture(msgspec.Struct):
    """Whether a payment may be captured in several parts."""

    status: str | None = None


class Checks(msgspec.Struct):
    """What became of the checks of address and security code: pass, fail, unavailable or
    unchecked; null where there was nothing to check."""

    address_line1_check: str | None = None
    address_postal_code_check: str | None = None
    cvc_check: str | None = None

    @property
    def avs(self) -> str | None:
        """The two checks of the address, as far as they were made."""
        both = {"line1": self.address_line1_check, "postal_code": self.address_postal_code_check}
        return ", ".join(f"{part}: {said}" for part, said in both.items() if said) or None


class CardDetails(msgspec.Struct):
    """Of a charge's card, what issuer and network gave."""

    amount_authorized: int | None = None
    checks: Checks | None = None
    multicapture: Multicapture | None = None
    network_transaction_id: str | None = None


class MethodDetails(msgspec.Struct):
    """Of a charge, what depends on the payment method."""

    card: CardDetails | None = None


class Charge(msgspec.Struct, kw_only=True):
    """https://docs.stripe.com/api/charges/object"""

    amount_captured: int | None = None
    amount_refunded: int | None = None
    payment_method_details: MethodDetails | None = None


class PaymentIntent(Intent, kw_only=True, tag="payment_intent"):
    """https://docs.stripe.com/api/payment_intents/object"""

    amount: int
    currency: str
    amount_capturable: int | None = None
    amount_received: int | None = None
    failure: StripeError | None = msgspec.field(name="last_payment_error", default=None)
    latest_charge: Charge | str | None = None
    metadata: dict[str, str] | UnsetType = UNSET

    @property
    def charge(self) -> Charge:
        """The latest charge, an empty one where there is none or only its id."""
        return self.latest_charge if isinstance(self.latest_charge, Charge) else Charge()

    @property
    def card(self) -> CardDetails:
        """The latest charge's card, with nothing in it where there is none."""
        method = self.charge.payment_method_details
        return (method and method.card) or CardDetails()

    @property
    def captured(self) -> int | None:
        """The amount captured so far; the charge knows it, too."""
        return self.charge.amount_captured if self.amount_received is None else self.amount_received


class RefundObject(StripeObject, tag="refund"):
    """https://docs.stripe.com/api/refunds/object"""

    amount: int
    currency: str
    status: str | None = None
    payment_intent: Nullable[str] = UNSET
    failure_reason: str | None = None


class Page(msgspec.Struct, Generic[T]):
    """https://docs.stripe.com/api/pagination, https://docs.stripe.com/api/customers/search"""

    data: list[T]
    has_more: bool


class Envelope(msgspec.Struct, Generic[T]):
    """The body of every error answer."""

    error: T


class EventObject(msgspec.Struct):
    """https://docs.stripe.com/api/events/object; of a kind that is not known, no more than this
    is read."""

    id: str
    type: str
    created: int | str | None = None


class EventData(msgspec.Struct, Generic[T]):
    """What an event is about, as the API would answer it, with nothing expanded."""

    object: T


class EventOf(msgspec.Struct, Generic[T]):
    """An event of a known kind."""

    data: EventData[T]
