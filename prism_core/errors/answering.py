"""What an application answers to its own callers: HTTP statuses, and texts for the customer."""

from __future__ import annotations

from prism_core.errors.details import ErrorKind

HTTP_STATUSES = {
    ErrorKind.INVALID_REQUEST: 422,
    ErrorKind.NOT_FOUND: 404,
    ErrorKind.CONFLICT: 409,
    ErrorKind.AUTHENTICATION: 500,  # your own credentials: 401 would be about the customer's
    ErrorKind.RATE_LIMITED: 503,  # so many requests are yours: 429 would be about the customer's
}
"""By the kind of the processor's error answer; all others are 502."""


def customer_message(outcome: str, status: int) -> str:
    """The text for an error with this outcome and HTTP status."""
    if outcome == "unknown":
        return (
            "We do not know yet whether this was done. Please do not try again: we are checking it."
        )
    if status == 422:
        return "Some of the details cannot be used. Nothing was charged."
    if status == 503:
        return "This is not possible just now. Nothing was charged: please try again in a minute."
    return "This is not possible at the moment. Nothing was charged."
