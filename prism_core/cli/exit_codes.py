"""The exit codes of the command, for scripts: what an error and what a result come to."""

from __future__ import annotations

from typing import Any

import click

from prism_core.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorBug,
    InvalidRequest,
    MalformedResponse,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
    UnsupportedOperation,
)
from prism_core.schema.later_status import MandateStatus, RefundStatus
from prism_core.schema.status import PaymentStatus

DONE, FAILED, INVALID, UNKNOWN, NOT_SENT, SETUP, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
HELP = """\b
Exit codes:
  0    done; the status says how far a payment is
  1    the processor declined it, refused it or does not know it
  2    the command or the request is wrong; nothing was sent
  3    unknown: it may have been done; look it up
  4    not reached, down or too busy: nothing was done; try it again
  5    set up wrongly: the connector or its credentials
  130  interrupted; a call under way may have been done
"""

_NOT_CANCELLED = frozenset({PaymentStatus.VOID_FAILED, MandateStatus.MANDATE_REVOKE_FAILED})
_FAILED = _NOT_CANCELLED | {
    *(status for status in PaymentStatus if status.is_failed),
    PaymentStatus.CAPTURE_FAILED,
    *(RefundStatus.REFUND_FAILURE, RefundStatus.REFUND_TRANSACTION_FAILURE),
    *(MandateStatus.MANDATE_INACTIVE, MandateStatus.REVOKED),
}
_UNKNOWN = frozenset({PaymentStatus.UNRESOLVED, RefundStatus.REFUND_MANUAL_REVIEW})
_CANCELLING = ("void", "revoke_mandate")
"""The operations after which VOIDED and REVOKED are what was asked for."""


class Stopped(click.ClickException):
    """Ends the command with one line and an exit code of ours."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.exit_code = code  # type: ignore[misc]  # click declares it for the whole class


def of_error(error: PrismError) -> int:
    """The exit code for a call that raised."""
    if error.outcome == "unknown":
        return UNKNOWN
    if isinstance(error, (InvalidRequest, UnsupportedOperation)):
        return INVALID
    if isinstance(error, (ConfigurationError, AuthenticationError, ConnectorBug)):
        return SETUP
    if isinstance(error, (TransportError, RateLimited, Unavailable, MalformedResponse)):
        return NOT_SENT
    return FAILED


def of_result(operation: str, result: Any) -> int:
    """The exit code for a call that returned. A lookup has done its work whatever it found, unless
    that is a status which nobody knows."""
    status = getattr(result, "status", None)
    if status in _UNKNOWN:
        return UNKNOWN
    if operation.startswith("get_"):
        return DONE
    return FAILED if status in (_NOT_CANCELLED if operation in _CANCELLING else _FAILED) else DONE
