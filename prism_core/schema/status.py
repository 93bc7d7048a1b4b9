"""The enumerations of the schema: statuses, capture methods, kinds of events and others.

The names are those of the published Hyperswitch Prism schema. A processor's status that a
connector does not know becomes `UNRESOLVED`, which is not final.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Literal


class Environment(StrEnum):
    """Whether calls move test money or real money."""

    SANDBOX = "SANDBOX"
    """Test money."""
    PRODUCTION = "PRODUCTION"
    """Real money."""


class PaymentStatus(StrEnum):
    """The status of a payment."""

    STARTED = "STARTED"
    """The processor knows the payment; nothing has happened yet."""
    PAYMENT_METHOD_AWAITED = "PAYMENT_METHOD_AWAITED"
    """The customer can still pay, also after a declined try: an open order."""
    DEVICE_DATA_COLLECTION_PENDING = "DEVICE_DATA_COLLECTION_PENDING"
    """The customer's browser must send data about itself first."""
    CONFIRMATION_AWAITED = "CONFIRMATION_AWAITED"
    """All is there but the call that confirms the payment."""
    AUTHENTICATION_PENDING = "AUTHENTICATION_PENDING"
    """The customer must authenticate or pay; `redirection_data` says where."""
    AUTHENTICATION_SUCCESSFUL = "AUTHENTICATION_SUCCESSFUL"
    """The customer has authenticated; nothing is authorized yet."""
    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    """The customer did not authenticate. Final."""
    AUTHORIZING = "AUTHORIZING"
    """The authorization is under way."""
    AUTHORIZED = "AUTHORIZED"
    """The money is held: capture or void it."""
    AUTHORIZATION_FAILED = "AUTHORIZATION_FAILED"
    """It was declined. Final."""
    PARTIALLY_AUTHORIZED = "PARTIALLY_AUTHORIZED"
    """A part of the amount is held."""
    CHARGED = "CHARGED"
    """All of it is captured: you have the money. Final."""
    PARTIAL_CHARGED = "PARTIAL_CHARGED"
    """A part is captured, and the rest is released. Final."""
    PARTIAL_CHARGED_AND_CHARGEABLE = "PARTIAL_CHARGED_AND_CHARGEABLE"
    """A part is captured; the rest can still be."""
    AUTO_REFUNDED = "AUTO_REFUNDED"
    """The processor gave the money back by itself. Final."""
    CAPTURE_INITIATED = "CAPTURE_INITIATED"
    """A capture was asked for; the processor confirms it later."""
    CAPTURE_FAILED = "CAPTURE_FAILED"
    """A capture was refused; the money may still be held."""
    VOID_INITIATED = "VOID_INITIATED"
    """A cancellation was asked for; the processor confirms it later."""
    VOIDED = "VOIDED"
    """It was cancelled before it was captured: the money is released. Final."""
    VOID_FAILED = "VOID_FAILED"
    """A cancellation was refused; the money may still be held."""
    VOIDED_POST_CAPTURE = "VOIDED_POST_CAPTURE"
    """It was cancelled after it was captured: the money goes back. Final."""
    COD_INITIATED = "COD_INITIATED"
    """The customer pays on delivery."""
    EXPIRED = "EXPIRED"
    """Its time ran out before it was paid. Final."""
    ROUTER_DECLINED = "ROUTER_DECLINED"
    """It was refused before it reached the customer's bank. Final."""
    PENDING = "PENDING"
    """It is under way, and the processor says later whether it is paid."""
    FAILURE = "FAILURE"
    """It failed later, such as a bank debit that was refused. Final."""
    UNRESOLVED = "UNRESOLVED"
    """A status that the connector does not know: neither success nor failure."""

    @property
    def is_paid(self) -> bool:
        """Whether you have the money, or a part of it. A bank debit can still be returned."""
        return self in _CAPTURED

    @property
    def is_authorized(self) -> bool:
        """Whether money is held for you that you can still capture. Ship, then `capture`."""
        return self in _HELD

    @property
    def is_failed(self) -> bool:
        """Whether the payment has ended, and you have no money from it: it was declined, cancelled
        or given back, or it expired."""
        return self in _FINAL and self not in _CAPTURED

    @property
    def can_still_change(self) -> bool:
        """Whether the payment is still under way. If not, only a refund, a dispute or a returned
        debit can change it."""
        return self not in _FINAL

    def advance(self, new: PaymentStatus) -> PaymentStatus:
        """The status to store after `new` is reported for a payment that has this one. Events
        arrive twice and out of order: it never moves a payment back.

        A report of money replaces every report without money. A debit that is returned, or a
        dispute, does not change a paid payment: see `Event.dispute` and
        `Payment.charged_back_amount`. Nor does a capture that the card network refuses after it
        was reported: look at an event's own CAPTURE_FAILED, too.
        """
        return new if (_STAGES[new], self.can_still_change) > (_STAGES[self], False) else self


_FINAL = frozenset(
    {
        PaymentStatus.AUTHENTICATION_FAILED,
        PaymentStatus.AUTHORIZATION_FAILED,
        PaymentStatus.CHARGED,
        PaymentStatus.PARTIAL_CHARGED,
        PaymentStatus.AUTO_REFUNDED,
        PaymentStatus.VOIDED,
        PaymentStatus.VOIDED_POST_CAPTURE,
        PaymentStatus.EXPIRED,
        PaymentStatus.ROUTER_DECLINED,
        PaymentStatus.FAILURE,
    }
)


