"""Procrastinate, in the journal's own PostgreSQL database: it carries (job, chunk) to any number of
workers, and nothing else. What was sent is in the journal alone: it may deliver twice, or never."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, suppress
from typing import Any

from prism_batch.databases import journal_url
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.owners import dead
from prism_batch.running import Told, Worker, ending_with
from prism_batch.sender import Sender
from prism_core import ConfigurationError

TASK = "prism_batch.work"
QUEUE = "prism_batch"
AT_ONCE = 2
"""Chunks that a worker has at once: while the last calls of one end, the next one begins."""
_SWEEP = 15.0
"""Seconds after which open chunks that nobody has are put into the queue again."""


def _conninfo(url: str) -> str:
    return journal_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _procrastinate() -> Any:
    try:
        import procrastinate
    except ModuleNotFoundError:
        raise ConfigurationError(
            "procrastinate is missing: pip install 'prism-payments-batch[postgresql]'"
        ) from None
    return procrastinate


def enqueue(journal: Journal, job: Job, url: str) -> int:
    """Puts a job's open chunks into the queue, if its journal is in PostgreSQL. Returns their
    number."""
    if journal.engine.dialect.name != "postgresql":
        return 0
    procrastinate = _procrastinate()
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=_conninfo(url)))
    with app.open():
        if not app.check_connection():
            app.schema_manager.apply_schema()
        free = journal.free(job)
        for number in free:
            _defer(app, procrastinate, job, number)
    return len(free)


def _configured(app: Any, job: Job, number: int) -> Any:
    lock = f"{job.id}/{number}"
    return app.configure_task(TASK, queue=QUEUE, queueing_lock=lock)


def _defer(app: Any, procrastinate: Any, job: Job, number: int) -> None:
    with suppress(procrastinate.exceptions.AlreadyEnqueued):
        _configured(app, job, number).defer(job=job.id, chunk=number)


class Working:
    """A worker for all jobs of a journal."""

    def __init__(self, url: str, told: Told, *, in_flight: int, timeout: float) -> None:
        self._procrastinate = _procrastinate()
        self._journal, self._told = Journal(url), told
        if self._journal.engine.dialect.name != "postgresql":
            raise ConfigurationError(
                "prism batch work is for a journal in PostgreSQL; with SQLite, run the same "
                "prism batch run again, in as many processes of this machine as you like"
            )
        self._in_flight, self._timeout = in_flight, timeout
        self._workers: dict[str, Worker] = {}
        self._opening = asyncio.Lock()
        self._ended = asyncio.Event()
        connector = self._procrastinate.PsycopgConnector(conninfo=_conninfo(url))
        self._app = self._procrastinate.App(connector=connector)
        self._app.task(name=TASK, queue=QUEUE)(self._chunk)

    async def run(self, *, wait: bool) -> None:
        """Works until it is ended by Ctrl+C; without `wait`, until no chunk is open."""
        async with self._app.open_async(), AsyncExitStack() as self._open:
            if not await self._app.check_connection_async():
                await self._app.schema_manager.apply_schema_async()
            working = asyncio.create_task(
                self._app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=AT_ONCE,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            )
            with ending_with(self._end):
                await self._watch(wait)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
        self._journal.close()

    def _end(self) -> None:
        self._ended.set()
        for worker in self._workers.values():
            worker.sender.end()

    async def _watch(self, wait: bool) -> None:
        """Puts chunks that nobody has into the queue again, until the worker is ended."""
        while not self._ended.is_set():
            jobs = [one for one in await self._call(self._journal.jobs) if one.halted is None]
            going = False
            for job in jobs:
                going = going or not await self._call(self._journal.is_over, job)
                await self._sweep(job)
            if not going and not wait:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(_SWEEP if wait else 1.0):
                    await self._ended.wait()

    async def _sweep(self, job: Job) -> None:
        gone = dead(await self._call(self._journal.owners, job), "")
        for number in await self._call(self._journal.free, job, gone):
            with suppress(self._procrastinate.exceptions.AlreadyEnqueued):
                await _configured(self._app, job, number).defer_async(job=job.id, chunk=number)

    async def _call(self, read: Any, *values: Any) -> Any:
        return await asyncio.to_thread(read, *values)

    async def _chunk(self, job: str, chunk: int) -> None:
        """The task: sends the rows of one chunk."""
        found = await self._call(self._journal.job, job)
        if found.halted is not None or self._ended.is_set():
            return
        worker = await self._worker(found)
        taken = await worker.take(chunk)
        if taken is not None:
            await taken

    async def _worker(self, job: Job) -> Worker:
        """The worker of a job, opened with its first chunk, and again after it was ended."""
        async with self._opening:
            worker = self._workers.get(job.id)
            if worker is None or worker.sender.ended.is_set():
                worker = Worker(self._journal, job, self._told)
                sender: Sender = await self._open.enter_async_context(
                    worker.opened(in_flight=self._in_flight, timeout=self._timeout)
                )
                self._workers[job.id] = worker
                assert sender is worker.sender
            return worker
