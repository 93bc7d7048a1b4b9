"""Fills in results, errors and log records with what the core knows of the call."""

from __future__ import annotations

import logging
import time
from typing import Any, TypeVar

from msgspec.structs import astuple

from prism_core.connector.http import TokenRequest
from prism_core.connector.operations import result_type
from prism_core.errors import (
    Conflict,
    ConnectorBug,
    ConnectorError,
    EventRejected,
    MalformedResponse,
    Outcome,
    PrismError,
    TransportError,
)
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.runtime import webhooks
from prism_core.runtime.answers import has_only_looked, request_id
from prism_core.runtime.call import Call
from prism_core.runtime.comparison import about_another, callers_ids, discrepancies
from prism_core.runtime.contradictions import (
    PAID,
    denies_what_it_took,
    sends_to_a_page,
)
from prism_core.runtime.copies import copied
from prism_core.runtime.redaction import redact_error, redacted_result
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.events import Event
from prism_core.schema.nulls import Null
from prism_core.schema.payments import Payment
from prism_core.schema.recurring import Mandate
from prism_core.schema.stored import PaymentMethodList, PaymentMethodStored

S = TypeVar("S", bound=Schema)

logger = logging.getLogger("prism_core")


def finish(call: Call, returned: Any) -> Result:
    """The result for the caller: what the connector returned, with what the core knows. The
    returned object is not changed: a connector may return the same object to many calls."""
    wanted = result_type(call.operation)
    if not isinstance(returned, wanted):
        raise TypeError(f"the flow returned {type(returned).__name__}, not {wanted.__name__}")
    if isinstance(returned, Event):
        returned = webhooks.completed(call, returned)
    _refuse_untrue(call, returned)
    changes = {
        **_without_nulls(returned),
        **_known(call, returned),
        **_callers_ids(call.request, wanted),
    }
    result: Result = redacted_result(call, copied(returned, changes))
    if isinstance(result, Event):
        result = webhooks.of_its_kind(result)
    result.__dict__["response"] = call.last
    if isinstance(result, Event):
        result.__dict__["body"] = call.request.body  # type: ignore[attr-defined]
    return result


def _refuse_untrue(call: Call, result: Result) -> None:
    """Raises `MalformedResponse` if the result contradicts its answer or its request, and
    `ConnectorBug` if it contradicts itself."""
    for event in result.others if isinstance(result, Event) else ():
        _refuse_untrue(call, event)
    about = result.payment or result.mandate if isinstance(result, Event) else result
    status = getattr(about, "status", "")
    known = getattr(about, "connector_transaction_id", None)
    error: PrismError
    other = about_another(call.operation, call.request, result)
    if other is not None:
        reported = getattr(result, other)
        error = MalformedResponse(f"the answer is about another {other} than asked: {reported}")
        if "transaction" in other:
            known = None  # it is another payment's
    elif call.declined and status in PAID:
        error = MalformedResponse(f"the answer declines, and its body says {status}")
    elif isinstance(about, Payment) and denies_what_it_took(call.operation, about):
        taken = about.captured_amount
        error = MalformedResponse(f"the answer says {status}, and that {taken} was taken")
    elif sends_to_a_page(about):
        error = ConnectorBug(f"the result says {status}, and has redirection_data to pay with")
    else:
        return
    error.connector_transaction_id = known
    raise error


_PARTS: dict[type[Schema], tuple[str, ...]] = {
    Event: ("payment", "refund", "mandate", "dispute", "others"),
    Payment: ("payment_method",),
    Mandate: ("payment_method",),
    PaymentMethodStored: ("payment_method",),
    PaymentMethodList: ("payment_methods",),
}
"""The fields of a result whose values a processor fills in, too."""


