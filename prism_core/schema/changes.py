"""Changes to a payment that exists: completing, capture, void, incremental authorization."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.schema.base import Request
from prism_core.schema.checks import IdempotencyKey, Identifier, Text
from prism_core.schema.money import Money
from prism_core.schema.status import CaptureMethodInput


class _Change(Request, frozen=True, kw_only=True):
    """What every change to a payment is told."""

    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    descriptive = frozenset(
        {
            *("description", "metadata", "reason"),
            *("merchant_capture_id", "merchant_void_id", "merchant_authorization_id"),
        }
    )


class CaptureRequest(_Change, frozen=True, kw_only=True):
    """Authorized money to take: `amount`, or without it all that can be captured.

    `merchant_capture_id` is your own id of this capture; it is sent where the processor has a
    place for it.
    """

    connector_transaction_id: Identifier
    amount: Money | None = None
    merchant_capture_id: Identifier | None = None

    merchant_field = "merchant_capture_id"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class VoidRequest(_Change, frozen=True, kw_only=True):
    """An authorization to give up, so that the customer's money is free again. `reason` says why,
    in words; `merchant_void_id` is your own id of this."""

    connector_transaction_id: Identifier
    reason: Text | None = None
    merchant_void_id: Identifier | None = None

    merchant_field = "merchant_void_id"


class IncrementAuthorizationRequest(_Change, frozen=True, kw_only=True):
    """An authorization to raise: `amount` is what shall be authorized in all afterwards."""

    connector_transaction_id: Identifier
    amount: Money
    description: Text | None = None
    merchant_authorization_id: Identifier | None = None

    merchant_field = "merchant_authorization_id"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class CompletePaymentRequest(_Change, frozen=True, kw_only=True):
    """A payment to complete after its customer came back from authenticating.

    Give the id or ids that `authorize` came to: `connector_transaction_id`, which some processors
    need, and `merchant_transaction_id`, where others give an id of theirs only now.
    `returned` is what the return URL received, query and form values alike: it is evidence for
    the processor to judge, and nothing in it is believed. `capture_method` is what the payment
    was authorized with.
    """

    connector_transaction_id: Identifier | None = None
    merchant_transaction_id: Identifier | None = None
    returned: Mapping[str, str] = {}
    capture_method: CaptureMethodInput | None = None

    merchant_field = "merchant_transaction_id"
    descriptive = _Change.descriptive | {
        *("returned", "capture_method", "merchant_transaction_id"),
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.connector_transaction_id is None and self.merchant_transaction_id is None:
            raise self._invalid(
                "connector_transaction_id",
                "or merchant_transaction_id must be given: those that authorize came to",
            )
