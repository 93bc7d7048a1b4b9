"""Sends the rows of chunks, so many at once, and gives the chunks back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prism_batch.items import Chunk, Item, Job, Outcome
from prism_batch.journal import Journal
from prism_batch.operations import Operation
from prism_batch.rows import LATER, Rows
from prism_batch.writer import JournalUnavailable, Writer
from prism_core import AsyncPrism


class Sender:
    """Sends for one worker: at most `in_flight` calls at once.

    `now` is the time by the journal's clock; `counted` is called with each outcome, `told` with
    sentences for a person."""

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
        told: Callable[[str], None],
    ) -> None:
        self.ended = asyncio.Event()
        """No row is begun any more."""
        self.reason: str | None = None
        """Why the run ended early."""
        self._job, self._journal, self._writer, self._counted = job, journal, writer, counted
        self._rows = Rows(
            *(client, operation, job, journal, writer),
            in_flight=in_flight,
            now=now,
            ended=self.ended,
            end=self.end,
            told=told,
        )
        self._queue: asyncio.Queue[Item | None] = asyncio.Queue()
        self._finished: asyncio.Queue[Chunk] = asyncio.Queue()
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
        await asyncio.gather(*self._rows.halting, return_exceptions=True)

    async def _lane(self) -> None:
        while (item := await self._queue.get()) is not None:
            await self._row(item)

    async def _row(self, item: Item) -> None:
        try:
            outcome = await self._rows.outcome(item)
        except JournalUnavailable as failure:
            self.end(failure.message)
        except Exception as error:  # a bug of ours: it must not look as if the row were done
            self.end(f"row {item.row} met a {type(error).__name__}; please report it")
        else:
            if outcome is LATER and not self.ended.is_set():
                self._queue.put_nowait(item)
                return
            if outcome not in (None, LATER):
                self._writer.settle(item, outcome)
                self._counted(outcome)
        self._finish(item)

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