_CAPTURED = frozenset(
    {
        PaymentStatus.CHARGED,
        PaymentStatus.PARTIAL_CHARGED,
        PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    }
)
_HELD = frozenset(
    {
        PaymentStatus.AUTHORIZED,
        PaymentStatus.PARTIALLY_AUTHORIZED,
        PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    }
)
_ORDER: tuple[tuple[PaymentStatus, ...], ...] = (
    (PaymentStatus.UNRESOLVED,),
    (PaymentStatus.STARTED,),
    (PaymentStatus.PAYMENT_METHOD_AWAITED, PaymentStatus.DEVICE_DATA_COLLECTION_PENDING),
    (PaymentStatus.AUTHENTICATION_PENDING,),
    (PaymentStatus.AUTHENTICATION_SUCCESSFUL, PaymentStatus.CONFIRMATION_AWAITED),
    (PaymentStatus.PENDING, PaymentStatus.AUTHORIZING, PaymentStatus.COD_INITIATED),
    (PaymentStatus.PARTIALLY_AUTHORIZED, PaymentStatus.AUTHORIZED),
    (PaymentStatus.CAPTURE_INITIATED, PaymentStatus.CAPTURE_FAILED),
    (PaymentStatus.VOID_INITIATED, PaymentStatus.VOID_FAILED),
    (
        *(PaymentStatus.AUTHENTICATION_FAILED, PaymentStatus.AUTHORIZATION_FAILED),
        *(PaymentStatus.ROUTER_DECLINED, PaymentStatus.FAILURE),
        *(PaymentStatus.VOIDED, PaymentStatus.EXPIRED),
    ),
    (PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,),
    (PaymentStatus.PARTIAL_CHARGED, PaymentStatus.CHARGED),
    (PaymentStatus.VOIDED_POST_CAPTURE, PaymentStatus.AUTO_REFUNDED),
)
"""The statuses in the order in which a payment has them; those of one stage exclude each other."""
_STAGES = {status: stage for stage, group in enumerate(_ORDER) for status in group}


class CustomerStatus(StrEnum):
    """The status of a customer at the processor."""

    ACTIVE = "ACTIVE"
    """The customer is there."""
    DELETED = "DELETED"
    """The customer was deleted."""


class CaptureMethod(StrEnum):
    """When authorized money is captured: at once, or by a later `capture`."""

    AUTOMATIC = "AUTOMATIC"
    """At once."""
    MANUAL = "MANUAL"
    """By one later `capture`; what it leaves is released."""
    MANUAL_MULTIPLE = "MANUAL_MULTIPLE"
    """By several later captures."""
    SCHEDULED = "SCHEDULED"
    """By the processor, at a later time."""
    SEQUENTIAL_AUTOMATIC = "SEQUENTIAL_AUTOMATIC"
    """At once, by a second request that follows the authorization."""


class FutureUsage(StrEnum):
    """Whether the payment method will be used again, with the customer present or not."""

    ON_SESSION = "ON_SESSION"
    """With the customer present."""
    OFF_SESSION = "OFF_SESSION"
    """Without the customer: what you start yourself, too."""


class AuthenticationType(StrEnum):
    """Whether 3-D Secure is requested. With NO_THREE_DS the issuer can still require it."""

    THREE_DS = "THREE_DS"
    """Ask for it."""
    NO_THREE_DS = "NO_THREE_DS"
    """Do not ask for it."""


class AcceptanceType(StrEnum):
    """How a customer agreed to a mandate."""

    ONLINE = "ONLINE"
    """On your page."""
    OFFLINE = "OFFLINE"
    """On paper, or by telephone."""


class MitCategory(StrEnum):
    """Why a merchant starts a payment with a stored payment method."""

    RECURRING_MIT = "RECURRING_MIT"
    """A subscription: the same intervals."""
    UNSCHEDULED_MIT = "UNSCHEDULED_MIT"
    """At no fixed time, such as a top-up."""
    INSTALLMENT_MIT = "INSTALLMENT_MIT"
    """A part of one purchase."""
    RESUBMISSION_MIT = "RESUBMISSION_MIT"
    """A charge that was declined, tried again."""


class OnConflict(StrEnum):
    """The result of creating something that exists already: an error, or the existing object."""

    ERROR = "error"
    """Raise `Conflict`."""
    RETURN = "return"
    """Return the existing one; its `existed` is true."""


# A caller may give the member or its value. The field always holds the member.
if TYPE_CHECKING:
    EnvironmentInput = Environment | Literal["SANDBOX", "PRODUCTION"]
    CaptureMethodInput = (
        CaptureMethod
        | Literal["AUTOMATIC", "MANUAL", "MANUAL_MULTIPLE", "SCHEDULED", "SEQUENTIAL_AUTOMATIC"]
    )
    FutureUsageInput = FutureUsage | Literal["ON_SESSION", "OFF_SESSION"]
    AuthenticationTypeInput = AuthenticationType | Literal["THREE_DS", "NO_THREE_DS"]
    OnConflictInput = OnConflict | Literal["error", "return"]
    AcceptanceTypeInput = AcceptanceType | Literal["ONLINE", "OFFLINE"]
    MitCategoryInput = (
        MitCategory
        | Literal["RECURRING_MIT", "UNSCHEDULED_MIT", "INSTALLMENT_MIT", "RESUBMISSION_MIT"]
    )
else:
    EnvironmentInput = Environment
    CaptureMethodInput = CaptureMethod
    FutureUsageInput = FutureUsage
    AuthenticationTypeInput = AuthenticationType
    OnConflictInput = OnConflict
    AcceptanceTypeInput = AcceptanceType
    MitCategoryInput = MitCategory
