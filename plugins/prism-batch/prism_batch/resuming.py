"""Begins and resumes jobs: what `prism batch run` does between its options and its exit code."""

from __future__ import annotations

import asyncio
import math

from sqlalchemy import update

from prism_batch.accounts import fingerprint
from prism_batch.items import CANCELLED, Job
from prism_batch.journal import Journal
from prism_batch.keys import life
from prism_batch.operations import Operation
from prism_batch.progress import Shown
from prism_batch.tables import State, jobs
from prism_batch.worker import Worker, run_all
from prism_core import AsyncPrism, ConfigurationError, UnsupportedOperation


def client_of(connector: str, operation: Operation) -> AsyncPrism:
    """A client with the credentials of the environment. Raises `UnsupportedOperation` if its
    connector does not have the operation."""
    client = AsyncPrism.from_env(connector, max_retries=0, card_numbers=False)
    if not client.supports(operation.hook):
        raise UnsupportedOperation(f"{client.connector.display_name} has no {operation.name}")
    return client


def resume(journal: Journal, job: Job, client: AsyncPrism) -> int:
    """Makes ready what an earlier run left: a job that was halted, and unknown rows that can be
    settled now. Returns the number of these. Raises `ConfigurationError` if it was cancelled."""
    if job.halted == CANCELLED:
        raise ConfigurationError(f"job {job.id}: {CANCELLED}")
    if job.halted is not None:
        journal.release(job)
    operation = Operation(job.operation)
    seconds = life(operation, job, client)
    if operation.can_look_up(client) or seconds == math.inf:
        return journal.reopen(job, None)
    return journal.reopen(job, seconds) if seconds else 0


def changed(
    journal: Journal, job: Job, client: AsyncPrism, *, new_key: bool, **given: float | None
) -> Job:
    """The job with another rate or key life than it was loaded with; and, with `new_key` or while
    nothing was done, for the credentials that replaced its first ones."""
    values = {name: value for name, value in given.items() if value is not None}
    untouched = {*journal.counts(job)} <= {State.NEW} and not journal.owners(job)
    accounts = {"account": fingerprint(client, job.id)} if new_key or untouched else {}
    if values or accounts:
        with journal.writing() as connection:
            this = jobs.c.number == job.number
            connection.execute(update(jobs).where(this).values(**values, **accounts))
    return journal.job(job.id)


def run(journal: Journal, job: Job, shown: Shown, in_flight: int, timeout: float) -> str | None:
    """Works on a job until nothing is left of it. Returns why it ended early."""
    before = journal.counts(job)
    worker = Worker(journal, job, shown.tell)

    async def shown_run() -> str | None:
        with shown.following(worker, before):
            return await run_all(worker, in_flight=in_flight, timeout=timeout)

    return asyncio.run(shown_run())
