"""What calls leave behind in memory: a process of its own makes them, and looks at its size.

As a script (`memory.py sync URL CALLS`) it is that process, and prints what it saw as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from collections.abc import Iterator

import psutil
from measures import together
from peers import ASYNC, PRISM, PRISM_ASYNC, SYNC

WARM_UP = 2000
LOOKS = 50
FLYING = 100


def growth(kind: str, url: str, calls: int) -> float:
    """Bytes that a call adds to the process, by least squares; `kind` is sync or async."""
    command = [sys.executable, __file__, kind, url, str(calls)]
    looks = json.loads(subprocess.check_output(command, text=True))
    return _slope([tuple(look) for look in looks])


def _slope(points: list[tuple[int, int]]) -> float:
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in points)
    return rise / sum((x - middle_x) ** 2 for x, _ in points)


def _size() -> int:
    gc.collect()
    return int(psutil.Process().memory_info().rss)


def _counts(calls: int) -> Iterator[int]:
    """How many calls to make before each look: the warm-up, then even shares."""
    yield WARM_UP
    yield from [calls // LOOKS] * LOOKS


def _sync(url: str, calls: int) -> list[tuple[int, int]]:
    looks, made = [], 0
    with SYNC[PRISM](url) as call:
        for count in _counts(calls):
            for _ in range(count):
                call()
            made += count
            looks.append((made, _size()))
    return looks


async def _async(url: str, calls: int) -> list[tuple[int, int]]:
    looks, made = [], 0
    async with ASYNC[PRISM_ASYNC](url) as call:
        for count in _counts(calls):
            each = max(1, count // FLYING)
            await together(call, FLYING, each)
            made += FLYING * each
            looks.append((made, _size()))
    return looks


if __name__ == "__main__":
    _, kind, url, calls = sys.argv
    seen = _sync(url, int(calls)) if kind == "sync" else asyncio.run(_async(url, int(calls)))
    print(json.dumps(seen))
