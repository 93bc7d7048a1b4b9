"""The enumerations of events and disputes."""

from __future__ import annotations

from enum import StrEnum


class DisputeStatus(StrEnum):
    """The status of a dispute, or of a debit that was returned."""

    DISPUTE_OPENED = "DISPUTE_OPENED"
    """It was opened: answer before `respond_by`."""
    DISPUTE_EXPIRED = "DISPUTE_EXPIRED"
    """Nobody answered in time, and it is over."""
    DISPUTE_ACCEPTED = "DISPUTE_ACCEPTED"
    """You accepted it: the customer keeps the money."""
    DISPUTE_CANCELLED = "DISPUTE_CANCELLED"
    """The customer or their bank took it back."""
    DISPUTE_CHALLENGED = "DISPUTE_CHALLENGED"
    """You answered; the bank decides."""
    DISPUTE_WON = "DISPUTE_WON"
    """You keep the money."""
    DISPUTE_LOST = "DISPUTE_LOST"
    """The customer has the money."""
    DISPUTE_UNRESOLVED = "DISPUTE_UNRESOLVED"
    """The event does not tell the status, or the connector does not know it: ask the processor."""


class DisputeStage(StrEnum):
    """The stage of a dispute: a question before it (PRE_DISPUTE), the dispute, or its second round
    (PRE_ARBITRATION)."""

    PRE_DISPUTE = "PRE_DISPUTE"
    """A question, before money is taken back."""
    ACTIVE_DISPUTE = "ACTIVE_DISPUTE"
    """The dispute itself."""
    PRE_ARBITRATION = "PRE_ARBITRATION"
    """Its second round."""


class EventKind(StrEnum):
    """What an event is about."""

    PAYMENT = "PAYMENT"
    """`Event.payment` holds it."""
    REFUND = "REFUND"
    """`Event.refund` holds it."""
    MANDATE = "MANDATE"
    """`Event.mandate` holds it."""
    PAYMENT_METHOD = "PAYMENT_METHOD"
    """A stored payment method: its id is on the event."""
    CUSTOMER = "CUSTOMER"
    """A customer: the id is on the event."""
    DISPUTE = "DISPUTE"
    """`Event.dispute` holds it, or a returned debit."""
    UNKNOWN = "UNKNOWN"
    """A type that the connector does not know, or an object of which it cannot tell how it stands:
    acknowledge it. The ids on the event say what it is about, if the processor does."""
