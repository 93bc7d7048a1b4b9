"""One run of one flow: deadline, retries, outcome. A generator decides; two small loops do.

`run` yields `Send` and `Wait` steps and never does I/O itself, so that the sync and the async
client share every decision.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from prism_core import outcome, webhooks
from prism_core.call import Call
from prism_core.errors import (
    Conflict,
    ConnectorBug,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    PrismError,
    TransportError,
)
from prism_core.http import Failure, HttpRequest, HttpResponse, SharedRequest
from prism_core.schema.base import Attempt, Result

if TYPE_CHECKING:
    from prism_core.transport import AsyncTransport, SyncTransport

E = TypeVar("E", bound=BaseException)

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 8.0


class Send(NamedTuple):
    """Send this request; answer with an `HttpResponse` or a `Failure` within `timeout` seconds."""

    request: HttpRequest
    timeout: float


class Wait(NamedTuple):
    """Let this many seconds pass."""

    seconds: float


class Turn(NamedTuple):
    """Wait until no other call fetches what many share, `seconds` at most; answer with what ends
    this call's turn, or with None if it never came."""

    seconds: float


Step = Send | Wait | Turn
Steps = Generator[Step, Any, Result]


def run(call: Call) -> Steps:
    """The steps of a call, and its result. Raises only `PrismError`s, which carry what the
    caller needs to look the operation up or repeat it, and no frame of the flow."""
    started = time.monotonic()
    call.deadline = started + call.timeout
    try:
        result = outcome.finish(call, (yield from _result(call)))
    except PrismError as error:
        failure = webhooks.disbelieved(call, error)
    except Exception as error:  # a connector's own bug must not hide what became of the money
        failure = _bug(call, error)
    except GeneratorExit:  # Ctrl+C, or a cancelled task: nobody is left to be told but the log
        outcome.log_interruption(call)
        raise
    else:
        outcome.log(call, result, started)
        return result
    failure = outcome.annotate(call, failure)
    outcome.log(call, failure, started)
    # The flow's frames may hold personal data in local variables: they are left behind.
    failure.__traceback__ = failure.__cause__ = failure.__context__ = None
    raise failure


def _result(call: Call) -> Generator[Step, Any, Any]:
    """What the flow returns, or what exists already where the caller asked for that."""
    try:
        return (yield from _flow(call))
    except Conflict as conflict:
        existing = outcome.existing(call.request, conflict)
        if existing is None:
            raise
        return existing


def _flow(call: Call) -> Generator[Step, Any, Any]:
    hook = call.connector.implementing(call.operation, call.called)
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
        if not (call.sent or call.request.from_processor):
            raise
        problem, known = error.message, error.connector_transaction_id
    finally:
        flow.close()
    # No result can be built of what the processor said: not the caller's fault.
    malformed = MalformedResponse(f"the answer holds what no result can: {problem}")
    malformed.connector_transaction_id = known
    raise malformed


def _shared(call: Call, request: SharedRequest) -> Generator[Step, Any, HttpResponse | PrismError]:
    """The answer that many calls share: the one at hand, or a new one, which one call fetches
    while the others wait. Without it, the operation itself was never sent."""
    found = call.shared.find(request)
    if found is not None:
        return found
    end_turn = yield Turn(call.deadline - time.monotonic())
    if end_turn is None:
        return _too_late()
    try:
        found = call.shared.find(request)
        answer = found or (yield from _exchange(call, request))
        if found is None and isinstance(answer, HttpResponse):
            call.shared.keep(request, answer)  # before the turn ends: the next call looks for it
    finally:
        end_turn()
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
        answer = outcome.judge(call, reply)
        if isinstance(answer, HttpResponse):
            call.acted = call.acted or request.changes
            call.answered = call.answered or not isinstance(request, SharedRequest)
            return answer
        error = answer
        doubt = doubt or (request.changes and error.outcome == "unknown")
        pause = _pause(retries, reply)
        late = time.monotonic() + pause >= call.deadline
        if retries >= call.max_retries or late or not _may_repeat(call, request, error):
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


def _may_repeat(call: Call, request: HttpRequest, error: PrismError) -> bool:
    """Whether sending again is promised to be safe, and can help."""
    if isinstance(error, TransportError) and error.outcome == "not_sent":
        return True
    if request.changes and not _is_keyed(call, request):
        return False
    return isinstance(error, TransportError) or (
        isinstance(error, ConnectorError) and error.retryable
    )


def _is_keyed(call: Call, request: HttpRequest) -> bool:
    """Whether the key is really on the wire, in the header that the processor honours."""
    header, key = call.account.idempotency_header, request.idempotency_key
    return header is not None and key is not None and request.headers.get(header.lower()) == key


def _pause(retries: int, reply: HttpResponse | Failure) -> float:
    """How long to wait: what `Retry-After` says, else longer each time and never in step."""
    if isinstance(reply, HttpResponse):
        asked = _seconds(reply.headers.get("retry-after", ""))
        if asked is not None:
            return asked
    import random  # not needed before, and slow to import

    longest = min(FIRST_PAUSE * 2.0**retries, LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing


def _seconds(asked: str) -> float | None:
    """`Retry-After` in seconds, whether it names them or a time (RFC 9110, section 10.2.3)."""
    if asked.isascii() and asked.isdigit():
        return float(asked[:9])
    from email.utils import parsedate_to_datetime  # not needed before, and slow to import

    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


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
    try:
        step = next(steps)
        while True:
            if isinstance(step, Send):
                step = steps.send(transport.send(step.request, step.timeout))
            elif isinstance(step, Turn):
                step = steps.send(transport.turn(step.seconds))
            else:
                transport.sleep(step.seconds)
                step = steps.send(None)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    except BaseException as end:  # Ctrl+C, too
        raise _bare(end)  # noqa: B904 - nothing shall hang on it
    finally:
        steps.close()  # an interrupted call logs what is not known of it


async def drive_async(steps: Steps, transport: AsyncTransport) -> Result:
    """Takes the steps one by one, in an event loop."""
    try:
        step = next(steps)
        while True:
            if isinstance(step, Send):
                step = steps.send(await transport.send(step.request, step.timeout))
            elif isinstance(step, Turn):
                step = steps.send(await transport.turn(step.seconds))
            else:
                await transport.sleep(step.seconds)
                step = steps.send(None)
    except StopIteration as stop:
        result: Result = stop.value
        return result
    except BaseException as end:  # cancellation, too
        raise _bare(end)  # noqa: B904 - nothing shall hang on it
    finally:
        steps.close()  # an interrupted call logs what is not known of it


def _bare(end: E) -> E:
    """What ends a call, without the frames beneath, which hold the request's bytes."""
    end.__traceback__ = end.__cause__ = end.__context__ = None
    return end
