"""What a person sees while a job runs: a bar with counts and the rate; sentences above it."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from prism_batch.items import Job
from prism_batch.running import Worker
from prism_batch.tables import OPEN, State
from prism_core.cli.show import harmless

_WINDOW = 10
"""Seconds over which the rate is measured."""


class Shown:
    """The progress on standard error; silent where that is no terminal."""

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
        following = asyncio.ensure_future(self._follow(worker, before))
        with self._progress:
            try:
                yield
            finally:
                following.cancel()

    async def _follow(self, worker: Worker, before: dict[State, int]) -> None:
        job = worker.job
        settled = sum(count for state, count in before.items() if state not in OPEN)
        task = self._progress.add_task(
            job.operation, total=job.rows, completed=settled, rate="0", counts=""
        )
        seen: deque[tuple[float, int]] = deque(maxlen=_WINDOW + 1)
        while True:
            done = sum(count for state, count in worker.counts.items() if state not in OPEN)
            seen.append((time.monotonic(), done))
            seconds = seen[-1][0] - seen[0][0]
            rate = (seen[-1][1] - seen[0][1]) / seconds if seconds else 0
            counts = ", ".join(
                f"{count:,} {state.value}"
                for state, count in sorted(worker.counts.items())
                if state not in (*OPEN, State.DONE)
            )
            self._progress.update(
                task, completed=settled + done, rate=f"{rate:,.0f}", counts=counts, refresh=True
            )
            await asyncio.sleep(1)


def summary(job: Job, counts: dict[State, int]) -> str:
    """One line on what became of the rows."""
    told = [f"{counts[state]:,} {state.value}" for state in State if counts.get(state)]
    return f"job {job.id}, {job.operation}, {job.rows:,} rows: {', '.join(told)}"
