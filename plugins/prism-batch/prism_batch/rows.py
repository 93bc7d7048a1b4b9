"""One row until its outcome is known: the intent, the call, the same key again, a lookup."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from prism_batch.items import Item, Job, Outcome, Verdict, key_text
from prism_batch.journal import Journal
from prism_batch.keys import Ages, life
from prism_batch.operations import Operation
from prism_batch.outcomes import (
    halts,
    is_temporary,
    is_unsent,
    of_error,
    of_result,
    proves_nothing_was_done,
)
from prism_batch.pace import MANY, Pace
from prism_batch.reconciling import compared, with_amount
from prism_batch.tables import State
from prism_batch.writer import Writer
from prism_core import AsyncPrism, NotFound, PrismError, RateLimited
from prism_core.errors import AuthenticationError, InvalidRequest, TransportError

TRIES = 5
"""How often a row is sent in one run, while nobody knows whether it was done."""
LATER = Outcome(State.SENT)
"""No outcome yet: the row is to be sent after others."""
UNDER_WAY = 300.0
"""Seconds for which a call whose answer was lost may still be worked on at the processor."""
QUIET = 10.0
"""Seconds without any answer after which a person should know of it."""
UNREACHABLE = 120.0
"""Seconds without any answer after which a worker gives up."""


class Rows:
    """Sends rows for one worker. `end` is called with the reason for which the run must end, and
    sets `ended`; `told` gets sentences for a person; `now` is the time by the journal's clock."""

    def __init__(
        self,
        client: AsyncPrism,
        operation: Operation,
        job: Job,
        journal: Journal,
        writer: Writer,
        *,
        in_flight: int,
        now: float,
        ended: asyncio.Event,
        end: Callable[[str], None],
        told: Callable[[str], None],
    ) -> None:
        self._client, self._operation, self._job = client, operation, job
        self._journal, self._writer = journal, writer
        self._ended, self._end, self._told = ended, end, told
        self._method = operation.of(client)
        self._pace = Pace(job, journal, writer, in_flight, told)
        self._ages = Ages(life(operation, job, client), now)
        self._looks_up = operation.can_look_up(client)
        self._unique = operation.name == "customers.create" and client.connector.unique_customers
        self._answers = self._refusals = 0
        self._heard, self._told_trouble = time.monotonic(), False
        self._left_out: set[str] = set()
        self.halting: list[asyncio.Task[None]] = []

    async def outcome(self, item: Item) -> Outcome | None:
        """Sends a row until its outcome is known, or nobody can know it; None leaves it as the
        journal has it."""
        try:
            request = self._operation.read(self._keyed(item))
        except InvalidRequest as error:
            return await self._looked_up(item, None) if item.may_be_done else of_error(error)
        while not self._ended.is_set():
            if item.may_be_done and not (item.tries < TRIES and self._ages.is_alive(item)):
                return await self._looked_up(item, request)
            await self._pace.slot(self._ended)
            if self._ended.is_set() or item.chunk.lost:
                break
            if not self._allowed(item, await self._writer.intend(item)):
                break
            if item.may_be_done and not self._ages.is_alive(item):
                continue  # its key died while it waited
            outcome = await self._sent(item, request)
            if outcome is not None:
                return outcome
        return None

    def _keyed(self, item: Item) -> bytes:
        """The row's JSON with its idempotency key, where the processor takes one."""
        if not self._operation.changes or self._ages.life == 0:
            return item.fields
        key = b'{"idempotency_key":"%s",' % key_text(item.key).encode()
        return key + item.fields[1:]

    def _allowed(self, item: Item, verdict: Verdict) -> bool:
        """Whether the journal has the intent. If not, the row is not sent."""
        self._ages.heard(verdict.now)
        self._pace.heard(verdict)
        if verdict.halted is not None:
            self._end(verdict.halted)
            return False
        if item.chunk.number not in verdict.owned:
            item.chunk.lost = True  # another worker has it now
            return False
        item.first_try = item.first_try or math.floor(verdict.now)
        return True

    async def _sent(self, item: Item, request: Any) -> Outcome | None:
        """One call; None if the row must be sent again."""
        quiet = asyncio.get_running_loop().call_later(QUIET, self._tell_quiet)
        try:
            result = await self._asked(self._method(request))
        except PrismError as error:
            return await self._failed(item, error)
        finally:
            quiet.cancel()
        self._answered()
        self._tell_left_out(result)
        return compared(of_result(self._operation.hook, result), item.fields, result)

    async def _asked(self, call: Awaitable[Any]) -> Any:
        """The result of a call. Its requests after the first take slots, too."""
        try:
            result = await call
        except PrismError as error:
            self._pace.sent(len(error.attempts))
            raise
        self._pace.sent(len(result.attempts))
        return result

    async def _failed(self, item: Item, error: PrismError) -> Outcome | None:
        """What an error means for its row: LATER if it is to be sent after others, None if at once,
        or looked up."""
        outcome = of_error(error)
        refusal = isinstance(error, AuthenticationError) and error.outcome == "rejected"
        self._refusals = self._refusals + 1 if refusal else 0
        is_first = refusal and item.refused is None and self._refusals <= MANY
        if is_first:
            item.refused = self._answers
        # If others' calls are taken, it is about something that this account may not do.
        is_own = refusal and not is_first and self._answers > (item.refused or 0)
        await self._paced(error, end=not (is_first or is_own))
        if outcome.state is State.UNKNOWN:
            item.may_be_done, item.said = True, outcome
            await self._back_off(item)
        elif item.may_be_done and not proves_nothing_was_done(error):
            item.tries = TRIES if is_own else item.tries + (outcome.state is not State.NEW)
        elif is_own or (outcome.state is State.NEW and self._is_hopeless(item, error)):
            return replace(outcome, state=State.REJECTED)
        elif outcome.state is not State.NEW:
            return outcome
        else:  # it is as if it had never been sent
            item.first_try = None
            self._writer.settle(item, outcome)
        return LATER if is_first else None

    async def _back_off(self, item: Item) -> None:
        """Counts a call without a usable answer, and waits: it may still be under way."""
        item.tries += 1
        if item.tries < TRIES and self._ages.is_alive(item):
            await asyncio.sleep(0.1 * 2.0**item.tries)

    def _is_hopeless(self, item: Item, error: PrismError) -> bool:
        """Whether what had to be asked first fails for this row again and again, not for others."""
        if isinstance(error, (TransportError, RateLimited)) or not is_unsent(error):
            return False
        item.tries += 1
        return item.tries >= TRIES and not self._pace.is_failing

    async def _paced(self, error: PrismError, *, end: bool = True) -> None:
        """Pauses after an error, and ends the run where others would fail, too."""
        if isinstance(error, RateLimited):
            self._heard = time.monotonic()
            await self._pace.limited(error.retry_after)
        elif is_unsent(error) or (error.outcome == "unknown" and is_temporary(error)):
            self._pace.failed()
            if self._pace.is_failing:
                self._tell_trouble(f"{error.message}; calls are tried again for two minutes")
        else:
            self._heard, self._told_trouble = time.monotonic(), False
            self._pace.answered()
            self._answers += halts(error) is None
        reason = halts(error) if end else None
        if reason is not None:
            reason += f", and run it again; or prism batch run --job {self._job.id}"
            self._end(reason)
            halt = self._writer.call(self._journal.halt, self._job, reason)
            self.halting.append(asyncio.create_task(halt))
        since = self._pace.failing_since
        if since is not None and time.monotonic() - since > UNREACHABLE:
            self._end(
                f"{error.message}. For two minutes no call was answered: see whether the processor "
                "can be reached, and run the same command again"
            )

    def _tell_quiet(self) -> None:
        """Called while a call waits: says so if others have no answer either."""
        if time.monotonic() - self._heard >= QUIET:
            name = self._client.connector.display_name
            self._tell_trouble(f"{name} has not answered for {QUIET:.0f} s; Ctrl+C ends the run")

    def _tell_trouble(self, sentence: str) -> None:
        """Says once, until there is an answer again, that there is none."""
        if not self._told_trouble:
            self._told_trouble = True
            self._told(sentence)

    def _answered(self) -> None:
        self._heard, self._told_trouble, self._refusals = time.monotonic(), False, 0
        self._pace.answered()
        self._answers += 1

    def _tell_left_out(self, result: Any) -> None:
        """Says once which fields of the input the processor does not get."""
        new = [name for name in result.not_sent if name not in self._left_out]
        if new:
            self._left_out.update(new)
            names = ", ".join(new)
            self._told(f"{self._client.connector.display_name} has no field for {names}: left out")

    async def _looked_up(self, item: Item, request: Any) -> Outcome | None:
        """What a lookup by your own id says of a row that may have been done."""
        why = "a run ended while it was under way" if item.said is None else f"{item.said.error}"
        if self._ages.life:
            why += "; its key is too old or has been tried too often"
        unknown = Outcome(
            State.UNKNOWN,
            result=None if item.said is None else item.said.result,
            error=f"{why}; look it up at the processor",
        )
        if not self._looks_up or self._operation.lookup is None:
            return unknown
        operation, field = self._operation.lookup
        while not self._ended.is_set():
            await self._pace.slot(self._ended)
            if self._ended.is_set():
                break
            try:
                found = await self._asked(operation.of(self._client)(**{field: item.reference}))
            except NotFound as error:
                self._answered()
                if self._is_absent(item, error):
                    return await self._begun_anew(item)
                return replace(unknown, error=f"{why}; a lookup does not find it")
            except PrismError as error:
                await self._paced(error)
                if of_error(error).state is not State.NEW:
                    return replace(unknown, error=f"{why}; looked up: {of_error(error).error}")
            else:
                self._answered()
                outcome = of_result(self._operation.hook, found)
                return with_amount(outcome, getattr(request, "amount", None), found)
        return None

    def _is_absent(self, item: Item, error: NotFound) -> bool:
        """Whether a lookup that finds nothing proves that nothing was made: only where those are
        found at once, not while the first call can still be under way."""
        proves = self._unique and not error.is_foreign and item.tries < TRIES
        return proves and self._ages.of(item) > UNDER_WAY

    async def _begun_anew(self, item: Item) -> Outcome | None:
        """Sends a row of which it is certain that nothing was made."""
        item.may_be_done, item.first_try = False, None
        self._writer.settle(item, Outcome(State.NEW))
        return await self.outcome(item)
