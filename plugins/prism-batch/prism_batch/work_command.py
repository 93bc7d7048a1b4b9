"""`prism batch work`: a worker for the jobs of a journal in PostgreSQL, one of any number."""

from __future__ import annotations

import asyncio

import click

from prism_batch.ending import JOURNAL
from prism_batch.progress import Shown
from prism_batch.queue import Working
from prism_batch.running import IN_FLIGHT, TIMEOUT


@click.command("work")
@JOURNAL
@click.option("--in-flight", type=click.IntRange(1), default=IN_FLIGHT, show_default=True)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=TIMEOUT)
@click.option("--wait/--no-wait", default=True, help="Whether to wait for further jobs.")
def work_command(journal: str, in_flight: int, timeout: float, wait: bool) -> None:
    """Work on the jobs of a journal in PostgreSQL, beside any number of other workers.

    They share the rate of each job, and its credentials are in the environment of each. Ctrl+C ends
    after what is under way; what a killed worker had is taken over by the others.
    """

    async def work() -> None:
        working = Working(journal, Shown().tell, in_flight=in_flight, timeout=timeout)
        await working.run(wait=wait)

    asyncio.run(work())
