"""The statuses of what comes after a payment: refunds, and permissions to charge again."""

from __future__ import annotations

from enum import StrEnum


class RefundStatus(StrEnum):
    """The status of a refund."""

    REFUND_SUCCESS = "REFUND_SUCCESS"
    """The processor has refunded it. Final."""
    REFUND_PENDING = "REFUND_PENDING"
    """The processor confirms it later."""
    REFUND_FAILURE = "REFUND_FAILURE"
    """It was refused, or came back: the customer has no money. Final."""
    REFUND_MANUAL_REVIEW = "REFUND_MANUAL_REVIEW"
    """A status that the connector does not know, or one that a person must check."""
    REFUND_TRANSACTION_FAILURE = "REFUND_TRANSACTION_FAILURE"
    """It was accepted, and could not be carried out. Final."""

    @property
    def is_refunded(self) -> bool:
        """Whether the processor has given the money back."""
        return self is RefundStatus.REFUND_SUCCESS

    @property
    def is_failed(self) -> bool:
        """Whether the refund has ended, and the customer has no money from it."""
        return self in (RefundStatus.REFUND_FAILURE, RefundStatus.REFUND_TRANSACTION_FAILURE)

    @property
    def can_still_change(self) -> bool:
        """Whether the refund is still under way, or a person must check it."""
        return not (self.is_refunded or self.is_failed)

    def advance(self, new: RefundStatus) -> RefundStatus:
        """The status to store after `new` is reported for a refund that has this one. Events arrive
        twice and out of order. A refund can come back after it was made: a failure replaces a
        success, and nothing replaces a failure."""
        return new if self.can_still_change or new.is_failed > self.is_failed else self


class MandateStatus(StrEnum):
    """The status of a permission for recurring payments."""

    MANDATE_PENDING = "MANDATE_PENDING"
    """The customer must still agree, or the processor decides later."""
    ACTIVE = "ACTIVE"
    """It can be charged."""
    MANDATE_INACTIVE = "MANDATE_INACTIVE"
    """It was refused, or cannot be charged (any more)."""
    REVOKED = "REVOKED"
    """It was revoked. Final."""
    MANDATE_REVOKE_FAILED = "MANDATE_REVOKE_FAILED"
    """It could not be revoked: it can still be charged."""

    @property
    def can_be_charged(self) -> bool:
        """Whether it can be charged again."""
        return self in (MandateStatus.ACTIVE, MandateStatus.MANDATE_REVOKE_FAILED)

    def advance(self, new: MandateStatus) -> MandateStatus:
        """The status to store after `new` is reported for a permission that has this one. Events
        arrive twice and out of order: REVOKED stays, and MANDATE_PENDING replaces nothing. An
        inactive one can become active again: if both are reported, `recurring.get` says which is
        true."""
        keeps = self is MandateStatus.REVOKED or new is MandateStatus.MANDATE_PENDING
        return self if keeps else new
