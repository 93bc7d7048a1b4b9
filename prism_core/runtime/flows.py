"""One flow, from its first request to its result: checks and idempotency keys before each request
is sent, and the meaning of its end."""

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
from prism_core.runtime.feature_data import add_feature_data
from prism_core.runtime.keys import derived_key, place_key
from prism_core.runtime.reads import has_read, noted
from prism_core.runtime.steps import Step
from prism_core.schema.base import Result


def run_flow(call: Call) -> Generator[Step, Any, Any]:
    """Runs the flow, and returns what it returns."""
    given: Any = call.request
    if not given.from_processor:  # a webhook says nothing to the processor
        given = call.noted = noted(given)
    is_plain = type(call.account).auth_flow is Account.auth_flow
    answering = exchange if is_plain else _authenticated
    flow = call.hook(request=given, account=call.account)
    try:
        request = next(flow)
        while True:
            _make_ready(call, request)
            answer = yield from answering(call, request)
            request = flow.send(answer) if isinstance(answer, HttpResponse) else flow.throw(answer)
    except StopIteration as stop:
        if not call.changed:
            _check_reads(call, before_all=True)
        if call.feature_data:  # no request of the flow makes anything
            call.not_sent += ("connector_feature_data",)
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
    """The error for a flow that refuses: the caller's request is wrong, or the answer is."""
    if isinstance(error, MissingId) and call.noted is not None and not call.changed:
        return preflight.missing_id(call.connector.info, call.operation, call.noted)
    # A flow may refuse the request after a lookup, as long as nothing was changed.
    is_of_an_answer = call.sent and (error.in_value or call.changed)
    if not (call.request.from_processor or is_of_an_answer):
        return error
    malformed = MalformedResponse(f"the answer has a value that is not allowed: {error.message}")
    malformed.connector_transaction_id = error.connector_transaction_id
    return malformed


def _make_ready(call: Call, request: HttpRequest) -> None:
    """Checks which fields of the caller's request the flow has read, before the first request that
    changes something; and adds the idempotency key."""
    if not isinstance(request, HttpRequest):
        raise TypeError(f"the flow yielded {type(request).__name__}, not HttpRequest")
    if call.is_late:  # it goes on all the same, and would perhaps for ever
        raise too_late(call)
    if not call.changed:
        is_first = request.changes or request.keyed
        _check_reads(call, before_all=is_first or not hasattr(call.request, "idempotency_key"))
    elif call.not_sent:  # a field that is only read after the last request is not sent
        noted: Any = call.noted
        call.not_sent = tuple(path for path in call.not_sent if not has_read(noted, path))
    _add_key(call, request)
    if call.feature_data and (request.changes or request.keyed):
        problem = add_feature_data(request, call.feature_data)
        if problem is not None:
            name = "connector_feature_data"
            raise InvalidRequest(f"{name} {problem}", field=name)
        call.feature_data = None


def _add_key(call: Call, request: HttpRequest) -> None:
    """Adds the idempotency key. Raises if the call relies on one that its first change cannot
    have."""
    key = getattr(call.request, "idempotency_key", None)
    if key is not None and request.keyed and request.idempotency_key is None:
        own = derived_key(key, str(call.keys)) if call.keys else key
        place_key(call.account, request, own)
        call.keys += request.idempotency_key is not None
    if call.unkeyed is not None and request.changes and not (call.changed or call.keys):
        raise call.unkeyed()


def _check_reads(call: Call, *, before_all: bool) -> None:
    """Checks the fields that were read so far. `before_all` says that the flow reads no more of
    them before its first change."""
    info, noted = call.connector.info, call.noted
    if noted is None:
        return
    if before_all:
        call.not_sent = preflight.check_reads(info, call.operation, noted)
    preflight.check_limits(info, call.operation, noted)


def close(flow: Generator[Any, Any, Any]) -> None:
    """Ends an interrupted flow. If it yields again (in a `finally`, say), that must not hide what
    ended the call, which may be Ctrl+C."""
    try:
        flow.close()
    except Exception as error:
        raise_if_interruption(error)


def _authenticated(
    call: Call, request: HttpRequest
) -> Generator[Step, Any, HttpResponse | Declined | PrismError]:
    """The answer to a flow's request, which is sent by the account's `auth_flow`. A change without
    an idempotency key that may have been executed is not sent again, whatever that flow yields."""
    flow = call.account.auth_flow(request)
    final: HttpResponse | Declined | PrismError | None = None
    try:
        step = next(flow)
        while True:
            if isinstance(step, TokenRequest):
                answer = yield from token(call, step)
            elif final is not None and step.changes:
                return final
            else:
                answer = yield from exchange(call, step)
                final = answer if _is_final(step, answer) else final
            step = flow.send(answer) if isinstance(answer, HttpResponse) else flow.throw(answer)
    except StopIteration as stop:
        return returned_by(stop)  # type: ignore[no-any-return]
    except (PrismError, Declined) as error:
        return error
    finally:
        close(flow)


def _is_final(request: HttpRequest, answer: HttpResponse | Declined | PrismError) -> bool:
    if not request.changes or request.idempotency_key is not None:
        return False
    return not isinstance(answer, PrismError) or answer.outcome == "unknown"
