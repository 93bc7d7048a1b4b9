"""For a queue of your own, such as Celery: which chunks it is to carry, and the task for each."""

from __future__ import annotations

import asyncio
import logging
from contextlib import closing

from prism_batch.databases import explained
from prism_batch.journal import Journal
from prism_batch.owners import dead
from prism_batch.worker import IN_FLIGHT, POLL, TIMEOUT, Told, Worker
from prism_core import ConfigurationError

_LOG = logging.getLogger(__name__)


async def work_async(
    url: str,
    job: str,
    chunk: int,
    *,
    in_flight: int = IN_FLIGHT,
    timeout: float = TIMEOUT,
    told: Told = _LOG.warning,
) -> None:
    """As `work`, in an event loop."""
    with explained(), closing(Journal(url, is_new=False)) as journal:
        worker = Worker(journal, journal.job(job), told)
        async with worker.opened(in_flight=in_flight, timeout=timeout) as sender:
            taken = await worker.take(chunk)
            while taken is not None and not taken.done() and not sender.ended.is_set():
                await asyncio.wait({taken}, timeout=POLL)
        if sender.reason is not None:
            raise ConfigurationError(sender.reason)


def open_chunks(url: str, job: str | None = None) -> list[tuple[str, int]]:
    """The (job, chunk) pairs of the journal at `url` that have rows to send and no living owner: a
    queue of your own carries them to `work`. Of all jobs that are not halted, or of one."""
    with explained(), closing(Journal(url, is_new=False)) as journal:
        known = journal.jobs() if job is None else [journal.job(job)]
        return [
            (one.id, number)
            for one in known
            if one.halted is None
            for number in journal.free(one, dead(journal.owners(one), ""))
        ]


def work(
    url: str, job: str, chunk: int, *, in_flight: int = IN_FLIGHT, timeout: float = TIMEOUT
) -> None:
    """Works on one chunk of a job in the journal at `url`, and returns when its rows are settled:
    the task of any queue (Celery, RQ). Does nothing if another worker has the chunk, or if it is
    done; so it may be delivered twice, late, or never (another task then takes the chunk after
    `prism batch run`). Credentials come from the environment. Raises a `PrismError` if
    nothing can be sent, with a sentence that says what to do."""
    asyncio.run(work_async(url, job, chunk, in_flight=in_flight, timeout=timeout))
