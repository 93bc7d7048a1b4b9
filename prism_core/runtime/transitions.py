"""Transitions: which statuses each operation can lead to. An answer that breaks the table is a
discrepancy, not an exception: the processor has the last word on its own state."""

from __future__ import annotations

from enum import Enum

from prism_core.schema.status import CustomerStatus, MandateStatus, PaymentStatus, RefundStatus

_S = PaymentStatus
_OPEN = frozenset({_S.PENDING, _S.UNRESOLVED})
_CAPTURED = frozenset({_S.CHARGED, _S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE})
_NOT_BY_AUTHORIZING = frozenset(
    {
        *(_S.VOIDED_POST_CAPTURE, _S.VOID_INITIATED, _S.VOID_FAILED, _S.AUTO_REFUNDED),
        *(_S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE),
    }
)

PAID = frozenset(
    {
        *(_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED, _S.CAPTURE_INITIATED, _S.CHARGED),
        *(_S.PARTIAL_CHARGED, _S.PARTIAL_CHARGED_AND_CHARGEABLE),
    }
)
"""The statuses that say of money that it was taken, or is held."""

LEGAL: dict[str, frozenset[Enum]] = {
    "create_customer": frozenset({CustomerStatus.ACTIVE}),
    "update_customer": frozenset({CustomerStatus.ACTIVE}),
    "delete_customer": frozenset({CustomerStatus.DELETED}),
    "authorize": frozenset(_S) - _NOT_BY_AUTHORIZING,
    "get_payment": frozenset(_S),
    "complete": frozenset(_S) - _NOT_BY_AUTHORIZING,
    "charge_recurring": frozenset(_S) - _NOT_BY_AUTHORIZING - {_S.AUTHORIZED},
    "setup_recurring": frozenset(MandateStatus) - {MandateStatus.REVOKED},
    "revoke_mandate": frozenset(
        {MandateStatus.REVOKED, MandateStatus.MANDATE_REVOKE_FAILED, MandateStatus.MANDATE_PENDING}
    ),
    "capture": _CAPTURED | _OPEN | {_S.CAPTURE_INITIATED, _S.CAPTURE_FAILED, _S.EXPIRED},
    "void": _OPEN
    | {_S.VOIDED, _S.VOID_INITIATED, _S.VOID_FAILED, _S.VOIDED_POST_CAPTURE, _S.PARTIAL_CHARGED},
    "increment_authorization": _OPEN
    | {_S.AUTHORIZED, _S.PARTIALLY_AUTHORIZED, _S.AUTHORIZATION_FAILED},
    "refund": frozenset(RefundStatus),
    "get_refund": frozenset(RefundStatus),
}
"""Operation to the statuses that its result may have."""


def is_legal(operation: str, status: Enum) -> bool:
    """Whether an operation can lead to a status; one that is not in the table, to any."""
    return operation not in LEGAL or status in LEGAL[operation]
