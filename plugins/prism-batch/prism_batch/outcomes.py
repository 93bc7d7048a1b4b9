"""What a call's result or error means for its row."""

from __future__ import annotations

from typing import Any

from prism_batch.items import Outcome
from prism_batch.operations import IDS
from prism_batch.problems import sentence
from prism_batch.tables import State
from prism_core.cli import exit_codes
from prism_core.errors import (
    AuthenticationError,
    ConfigurationError,
    ConnectorError,
    MalformedResponse,
    PrismError,
    RateLimited,
    TransportError,
    UnsupportedOperation,
)
from prism_core.errors.details import ErrorDetails
from prism_core.schema.status import CustomerStatus

LONGEST = 300
"""Characters of an error's text that are kept."""
_STATES = {
    exit_codes.DONE: State.DONE,
    exit_codes.FAILED: State.DECLINED,
    exit_codes.UNKNOWN: State.UNKNOWN,
}
"""A row means what the same call means for the commands of one call."""


def of_result(hook: str, result: Any) -> Outcome:
    """What a result of an operation means: done, declined or unknown, with the processor's id."""
    status = getattr(result, "status", None)
    state, why = _STATES[exit_codes.of_result(hook, result)], _otherwise(result)
    if state is State.UNKNOWN:
        why = f"its status is {status}; look it up at the processor"
    elif state is State.DECLINED:
        error: ErrorDetails | None = getattr(result, "error", None)
        why = None if error is None else code_of(error)
    return Outcome(
        state,
        result=getattr(result, IDS.get(type(result).__name__, ""), None),
        # That a customer is active says nothing.
        status=str(status.value) if status not in (None, CustomerStatus.ACTIVE) else None,
        error=None if why is None else why[:LONGEST],
    )


def _otherwise(result: Any) -> str | None:
    """What the processor reports otherwise than it was asked; values that may be personal are left
    out."""
    found = [
        f"{one.field} is {one.reported}, not {one.asked}"
        if one.field.endswith(("amount", "currency", "status", "_id"))
        else f"{one.field} is not as asked"
        for one in result.discrepancies
    ]
    return "; ".join(found) or None


def code_of(error: ErrorDetails) -> str:
    """Why a payment failed, in one word if there is one: Prism's code, else the processor's."""
    if error.unified is not None:
        return error.unified.code.value
    said = error.connector
    words = [] if said is None else [text for text in (said.code, said.message) if text]
    return ": ".join(words)[:LONGEST] or "DECLINED"


def of_error(error: PrismError) -> Outcome:
    """What an error means: NEW if nothing was done and it is not the row's fault, REJECTED if it
    is, UNKNOWN if nobody knows."""
    said = f"{type(error).__name__}: {error.message}"[:LONGEST]
    if error.outcome == "unknown":
        return Outcome(State.UNKNOWN, error.connector_transaction_id, error=said)
    if isinstance(error, RateLimited) or is_unsent(error) or halts(error) is not None:
        return Outcome(State.NEW, error=said)
    made = error.connector_customer_id or error.connector_transaction_id
    return Outcome(State.REJECTED, made, error=said)


def is_unsent(error: PrismError) -> bool:
    """Whether nothing was asked for because something else did not answer: the processor could not
    be reached, or failed when it was asked for an access token or looked up first."""
    return error.outcome == "not_sent" and isinstance(
        error, (TransportError, ConnectorError, MalformedResponse)
    )


def proves_nothing_was_done(error: PrismError) -> bool:
    """Whether an error to a repeated call says that the first one did nothing either: not if the
    processor has not looked at the key (a 429, a 401), or this side has refused it."""
    return error.outcome == "rejected" and of_error(error).state is State.REJECTED


def halts(error: PrismError) -> str | None:
    """Why an error ends the whole job, if it would be the same for every row."""
    if isinstance(error, AuthenticationError):
        return f"{sentence(error.message)} The processor refuses the credentials: correct them"
    if isinstance(error, (ConfigurationError, UnsupportedOperation)):
        return f"{sentence(error.message)} Correct it"
    return None


def is_temporary(error: PrismError) -> bool:
    """Whether the processor itself had trouble, so that others' calls will fail, too."""
    return not isinstance(error, ConnectorError) or (error.status_code or 0) >= 500
