"""What an answer means, and what goes into a result or an error: the truth about one call."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec

from prism_core import webhooks
from prism_core.call import Call
from prism_core.comparison import (
    ECHOED,
    about_another,
    answers_another,
    denies_what_it_took,
    discrepancies,
    in_both,
)
from prism_core.details import ErrorAnswer, ErrorKind
from prism_core.errors import (
    BY_KIND,
    Conflict,
    ConnectorBug,
    ConnectorError,
    EventRejected,
    MalformedResponse,
    Outcome,
    PrismError,
    TransportError,
)
from prism_core.http import Failure, HttpResponse, SharedRequest
from prism_core.interruptions import check_own
from prism_core.operations import result_type
from prism_core.redaction import take_out, take_out_of_error
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.customers import CustomerCreated
from prism_core.schema.events import Event
from prism_core.schema.payments import Payment
from prism_core.schema.status import OnConflict
from prism_core.schema.stored import PaymentMethodKept, PaymentMethodList
from prism_core.schema.told import Null
from prism_core.transitions import PAID

logger = logging.getLogger("prism_core")
_put = msgspec.structs.force_setattr

_BY_STATUS = {
    401: ErrorKind.AUTHENTICATION,
    403: ErrorKind.AUTHENTICATION,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    429: ErrorKind.RATE_LIMITED,
}


def judge(call: Call, reply: HttpResponse | Failure) -> HttpResponse | PrismError:
    """The answer for the flow, or the error to raise where it yielded."""
    if isinstance(reply, Failure):
        return TransportError(f"{call.connector.name}: {reply.message}", outcome=reply.outcome)
    if 300 <= reply.status_code < 400:
        return MalformedResponse("the answer is a redirect, and Prism follows none")
    answer = _parsed(call, reply)
    if isinstance(answer, PrismError):
        return answer
    if answer is None and reply.status_code < 400:
        return reply
    sent = None if call.last_request is None else call.last_request.reference
    if answer is not None and answers_another(call.request, sent, answer):
        return MalformedResponse("the answer is an error of another request than was sent")
    if answer is None:
        answer = by_status(reply.status_code)
        if call.last_request is not None and call.last_request.changes:
            # Whoever wrote this, it is not in the processor's own format: the request may have
            # reached the processor all the same.
            answer = msgspec.structs.replace(answer, unknown=True)
    elif answer.kind is ErrorKind.DECLINED and _can_decline(call, reply):
        reply.error = answer
        return reply
    return _error(call, reply, answer)


def _can_decline(call: Call, reply: HttpResponse) -> bool:
    """Whether the operation's result has room for a decline; elsewhere it is an error. In an
    event it is within the payment, refund or mandate that the event is about. A 4xx to a lookup
    before a change refuses the lookup, and declines nothing."""
    changing = call.last_request is not None and call.last_request.changes
    if reply.status_code >= 500:
        return False
    if reply.status_code >= 400 and not changing and _has_only_looked(call):
        return False
    wanted = result_type(call.operation)
    return wanted is Event or "error" in wanted.__struct_fields__


def _parsed(call: Call, reply: HttpResponse) -> ErrorAnswer | PrismError | None:
    """What `parse_error` says; a hook that fails on an error answer leaves it to its status."""
    try:
        found = call.connector.hooks["parse_error"](response=reply, account=call.account)
    except MalformedResponse as error:
        return None if reply.status_code >= 400 else error
    except Exception as error:  # a connector's own bug must not hide what became of the money
        check_own(error)
        if reply.status_code >= 400:
            return None
        return ConnectorBug(f"parse_error of {call.connector.name}: {type(error).__name__}")
    if found is None or isinstance(found, ErrorAnswer):
        return found
    return ConnectorBug(f"parse_error of {call.connector.name} returned {type(found).__name__}")


def by_status(status: int) -> ErrorAnswer:
    """What an error answer means when nothing but its status can be understood."""
    if status >= 500:
        return ErrorAnswer(kind=ErrorKind.UNAVAILABLE)
    kind = _BY_STATUS.get(status, ErrorKind.INVALID_REQUEST)
    return ErrorAnswer(kind=kind, unknown=True if status == 408 else None)


def _error(call: Call, reply: HttpResponse, answer: ErrorAnswer) -> ConnectorError:
    kind = answer.kind
    if reply.status_code >= 500 or (kind is ErrorKind.OTHER and reply.status_code >= 400):
        kind = by_status(reply.status_code).kind
    said = answer.details.connector
    words = [text for text in (said.code, said.message) if text] if said is not None else []
    explained = ": ".join(words) or kind.value.lower().replace("_", " ")
    error = BY_KIND.get(kind, ConnectorError)(
        f"{call.connector.name} answered {call.called} with HTTP {reply.status_code}: {explained}",
        kind=kind,
        details=answer.details,
        status_code=reply.status_code,
        request_id=_request_id(call, reply),
        retryable=_passing(reply, kind) if answer.retryable is None else answer.retryable,
    )
    error.connector_customer_id = answer.connector_customer_id
    unclear = answer.unknown or reply.status_code == 408 or reply.status_code >= 500
    if unclear or kind is ErrorKind.UNAVAILABLE or _is_reused_key(call, reply, answer, kind):
        error.outcome = "unknown"
    return error


def _is_reused_key(call: Call, reply: HttpResponse, answer: ErrorAnswer, kind: ErrorKind) -> bool:
    """Whether a key may have been used before: then the first request with it may have been done.
    A 409 says so whatever its words were taken for. A conflict with something else names what
    exists."""
    changes = call.last_request is not None and call.last_request.changes
    undecided = answer.unknown is None and answer.connector_customer_id is None
    conflicts = kind is ErrorKind.CONFLICT or reply.status_code == 409
    return conflicts and changes and undecided


def _passing(reply: HttpResponse, kind: ErrorKind) -> bool:
    return reply.status_code >= 500 or kind in (ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE)


def _request_id(call: Call, reply: HttpResponse | None) -> str | None:
    header = call.account.request_id_header
    return reply.headers.get(header.lower()) if reply is not None and header is not None else None


def existing(request: Request, conflict: Conflict) -> CustomerCreated | None:
    """The customer that a new one is in conflict with, if the caller asked for that one."""
    known = conflict.connector_customer_id
    if known is None or getattr(request, "on_conflict", None) is not OnConflict.RETURN:
        return None
    return CustomerCreated(connector_customer_id=known, existed=True)


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
    declined = call.last is not None and call.last.error is not None
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
        _put(result, "request_id", _request_id(call, call.last))
    info = call.connector.info
    add_up = info.captures_add_up
    found = tuple(discrepancies(call.operation, call.request, result, captures_add_up=add_up))
    if found:
        _put(result, "discrepancies", found)
    unsent = info.leaves_out.get(call.operation)
    if unsent:
        given = (name for name in unsent if getattr(call.request, name) is not None)
        _put(result, "not_sent", tuple(given))


def _echo(call: Call, result: Result, wanted: type[Result]) -> None:
    """Puts in the caller's own ids, as they were given."""
    for name in in_both(type(call.request), wanted):
        asked = getattr(call.request, name)
        if asked is not None and name in ECHOED:
            _put(result, name, asked)


