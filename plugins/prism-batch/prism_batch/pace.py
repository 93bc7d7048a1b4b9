"""When the next call may leave: slots that all workers share, and pauses after trouble."""

from __future__ import annotations

import asyncio
import time
from collections import deque

from prism_batch.items import Job, Verdict
from prism_batch.journal import Journal
from prism_batch.writer import Writer

AHEAD = 0.1
"""Seconds of slots that a worker reserves at once: a 429 told by another one counts after them."""
MANY = 8
"""Failures in a row that are no accident."""
LONGEST = 60.0
"""Seconds of the longest pause that nobody asked for."""


class Pace:
    """The pace of one worker."""

    def __init__(self, job: Job, journal: Journal, writer: Writer, most: int) -> None:
        self._job, self._journal, self._writer = job, journal, writer
        self._slots: deque[float] = deque()
        self._until = 0.0
        self._limited = 0
        self._failed = 0
        self.failing_since: float | None = None
        self._reserving = asyncio.Lock()
        self._count = max(1, min(most, int((job.rate or 0) * AHEAD)))

    async def slot(self, ended: asyncio.Event) -> None:
        """Waits for a slot, or until the run is ended."""
        while not ended.is_set():
            now = time.monotonic()
            if self._until > now:
                await _sleep(min(self._until - now, 0.5), ended)
            elif self._job.rate is None:
                return
            elif self._slots:
                at = self._slots.popleft()
                if at > now:
                    await _sleep(at - now, ended)
                return
            else:
                await self._reserve()

    async def _reserve(self) -> None:
        async with self._reserving:
            if self._slots:
                return
            first, step = await self._writer.call(self._journal.reserve, self._job, self._count)
            begin = time.monotonic() + first
            self._slots.extend(begin + step * number for number in range(self._count))

    def heard(self, verdict: Verdict) -> None:
        """Notes the pause that another worker's 429 asks for, where there is no rate."""
        if self._job.rate is None and verdict.next_slot > verdict.now:
            self._wait(verdict.next_slot - verdict.now)

    def answered(self) -> None:
        """The processor answered: it can be reached, and takes calls."""
        self._limited = self._failed = 0
        self.failing_since = None

    async def limited(self, seconds: float | None) -> None:
        """Moves the slots of all workers after a 429: as long as the processor asks, else longer
        each time."""
        if self._until > time.monotonic():
            return  # a call that left before: all wait already
        self._limited += 1
        wait = min(LONGEST, 0.5 * 2.0 ** min(self._limited, 8)) if seconds is None else seconds
        self._wait(wait)
        await self._writer.call(self._journal.push, self._job, wait)

    def failed(self) -> None:
        """Pauses this worker after calls that could not leave or had no usable answer."""
        self._failed += 1
        self.failing_since = self.failing_since or time.monotonic()
        if self._failed >= MANY:
            self._wait(min(LONGEST, 0.1 * 2.0 ** min(self._failed // MANY, 10)))

    def _wait(self, seconds: float) -> None:
        self._until = max(self._until, time.monotonic() + seconds)
        self._slots.clear()


async def _sleep(seconds: float, ended: asyncio.Event) -> None:
    """Sleeps; a long pause ends with the run."""
    if seconds < 0.05:
        await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        pass
