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
    PRODUCTION = "PRODUCTION"


class PaymentStatus(StrEnum):
    """The status of a payment."""

    STARTED = "STARTED"
    PAYMENT_METHOD_AWAITED = "PAYMENT_METHOD_AWAITED"
    DEVICE_DATA_COLLECTION_PENDING = "DEVICE_DATA_COLLECTION_PENDING"
    CONFIRMATION_AWAITED = "CONFIRMATION_AWAITED"
    AUTHENTICATION_PENDING = "AUTHENTICATION_PENDING"
    AUTHENTICATION_SUCCESSFUL = "AUTHENTICATION_SUCCESSFUL"
    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    AUTHORIZING = "AUTHORIZING"
    AUTHORIZED = "AUTHORIZED"
    AUTHORIZATION_FAILED = "AUTHORIZATION_FAILED"
    PARTIALLY_AUTHORIZED = "PARTIALLY_AUTHORIZED"
    CHARGED = "CHARGED"
    PARTIAL_CHARGED = "PARTIAL_CHARGED"
    PARTIAL_CHARGED_AND_CHARGEABLE = "PARTIAL_CHARGED_AND_CHARGEABLE"
    AUTO_REFUNDED = "AUTO_REFUNDED"
    CAPTURE_INITIATED = "CAPTURE_INITIATED"
    CAPTURE_FAILED = "CAPTURE_FAILED"
    VOID_INITIATED = "VOID_INITIATED"
    VOIDED = "VOIDED"
    VOID_FAILED = "VOID_FAILED"
    VOIDED_POST_CAPTURE = "VOIDED_POST_CAPTURE"
    COD_INITIATED = "COD_INITIATED"
    EXPIRED = "EXPIRED"
    ROUTER_DECLINED = "ROUTER_DECLINED"
    PENDING = "PENDING"
    FAILURE = "FAILURE"
    UNRESOLVED = "UNRESOLVED"

    @property
    def is_paid(self) -> bool:
        """Whether you have the money, or a part of it. A bank debit can still be returned."""
        return self in _CAPTURED

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
    DELETED = "DELETED"


class CaptureMethod(StrEnum):
    """When authorized money is captured: at once, or by a later `capture`."""

    AUTOMATIC = "AUTOMATIC"
    MANUAL = "MANUAL"
    MANUAL_MULTIPLE = "MANUAL_MULTIPLE"
    SCHEDULED = "SCHEDULED"
    SEQUENTIAL_AUTOMATIC = "SEQUENTIAL_AUTOMATIC"


class FutureUsage(StrEnum):
    """Whether the payment method will be used again, with the customer present or not."""

    ON_SESSION = "ON_SESSION"
    OFF_SESSION = "OFF_SESSION"


class AuthenticationType(StrEnum):
    """Whether 3-D Secure is requested. With NO_THREE_DS the issuer can still require it."""

    THREE_DS = "THREE_DS"
    NO_THREE_DS = "NO_THREE_DS"


class RefundStatus(StrEnum):
    """The status of a refund."""

    REFUND_SUCCESS = "REFUND_SUCCESS"
    REFUND_PENDING = "REFUND_PENDING"
    REFUND_FAILURE = "REFUND_FAILURE"
    REFUND_MANUAL_REVIEW = "REFUND_MANUAL_REVIEW"
    REFUND_TRANSACTION_FAILURE = "REFUND_TRANSACTION_FAILURE"


class MandateStatus(StrEnum):
    """The status of a permission for recurring payments."""

    MANDATE_PENDING = "MANDATE_PENDING"
    ACTIVE = "ACTIVE"
    MANDATE_INACTIVE = "MANDATE_INACTIVE"
    REVOKED = "REVOKED"
    MANDATE_REVOKE_FAILED = "MANDATE_REVOKE_FAILED"


class AcceptanceType(StrEnum):
    """How a customer agreed to a mandate."""

    ONLINE = "ONLINE"
    OFFLINE = "OFFLINE"


class MitCategory(StrEnum):
    """Why a merchant starts a payment with a stored payment method."""

    RECURRING_MIT = "RECURRING_MIT"
    UNSCHEDULED_MIT = "UNSCHEDULED_MIT"
    INSTALLMENT_MIT = "INSTALLMENT_MIT"
    RESUBMISSION_MIT = "RESUBMISSION_MIT"


class DisputeStatus(StrEnum):
    """The status of a dispute, or of a debit that was returned."""

    DISPUTE_OPENED = "DISPUTE_OPENED"
    DISPUTE_EXPIRED = "DISPUTE_EXPIRED"
    DISPUTE_ACCEPTED = "DISPUTE_ACCEPTED"
    DISPUTE_CANCELLED = "DISPUTE_CANCELLED"
    DISPUTE_CHALLENGED = "DISPUTE_CHALLENGED"
    DISPUTE_WON = "DISPUTE_WON"
    DISPUTE_LOST = "DISPUTE_LOST"


class DisputeStage(StrEnum):
    """The stage of a dispute: a question before it (PRE_DISPUTE), the dispute, or its second round
    (PRE_ARBITRATION)."""

    PRE_DISPUTE = "PRE_DISPUTE"
    ACTIVE_DISPUTE = "ACTIVE_DISPUTE"
    PRE_ARBITRATION = "PRE_ARBITRATION"


class EventKind(StrEnum):
    """What an event is about."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    MANDATE = "MANDATE"
    PAYMENT_METHOD = "PAYMENT_METHOD"
    CUSTOMER = "CUSTOMER"
    DISPUTE = "DISPUTE"
    UNKNOWN = "UNKNOWN"


class OnConflict(StrEnum):
    """The result of creating something that exists already: an error, or the existing object."""

    ERROR = "error"
    RETURN = "return"


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