def annotate(call: Call, error: PrismError) -> PrismError:
    """The error with what the caller needs to look the operation up or to repeat it."""
    error.connector, error.operation = call.connector.name, call.called
    error.merchant_id = call.request.merchant_id
    error.attempts = tuple(call.attempts)
    error.idempotency_key = getattr(call.request, "idempotency_key", None)
    error.outcome = _outcome(call, error)
    if isinstance(error, MalformedResponse) and call.last is not None:
        error.status_code = call.last.status_code
        error.request_id = _request_id(call, call.last)
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
        isinstance(call.last_request, SharedRequest) or _has_only_looked(call)
    ):
        return "not_sent"  # asking for a token, or a lookup before the change, does nothing
    return outcome


def _has_only_looked(call: Call) -> bool:
    """Whether an operation that changes something has sent lookups alone so far. `complete` asks
    what became of a payment: what a lookup does not tell stays unknown."""
    changes = "idempotency_key" in call.request.__struct_fields__
    return changes and call.operation != "complete" and not call.changed


def log(call: Call, end: Result | PrismError, started: float) -> None:
    """One record when an operation ends: operation, connector, ids, status, duration."""
    if not logger.isEnabledFor(logging.INFO):
        return
    status = getattr(end, "status", None)
    word = type(end).__name__ if status is None else status.value
    seconds = time.monotonic() - started
    shown = (call.connector.name, call.called, call.request.merchant_id, word, seconds)
    _told(logging.INFO, "%s %s %s: %s in %.3f s, %d attempts", *shown, len(call.attempts))


def log_interruption(call: Call) -> None:
    """One warning when a call is cut off from outside, with what it takes to find out more."""
    key = getattr(call.request, "idempotency_key", None)
    shown = (call.connector.name, call.called, call.request.merchant_id, key)
    _told(logging.WARNING, "%s %s %s: interrupted, outcome unknown; idempotency key %s", *shown)


def _told(level: int, message: str, *shown: object) -> None:
    """Logs; a filter or handler of the caller's that fails must not take a result's place."""
    try:
        logger.log(level, message, *shown)
    except Exception as error:
        check_own(error)
