"""One flow, from its first request to its result: what is checked and placed before each request
leaves, and what its end means."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from prism_core.connector.account import Account
from prism_core.connector.http import Declined, HttpRequest, HttpResponse, MissingId, TokenRequest
from prism_core.errors import InvalidRequest, MalformedResponse, PrismError
from prism_core.errors.interruptions import raise_if_interruption, returned_by
from prism_core.runtime import preflight
from prism_core.runtime.answers import declined_result
from prism_core.runtime.attempts import exchange, token, too_late
from prism_core.runtime.call import Call
from prism_core.runtime.keys import derived_key
from prism_core.runtime.reads import Noted, has_read
from prism_core.runtime.steps import Step
from prism_core.schema.base import Result


def run_flow(call: Call) -> Generator[Step, Any, Any]:
    """Runs the flow, and returns what it returns."""
    noted = call.noted = Noted(call.request)
    # A webhook's request says nothing to the processor.
    given: Any = call.request if call.request.from_processor else noted
    flow = call.hook(request=given, account=call.account)
    try:
        request = next(flow)
        while True:
            _make_ready(call, request)
            answer = yield from _answer(call, request)
            request = flow.send(answer) if isinstance(answer, HttpResponse) else flow.throw(answer)
    except StopIteration as stop:
        if not call.changed:
            _check_reads(call, before_all=True)
        return stop.value
    except Declined as declined:
        result = declined_result(call, declined)
        if isinstance(result, Result):
            return result
        raise result from None
    except InvalidRequest as error:
        refused = error
    finally:
        close(flow)
    raise _refusal(call, refused)


def _refusal(call: Call, error: InvalidRequest) -> PrismError:
    """What the refusal of a flow means: the caller's request cannot be right, or the answer."""
    if isinstance(error, MissingId) and call.noted is not None and not call.changed:
        return preflight.missing_id(call.connector.info, call.operation, call.noted)
    # A flow may refuse the request after a lookup, as long as nothing was changed.
    is_of_an_answer = call.sent and (error.in_value or call.changed)
    if not (call.request.from_processor or is_of_an_answer):
        return error
    malformed = MalformedResponse(f"the answer holds what no result can: {error.message}")
    malformed.connector_transaction_id = error.connector_transaction_id
    return malformed


def _make_ready(call: Call, request: HttpRequest) -> None:
    """Checks what the flow has read of the caller's request, before anything of it is sent that
    makes something; and places the idempotency key."""
    if not isinstance(request, HttpRequest):
        raise TypeError(f"the flow yielded {type(request).__name__}, not HttpRequest")
    if call.is_late:  # it goes on all the same, and would perhaps for ever
        raise too_late(call)
    if not call.changed:
        changes_nothing = "idempotency_key" not in call.request.__struct_fields__
        _check_reads(call, before_all=request.changes or request.keyed or changes_nothing)
    elif call.noted is not None:  # what is read only after the last request is not sent
        noted = call.noted
        call.not_sent = tuple(path for path in call.not_sent if not has_read(noted, path))
    _place_key(call, request)


def _place_key(call: Call, request: HttpRequest) -> None:
    """Raises where the call relies on a key, and its first change cannot have one."""
    key = getattr(call.request, "idempotency_key", None)
    if key is not None and request.keyed and request.idempotency_key is None:
        own = derived_key(key, str(call.keys)) if call.keys else key
        call.account.place_key(request, own)
        call.keys += request.idempotency_key is not None
    if call.unkeyed is not None and request.changes and not (call.changed or call.keys):
        raise call.unkeyed()


def _check_reads(call: Call, *, before_all: bool) -> None:
    """Checks what was read so far; `before_all` says that it is all that the flow reads before it
    changes anything."""
    info, noted = call.connector.info, call.noted
    if noted is None or call.request.from_processor:
        return
    if before_all:
        call.not_sent = preflight.check_reads(info, call.operation, noted)
    preflight.check_limits(info, call.operation, noted)


def close(flow: Generator[Any, Any, Any]) -> None:
    """Ends a flow that was left in the middle. One that goes on all the same (it yields in a
    `finally`, say) must not hide what ended the call, which may be Ctrl+C."""
    try:
        flow.close()
    except Exception as error:
        raise_if_interruption(error)


def _answer(
    call: Call, request: HttpRequest
) -> Generator[Step, Any, HttpResponse | Declined | PrismError]:
    """The answer to a flow's request, with what the account's authentication needs before."""
    if type(call.account).auth_flow is Account.auth_flow:
        return (yield from exchange(call, request))
    flow = call.account.auth_flow(request)
    try:
        step = next(flow)
        while True:
            if isinstance(step, TokenRequest):
                answer = yield from token(call, step)
            else:
                answer = yield from exchange(call, step)
            step = flow.send(answer) if isinstance(answer, HttpResponse) else flow.throw(answer)
    except StopIteration as stop:
        return returned_by(stop)  # type: ignore[no-any-return]
    except (PrismError, Declined) as error:
        return error
    finally:
        close(flow)
