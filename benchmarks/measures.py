"""How CPU time is measured: of this process or of a child, never by the clock, in turns.

A sample is the microseconds of CPU (user and system) that one call takes on average.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from typing import TypeVar

from peers import ASYNC, SYNC, THREADED, AsyncCall, Call, SyncPeer

K = TypeVar("K", bound=Hashable)
Samples = dict[K, list[float]]

Keeping = Callable[[], AbstractContextManager[None]]

ONE_CPU = ", one CPU"


def in_turns(rounds: int, samplers: Mapping[K, Callable[[], float]]) -> Samples[K]:
    """A sample of each per round, one after the other, so that a busy spell hits all alike."""
    found: Samples[K] = {name: [] for name in samplers}
    for _ in range(rounds):
        for name, sample in samplers.items():
            found[name].append(sample())
    return found


def ratio(samples: Samples[K], one: K, other: K) -> float:
    """The median over the rounds of one's cost in the other's."""
    pairs = zip(samples[one], samples[other], strict=True)
    return statistics.median(mine / theirs for mine, theirs in pairs)


def cost(call: Call, calls: int) -> float:
    """A sample of calls made one after the other."""
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) / calls * 1e6


def one_at_a_time(url: str, rounds: int, calls: int) -> Samples[str]:
    """Each sync peer, over one connection that stays open."""
    with ExitStack() as stack:
        made = {name: stack.enter_context(peer(url)) for name, peer in SYNC.items()}
        for call in made.values():
            cost(call, 20)
        return in_turns(rounds, {n: partial(cost, call, calls) for n, call in made.items()})


def over_threads(
    url: str, rounds: int, calls: int, counts: tuple[int, ...]
) -> Samples[tuple[str, int]]:
    """Each sync peer that is compared so, shared by that many threads: on all CPUs, and kept to
    one, where handing the interpreter's lock from CPU to CPU costs nothing."""
    places: dict[str, Keeping] = {"": nullcontext}
    if hasattr(os, "sched_setaffinity"):
        places[ONE_CPU] = _one_cpu
    return in_turns(
        rounds,
        {
            (name + place, count): partial(_shared, peer, url, count, calls, keeping)
            for count in counts
            for place, keeping in places.items()
            for name, peer in THREADED.items()
        },
    )


def _shared(peer: SyncPeer, url: str, count: int, calls: int, keeping: Keeping) -> float:
    with peer(url) as call:  # a new one: connections that are left over would cost some peers time
        return _threaded(call, count, calls, keeping)


@contextmanager
def _one_cpu() -> Iterator[None]:
    all_cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_cpus)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_cpus)


def _threaded(call: Call, count: int, calls: int, keeping: Keeping) -> float:
    each = max(4, calls // count)
    ready = threading.Barrier(count + 1)

    def work() -> None:
        call()  # opens its connection
        ready.wait()
        ready.wait()
        for _ in range(each):
            call()

    threads = [threading.Thread(target=work) for _ in range(count)]
    with keeping():  # the threads take over where their maker may run
        for thread in threads:
            thread.start()
        ready.wait()
        started = time.process_time()
        ready.wait()
        for thread in threads:
            thread.join()
        return (time.process_time() - started) / (each * count) * 1e6


def in_flight(
    url: str, rounds: int, calls: int, counts: tuple[int, ...]
) -> Samples[tuple[str, int]]:
    """Each async peer with that many calls under way in one event loop, all the time."""
    return in_turns(
        rounds,
        {
            (name, count): partial(_flown, name, url, count, max(3, calls // count))
            for count in counts
            for name in ASYNC
        },
    )


def _flown(name: str, url: str, count: int, each: int) -> float:
    return asyncio.run(_flying(name, url, count, each))


async def _flying(name: str, url: str, count: int, each: int) -> float:
    async with ASYNC[name](url) as call:
        await together(call, count, 1)  # opens the connections
        started = time.process_time()
        await together(call, count, each)
        return (time.process_time() - started) / (count * each) * 1e6


async def together(call: AsyncCall, count: int, each: int) -> None:
    """So many tasks, each of which makes so many calls one after the other."""

    async def work() -> None:
        for _ in range(each):
            await call()

    await asyncio.gather(*(work() for _ in range(count)))


def imports(rounds: int, modules: tuple[str, ...]) -> Samples[str]:
    """Milliseconds of CPU that importing a module takes, in a fresh interpreter each time."""
    return in_turns(rounds, {name: partial(_imported, name) for name in modules})


def _imported(module: str) -> float:
    code = (
        "import time; started = time.process_time(); "
        f"import {module}; print(time.process_time() - started)"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)
    return float(output) * 1000


def command(rounds: int, *arguments: str) -> tuple[float, float]:
    """Seconds that the `prism` command takes: by the clock and of CPU, medians."""
    walls, cpus = [], []
    for _ in range(rounds + 1):
        before, started = _children(), time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "prism_core.cli", *arguments], check=True, capture_output=True
        )
        walls.append(time.perf_counter() - started)
        cpus.append(_children() - before)
    return statistics.median(walls[1:]), statistics.median(cpus[1:])  # the first one warms up


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
