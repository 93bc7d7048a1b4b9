"""Procrastinate, in the journal's own PostgreSQL database: it carries (job, chunk) to any number of
workers, and nothing else. What was sent is in the journal alone: it may deliver twice, or never."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import text

from prism_batch.databases import journal_url
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_core import ConfigurationError

TASK = "prism_batch.work"
QUEUE = "prism_batch"
_LOCK = 7_305_813_624
"""A number for PostgreSQL's advisory lock, chosen once."""


def conninfo(url: str) -> str:
    """A journal's URL as libpq takes it, with its password."""
    return journal_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def imported() -> Any:
    """Procrastinate. Raises `ConfigurationError` if it is not installed."""
    try:
        import procrastinate
    except ModuleNotFoundError:
        raise ConfigurationError(
            "procrastinate is missing: pip install 'prism-payments-batch[postgresql]'"
        ) from None
    return procrastinate


@contextmanager
def _opened(journal: Journal, url: str) -> Iterator[Any]:
    """The queue, with its tables. Raises `ConfigurationError` if it cannot be used."""
    procrastinate = imported()
    app = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=conninfo(url)))
    try:
        with app.open():
            with journal.writing() as connection:  # one process at a time makes the tables
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                if not app.check_connection():
                    app.schema_manager.apply_schema()
            yield app
    except procrastinate.exceptions.ConnectorException as error:
        said = str(error.__cause__ or error).strip().partition("\n")[0]
        raise ConfigurationError(
            f"the queue in the journal's database cannot be used: {said}. Check that it runs, and "
            "that you may make tables in it, and run the same command again"
        ) from None


def make_ready(journal: Journal, url: str) -> None:
    """Makes the queue's tables, if they are missing."""
    with _opened(journal, url):
        pass


def enqueue(journal: Journal, job: Job, url: str) -> int:
    """Puts a job's open chunks into the queue, if its journal is in PostgreSQL. Returns their
    number."""
    if journal.engine.dialect.name != "postgresql":
        return 0
    with _opened(journal, url) as app:
        free = journal.free(job)
        for number in free:
            with suppress(imported().exceptions.AlreadyEnqueued):
                configured(app, job, number).defer(job=job.id, chunk=number)
    return len(free)


def configured(app: Any, job: Job, number: int) -> Any:
    """The task of a chunk, which is in the queue only once."""
    lock = f"{job.id}/{number}"
    return app.configure_task(TASK, queue=QUEUE, queueing_lock=lock)
