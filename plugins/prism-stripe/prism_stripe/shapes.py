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


class Owned:
    """What has metadata of ours."""

    __slots__ = ()
    metadata: Nullable[dict[str, str]]

    def own_id(self, name: str) -> str | None:
        """The caller's own id among the metadata. Metadata without it says that there is none: it
        is sent with everything that is created."""
        if isinstance(self.metadata, dict):
            return self.metadata.get(name, NULL)
        return NULL if self.metadata is None else None


class StripeObject(Owned, msgspec.Struct, kw_only=True, tag_field="object"):
    """What the objects have in common. One of another kind is the answer to another call, and one
    with an error contradicts itself."""

    id: str
    customer: Nullable[str] = UNSET
    metadata: Nullable[dict[str, str]] = UNSET
    error: None = None


class CustomerObject(StripeObject, tag="customer"):
    """https://docs.stripe.com/api/customers/object; a deleted one has its id and `deleted`."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    metadata: dict[str, str] | UnsetType = UNSET
    deleted: bool = False


class Wallet(msgspec.Struct):
    """The wallet that a card is in."""

    type: str | None = None


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


class OneKind(msgspec.Struct):
    """What is told about a payment method of one kind; each kind has some of these fields."""

    brand: str | None = None
    last4: str | None = None
    exp_month: int | None = None
    exp_year: int | None = None
    funding: str | None = None
    country: str | None = None
    wallet: Wallet | None = None
    bank: str | None = None
    bank_name: str | None = None
    iban_last4: str | None = None
    generated_sepa_debit: str | None = None
    # Of a card that was charged, what issuer and network gave.
    amount_authorized: int | None = None
    checks: Checks | None = None
    multicapture: Multicapture | None = None
    network_transaction_id: str | None = None


class OfKinds(msgspec.Struct):
    """What depends on the kind of a payment method, in a field of its own for each kind."""

    type: str | None = None
    card: OneKind | None = None
    sepa_debit: OneKind | None = None
    us_bank_account: OneKind | None = None
    bacs_debit: OneKind | None = None
    au_becs_debit: OneKind | None = None
    ideal: OneKind | None = None
    bancontact: OneKind | None = None
    eps: OneKind | None = None
    p24: OneKind | None = None
    paypal: OneKind | None = None

    @property
    def about(self) -> OneKind:
        """The field of its kind, an empty one where nothing is told."""
        return getattr(self, self.type or "card", None) or OneKind()


class PaymentMethodObject(Owned, OfKinds, tag_field="object", tag="payment_method", kw_only=True):
    """https://docs.stripe.com/api/payment_methods/object"""

    id: str
    customer: Nullable[str] = UNSET
    metadata: Nullable[dict[str, str]] = UNSET
    error: None = None


class KnownMethod(msgspec.Struct, tag_field="object", tag="payment_method", kw_only=True):
    """Of a stored payment method, its kind, and whose it is: the customer is null once it was
    detached."""

    id: str
    type: str
    customer: Nullable[str] = UNSET


class DetachedMethod(msgspec.Struct, tag_field="object", tag="payment_method"):
    """https://docs.stripe.com/api/payment_methods/detach: the customer is null then."""

    id: str
    customer: str | None


class CustomerSession(msgspec.Struct, tag_field="object", tag="customer_session"):
    """https://docs.stripe.com/api/customer_sessions/object"""

    client_secret: str
    expires_at: int
    customer: str


class StripeError(msgspec.Struct, kw_only=True):
    """https://docs.stripe.com/api/errors; also a PaymentIntent's last_payment_error"""

    type: str | None = None
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None
    advice_code: str | None = None
    network_advice_code: str | None = None
    network_decline_code: str | None = None
    payment_method: OfKinds | None = None


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
