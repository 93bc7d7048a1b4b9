"""When the next call may leave: slots that all workers share, and pauses after trouble."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable

from prism_batch.items import Job, Verdict
from prism_batch.journal import Journal
from prism_batch.writer import Writer

AHEAD = 0.1
"""Seconds of slots that a worker reserves at once: a 429 told by another one counts after them."""
MANY = 8
"""Failures in a row that are no accident."""
LONGEST = 60.0
"""Seconds of the longest pause that nobody asked for."""
LONGEST_ASKED = 3600.0
"""Seconds of the longest pause that the processor can ask for at once."""
TOLD = 10.0
"""Seconds of a pause that a person should know of."""


class Pace:
    """The pace of one worker."""

    def __init__(
        self, job: Job, journal: Journal, writer: Writer, most: int, told: Callable[[str], None]
    ) -> None:
        self._job, self._journal, self._writer, self._told = job, journal, writer, told
        self._rate = job.rate
        self._slots: deque[float] = deque()
        self._owed = 0
        """Requests that have left without a slot: the next slots are theirs."""
        self._until = 0.0
        self._limited = 0
        self._failed = 0
        self.failing_since: float | None = None
        self._told_until = 0.0
        self._turn = asyncio.Lock()
        self._most = most

    async def slot(self, ended: asyncio.Event) -> None:
        """Waits for a slot, or until the run is ended. One call at a time waits, so that slots are
        reserved no further ahead than the next one."""
        if self._rate is None and self._until <= time.monotonic():
            return
        async with self._turn:
            while not ended.is_set():
                now = time.monotonic()
                if self._until > now:
                    await _sleep(min(self._until - now, 0.5), ended)
                elif self._rate is None:
                    return
                elif not self._slots:
                    await self._reserve()
                else:
                    await _sleep(self._slots.popleft() - now, ended)
                    if self._until > time.monotonic():  # a 429 came meanwhile
                        continue
                    if not self._owed:
                        return
                    self._owed -= 1

    async def _reserve(self) -> None:
        count = max(1, min(self._most, int((self._rate or 0) * AHEAD)))
        first, step = await self._writer.call(self._journal.reserve, self._job, count)
        if first > TOLD + step:
            self._tell(first)
        begin = time.monotonic() + first
        self._slots.extend(begin + step * number for number in range(count))

    def sent(self, requests: int) -> None:
        """Notes how many HTTP requests a call has sent. It had a slot for one of them."""
        if self._rate is not None:
            self._owed += max(0, requests - 1)

    def heard(self, verdict: Verdict) -> None:
        """Notes the job's rate, which can be changed while it runs; and, where there is none, the
        pause that another worker's 429 asks for."""
        self._rate = verdict.rate
        if self._rate is None and verdict.next_slot > verdict.now:
            self._wait(verdict.next_slot - verdict.now)

    @property
    def is_failing(self) -> bool:
        """Whether so many calls have failed in a row that it is no accident."""
        return self._failed >= MANY

    def answered(self) -> None:
        """The processor answered: it can be reached, and takes calls."""
        self._limited = self._failed = 0
        self.failing_since = None

    async def limited(self, seconds: float | None) -> None:
        """Moves the slots of all workers after a 429: as long as the processor asks, but an hour at
        a time; else longer each time."""
        if self._until > time.monotonic():
            return  # a call that left before: all wait already
        self._limited += 1
        wait = min(LONGEST, 0.5 * 2.0 ** min(self._limited, 8))
        if seconds is not None:
            wait = min(LONGEST_ASKED, seconds)
        self._wait(wait)
        await self._writer.call(self._journal.push, self._job, wait)

    def failed(self) -> None:
        """Pauses this worker after calls that could not leave or had no usable answer."""
        self._failed += 1
        self.failing_since = self.failing_since or time.monotonic()
        if self.is_failing:
            self._wait(min(LONGEST, 0.1 * 2.0 ** min(self._failed // MANY, 10)))

    def _wait(self, seconds: float) -> None:
        if seconds > TOLD:
            self._tell(seconds)
        self._until = max(self._until, time.monotonic() + seconds)
        self._slots.clear()

    def _tell(self, seconds: float) -> None:
        """Says once why nothing is sent for a while."""
        until = time.monotonic() + seconds
        if until > self._told_until + TOLD:
            self._told_until = until
            self._told(
                f"nothing is sent for {seconds:,.0f} s: the processor does not answer, has asked "
                "for a pause (429), or this machine's clock was set back. Ctrl+C ends the run"
            )


async def _sleep(seconds: float, ended: asyncio.Event) -> None:
    """Sleeps; a long pause ends with the run."""
    if seconds < 0.05:
        if seconds > 0:
            await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await ended.wait()
    except TimeoutError:
        pass
