"""Sends the rows of chunks: the intent first, then the call, then its outcome."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from typing import Any

from prism_batch.items import Chunk, Item, Job, Outcome, Verdict, key_text
from prism_batch.journal import Journal
from prism_batch.keys import Ages, life
from prism_batch.operations import Operation
from prism_batch.outcomes import halts, is_temporary, is_unsent, of_error, of_result
from prism_batch.pace import Pace
from prism_batch.reconciling import compared
from prism_batch.tables import State
from prism_batch.writer import JournalUnavailable, Writer
from prism_core import AsyncPrism, NotFound, PrismError, RateLimited
from prism_core.errors import InvalidRequest

TRIES = 5
"""How often a row is sent in one run, while nobody knows whether it was done."""
UNDER_WAY = 300.0
"""Seconds for which a call whose answer was lost may still be worked on at the processor."""
UNREACHABLE = 120.0
"""Seconds without any answer after which a worker gives up."""


class Sender:
    """Sends for one worker: at most `in_flight` calls at once.

    `now` is the time by the journal's clock; `counted` is called with each outcome."""

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
        counted: Callable[[Outcome], None],
    ) -> None:
        self.ended = asyncio.Event()
        """No row is begun any more."""
        self.reason: str | None = None
        """Why the run ended early."""
        self.calls = 0
        """The calls that are under way."""
        self._client, self._operation, self._job = client, operation, job
        self._journal, self._writer, self._counted = journal, writer, counted
        self._method = operation.of(client)
        self._pace = Pace(job, journal, writer, in_flight)
        self._ages = Ages(life(operation, job, client), now)
        self._looks_up = operation.can_look_up(client)
        self._unique = operation.name == "customers.create" and client.connector.unique_customers
        self._queue: asyncio.Queue[Item | None] = asyncio.Queue()
        self._finished: asyncio.Queue[Chunk] = asyncio.Queue()
        self._halting: list[asyncio.Task[None]] = []
        self._lanes = [asyncio.create_task(self._lane()) for _ in range(in_flight)]
        self._closing = asyncio.create_task(self._close_chunks())

    @property
    def waiting(self) -> int:
        """How many rows wait to be sent."""
        return self._queue.qsize()

    def add(self, chunk: Chunk) -> asyncio.Future[None]:
        """Sends the rows of a chunk; done when it is given back to the journal."""
        chunk.finished = asyncio.get_running_loop().create_future()
        for item in chunk.items:
            self._queue.put_nowait(item)
        if not chunk.left:
            self._finished.put_nowait(chunk)
        return chunk.finished

    def end(self, reason: str | None = None) -> None:
        """Begins no more rows; those that are under way end."""
        self.reason = self.reason or reason
        self.ended.set()

    async def close(self) -> None:
        """Waits for what is under way, and gives all chunks back."""
        self.end()
        while not self._queue.empty():
            if (item := self._queue.get_nowait()) is not None:
                self._finish(item)
        for _ in self._lanes:
            self._queue.put_nowait(None)
        await asyncio.gather(*self._lanes)
        await self._finished.join()
        self._closing.cancel()
        await asyncio.gather(*self._halting)

    async def _lane(self) -> None:
        while (item := await self._queue.get()) is not None:
            await self._row(item)

    async def _row(self, item: Item) -> None:
        try:
            outcome = await self._outcome(item)
        except JournalUnavailable as failure:
            self.end(failure.message)
        except Exception as error:  # a bug of ours: it must not look as if the row were done
            self.end(f"row {item.row} met a {type(error).__name__}; please report it")
        else:
            if outcome is not None:
                self._settle(item, outcome)
        finally:
            self._finish(item)

    def _settle(self, item: Item, outcome: Outcome) -> None:
        self._writer.settle(item, outcome)
        self._counted(outcome)

    def _finish(self, item: Item) -> None:
        chunk = item.chunk
        chunk.left -= 1
        if not chunk.left:
            self._finished.put_nowait(chunk)

    async def _close_chunks(self) -> None:
        """Gives chunks back when all their rows are finished."""
        while True:
            chunk = await self._finished.get()
            try:
                finish = self._journal.finish
                await self._writer.call(finish, self._job, self._writer.owner, chunk.number)
            except JournalUnavailable as failure:
                self.end(failure.message)
            finally:
                self._finished.task_done()
                assert chunk.finished is not None
                chunk.finished.set_result(None)

    async def _outcome(self, item: Item) -> Outcome | None:
        """Sends a row until its outcome is known, or nobody can know it; None leaves it as the
        journal has it."""
        try:
            request = self._operation.read(self._keyed(item))
        except InvalidRequest as error:
            return of_error(error)
        if item.state is State.SENT and not self._ages.is_alive(item):
            return await self._looked_up(item, "a run ended while it was under way")
        while not self.ended.is_set():
            await self._pace.slot(self.ended)
            if self.ended.is_set() or item.chunk.lost:
                break
            if not self._allowed(item, await self._writer.intend(item)):
                break
            outcome = await self._sent(item, request)
            if outcome is not None:
                return outcome
            if item.state is State.SENT and (item.tries >= TRIES or not self._ages.is_alive(item)):
                return await self._looked_up(item, "it had no usable answer")
            if item.state is State.SENT:
                await asyncio.sleep(0.1 * 2.0**item.tries)  # the first call may still be under way
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
            self.end(verdict.halted)
            return False
        if item.chunk.number not in verdict.owned:
            item.chunk.lost = True  # another worker has it now
            return False
        item.state, item.tries = State.SENT, item.tries + 1
        item.first_try = item.first_try or math.floor(verdict.now)
        return True

    async def _sent(self, item: Item, request: Any) -> Outcome | None:
        """One call; None if the row must be sent again."""
        self.calls += 1
        try:
            result = await self._method(request)
        except PrismError as error:
            return await self._failed(item, error)
        finally:
            self.calls -= 1
        self._pace.answered()
        return compared(of_result(self._operation.name, result), item.fields, result)

    async def _failed(self, item: Item, error: PrismError) -> Outcome | None:
        outcome = of_error(error)
        if isinstance(error, RateLimited):
            await self._pace.limited(error.retry_after)
        elif is_unsent(error) or (outcome.state is State.UNKNOWN and is_temporary(error)):
            self._pace.failed()
        else:
            self._pace.answered()
        if outcome.state is State.NEW:  # nothing was done: it is as if it had never been sent
            item.state = State.NEW
            self._writer.settle(item, outcome)
        self._end_if_useless(error)
        settled = outcome.state not in (State.NEW, State.UNKNOWN)
        return outcome if settled else None

    def _end_if_useless(self, error: PrismError) -> None:
        reason = halts(error)
        if reason is not None:
            self.end(reason)
            halt = self._writer.call(self._journal.halt, self._job, reason)
            self._halting.append(asyncio.create_task(halt))
        since = self._pace.failing_since
        if since is not None and time.monotonic() - since > UNREACHABLE:
            self.end(
                f"{error.message}. For two minutes no call was answered: see whether the processor "
                "can be reached, and run the same command again"
            )

    async def _looked_up(self, item: Item, why: str) -> Outcome | None:
        """What a lookup by your own id says of a row that may have been done."""
        if self._ages.life:
            why += ", and its key is too old or has been tried too often"
        unknown = Outcome(State.UNKNOWN, error=f"{why}; look it up at the processor")
        if not self._looks_up or self._operation.lookup is None:
            return unknown
        operation, field = self._operation.lookup
        await self._pace.slot(self.ended)
        if self.ended.is_set():
            return None
        try:
            found = await operation.of(self._client)(**{field: item.reference})
        except NotFound as error:
            if self._is_absent(item, error):
                item.state = State.NEW
                return await self._outcome(item)
            return Outcome(State.UNKNOWN, error=f"{why}, and a lookup does not find it")
        except PrismError as error:
            return Outcome(State.UNKNOWN, error=f"{why}; looked up: {of_error(error).error}")
        return of_result(self._operation.name, found)

    def _is_absent(self, item: Item, error: NotFound) -> bool:
        """Whether a lookup that finds nothing proves that nothing was made: only where those are
        found at once, not while the first call can still be under way."""
        proves = self._unique and not error.is_foreign and item.tries < TRIES
        return proves and self._ages.of(item) > UNDER_WAY
