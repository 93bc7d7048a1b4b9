"""What an answer means: a success, a decline, or which error; and whether nothing was done."""

from __future__ import annotations

from enum import Enum
from typing import Any

import msgspec

from prism_core.connector.http import Declined, Failure, HttpResponse
from prism_core.connector.operations import OWN, result_type
from prism_core.errors import (
    BY_KIND,
    ConnectorBug,
    ConnectorError,
    MalformedResponse,
    PrismError,
    RateLimited,
    TransportError,
)
from prism_core.errors.details import ErrorAnswer, ErrorKind, UnifiedCode
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.runtime.bugs import connector_bug
from prism_core.runtime.call import Call
from prism_core.runtime.comparison import answers_another
from prism_core.runtime.retries import retry_after
from prism_core.schema.base import Result
from prism_core.schema.checks import is_identifier
from prism_core.schema.events import Event
from prism_core.schema.later_status import MandateStatus, RefundStatus
from prism_core.schema.status import PaymentStatus

_BY_STATUS = {
    401: ErrorKind.AUTHENTICATION,
    403: ErrorKind.AUTHENTICATION,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.CONFLICT,
    429: ErrorKind.RATE_LIMITED,
}


def judge(call: Call, reply: HttpResponse | Failure) -> HttpResponse | Declined | PrismError:
    """The answer for the flow, or the exception to raise at its `yield`."""
    if isinstance(reply, Failure):
        said = f"{call.connector.name} {call.method}: {reply.message}"
        return TransportError(said, outcome=reply.outcome, reason=reply.reason)
    if 300 <= reply.status_code < 400:
        return MalformedResponse("the answer is a redirect, and Prism follows none")
    answer = _parsed(call, reply)
    if isinstance(answer, PrismError):
        return answer
    if answer is None and reply.status_code < 400:
        return reply
    sent = None if call.last_request is None else call.last_request.correlation_id
    is_own = call.operation in OWN  # whose ids nobody knows
    if answer is not None and not is_own and answers_another(call.request, sent, answer):
        return MalformedResponse("the answer is an error of another request than was sent")
    if answer is None:
        answer = by_status(reply.status_code)
        if call.last_request is not None and call.last_request.changes:
            # Whoever wrote this, it is not in the processor's own format: the request may have
            # reached the processor all the same.
            answer = msgspec.structs.replace(answer, unknown=True)
    elif answer.kind is ErrorKind.DECLINED and _can_decline(call, reply):
        return Declined(answer, reply)
    return _error(call, reply, answer)


def _can_decline(call: Call, reply: HttpResponse) -> bool:
    """Whether the operation's result can be a decline; if not, a decline is an error. In an event,
    the payment, refund or mandate holds it. Elsewhere a 4xx to a lookup is no decline, unless
    something was changed before: it only refuses the lookup."""
    sent, wanted = call.last_request, result_type(call.operation)
    changing = sent is not None and (sent.changes or sent.keyed)
    if reply.status_code >= 500:
        return False
    if wanted is Event:
        return True
    if call.operation in OWN:
        return reply.status_code < 400
    if reply.status_code >= 400 and not changing and not call.changed:
        return False
    return "error" in wanted.__struct_fields__


def _parsed(call: Call, reply: HttpResponse) -> ErrorAnswer | PrismError | None:
    """The result of `parse_error`. If that hook fails on an error answer, the status decides."""
    try:
        found = call.connector.hooks["parse_error"](response=reply, account=call.account)
    except MalformedResponse as error:
        return None if reply.status_code >= 400 else error
    except Exception as error:  # a connector's own bug must not hide what became of the money
        raise_if_interruption(error)
        bug = connector_bug(call, error)
        return None if reply.status_code >= 400 else bug
    if found is None or isinstance(found, ErrorAnswer):
        return found
    return ConnectorBug(f"parse_error of {call.connector.name} returned {type(found).__name__}")


def by_status(status: int) -> ErrorAnswer:
    """The meaning of an error answer by its status alone."""
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
        f"{call.connector.name} answered {call.method} with HTTP {reply.status_code}: {explained}",
        kind=kind,
        details=answer.details,
        status_code=reply.status_code,
        request_id=request_id(call, reply),
        retryable=_passing(reply, kind) if answer.retryable is None else answer.retryable,
    )
    error.connector_customer_id = answer.connector_customer_id
    if is_identifier(answer.connector_transaction_id):
        error.connector_transaction_id = answer.connector_transaction_id
    if isinstance(error, RateLimited):
        error.retry_after = retry_after(reply)
    unclear = answer.unknown or reply.status_code == 408 or reply.status_code >= 500
    unproven = kind is ErrorKind.OTHER and answer.unknown is None  # an unknown error in a 2xx
    if (
        unclear
        or unproven
        or kind is ErrorKind.UNAVAILABLE
        or _is_reused_key(call, reply, answer, kind)
    ):
        error.outcome = "unknown"
    return error


