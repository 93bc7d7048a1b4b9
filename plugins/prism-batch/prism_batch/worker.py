"""One worker of one job: takes chunks and sends their rows, until none is left or it is ended."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any

from prism_batch.accounts import fingerprint
from prism_batch.items import Job, Outcome
from prism_batch.journal import Journal
from prism_batch.operations import Operation
from prism_batch.owners import dead, new_owner
from prism_batch.sender import Sender
from prism_batch.tables import State
from prism_batch.writer import PATIENCE, JournalUnavailable, Writer
from prism_core import AsyncPrism, ConfigurationError

IN_FLIGHT = 50
"""Calls that one worker has under way at once."""
TIMEOUT = 60.0
"""Seconds for one call."""
POLL = 0.5
"""Seconds between two looks at what other workers do."""
INTERRUPTED = "interrupted: what was under way has ended, and the same command goes on"
Told = Callable[[str], None]
"""What is called with a sentence for a person."""


class Worker:
    """What one process needs to work on one job, while it is open.

    `told` gets sentences for a person. `counts` are the rows that it has settled, by state."""

    sender: Sender
    writer: Writer

    def __init__(self, journal: Journal, job: Job, told: Told) -> None:
        self.journal, self.job, self.told = journal, job, told
        self.owner = new_owner()
        self.counts: Counter[State] = Counter()
        self._interrupted = False
        self._held: dict[int, asyncio.Future[None]] = {}
        self._taking = asyncio.Lock()

    @asynccontextmanager
    async def opened(
        self, *, in_flight: int, timeout: float, patience: float = PATIENCE
    ) -> AsyncIterator[Sender]:
        """The worker's sender. At the end it waits for the calls that are under way."""
        operation = Operation(self.job.operation)
        async with _client(self.job, timeout) as client:
            writer = Writer(self.journal, self.job, self.owner, self.told, patience)
            writer.start()
            watching = asyncio.create_task(writer.watch())
            now = await writer.call(self.journal.now)
            self.sender = sender = Sender(
                *(client, operation, self.job, self.journal, writer),
                in_flight=in_flight,
                now=now,
                counted=self._count,
                told=self.told,
            )
            self.writer = writer
            if self._interrupted:
                sender.end(INTERRUPTED)
            try:
                yield sender
            finally:
                await sender.close()
                await writer.end()
                watching.cancel()
                if writer.failure is not None:
                    sender.reason = writer.failure.message

    def interrupt(self) -> None:
        """Ends after what is under way."""
        self._interrupted = True
        if hasattr(self, "sender"):
            self.sender.end(INTERRUPTED)
            self.told("it ends after what is under way; Ctrl+C again ends it at once")

    def _count(self, outcome: Outcome) -> None:
        self.counts[outcome.state] += 1

    async def take(self, number: int | None = None) -> asyncio.Future[None] | None:
        """Takes this chunk, or the next that is free, and begins to send it; None if there is
        none."""
        call, journal = self.writer.call, self.journal
        async with self._taking:
            gone = dead(await call(journal.owners, self.job), self.owner)
            self._held = {one: end for one, end in self._held.items() if not end.done()}
            held = list(self._held)
            chunk = await call(journal.claim, self.job, self.owner, number, gone, held)
            if chunk is None:
                return None
            finished = self._held[chunk.number] = self.sender.add(chunk)
            return finished


@asynccontextmanager
async def _client(job: Job, timeout: float) -> AsyncIterator[AsyncPrism]:
    """A client of the job's connector, with the credentials of the environment."""
    async with AsyncPrism.from_env(
        job.connector, timeout=timeout, max_retries=0, card_numbers=False
    ) as client:
        if fingerprint(client, job.id) != job.account:
            raise ConfigurationError(
                f"job {job.id} was loaded with other credentials. If they are another account's, "
                "use another journal; if the same account's key was replaced, give --new-key"
            )
        yield client


async def run_all(
    worker: Worker,
    *,
    in_flight: int = IN_FLIGHT,
    timeout: float = TIMEOUT,
    patience: float = PATIENCE,
) -> str | None:
    """Works on a job until nothing is left of it, on any machine. Returns why it ended early."""
    with ending_with(worker.interrupt):
        async with worker.opened(in_flight=in_flight, timeout=timeout, patience=patience) as sender:
            try:
                await _take_all(worker, in_flight)
            except JournalUnavailable as failure:
                sender.end(failure.message)
    return sender.reason


async def _take_all(worker: Worker, in_flight: int) -> None:
    """Takes chunk after chunk, the next one before the last calls of another end."""
    ahead: set[asyncio.Future[None]] = set()
    while not worker.sender.ended.is_set():
        taken = await worker.take() if worker.sender.waiting < in_flight else None
        if taken is not None:
            ahead.add(taken)
            continue
        ahead = {one for one in ahead if not one.done()}
        if not ahead and await _is_over(worker):
            return
        await _pause(worker.sender, ahead)


async def _is_over(worker: Worker) -> bool:
    """Whether no chunk is open, not even with another worker."""
    return await worker.writer.call(worker.journal.is_over, worker.job)


async def _pause(sender: Sender, ahead: set[asyncio.Future[None]]) -> None:
    """Waits until a chunk is finished, or a while."""
    ended: asyncio.Future[Any] = asyncio.ensure_future(sender.ended.wait())
    await asyncio.wait(
        {ended, *ahead}, timeout=0.02 if ahead else POLL, return_when=asyncio.FIRST_COMPLETED
    )
    ended.cancel()


@contextmanager
def ending_with(end: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl+C (or SIGTERM, or a closed terminal) ends after what is under way; the second
    ends at once."""
    loop = asyncio.get_running_loop()
    asked: list[bool] = []

    def called() -> None:
        if asked:
            if sys.stderr.isatty():
                sys.stderr.write("\x1b[?25h\n")  # the bar has hidden the cursor
                sys.stderr.flush()
            os._exit(130)  # as a crash: the next run settles what was under way
        asked.append(True)
        end()

    numbers = [signal.SIGINT, signal.SIGTERM]
    closed = getattr(signal, "SIGHUP", None)  # nohup ignores it
    if closed is not None and signal.getsignal(closed) is not signal.SIG_IGN:
        numbers.append(closed)
    for number in numbers:
        with suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; a thread
            loop.add_signal_handler(number, called)
    try:
        yield
    finally:
        for number in numbers:
            with suppress(NotImplementedError, RuntimeError, ValueError):
                loop.remove_signal_handler(number)
