"""One request and its answer, repeated only if that is safe; and access tokens, which many calls
use."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

from prism_core.connector.http import (
    Declined,
    Failure,
    HttpRequest,
    HttpResponse,
    TokenRequest,
)
from prism_core.errors import ConnectorError, PrismError, TransportError
from prism_core.runtime import answers
from prism_core.runtime.call import Call
from prism_core.runtime.retries import may_repeat, pause_before
from prism_core.runtime.steps import Send, Step, Wait
from prism_core.runtime.token_cache import Turn
from prism_core.schema.base import Attempt

LOOK = 0.01
"""Seconds after which a waiting call checks again whether another call has fetched the token."""

LEAST = 0.001
"""Seconds that are left for a request if an extension has used up the time of its call."""


def token(
    call: Call, request: TokenRequest
) -> Generator[Step, Any, HttpResponse | Declined | PrismError]:
    """The answer with an access token: from the cache, or a new one, which one call fetches while
    the others wait. If that fails, the operation itself was never sent."""
    found = call.tokens.find(request)
    if found is not None:
        return found
    turn = Turn(call, call.deadline)
    while not call.tokens.take(turn):
        if (left := call.deadline - time.monotonic()) <= 0:
            return too_late(call)
        yield Wait(min(LOOK, left))
    try:
        found = call.tokens.find(request)
        answer = found or (yield from exchange(call, request))
        if found is None and isinstance(answer, HttpResponse):
            call.tokens.keep(request, answer)  # before the turn ends: the next call looks for it
    finally:
        turn.ended = True
    if isinstance(answer, PrismError):
        answer.outcome = "rejected" if isinstance(answer, ConnectorError) else "not_sent"
    return answer


def too_late(call: Call) -> TransportError:
    """What a flow is told when the call's time is up, once."""
    call.is_late = True
    return TransportError("the call's time was up before it was sent", outcome="not_sent")


def exchange(
    call: Call, request: HttpRequest
) -> Generator[Step, Any, HttpResponse | Declined | PrismError]:
    """One request and its answer, repeated only if that is safe."""
    retries, doubt = 0, False
    error: PrismError | None = None
    while (remaining := call.deadline - time.monotonic()) > 0:
        if call.observers is not None:
            call.observers.ready(request)
            remaining = max(call.deadline - time.monotonic(), LEAST)
        reply = yield Send(request, remaining)
        _record(call, request, reply, remaining)
        answer = answers.judge(call, reply)
        if call.observers is not None:
            call.observers.answered(answer, call.attempts[-1])
        call.declined = isinstance(answer, Declined)
        if not isinstance(answer, PrismError):
            call.acted = call.acted or request.changes
            call.done = call.done or (request.changes and not call.declined)
            call.answered = call.answered or not isinstance(request, TokenRequest)
            return answer
        error = answer
        doubt = doubt or (request.changes and error.outcome == "unknown")
        pause = pause_before(retries, reply)
        late = time.monotonic() + pause >= call.deadline
        if retries >= call.max_retries or late or not may_repeat(call, request, error):
            break
        retries += 1
        if call.observers is not None:
            call.observers.retrying(pause)
        yield Wait(pause)
    if error is None:
        return too_late(call)
    if doubt:  # a later attempt's plain refusal does not undo what an earlier one may have done
        error.outcome = "unknown"
        call.uncertain = True
    return error


def _record(
    call: Call, request: HttpRequest, reply: HttpResponse | Failure, remaining: float
) -> None:
    seconds = round(remaining - (call.deadline - time.monotonic()), 6)
    call.last_request = request
    method, path = request.method, request.path
    if isinstance(reply, Failure):
        answer, left = None, reply.outcome != "not_sent"
        attempt = Attempt(method, path, None, reply.message, seconds)
    else:
        answer, left = reply, True
        attempt = Attempt(method, path, reply.status_code, None, seconds)
    call.attempts.append(attempt)
    if not isinstance(request, TokenRequest):
        call.last, call.sent = answer, call.sent or left
        call.changed = call.changed or (left and request.changes)