def _is_reused_key(call: Call, reply: HttpResponse, answer: ErrorAnswer, kind: ErrorKind) -> bool:
    """Whether the key may have been used before: then the first request with it may have been done.
    Every 409 counts, whatever its code. A conflict with an existing object names that object."""
    changes = call.last_request is not None and call.last_request.changes
    undecided = answer.unknown is None and answer.connector_customer_id is None
    conflicts = kind is ErrorKind.CONFLICT or reply.status_code == 409
    return conflicts and changes and undecided


def _passing(reply: HttpResponse, kind: ErrorKind) -> bool:
    return reply.status_code >= 500 or kind in (ErrorKind.RATE_LIMITED, ErrorKind.UNAVAILABLE)


def request_id(call: Call, reply: HttpResponse) -> str | None:
    """The processor's id of the request, which its support asks for."""
    account = call.account
    if account.request_id_header is not None:
        return reply.headers.get(account.request_id_header.lower())
    if account.request_id_field is None:
        return None
    body = reply.decode(dict[str, Any])
    found = None if body is None else body.get(account.request_id_field)
    return found if isinstance(found, str) else None


def has_only_looked(call: Call) -> bool:
    """Whether an operation that changes something has sent only lookups so far. `complete` does not
    count: its lookup asks for the state of a payment, which stays unknown if it fails."""
    changes = "idempotency_key" in call.request.__struct_fields__
    lookup = changes and call.operation not in ("complete", *OWN)
    return lookup and not call.changed


_FAILED: dict[str, Enum] = {
    "capture": PaymentStatus.CAPTURE_FAILED,
    "void": PaymentStatus.VOID_FAILED,
    "refund": RefundStatus.REFUND_FAILURE,
    "get_refund": RefundStatus.REFUND_FAILURE,
    "setup_recurring": MandateStatus.MANDATE_INACTIVE,
    "get_mandate": MandateStatus.MANDATE_INACTIVE,
    "complete_mandate": MandateStatus.MANDATE_INACTIVE,
    "revoke_mandate": MandateStatus.MANDATE_REVOKE_FAILED,
}
"""The failed status by operation; for other payments it is AUTHORIZATION_FAILED."""
_UNDECIDED: dict[type[Enum], Enum] = {
    PaymentStatus: PaymentStatus.UNRESOLVED,
    RefundStatus: RefundStatus.REFUND_MANUAL_REVIEW,
    MandateStatus: MandateStatus.MANDATE_PENDING,
}
"""The status of a result that only the connector could decide, by its type."""


_OPEN: dict[type[Enum], Enum] = {
    PaymentStatus: PaymentStatus.PAYMENT_METHOD_AWAITED,
    MandateStatus: MandateStatus.MANDATE_PENDING,
}
"""The status of an order that the customer can try again, by its type."""
_IDS = (
    *("connector_transaction_id", "connector_order_id"),
    *("connector_refund_id", "connector_mandate_id"),
)
"""The ids of a request that a declined result has, too."""


def declined_result(call: Call, declined: Declined) -> Result | PrismError:
    """The result of a decline that the flow did not catch: the operation's failed status with the
    details. An event has no such result, because only the connector knows its object."""
    kind = result_type(call.operation)
    if kind is Event:
        return _error(call, declined.response, declined.answer)
    fields: dict[str, Any] = {"status": _declined_status(call, declined), "error": declined.details}
    for name in _IDS:
        if name in kind.__struct_fields__:
            fields[name] = getattr(call.request, name, None)
    if is_identifier(declined.connector_transaction_id):
        fields["connector_transaction_id"] = declined.connector_transaction_id
    return kind(**fields)


def _declined_status(call: Call, declined: Declined) -> Enum:
    """What is declined has failed; unless an earlier request of the call was done, or may have
    been: a payment that is held, say, and whose capture is declined. The customer can pay an order
    that was declined once more."""
    status = _FAILED.get(call.operation, PaymentStatus.AUTHORIZATION_FAILED)
    if call.done or call.uncertain:
        return _UNDECIDED[type(status)]
    if getattr(call.request, "connector_order_id", None) is not None:
        return _OPEN[type(status)]
    why = declined.details.unified
    authentication = why is not None and why.code is UnifiedCode.AUTHENTICATION_FAILED
    if authentication and status is PaymentStatus.AUTHORIZATION_FAILED:
        return PaymentStatus.AUTHENTICATION_FAILED
    return status
