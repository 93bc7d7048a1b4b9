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


CHARGES = {
    "payments.authorize",
    "payments.create_order",
    "recurring.setup",
    "recurring.charge",
}
"""The calls that start a payment. Every other call is about one that may be charged already."""


def customer_message(outcome: str, status: int, operation: str | None) -> str:
    """The text for an error with this outcome and HTTP status, in this call."""
    if outcome == "unknown":
        return (
            "We do not know yet whether this was done. Please do not try again: we are checking it."
        )
    nothing = "Nothing was charged" if operation in CHARGES else "Nothing was changed"
    if status == 422:
        return f"Some of the details cannot be used. {nothing}."
    if status == 503:
        return f"This is not possible just now. {nothing}: please try again in a minute."
    return f"This is not possible at the moment. {nothing}."
