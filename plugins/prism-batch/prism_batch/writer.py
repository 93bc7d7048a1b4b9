"""The one thread of a worker that writes the journal: intents and outcomes in groups of a few
milliseconds, one transaction each, repeated while the database is away."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from prism_batch.databases import advice, first_line
from prism_batch.items import Item, Job, Outcome, Verdict
from prism_batch.journal import LEASE, Journal
from prism_core import PrismError

T = TypeVar("T")

GROUP = 0.004
"""Seconds for which intents and outcomes are collected."""
PATIENCE = 60.0
"""Seconds for which a database that fails is tried again."""
SLOW = 10.0
"""Seconds of one transaction after which a person should know of it."""


class JournalUnavailable(PrismError):
    """The journal could not be written for a minute; the message says what to do. What was sent and
    not written is sent or looked up again by the next run."""


class Writer(threading.Thread):
    """Writes for one worker. Its methods are called in the event loop; `told` is called there
    and from the thread, with what a person should know, such as that the database is away."""

    def __init__(
        self,
        journal: Journal,
        job: Job,
        owner: str,
        told: Callable[[str], None],
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(name="prism-batch-writer", daemon=True)
        self.owner = owner
        self.failure: JournalUnavailable | None = None
        self._journal, self._job, self._told, self._patience = journal, job, told, patience
        self._loop = asyncio.get_running_loop()
        # Two threads share them: only single steps of deque, which are atomic.
        self._intents: deque[tuple[Item, asyncio.Future[Verdict]]] = deque()
        self._outcomes: deque[tuple[Item, Outcome]] = deque()
        self._calls: deque[tuple[Callable[[], Any], asyncio.Future[Any]]] = deque()
        self._in_hand: list[asyncio.Future[Any]] = []
        self._wake = threading.Event()
        self._ended = False
        self._renewed = time.monotonic()
        self._begun: float | None = None
        """When the transaction began that is under way."""

    async def watch(self) -> None:
        """Says so while the database does not answer: it may be frozen, or locked by others."""
        told = None
        while True:
            await asyncio.sleep(SLOW / 4)
            begun = self._begun
            if begun is not None and begun != told and time.monotonic() - begun > SLOW:
                told = begun
                self._told(
                    f"the journal's database has not answered for {SLOW:.0f} s; nothing is sent "
                    "until it does. Ctrl+C twice ends the run"
                )

    async def intend(self, item: Item) -> Verdict:
        """Commits that a row is about to be sent. Raises `JournalUnavailable`."""
        return await self._asked(self._intents, item)

    def settle(self, item: Item, outcome: Outcome) -> None:
        """Commits what became of a row, soon."""
        self._outcomes.append((item, outcome))
        self._wake.set()

    async def call(self, write: Callable[..., T], *values: Any) -> T:
        """Runs another transaction of the journal, after all outcomes told so far. Raises
        `JournalUnavailable`."""
        return await self._asked(self._calls, lambda: write(*values))

    async def end(self) -> None:
        """Ends the thread, after everything told so far is written."""
        self._ended = True
        self._wake.set()
        await asyncio.to_thread(self.join)

    async def _asked(self, waiting: deque[tuple[Any, asyncio.Future[T]]], what: Any) -> T:
        answer: asyncio.Future[T] = self._loop.create_future()
        waiting.append((what, answer))
        self._wake.set()
        if self.failure is not None:  # asked last: the thread may just have ended
            raise self.failure
        if not self.is_alive():
            raise JournalUnavailable("this worker has ended; another one takes its rows")
        return await answer

    def run(self) -> None:
        """The thread: writes what was told, until it is ended or the database is gone for long."""
        while True:
            self._wake.wait(LEASE / 3)
            self._wake.clear()
            if not self._ended:
                time.sleep(GROUP)  # more arrives meanwhile, and one transaction takes it all
            try:
                self._write()
            except Exception as error:
                failure = self.failure = _failure(error)
                waiting = [*_taken(self._intents), *_taken(self._calls)]
                self._answer([*self._in_hand, *(answer for _, answer in waiting)], failure)
                return
            if self._ended and not (self._outcomes or self._intents or self._calls):
                return

    def _write(self) -> None:
        # The calls first: what is told before a call is written before it.
        calls, intents = _taken(self._calls), _taken(self._intents)
        outcomes = _taken(self._outcomes)
        answers: list[tuple[asyncio.Future[Any], Any]] = []
        self._in_hand = [answer for _, answer in (*intents, *calls)]
        if intents or outcomes:
            rows = [item for item, _ in intents]
            write = self._journal.commit
            verdict = self._persist(lambda: write(self._job, self.owner, rows, outcomes))
            answers += [(answer, verdict) for _, answer in intents]
        answers += [(answer, self._persist(call)) for call, answer in calls]
        if time.monotonic() - self._renewed > LEASE / 3:
            self._persist(lambda: self._journal.renew(self._job, self.owner))
            self._renewed = time.monotonic()
        self._in_hand = []
        if answers:
            self._loop.call_soon_threadsafe(_give, answers)

    def _answer(self, waiting: list[asyncio.Future[Any]], failure: JournalUnavailable) -> None:
        self._loop.call_soon_threadsafe(_give, [(answer, failure) for answer in waiting])

    def _persist(self, write: Callable[[], T]) -> T:
        """Runs a transaction again and again while the database is away: nothing leaves until it
        is committed."""
        until, pause, begun = time.monotonic() + self._patience, 0.05, False
        while True:
            self._begun = time.monotonic()
            try:
                done = write()
            except DBAPIError as error:
                self._begun = None
                if not _may_pass(error):
                    raise
                if time.monotonic() >= until:
                    raise JournalUnavailable(advice(error)) from None
                if not begun:
                    self._told(f"{first_line(error)}: waiting for the journal; nothing is sent")
                begun = True
                time.sleep(pause)
                pause = min(2 * pause, 2.0)
            else:
                self._begun = None
                if begun:
                    self._told("the journal is back")
                return done


def _taken(waiting: deque[Any]) -> list[Any]:
    """What is waiting; another thread may add to it meanwhile."""
    return [waiting.popleft() for _ in range(len(waiting))]


def _may_pass(error: DBAPIError) -> bool:
    return isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated


def _failure(error: Exception) -> JournalUnavailable:
    if isinstance(error, JournalUnavailable):
        return error
    said = first_line(error) if isinstance(error, DBAPIError) else ""
    return JournalUnavailable(f"the journal cannot be written: {type(error).__name__} {said}")


def _give(answers: list[tuple[asyncio.Future[Any], Any]]) -> None:
    for answer, value in answers:
        if answer.done():
            continue
        if isinstance(value, BaseException):
            answer.set_exception(value)
        else:
            answer.set_result(value)
