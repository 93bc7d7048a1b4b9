"""What needs a process of its own: an interrupt, a memory's peak.

Imported by tests, which `start` it; run as a script, it does one piece of work and prints.
"""

from __future__ import annotations

import importlib
import logging
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import anyio
from faults import brought
from faults.asking import ASKED, KEY, End, leaks, opened
from faults.table import LARGE

from prism_core import AsyncPaymentClient, PaymentClient, PrismError

HERE = Path(__file__)


def start(work: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """A process that does one piece of work below, with more environment variables."""
    path = os.pathsep.join([str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, str(HERE), work, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(child: subprocess.Popen[str]) -> list[str]:
    """The lines that a process printed before it ended well."""
    with child:
        printed = child.communicate(timeout=60)[0]
    assert child.returncode == 0
    return printed.splitlines()


def interrupted(url: str, size: str = "") -> None:
    """A call that Ctrl+C cuts off, what that leaves behind, and another call after it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # who started us may ignore it
    more = dict(LARGE) if size == "large" else {}
    logging.basicConfig(stream=sys.stdout, format="%(message)s")
    with PaymentClient("stripe", api_key=KEY, base_url=url, timeout=10) as payments:
        try:
            payments.authorize(**{**ASKED["authorize"], **more})
        except KeyboardInterrupt as interrupt:
            for leak in leaks(interrupt):
                _print("leak", leak.partition(" in ")[2])
        second = payments.authorize(**ASKED["authorize"])
    _print("second:", second.connector_transaction_id)


def measured(client: str, url: str) -> None:
    """How far a call raised the memory's peak. A first one meets an ordinary answer, so that all
    is imported before."""
    with opened(client, url, timeout=30) as ask:
        ask("authorize")
        before = _peak()
        end = ask("authorize")
        _print(told(end), _peak() - before)


def forked(client: str, url: str) -> None:
    """A call, then a call in a forked child and one here, all of one client."""
    if client == "sync":
        with PaymentClient("stripe", api_key=KEY, base_url=url, timeout=10) as payments:
            payments.authorize(**ASKED["authorize"])
            child = os.fork()
            _print(payments.authorize(**ASKED["authorize"]).status.value)
            _end(child)
        return
    waiting = AsyncPaymentClient("stripe", api_key=KEY, base_url=url, timeout=10)

    async def call() -> None:
        _print((await waiting.authorize(**ASKED["authorize"])).status.value)

    anyio.run(call, backend=client)
    child = os.fork()
    anyio.run(call, backend=client)
    anyio.run(waiting.close, backend=client)
    _end(child)


def forked_with(client: str, url: str, library: str, bringing: str) -> None:
    """A call with an httpx object, then one in a forked child and one here. With `bringing` "new",
    the child opens a Prism client of its own over it; with "unused", the first call is left out;
    with "warmed", it is one of the caller's own, which Prism does not see."""
    lib = importlib.import_module(library)
    kept = None if client == "sync" else 0  # what an event loop kept, the next one cannot use
    pool = brought.transport(lib, client, limits=lib.Limits(max_keepalive_connections=kept))
    given = {"transport": pool}
    if bringing != "transport":
        given = brought.http_client(lib, client, transport=pool)
    options: dict[str, Any] = {"api_key": KEY, "base_url": url, "max_retries": 0, **given}
    kind: Any = PaymentClient if client == "sync" else AsyncPaymentClient
    payments = kind("stripe", **options)

    def refusal(error: PrismError) -> str:
        return f"{type(error).__name__} {error.outcome}: {error.message.rpartition('; ')[2]}"

    async def waiting(who: str, asking: Any) -> None:
        try:
            _print(who, (await asking.authorize(**ASKED["authorize"])).status.value)
        except PrismError as error:
            _print(
                who, type(error).__name__, f"{error.outcome}: {error.message.rpartition('; ')[2]}"
            )

    def call(who: str, asking: Any) -> None:
        if client != "sync":
            anyio.run(waiting, who, asking, backend=client)
            return
        try:
            _print(who, asking.authorize(**ASKED["authorize"]).status.value)
        except PrismError as error:
            _print(
                who, type(error).__name__, f"{error.outcome}: {error.message.rpartition('; ')[2]}"
            )

    if bringing == "warmed":
        _print("parent", str(given["http_client"].get(f"{url}/warm").status_code))
    elif bringing != "unused":
        call("parent", payments)
    sys.stdout.flush()
    child = os.fork()
    if child == 0 and bringing == "new":
        payments = kind("stripe", **options)
    call("parent" if child else "child", payments)
    _end(child)


def _end(child: int) -> None:
    """The child is gone, the parent goes on once it is."""
    sys.stdout.flush()
    if child == 0:
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def told(end: End) -> str:
    """An end in two words."""
    return f"{'result' if end.error is None else type(end.error).__name__} {end.outcome}"


def _peak() -> int:
    """The most memory that this process has held, in bytes.

    Linux counts what the parent held before it started this process into `getrusage`; what
    /proc says is this process's alone.
    """
    try:
        with open("/proc/self/status") as status:
            found = next(line for line in status if line.startswith("VmHWM"))
        return int(found.split()[1]) * 1024
    except FileNotFoundError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024


def _print(*words: object) -> None:
    sys.stdout.write(" ".join(map(str, words)) + "\n")


WORKS = {work.__name__: work for work in (interrupted, measured, forked, forked_with)}

if __name__ == "__main__":
    WORKS[sys.argv[1]](*sys.argv[2:])
