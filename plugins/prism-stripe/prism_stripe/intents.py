"""PaymentIntents and SetupIntents, and what belongs to them: of each, the fields that are used."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from prism_core import Nullable
from prism_stripe.shapes import (
    OfKinds,
    OneKind,
    PaymentMethodObject,
    StripeError,
    StripeObject,
)

ORDER = "prism_order"
"""The key in the metadata of what a customer pays on a page, where a failed try is not the end."""


class Action(msgspec.Struct):
    """What the customer shall do: a page to open, and what to show if they pay elsewhere."""

    url: str | None = None
    hosted_voucher_url: str | None = None
    hosted_instructions_url: str | None = None
    hosted_verification_url: str | None = None
    entity: str | None = None
    number: str | None = None
    reference: str | None = None
    expires_at: int | None = None
    expires_after: int | None = None

    @property
    def page(self) -> str | None:
        """The page to open."""
        hosted = self.hosted_voucher_url or self.hosted_instructions_url
        return self.url or hosted or self.hosted_verification_url


class NextAction(msgspec.Struct):
    """https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action"""

    type: str
    alipay_handle_redirect: Action | None = None
    blik_authorize: Action | None = None
    cashapp_handle_redirect_or_display_qr_code: Action | None = None
    multibanco_display_details: Action | None = None
    oxxo_display_details: Action | None = None
    redirect_to_url: Action | None = None
    swish_handle_redirect_or_display_qr_code: Action | None = None
    verify_with_microdeposits: Action | None = None

    @property
    def about(self) -> Action | None:
        """The field of its type; None of a type that only Stripe.js can handle."""
        return getattr(self, self.type, None)


class MandateObject(StripeObject, tag="mandate", kw_only=True):
    """https://docs.stripe.com/api/mandates/object"""

    status: str
    payment_method: str | PaymentMethodObject | None = None


class Intent(StripeObject, kw_only=True):
    """What a PaymentIntent and a SetupIntent have in common."""

    status: str
    client_secret: str | None = None
    next_action: NextAction | None = None
    payment_method: Nullable[str | PaymentMethodObject] = UNSET
    payment_method_types: list[str] = []

    @property
    def method_id(self) -> Nullable[str]:
        """The id of the payment method, which may be expanded."""
        found = self.payment_method
        return found.id if isinstance(found, PaymentMethodObject) else found

    @property
    def method(self) -> OfKinds:
        """What is told about the payment method."""
        return OfKinds()

    @property
    def kind(self) -> str | None:
        """Stripe's word for the kind of the payment method; None where it cannot be known."""
        only = self.payment_method_types[0] if len(self.payment_method_types) == 1 else None
        return self.method.type or only

    @property
    def order(self) -> str | None:
        """The page on which a customer gives the payment method, and can try again: the shop's
        ("page") or Stripe's ("hosted"); None without one."""
        return self.metadata.get(ORDER) if isinstance(self.metadata, dict) else None


class Attempt(msgspec.Struct):
    """https://docs.stripe.com/api/setup_attempts/object"""

    payment_method_details: OfKinds | None = None


class SetupIntent(Intent, tag="setup_intent", kw_only=True):
    """https://docs.stripe.com/api/setup_intents/object"""

    failure: StripeError | None = msgspec.field(name="last_setup_error", default=None)
    mandate: MandateObject | str | None = None
    latest_attempt: Attempt | str | None = None

    @property
    def method(self) -> OfKinds:
        """What is told about the payment method: by the last attempt, or by itself."""
        tried = self.latest_attempt if isinstance(self.latest_attempt, Attempt) else Attempt()
        stored = self.payment_method
        kept = stored if isinstance(stored, PaymentMethodObject) else OfKinds()
        generated = tried.payment_method_details
        return generated if generated and generated.about.generated_sepa_debit else kept


class Charge(msgspec.Struct, kw_only=True):
    """https://docs.stripe.com/api/charges/object"""

    amount_captured: int | None = None
    amount_refunded: int | None = None
    disputed: bool = False
    payment_method_details: OfKinds | None = None


class PaymentIntent(Intent, kw_only=True, tag="payment_intent"):
    """https://docs.stripe.com/api/payment_intents/object"""

    amount: int
    currency: str
    amount_capturable: int | None = None
    amount_received: int | None = None
    setup_future_usage: str | None = None
    failure: StripeError | None = msgspec.field(name="last_payment_error", default=None)
    latest_charge: Charge | str | None = None
    metadata: dict[str, str] | UnsetType = UNSET

    @property
    def charge(self) -> Charge:
        """The latest charge, an empty one where there is none or only its id."""
        return self.latest_charge if isinstance(self.latest_charge, Charge) else Charge()

    @property
    def method(self) -> OfKinds:
        """What is told about the payment method of the last try."""
        tried = self.failure and self.failure.payment_method
        return self.charge.payment_method_details or tried or OfKinds()

    @property
    def card(self) -> OneKind:
        """The latest charge's card, with nothing in it where there is none."""
        method = self.charge.payment_method_details
        return (method and method.card) or OneKind()

    @property
    def captured(self) -> int | None:
        """The amount captured so far; the charge knows it, too."""
        return self.charge.amount_captured if self.amount_received is None else self.amount_received


class Session(StripeObject, tag="checkout.session", kw_only=True):
    """https://docs.stripe.com/api/checkout/sessions/object"""

    mode: str
    status: str | None = None
    payment_status: str | None = None
    amount_total: int | None = None
    currency: str | None = None
    url: str | None = None
    expires_at: int | None = None
    payment_intent: PaymentIntent | str | None = None
    setup_intent: SetupIntent | str | None = None
