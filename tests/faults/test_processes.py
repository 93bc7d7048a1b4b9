"""Forks and event loops: a client that outlives either works on, over connections of its own."""

from __future__ import annotations

import gc
import subprocess
import sys
from functools import partial
from pathlib import Path

import anyio
import pytest
from faults.asking import ASKED, KEY
from faults.children import finished, start
from faults.conftest import Measure
from faults.misbehaving import answering, good
from faults.servers import Server

from prism_core import AsyncPaymentClient


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_forked_child_shares_no_connection(client: str) -> None:
    """After a fork (gunicorn's preload, Celery's prefork) parent and child each call over a
    connection of their own, and neither gets the other's answer."""
    with Server(answering(good(), good(), good())) as server:
        said = finished(start("forked", client, server.url, PYTHONWARNINGS="error"))
        assert set(said) == {"AUTHORIZED"}
        assert len(server.seen) == 3
        assert server.connections >= 2


def forking(*work: str) -> list[str]:
    """What forking.py prints, where no fork hangs."""
    script = Path(__file__).with_name("forking.py")
    command = [sys.executable, "-W", "ignore", str(script), *work]
    return subprocess.run(command, check=True, text=True, stdout=-1, timeout=60).stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize(
    "module",
    [
        "prism_core.runtime.engine",
        "prism_stripe",
        "prism_core.transport.transports",
        "h11",
        "anyio",
        "certifi",
    ],
)
def test_a_fork_during_first_use_does_not_hang(module: str) -> None:
    """A process that forks while another of its threads is about to make Prism's first call: the
    child makes its own, whatever that thread was importing at that moment."""
    with Server(answering(good())) as server:
        assert forking("importing", server.url, module) == ["done"]


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_fork_during_first_calls_does_not_hang() -> None:
    """The same at any moment of a client's first calls, forty times; and while a thread has its
    turn to fetch an access token, which is no turn in the child."""
    with Server(answering(good())) as server:
        assert forking("first_calls", server.url) == ["done"] * 40
    assert forking("turns", "") == ["done"]


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_one_event_loop_after_another_shares_one_connection(backend: str, measure: Measure) -> None:
    """A client that is used from one event loop after another, closed in none but the last, works
    in each, keeps nothing of those that ended, and leaves no open socket behind."""
    with Server(answering(good())) as server:
        client = AsyncPaymentClient("stripe", api_key=KEY, base_url=server.url)

        async def call(*, last: bool = False) -> str:
            status = (await client.authorize(**ASKED["authorize"])).status.value
            if last:
                await client.close()
            return status

        runs = [anyio.run(partial(call, last=n == 149), backend=backend) for n in range(150)]
        assert runs == ["AUTHORIZED"] * 150
        measure("figure", what=f"pools of 150 runs of {backend}", value=server.connections)
        assert (len(server.seen), server.connections) == (150, 1)
        gc.collect()