def _without_nulls(value: Schema) -> dict[str, Any]:
    """The fields to change so that None replaces each null of the answer, in the value and in its
    parts."""
    changes: dict[str, Any] = {}
    if Null in map(type, astuple(value)):
        fields = value.__struct_fields__
        changes = {name: None for name in fields if type(getattr(value, name)) is Null}
    for name in _PARTS.get(type(value), ()):
        held = getattr(value, name)
        if isinstance(held, tuple):
            changes[name] = tuple(map(_part_without_nulls, held))
        elif held is not None:
            changes[name] = _part_without_nulls(held)
    return changes


def _part_without_nulls(part: S) -> S:
    changes = _without_nulls(part)
    return copied(part, changes) if changes else part


def _known(call: Call, result: Result) -> dict[str, Any]:
    """The fields that the core fills in."""
    info, request = call.connector.info, call.request
    known: dict[str, Any] = {
        "attempts": tuple(call.attempts),
        "idempotency_key": _key(call),
        "discrepancies": discrepancies(
            call.operation, request, result, capture_reports_total=info.capture_reports_total
        ),
    }
    if call.last is not None:
        known["status_code"] = call.last.status_code
        known["request_id"] = request_id(call, call.last)
    if call.not_sent:
        known["not_sent"] = call.not_sent
    return known


def _key(call: Call) -> str | None:
    """The key that the call can be repeated with; None where something was changed without one."""
    if call.changed and not call.keys:
        return None
    return getattr(call.request, "idempotency_key", None)


def _callers_ids(request: Request, wanted: type[Result]) -> dict[str, Any]:
    """The caller's own ids, unchanged."""
    given = {}
    for name in callers_ids(type(request), wanted):
        asked = getattr(request, name)
        if asked is not None:
            given[name] = asked
    return given


def annotate(call: Call, error: PrismError) -> PrismError:
    """The error with what the caller needs to look the operation up or to repeat it."""
    error.connector, error.operation = call.connector.name, call.method
    error.reference = call.request.reference
    error.attempts = tuple(call.attempts)
    error.idempotency_key = _key(call)
    error.outcome = _outcome(call, error)
    if isinstance(error, MalformedResponse) and call.last is not None:
        error.status_code = call.last.status_code
        error.request_id = request_id(call, call.last)
    redact_error(call, error)
    return error


def _outcome(call: Call, error: PrismError) -> Outcome:
    """The outcome of the operation, by all requests that were sent for it. An error does not undo
    what an earlier request of the same call did or may have done."""
    if isinstance(error, EventRejected) and call.operation == "handle_event":
        return error.outcome
    certain = isinstance(error, (ConnectorError, TransportError)) or not call.sent
    outcome = error.outcome if certain else "unknown"
    if call.uncertain or call.acted:
        return "unknown"
    if isinstance(error, Conflict):
        return outcome  # what an earlier call with this key did, whatever this one has sent
    if outcome == "unknown" and (
        isinstance(call.last_request, TokenRequest) or has_only_looked(call)
    ):
        return "not_sent"  # asking for a token, or a lookup before the change, does nothing
    return outcome


def log(call: Call, end: Result | PrismError, started: float) -> None:
    """One record when an operation ends: operation, connector, ids, status, duration."""
    if not logger.isEnabledFor(logging.INFO):
        return
    status = getattr(end, "status", None)
    word = type(end).__name__ if status is None else status.value
    seconds = time.monotonic() - started
    shown = (call.connector.name, call.method, call.request.reference, word, seconds)
    _write(logging.INFO, "%s %s %s: %s in %.3f s, %d attempts", *shown, len(call.attempts))


def log_interruption(call: Call) -> None:
    """One warning when a call is interrupted, with the ids and key to look it up or repeat it."""
    key = _key(call)
    shown = (call.connector.name, call.method, call.request.reference, key)
    _write(logging.WARNING, "%s %s %s: interrupted, outcome unknown; idempotency key %s", *shown)


def _write(level: int, message: str, *shown: object) -> None:
    """Logs. If a filter or handler of the caller fails, the call still returns its result."""
    try:
        logger.log(level, message, *shown)
    except Exception as error:
        raise_if_interruption(error)
