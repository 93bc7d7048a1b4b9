"""One run of one flow: deadline, retries, outcome. A generator decides, two small loops execute.

`run` yields `Send` and `Wait` steps and never does I/O itself, so that the sync and the async
client share every decision.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from prism_core.errors import MalformedResponse, PrismError
from prism_core.errors.interruptions import is_interruption
from prism_core.runtime import ends, results, webhooks
from prism_core.runtime.bugs import connector_bug
from prism_core.runtime.call import Call
from prism_core.runtime.flows import run_flow
from prism_core.runtime.steps import CloseIdle, Send, Steps
from prism_core.schema.base import Result

if TYPE_CHECKING:
    from prism_core.transport.transports import AsyncTransport, SyncTransport


def run(call: Call) -> Steps:
    """Yields the steps of a call, and at last its result. Raises only `PrismError`s, with what the
    caller needs to look the operation up or to repeat it."""
    started = time.monotonic()
    call.deadline = started + call.timeout
    failure: PrismError | None = None
    try:
        if call.observers is not None:
            call.observers.started()
        result = results.finish(call, (yield from run_flow(call)))
    except PrismError as error:
        failure = webhooks.disbelieved(call, error)
    except Exception as error:  # a connector's own bug must not hide what became of the money
        if is_interruption(error):
            ends.tell_interruption(call, started)
            raise
        failure = connector_bug(call, error)
    except BaseException:  # Ctrl+C, or a cancelled task: only the log can report it
        ends.tell_interruption(call, started)
        raise
    if failure is None:
        ends.tell(call, result, started)
        yield result
    else:
        failure = results.annotate(call, failure)
        ends.tell(call, failure, started)
        if isinstance(failure, MalformedResponse):
            yield CloseIdle()  # the next answer on the same connection may be another call's, too
        raise failure


def drive(steps: Steps, transport: SyncTransport) -> Result:
    """Executes the steps one by one, blocking."""
    try:
        step = next(steps)
        while not isinstance(step, Result):
            if isinstance(step, Send):
                step = steps.send(transport.send(step.request, step.timeout))
            elif isinstance(step, CloseIdle):
                transport.drop_idle()
                step = next(steps)
            else:
                transport.sleep(step.seconds)
                step = next(steps)
        return step
    except StopIteration:  # no end of the steps: a handler raised it, and a loop would end at it
        raise RuntimeError("a signal handler raised StopIteration") from None
    finally:
        steps.close()  # an interrupted call logs what is not known of it


async def drive_async(steps: Steps, transport: AsyncTransport) -> Result:
    """Executes the steps one by one, in an event loop."""
    try:
        step = next(steps)
        while not isinstance(step, Result):
            if isinstance(step, Send):
                step = steps.send(await transport.send(step.request, step.timeout))
            elif isinstance(step, CloseIdle):
                transport.drop_idle()
                step = next(steps)
            else:
                await transport.sleep(step.seconds)
                step = next(steps)
        return step
    finally:
        steps.close()  # an interrupted call logs what is not known of it
