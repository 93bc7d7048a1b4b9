"""What goes into a result, an error and the log: the truth about one call."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from prism_core.connector.http import TokenRequest
from prism_core.connector.operations import result_type
from prism_core.errors import (
    Conflict,
    ConnectorError,
    EventRejected,
    MalformedResponse,
    Outcome,
    PrismError,
    TransportError,
)
from prism_core.errors.interruptions import check_own
from prism_core.runtime import webhooks
from prism_core.runtime.answers import has_only_looked, request_id
from prism_core.runtime.call import Call
from prism_core.runtime.comparison import (
    ECHOED,
    about_another,
    denies_what_it_took,
    discrepancies,
    in_both,
)
from prism_core.runtime.redaction import take_out, take_out_of_error
from prism_core.runtime.transitions import PAID
from prism_core.schema.base import Result, Schema
from prism_core.schema.events import Event
from prism_core.schema.payment_methods import PaymentMethodKept, PaymentMethodList
from prism_core.schema.payments import Payment
from prism_core.schema.told import Null

logger = logging.getLogger("prism_core")
_put = msgspec.structs.force_setattr


def finish(call: Call, returned: Any) -> Result:
    """The connector's result with what the core knows: ids echoed, amounts compared."""
    wanted = result_type(call.operation)
    if not isinstance(returned, wanted):
        raise TypeError(f"the flow returned {type(returned).__name__}, not {wanted.__name__}")
    result = copy.copy(returned)  # a connector may give the same object to many calls
    if isinstance(result, Event):
        webhooks.complete(call, result)
    _insist(call, result)
    _report(call, result)
    _echo(call, result, wanted)
    _settle(result)
    take_out(call, result)
    result.__dict__["response"] = call.last
    return result


def _insist(call: Call, result: Result) -> None:
    """Raises `MalformedResponse` for a result that contradicts its answer or its request."""
    about = result.payment if isinstance(result, Event) else result
    known, status = getattr(about, "connector_transaction_id", None), getattr(about, "status", "")
    declined = call.declined
    other = about_another(call.operation, call.request, result)
    if other is not None:
        reported = getattr(result, other)
        error = MalformedResponse(f"the answer is about another {other} than asked: {reported}")
        if "transaction" in other:
            known = None  # it is another payment's
    elif declined and status in PAID:
        error = MalformedResponse(f"the answer declines, and its body says {status}")
    elif isinstance(about, Payment) and denies_what_it_took(call.operation, about):
        taken = about.captured_amount
        error = MalformedResponse(f"the answer says {status}, and that {taken} was taken")
    else:
        return
    error.connector_transaction_id = known
    raise error


_PARTS: dict[type[Schema], tuple[str, ...]] = {
    Event: ("payment", "refund", "mandate"),
    PaymentMethodKept: ("card",),
    PaymentMethodList: ("payment_methods",),
}
"""The fields of a result that hold what has ids of its own."""


def _settle(result: Schema) -> None:
    """Replaces what the answer says is null by None, here and in what the result holds."""
    values = _values(type(result))(result)
    if Null in map(type, values):
        for name, value in zip(result.__struct_fields__, values, strict=True):
            if type(value) is Null:
                _put(result, name, None)
    for name in _PARTS.get(type(result), ()):
        held = getattr(result, name)
        for part in held if isinstance(held, tuple) else (held,):
            if part is not None:
                _settle(part)


@cache
def _values(kind: type[Schema]) -> Callable[[Schema], tuple[Any, ...]]:
    return attrgetter(*kind.__struct_fields__)


def _report(call: Call, result: Result) -> None:
    """Puts in what the core knows of the call."""
    _put(result, "attempts", tuple(call.attempts))
    _put(result, "idempotency_key", getattr(call.request, "idempotency_key", None))
    if call.last is not None:
        _put(result, "status_code", call.last.status_code)
        _put(result, "request_id", request_id(call, call.last))
    info = call.connector.info
    add_up = info.captures_add_up
    found = tuple(discrepancies(call.operation, call.request, result, captures_add_up=add_up))
    if found:
        _put(result, "discrepancies", found)
    if call.not_sent:
        _put(result, "not_sent", call.not_sent)


def _echo(call: Call, result: Result, wanted: type[Result]) -> None:
    """Puts in the caller's own ids, as they were given."""
    for name in in_both(type(call.request), wanted):
        asked = getattr(call.request, name)
        if asked is not None and name in ECHOED:
            _put(result, name, asked)


def annotate(call: Call, error: PrismError) -> PrismError:
    """The error with what the caller needs to look the operation up or to repeat it."""
    error.connector, error.operation = call.connector.name, call.method
    error.reference = call.request.reference
    error.attempts = tuple(call.attempts)
    error.idempotency_key = getattr(call.request, "idempotency_key", None)
    error.outcome = _outcome(call, error)
    if isinstance(error, MalformedResponse) and call.last is not None:
        error.status_code = call.last.status_code
        error.request_id = request_id(call, call.last)
    take_out_of_error(call, error)
    return error


def _outcome(call: Call, error: PrismError) -> Outcome:
    """What became of the operation, by all that was sent for it. An error now does not undo what
    an earlier request of the same call did or may have done."""
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
    _told(logging.INFO, "%s %s %s: %s in %.3f s, %d attempts", *shown, len(call.attempts))


def log_interruption(call: Call) -> None:
    """One warning when a call is cut off from outside, with what it takes to find out more."""
    key = getattr(call.request, "idempotency_key", None)
    shown = (call.connector.name, call.method, call.request.reference, key)
    _told(logging.WARNING, "%s %s %s: interrupted, outcome unknown; idempotency key %s", *shown)


def _told(level: int, message: str, *shown: object) -> None:
    """Logs; a filter or handler of the caller's that fails must not take a result's place."""
    try:
        logger.log(level, message, *shown)
    except Exception as error:
        check_own(error)
