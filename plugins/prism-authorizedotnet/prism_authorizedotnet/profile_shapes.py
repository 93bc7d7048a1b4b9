"""The shapes of answers about customer profiles and of webhooks: the fields used, and no others.

They are those of https://developer.authorize.net/api/reference/index.html#customer-profiles and
https://developer.authorize.net/api/reference/features/webhooks.html.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType

from prism_authorizedotnet.shapes import Id, OkMessages, Profile
from prism_core import PlainDecimal, Told


class ProfileAnswer(msgspec.Struct, rename="camel", kw_only=True):
    """createCustomerProfileResponse"""

    messages: OkMessages
    ref_id: Told[str] = UNSET
    customer_profile_id: Id
    customer_payment_profile_id: UnsetType | None = UNSET
    """Where there is one, it is the answer to another request, for a card."""


class Bare(msgspec.Struct, rename="camel", kw_only=True):
    """An answer that names nothing but its request: what names more is the answer to another
    request, a lookup say, which has no refId to tell them apart by."""

    messages: OkMessages
    ref_id: Told[str] = UNSET
    customer_profile_id: UnsetType | None = UNSET
    customer_payment_profile_id: UnsetType | None = UNSET
    profile: UnsetType | None = UNSET
    payment_profile: UnsetType | None = UNSET
    transaction: UnsetType | None = UNSET
    transaction_response: UnsetType | None = UNSET


class Done(Bare):
    """The answer to an update or a deletion."""


class KeptCreditCard(msgspec.Struct, rename="camel"):
    """A card number without its middle, and with an expiry where that was asked for."""

    card_number: str = ""
    expiration_date: str = ""
    card_type: str | None = None


class KeptPayment(msgspec.Struct, rename="camel"):
    """What a payment profile holds: a card, or a bank account."""

    credit_card: KeptCreditCard | None = None


class PaymentProfile(msgspec.Struct, rename="camel", kw_only=True):
    """A payment profile."""

    customer_payment_profile_id: Id
    payment: KeptPayment | None = None


class CustomerProfile(msgspec.Struct, rename="camel", kw_only=True):
    """A customer, with the payment profiles."""

    customer_profile_id: Id
    merchant_customer_id: Told[str] = UNSET
    description: str | None = None
    email: str | None = None
    payment_profiles: list[PaymentProfile] | None = None


class CustomerFound(msgspec.Struct):
    """getCustomerProfileResponse"""

    messages: OkMessages
    profile: CustomerProfile


class PaymentProfileAnswer(msgspec.Struct, rename="camel", kw_only=True):
    """createCustomerPaymentProfileResponse"""

    messages: OkMessages
    ref_id: Told[str] = UNSET
    customer_profile_id: Told[Id] = UNSET
    customer_payment_profile_id: Id
    validation_direct_response: str | None = None


class ValidationAnswer(Bare, rename="camel", kw_only=True):
    """validateCustomerPaymentProfileResponse"""

    direct_response: str | None = None


class RefusedAnswer(msgspec.Struct, rename="camel"):
    """Of the answer to a card that was declined, the caller's id."""

    ref_id: Told[str] = UNSET


class Notification(msgspec.Struct, rename="camel", kw_only=True):
    """A webhook, whatever it is about."""

    notification_id: str = ""
    event_type: str
    event_date: datetime | None = None


class Transacted(msgspec.Struct, rename="camel", kw_only=True):
    """The payload of a webhook about a transaction."""

    id: Id
    response_code: Id
    auth_amount: PlainDecimal | None = None
    avs_response: str | None = None
    merchant_reference_id: str | None = None
    invoice_number: str | None = None


class TransactionNotification(msgspec.Struct):
    """A webhook about a transaction."""

    payload: Transacted


class Named(msgspec.Struct, rename="camel", kw_only=True):
    """The payload of a webhook about a customer, a payment profile or a subscription: whose it
    is. The first two are what `id` names; a subscription has its profile."""

    id: Id | None = None
    customer_profile_id: Id | None = None
    profile: Profile | None = None


class NamedNotification(msgspec.Struct):
    """A webhook about a customer, a payment profile or a subscription."""

    payload: Named
