"""For how long the key of a row protects it from being done twice."""

from __future__ import annotations

import math
import time

from prism_batch.items import Item, Job
from prism_batch.operations import Operation
from prism_core import AsyncPrism

MARGIN = 3600.0
"""Seconds for which a key is not relied on any more, although the processor still keeps it: for
clocks that differ. Of short lives, half is the margin."""
UNDOCUMENTED = 600.0
"""Seconds for which a key is relied on where the processor's documentation does not say how long:
keys are there for calls that are repeated at once."""


def life(operation: Operation, job: Job, client: AsyncPrism) -> float:
    """For how many seconds after its first use a key is relied on; 0 if there are no keys."""
    if not operation.changes:
        return math.inf  # a lookup does nothing twice
    hours = client.key_hours(operation.hook)
    if hours == 0:
        return 0.0
    if job.key_hours is not None:
        hours = job.key_hours
    seconds = UNDOCUMENTED if hours is None else hours * 3600.0
    return seconds - min(MARGIN, seconds / 2)


class Ages:
    """The age of keys, by the journal's clock."""

    def __init__(self, seconds: float, now: float) -> None:
        self.life = seconds
        self.heard(now)

    def heard(self, now: float) -> None:
        """Notes the database's time: this machine's may be wrong."""
        self._ahead = now - time.monotonic()

    def of(self, item: Item) -> float:
        """Seconds since the key of a row was first used; less than 0 if a clock was wrong."""
        now = time.monotonic() + self._ahead
        return now - (now if item.first_try is None else item.first_try)

    def is_alive(self, item: Item) -> bool:
        """Whether a row that may have been done can be sent again with its key. Not if its first
        try is in the future: then a clock was wrong, and the age is not known."""
        if self.life == math.inf:
            return True
        if self.life == 0 or item.first_try is None:
            return False
        return -1.0 <= self.of(item) < self.life
