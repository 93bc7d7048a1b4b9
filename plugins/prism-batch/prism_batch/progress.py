"""What a person sees while a job runs: a bar with counts and the rate; sentences above it."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

import click
from sqlalchemy.exc import DBAPIError

from prism_batch.items import Job
from prism_batch.tables import OPEN, State
from prism_batch.worker import Worker
from prism_core.cli.show import harmless

if TYPE_CHECKING:
    from rich.progress import Progress

_LOOK = 10
"""Seconds after which the rows of other workers are counted, too."""
_LOGGED = 30
"""Seconds between two lines of progress where standard error is no terminal."""
_WINDOW = 10
"""Seconds over which the rate is measured."""


class Shown:
    """The progress on standard error: a bar, or a line now and then where that is no terminal."""

    def __init__(self) -> None:
        self._bar = _bar() if sys.stderr.isatty() else None

    def tell(self, sentence: str) -> None:
        """A sentence for a person, above the bar."""
        if self._bar is not None:
            self._bar.console.print(harmless(sentence), soft_wrap=True)
            return
        with suppress(OSError):  # nobody reads it any more: the job goes on
            click.echo(harmless(sentence), err=True)

    @contextmanager
    def following(self, worker: Worker, before: dict[State, int]) -> Iterator[None]:
        """Shows the progress of a worker in the event loop that runs."""
        self._before = Counter(before)
        self._seen: deque[tuple[float, int]] = deque(maxlen=_WINDOW + 1)
        if self._bar is not None:
            self._bar.add_task(worker.job.operation, total=worker.job.rows, rate="0", counts="")
        following = asyncio.ensure_future(self._follow(worker))
        with self._bar or nullcontext():
            try:
                yield
            finally:
                following.cancel()
                self._show(worker)

    async def _follow(self, worker: Worker) -> None:
        job = worker.job
        is_shared = worker.journal.engine.dialect.name == "postgresql"
        for second in itertools.count(1):
            if is_shared and second % _LOOK == 0:  # others work, too
                with suppress(DBAPIError):  # the writer tells it
                    self._before = Counter(await asyncio.to_thread(worker.journal.counts, job))
                    self._before.subtract(worker.counts)
            line = self._show(worker)
            if second % _LOGGED == 0 and self._bar is None:
                self.tell(line)
            await asyncio.sleep(1)

    def _show(self, worker: Worker) -> str:
        """Moves the bar. Returns the progress as a line of a log."""
        now = {state: self._before[state] + worker.counts[state] for state in State}
        self._seen.append((time.monotonic(), sum(now[one] for one in State if one not in OPEN)))
        (begin, before), (end, done) = self._seen[0], self._seen[-1]
        rate = f"{(done - before) / (end - begin) if end > begin else 0.0:,.0f}"
        told = (state for state in State if now[state] and state not in (*OPEN, State.DONE))
        counts = [f"{now[state]:,} {state.value}" for state in told]
        if self._bar is not None:
            (task,) = self._bar.task_ids
            self._bar.update(
                task, completed=done, rate=rate, counts=", ".join(counts), refresh=True
            )
        return ", ".join([f"{done:,} of {worker.job.rows:,} rows, {rate}/s", *counts])


def _bar() -> Progress:
    """The bar. rich is not loaded where nobody sees one."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}/s  {task.fields[counts]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=Console(stderr=True, markup=False, emoji=False, highlight=False),
        auto_refresh=False,
    )


def summary(job: Job, counts: dict[State, int]) -> str:
    """One line on what became of the rows."""
    told = [f"{counts[state]:,} {state.value}" for state in State if counts.get(state)]
    return f"job {job.id}, {job.operation}, {job.rows:,} rows: {', '.join(told)}"
