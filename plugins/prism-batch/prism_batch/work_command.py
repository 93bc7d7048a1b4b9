"""`prism batch work`: a worker for the jobs of a journal in PostgreSQL, one of any number."""

from __future__ import annotations

import asyncio
import logging
import sys

import click

from prism_batch.databases import explained
from prism_batch.options import IN_FLIGHT, JOURNAL, TIMEOUT
from prism_batch.progress import Shown
from prism_batch.queue_worker import QueueWorker
from prism_core.cli.exit_codes import DONE, NOT_SENT


@click.command("work")
@JOURNAL
@IN_FLIGHT
@TIMEOUT
@click.option("--wait/--no-wait", default=True, help="Whether to wait for further jobs.")
def work_command(journal: str, in_flight: int, timeout: float, wait: bool) -> None:
    """Work on the jobs of a journal in PostgreSQL.

    Any number of workers can do so at once. They share the rate of each job, and its credentials
    are in the environment of each. Ctrl+C ends after what is under way; what a killed worker had is
    taken over by the others. Ends with 4 if it leaves rows.
    """

    async def work() -> str | None:
        working = QueueWorker(journal, Shown().tell, in_flight=in_flight, timeout=timeout)
        return await working.run(wait=wait)

    for name in ("procrastinate", "psycopg.pool"):  # the worker itself tells what is wrong
        logging.getLogger(name).addHandler(logging.NullHandler())
    with explained():
        reason = asyncio.run(work())
    sys.exit(DONE if reason is None else NOT_SENT)
