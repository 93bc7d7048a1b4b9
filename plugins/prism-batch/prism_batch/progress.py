"""What a person sees while a job runs: a bar with counts and the rate; sentences above it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from sqlalchemy.exc import DBAPIError

from prism_batch.items import Job
from prism_batch.running import Worker
from prism_batch.tables import OPEN, State
from prism_core.cli.show import harmless

_LOOK = 10
"""Seconds after which the rows of other workers are counted, too."""
_LOGGED = 30
"""Seconds between two lines of progress where standard error is no terminal."""
_WINDOW = 10
"""Seconds over which the rate is measured."""


class Shown:
    """The progress on standard error: a bar, or a line now and then where that is no terminal."""

    def __init__(self) -> None:
        self.console = Console(stderr=True, markup=False, emoji=False, highlight=False)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}/s  {task.fields[counts]}", markup=False),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=self.console,
            auto_refresh=False,
            disable=not self.console.is_terminal,
        )

    def tell(self, sentence: str) -> None:
        """A sentence for a person, above the bar."""
        self.console.print(harmless(sentence), soft_wrap=True)

    @contextmanager
    def following(self, worker: Worker, before: dict[State, int]) -> Iterator[None]:
        """Shows the progress of a worker in the event loop that runs."""
        job, self._before = worker.job, Counter(before)
        self._seen: deque[tuple[float, int]] = deque(maxlen=_WINDOW + 1)
        self._task = self._progress.add_task(job.operation, total=job.rows, rate="0", counts="")
        following = asyncio.ensure_future(self._follow(worker))
        with self._progress:
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
            self._show(worker)
            if second % _LOGGED == 0 and not self.console.is_terminal:
                self.tell(self._line(job))
            await asyncio.sleep(1)

    def _line(self, job: Job) -> str:
        """The progress as a line of a log."""
        (task,) = self._progress.tasks
        told = f"{task.completed:,.0f} of {job.rows:,} rows, {task.fields['rate']}/s"
        return ", ".join(text for text in (told, task.fields["counts"]) if text)

    def _show(self, worker: Worker) -> None:
        now = {state: self._before[state] + worker.counts[state] for state in State}
        self._seen.append((time.monotonic(), sum(now[one] for one in State if one not in OPEN)))
        (begin, before), (end, done) = self._seen[0], self._seen[-1]
        rate = (done - before) / (end - begin) if end > begin else 0.0
        told = (state for state in State if now[state] and state not in (*OPEN, State.DONE))
        counts = ", ".join(f"{now[state]:,} {state.value}" for state in told)
        self._progress.update(
            self._task, completed=done, rate=f"{rate:,.0f}", counts=counts, refresh=True
        )


def summary(job: Job, counts: dict[State, int]) -> str:
    """One line on what became of the rows."""
    told = [f"{counts[state]:,} {state.value}" for state in State if counts.get(state)]
    return f"job {job.id}, {job.operation}, {job.rows:,} rows: {', '.join(told)}"
