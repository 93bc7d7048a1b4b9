"""How a call ended, as values without secrets, for the log and for extensions."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from prism_core.connector.extensions import INTERRUPTED, CallOutcome, EndInfo
from prism_core.errors import ConnectorError, PrismError
from prism_core.runtime import logs
from prism_core.runtime.call import Call
from prism_core.runtime.results import key_of
from prism_core.schema.base import Result, Schema
from prism_core.schema.events import Event
from prism_core.schema.later_status import MandateStatus, RefundStatus
from prism_core.schema.secrets import MASK, Secret
from prism_core.schema.status import PaymentStatus

_DECLINED = frozenset(
    {
        *(PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.AUTHENTICATION_FAILED),
        *(PaymentStatus.ROUTER_DECLINED, PaymentStatus.FAILURE),
        *(PaymentStatus.CAPTURE_FAILED, PaymentStatus.VOID_FAILED),
        *(RefundStatus.REFUND_FAILURE, RefundStatus.REFUND_TRANSACTION_FAILURE),
        MandateStatus.MANDATE_REVOKE_FAILED,
    }
)
_CODE = re.compile(r"[\w.:/=~#|-]+")
_UNKNOWN = frozenset({PaymentStatus.UNRESOLVED, RefundStatus.REFUND_MANUAL_REVIEW})


def tell(call: Call, end: Result | PrismError, started: float) -> None:
    """Writes one log record when a call has ended, and tells the extensions."""
    outcome = outcome_of(end)
    if call.observers is None and not logs.is_wanted(outcome):
        return
    seconds = time.monotonic() - started
    if isinstance(end, PrismError):
        info = _error_info(call, end, outcome, seconds)
    else:
        info = _result_info(call, end, outcome, seconds)
    try:
        _tell(call, info)
    except BaseException:  # Ctrl+C meanwhile: the caller gets no result
        logs.ended(call, _interrupted(call, started))
        raise


def tell_interruption(call: Call, started: float) -> None:
    """The same for a call that is interrupted: only the log has the key to repeat it with."""
    _tell(call, _interrupted(call, started))


def _tell(call: Call, end: EndInfo) -> None:
    logs.ended(call, end)
    if call.observers is not None:
        call.observers.ended(end)


def outcome_of(end: Result | PrismError) -> CallOutcome:
    """The outcome of an error; of a result, what its status says of what was asked."""
    if isinstance(end, PrismError):
        return end.outcome
    if isinstance(end, Event):
        return "ok"  # whatever it tells of
    status = getattr(end, "status", None)
    if status in _UNKNOWN:
        return "unknown"
    is_declined = status in _DECLINED or getattr(end, "error", None) is not None
    return "declined" if is_declined else "ok"


def ids_of(request: Schema, **reported: str | None) -> Mapping[str, str]:
    """The caller's ids and the processor's, by the names of their fields: as the request has them,
    and as they are reported in its answer."""
    found, token = _held(request), _token_of(request)
    for name, known in reported.items():
        if known is not None and known != found.get(name):
            is_token = token == Secret(known)
            found[name] = MASK if is_token else _code(known)
    return MappingProxyType(found)


def _token_of(request: Schema) -> Secret | None:
    """What was paid with, if it is a token: some processors keep it as the id of the method."""
    token = getattr(getattr(request, "payment_method", None), "token", None)
    return token if isinstance(token, Secret) else None


def _held(value: Schema | None) -> dict[str, str]:
    """The ids that a value holds."""
    names = () if value is None else _id_names(type(value))
    found = ((name, getattr(value, name)) for name in names)
    return {name: known for name, known in found if isinstance(known, str) and known}


def _code(said: str) -> str:
    """A processor's id, as long as it looks like one: it must not be exact here, and a name or an
    email address has a space or other characters."""
    return said if _CODE.fullmatch(said) else MASK


@cache
def _id_names(kind: type[Schema]) -> tuple[str, ...]:
    names = (name for name in kind.__struct_fields__ if name.endswith("_id"))
    return tuple(name for name in names if name.startswith(("merchant_", "connector_")))


def _result_info(call: Call, result: Result, outcome: CallOutcome, seconds: float) -> EndInfo:
    about: Any = result
    if isinstance(result, Event):
        parts = (result.dispute, result.mandate, result.refund, result.payment)
        about = next((part for part in parts if part is not None), result)
    status = getattr(about, "status", None)
    return EndInfo(
        outcome=outcome,
        status=None if status is None else status.value,
        unified_code=_unified(getattr(about, "error", None)),
        status_code=result.status_code or None,
        request_id=None if result.request_id is None else _code(result.request_id),
        ids=ids_of(call.request, **{**_held(about), **_held(result)}),
        idempotency_key=result.idempotency_key,
        attempts=len(call.attempts),
        seconds=seconds,
    )


def _error_info(call: Call, error: PrismError, outcome: CallOutcome, seconds: float) -> EndInfo:
    request_id: str | None = getattr(error, "request_id", None)
    return EndInfo(
        outcome=outcome,
        error=type(error).__name__,
        unified_code=_unified(error.details) if isinstance(error, ConnectorError) else None,
        status_code=getattr(error, "status_code", None),
        request_id=None if request_id is None else _code(request_id),
        ids=ids_of(
            call.request,
            connector_customer_id=error.connector_customer_id,
            connector_transaction_id=error.connector_transaction_id,
        ),
        idempotency_key=error.idempotency_key,
        attempts=len(call.attempts),
        seconds=seconds,
    )


def _interrupted(call: Call, started: float) -> EndInfo:
    return EndInfo(
        outcome="unknown",
        error=INTERRUPTED,
        ids=ids_of(call.request),
        idempotency_key=key_of(call),
        attempts=len(call.attempts),
        seconds=time.monotonic() - started,
    )


def _unified(details: Any) -> str | None:
    unified = None if details is None else details.unified
    return None if unified is None else unified.code.value
