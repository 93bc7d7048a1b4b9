"""A worker for all jobs of a journal in PostgreSQL, fed by Procrastinate."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from typing import Any

from sqlalchemy.exc import DBAPIError

from prism_batch.databases import advice, first_line
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.owners import dead
from prism_batch.queue import QUEUE, TASK, configured, conninfo, imported, make_ready
from prism_batch.worker import Told, Worker, ending_with
from prism_batch.writer import PATIENCE
from prism_core import ConfigurationError, PrismError

AT_ONCE = 2
"""Chunks that a worker has at once: while the last calls of one end, the next one begins."""
_SWEEP = 15.0
"""Seconds after which open chunks that nobody has are put into the queue again."""
_PAUSE = 2.0
"""Seconds before something that failed is tried again."""


class QueueWorker:
    """A worker. `told` gets sentences for a person."""

    def __init__(self, url: str, told: Told, *, in_flight: int, timeout: float) -> None:
        self._procrastinate = imported()
        self._url, self._journal, self._told = url, Journal(url, is_new=False), told
        if self._journal.engine.dialect.name != "postgresql":
            self._journal.close()
            raise ConfigurationError(
                "prism batch work is for a journal in PostgreSQL; with SQLite, run the same "
                "prism batch run again, in as many processes of this machine as you like"
            )
        self._in_flight, self._timeout = in_flight, timeout
        self._workers: dict[str, tuple[Worker, AsyncExitStack]] = {}
        self._busy: Counter[str] = Counter()
        """The chunks of each job that are being worked on."""
        self._ended_early: dict[str, str] = {}
        self._opening = asyncio.Lock()
        self._ended = asyncio.Event()
        connector = self._procrastinate.PsycopgConnector(conninfo=conninfo(url))
        self._app = self._procrastinate.App(connector=connector)
        self._app.task(name=TASK, queue=QUEUE)(self._chunk)

    async def run(self, *, wait: bool) -> str | None:
        """Works until it is ended by Ctrl+C; without `wait`, until no chunk is open that it can
        work on. Returns why it left some."""
        asyncio.get_running_loop().set_exception_handler(self._unhandled)
        await asyncio.to_thread(make_ready, self._journal, self._url)
        async with self._app.open_async():
            taking = asyncio.create_task(self._take_tasks())
            with ending_with(self._interrupted):
                try:
                    await self._watch(wait)
                finally:
                    self._end()
                    taking.cancel()
                    await asyncio.gather(taking, return_exceptions=True)
                    for _, opened in self._workers.values():
                        await opened.aclose()
        self._journal.close()
        return next(iter(self._ended_early.values()), None)

    def _unhandled(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Drops the errors of Procrastinate's own tasks while the database is away: _watch tells
        it."""
        error = context.get("exception")
        if not isinstance(error, self._procrastinate.exceptions.ConnectorException):
            loop.default_exception_handler(context)

    def _interrupted(self) -> None:
        self._end()
        self._told("it ends after what is under way; Ctrl+C again ends it at once")

    def _end(self) -> None:
        self._ended.set()
        for worker, _ in self._workers.values():
            worker.sender.end()

    async def _take_tasks(self) -> None:
        """Takes tasks, and begins again if the database was away."""
        while True:
            with suppress(Exception):  # _watch tells it, and ends the worker if it stays so
                await self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            await asyncio.sleep(_PAUSE)

    async def _watch(self, wait: bool) -> None:
        """Puts chunks that nobody has into the queue again, until the worker is ended. Waits for a
        database that is away; without `wait`, a minute at most."""
        since = None
        while not self._ended.is_set():
            try:
                is_going = await self._swept()
            except (DBAPIError, self._procrastinate.exceptions.ConnectorException) as error:
                if since is None:
                    since = time.monotonic()
                    self._told(f"{_said(error)}: waiting for the journal; nothing is sent")
                elif not wait and time.monotonic() - since > PATIENCE:
                    raise ConfigurationError(_advice(error)) from None
                await self._pause(_PAUSE)
                continue
            if since is not None:
                self._told("the journal is back")
            since = None
            if not is_going and not wait:
                return
            await self._pause(_SWEEP if wait else 1.0)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()

    async def _swept(self) -> bool:
        """Puts free chunks into the queue. Returns whether there is more to do for this worker."""
        is_going = False
        for job in await asyncio.to_thread(self._journal.jobs):
            if job.halted is not None or await asyncio.to_thread(self._journal.is_over, job):
                await self._close_idle(job)
                continue
            is_going = is_going or job.id not in self._ended_early
            await self._sweep(job)
        return is_going

    async def _close_idle(self, job: Job) -> None:
        """Closes the worker of a job that has nothing to do: many jobs come in a worker's life."""
        if job.id in self._workers and not self._busy[job.id]:
            _, opened = self._workers.pop(job.id)
            await opened.aclose()

    async def _sweep(self, job: Job) -> None:
        gone = dead(await asyncio.to_thread(self._journal.owners, job), "")
        for number in await asyncio.to_thread(self._journal.free, job, gone):
            with suppress(self._procrastinate.exceptions.AlreadyEnqueued):
                await configured(self._app, job, number).defer_async(job=job.id, chunk=number)

    async def _chunk(self, job: str, chunk: int) -> None:
        """The task: sends the rows of one chunk."""
        self._busy[job] += 1
        try:
            if not self._ended.is_set():
                await self._send(job, chunk)
        except DBAPIError:  # the chunk is put into the queue again
            return
        except PrismError as error:
            self._note(job, error.message)
            await self._pause(_PAUSE)  # the others take more of its chunks meanwhile
        finally:
            self._busy[job] -= 1

    async def _send(self, job: str, chunk: int) -> None:
        found = await asyncio.to_thread(self._journal.with_id, job)
        if found is None or found.halted is not None:
            return
        worker = await self._worker(found)
        taken = await worker.take(chunk)
        if taken is not None:
            await taken
        if worker.sender.reason is not None:
            self._note(job, worker.sender.reason)
        else:
            self._ended_early.pop(job, None)

    def _note(self, job: str, reason: str) -> None:
        if self._ended_early.get(job) != reason:
            self._told(reason if job in reason else f"job {job}: {reason}")
        self._ended_early[job] = reason

    async def _worker(self, job: Job) -> Worker:
        """The worker of a job, opened with its first chunk, and again after it was ended."""
        async with self._opening:
            worker, opened = self._workers.get(job.id, (None, None))
            if worker is not None and opened is not None:
                if not worker.sender.ended.is_set():
                    return worker
                del self._workers[job.id]
                await opened.aclose()
            worker, opened = Worker(self._journal, job, self._told), AsyncExitStack()
            await opened.enter_async_context(
                worker.opened(in_flight=self._in_flight, timeout=self._timeout)
            )
            self._workers[job.id] = worker, opened
            return worker


def _said(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        return first_line(error)
    return str(error.__cause__ or error).strip().partition("\n")[0]


def _advice(error: Exception) -> str:
    if isinstance(error, DBAPIError):
        return advice(error)
    return f"the queue cannot be used: {_said(error)}. Start the database, and run this again"
