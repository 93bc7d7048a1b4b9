"""Requests and results of the refund operations."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.errors.details import ErrorDetails
from prism_core.schema.base import Request, Result
from prism_core.schema.checks import IdempotencyKey, Identifier, Text
from prism_core.schema.later_status import RefundStatus
from prism_core.schema.money import Money


class RefundRequest(Request, frozen=True, kw_only=True):
    """Captured money to refund: `amount`, or all that is left if it is not given.

    A payment can be refunded in several parts, each with a `merchant_refund_id` of your own; it is
    sent if the processor has a field for it. `reason` says why, in words.
    """

    connector_transaction_id: Identifier
    merchant_refund_id: Identifier
    amount: Money | None = None
    reason: Text | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_refund_id"
    descriptive = frozenset({"merchant_refund_id", "metadata", "reason"})

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class GetRefundRequest(Request, frozen=True, kw_only=True):
    """A refund to look up. Some processors need the payment's `connector_transaction_id`, too."""

    connector_refund_id: Identifier
    connector_transaction_id: Identifier | None = None
    merchant_refund_id: Identifier | None = None

    reference_field = "merchant_refund_id"
    identifying = frozenset({"connector_transaction_id", "merchant_refund_id"})


class Refund(Result, frozen=True, kw_only=True):
    """A refund as the processor reports it. `error` says why it failed, if it did.

    A status that the connector does not know is REFUND_MANUAL_REVIEW: a person must check it.
    """

    status: RefundStatus
    connector_refund_id: Identifier | None = None
    merchant_refund_id: str | None = None
    connector_transaction_id: str | None = None
    amount: Money | None = None
    error: ErrorDetails | None = None
