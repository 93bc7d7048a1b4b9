"""One run of one flow: deadline, retries, outcome. A generator decides; two small loops do.

`run` yields `Send` and `Wait` steps and never does I/O itself, so that the sync and the async
client share every decision.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from prism_core.connector.http import Failure, HttpRequest, HttpResponse, SharedRequest
from prism_core.errors import (
    Conflict,
    ConnectorBug,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    PrismError,
    TransportError,
)
from prism_core.errors.interruptions import check_own, is_interruption, value_of
from prism_core.runtime import answers, results, webhooks
from prism_core.runtime.call import Call
from prism_core.runtime.retries import may_repeat, pause_before
from prism_core.runtime.token_cache import Turn
from prism_core.schema.base import Attempt, Result

if TYPE_CHECKING:
    from prism_core.transport.transports import AsyncTransport, SyncTransport

E = TypeVar("E", bound=BaseException)

LOOK = 0.01
"""Seconds after which a call looks again whether another has fetched what both need."""


class Send(NamedTuple):
    """Send this request; answer with an `HttpResponse` or a `Failure` within `timeout` seconds."""

    request: HttpRequest
    timeout: float


class Wait(NamedTuple):
    """Let this many seconds pass."""

    seconds: float


class Distrust(NamedTuple):
    """Keep no idle connection: one of them gave an answer to something else."""


Step = Send | Wait | Distrust
Steps = Generator[Step, Any, Result]


def run(call: Call) -> Steps:
    """The steps of a call, and its result. Raises only `PrismError`s, which carry what the
    caller needs to look the operation up or repeat it, and no frame of the flow."""
    started = time.monotonic()
    call.deadline = started + call.timeout
    try:
        result = results.finish(call, (yield from _result(call)))
    except PrismError as error:
        failure = webhooks.disbelieved(call, error)
    except Exception as error:  # a connector's own bug must not hide what became of the money
        if is_interruption(error):
            results.log_interruption(call)
            raise
        failure = _bug(call, error)
    except BaseException:  # Ctrl+C, or a cancelled task: nobody is left to be told but the log
        results.log_interruption(call)
        raise
    else:
        results.log(call, result, started)
        return result
    failure = results.annotate(call, failure)
    results.log(call, failure, started)
    if isinstance(failure, MalformedResponse):
        yield Distrust()  # the next answer on the same connection may be another call's, too
    # The flow's frames may hold personal data in local variables: they are left behind.
    failure.__traceback__ = failure.__cause__ = failure.__context__ = None
    raise failure


def _result(call: Call) -> Generator[Step, Any, Any]:
    """What the flow returns, or what exists already where the caller asked for that."""
    try:
        return (yield from _flow(call))
    except Conflict as conflict:
        existing = answers.existing(call.request, conflict)
        if existing is None:
            raise
        return existing


def _flow(call: Call) -> Generator[Step, Any, Any]:
    hook = call.connector.implementing(call.operation, call.method)
    if call.composite is None:
        flow = hook(request=call.request, account=call.account)
    else:
        flow = call.composite(call.connector, call.request, call.account)
    try:
        request = next(flow)
        while True:
            send = _shared if isinstance(request, SharedRequest) else _exchange
            answer = yield from send(call, request)
            failed = isinstance(answer, PrismError)
            request = flow.throw(answer) if failed else flow.send(answer)
    except StopIteration as stop:
        return stop.value
    except InvalidRequest as error:
        if not (call.request.from_processor or _is_of_an_answer(call, error)):
            raise
        problem, known = error.message, error.connector_transaction_id
    finally:
        _close(flow)
    # No result can be built of what the processor said: not the caller's fault.
    malformed = MalformedResponse(f"the answer holds what no result can: {problem}")
    malformed.connector_transaction_id = known
    raise malformed


def _close(flow: Generator[Any, Any, Any]) -> None:
    """Ends a flow that was left in the middle. One that goes on all the same (it yields in a
    `finally`, say) must not hide what ended the call, which may be Ctrl+C."""
    try:
        flow.close()
    except Exception as error:
        check_own(error)


def _is_of_an_answer(call: Call, error: InvalidRequest) -> bool:
    """Whether a value of the processor's answer cannot be right, and not the caller's request. A
    flow may refuse the request after a lookup, as long as nothing was changed."""
    return call.sent and (error.in_value or call.changed)


def _shared(call: Call, request: SharedRequest) -> Generator[Step, Any, HttpResponse | PrismError]:
    """The answer that many calls share: the one at hand, or a new one, which one call fetches
    while the others wait. Without it, the operation itself was never sent."""
    found = call.shared.find(request)
    if found is not None:
        return found
    turn = Turn(call, call.deadline)
    while not call.shared.take(turn):
        if (left := call.deadline - time.monotonic()) <= 0:
            return _too_late()
        yield Wait(min(LOOK, left))
    try:
        found = call.shared.find(request)
        answer = found or (yield from _exchange(call, request))
        if found is None and isinstance(answer, HttpResponse):
            call.shared.keep(request, answer)  # before the turn ends: the next call looks for it
    finally:
        turn.ended = True
    if isinstance(answer, PrismError):
        answer.outcome = "rejected" if isinstance(answer, ConnectorError) else "not_sent"
    return answer


def _too_late() -> TransportError:
    return TransportError("the call's time was up before it was sent", outcome="not_sent")


def _exchange(call: Call, request: HttpRequest) -> Generator[Step, Any, HttpResponse | PrismError]:
    """One request and its answer, repeated as far as that is promised to be safe."""
    if not isinstance(request, HttpRequest):
        raise TypeError(f"the flow yielded {type(request).__name__}, not HttpRequest")
    retries, doubt = 0, False
    error: PrismError | None = None
    while (remaining := call.deadline - time.monotonic()) > 0:
        reply = yield Send(request, remaining)
        _record(call, request, reply, remaining)
        answer = answers.judge(call, reply)
        if isinstance(answer, HttpResponse):
            call.acted = call.acted or request.changes
            call.answered = call.answered or not isinstance(request, SharedRequest)
            return answer
        error = answer
        doubt = doubt or (request.changes and error.outcome == "unknown")
        pause = pause_before(retries, reply)
        late = time.monotonic() + pause >= call.deadline
        if retries >= call.max_retries or late or not may_repeat(call, request, error):
            break
        retries += 1
        yield Wait(pause)
    if error is None:
        return _too_late()
    if doubt:  # a later attempt's plain refusal does not undo what an earlier one may have done
        error.outcome = "unknown"
        call.uncertain = True
    return error


def _record(
    call: Call, request: HttpRequest, reply: HttpResponse | Failure, remaining: float
) -> None:
    seconds = round(remaining - (call.deadline - time.monotonic()), 6)
    call.last_request = request
    if isinstance(reply, Failure):
        answer, left = None, reply.outcome != "not_sent"
        attempt = Attempt(request.method, request.path, None, reply.message, seconds)
    else:
        answer, left = reply, True
        attempt = Attempt(request.method, request.path, reply.status_code, None, seconds)
    call.attempts.append(attempt)
    if not isinstance(request, SharedRequest):
        call.last, call.sent = answer, call.sent or left
        call.changed = call.changed or (left and request.changes)


def _bug(call: Call, error: Exception) -> PrismError:
    place = ""
    traceback = error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        place = f" in {code.co_name}, line {traceback.tb_lineno} of {code.co_filename}"
        traceback = traceback.tb_next
    return ConnectorBug(
        f"connector '{call.connector.name}' failed with {type(error).__name__}{place}"
    )


def drive(steps: Steps, transport: SyncTransport) -> Result:
    """Takes the steps one by one, blocking."""
    step: Step | None
    try:
        step = next(steps)
        while True:
            if isinstance(step, Send):
                step = steps.send(transport.send(step.request, step.timeout))
            elif isinstance(step, Distrust):
                transport.drop_idle()
                step = next(steps)
            else:
                transport.sleep(step.seconds)
                step = steps.send(None)
    except StopIteration as stop:
        result: Result = value_of(stop)
        return result
    except BaseException as end:  # Ctrl+C, too
        step = None  # its path may hold what the processor repeats, and tracebacks can show it
        raise _bare(end)  # noqa: B904 - nothing shall hang on it
    finally:
        steps.close()  # an interrupted call logs what is not known of it


async def drive_async(steps: Steps, transport: AsyncTransport) -> Result:
    """Takes the steps one by one, in an event loop."""
    step: Step | None
    try:
        step = next(steps)
        while True:
            if isinstance(step, Send):
                step = steps.send(await transport.send(step.request, step.timeout))
            elif isinstance(step, Distrust):
                transport.drop_idle()
                step = next(steps)
            else:
                await transport.sleep(step.seconds)
                step = steps.send(None)
    except StopIteration as stop:
        result: Result = value_of(stop)
        return result
    except BaseException as end:  # cancellation, too
        step = None
        raise _bare(end)  # noqa: B904 - nothing shall hang on it
    finally:
        steps.close()  # an interrupted call logs what is not known of it


def _bare(end: E) -> E:
    """What ends a call, without the frames beneath, which hold the request's bytes."""
    end.__traceback__ = end.__cause__ = end.__context__ = None
    return end
