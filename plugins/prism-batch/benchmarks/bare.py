"""The same calls as the batch makes, with `AsyncPrism` alone: a file, a loop, nothing recorded.
Prints the CPU seconds of the calls, and the memory."""

from __future__ import annotations

import asyncio
import csv
import json
import resource
import sys
import time
from collections.abc import Iterator

from prism_core import AsyncPrism

IN_FLIGHT = 50


async def lane(prism: AsyncPrism, rows: Iterator[dict[str, str]]) -> None:
    for row in rows:
        await prism.customers.create(**row)


async def main(path: str) -> None:
    async with AsyncPrism.from_env("bulk", max_retries=0) as prism:
        with open(path, newline="") as file:
            rows = iter(csv.DictReader(file))
            begin = time.process_time(), time.monotonic()
            await asyncio.gather(*(lane(prism, rows) for _ in range(IN_FLIGHT)))
            used = time.process_time() - begin[0], time.monotonic() - begin[1]
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"cpu": used[0], "wall": used[1], "mib": kilobytes / 1024}))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
