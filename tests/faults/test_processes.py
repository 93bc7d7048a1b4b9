"""Forks and event loops: a client that outlives either works on, over connections of its own."""

from __future__ import annotations

import gc
import sys

import anyio
import pytest
from faults.asking import ASKED, KEY
from faults.children import finished, start
from faults.misbehaving import answering, good
from faults.servers import Server

from prism_core import AsyncPaymentClient


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_forked_child_shares_no_connection(client: str) -> None:
    """After a fork (gunicorn's preload, Celery's prefork) parent and child each call over a
    connection of their own, and neither gets the other's answer."""
    with Server(answering(good(), good(), good())) as server:
        said = finished(start("forked", client, server.url, PYTHONWARNINGS="ignore"))
        assert set(said) == {"AUTHORIZED"}
        assert len(server.seen) == 3
        assert server.connections >= 2


# What was not closed before its loop ended, Python tells of.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_second_event_loop_has_its_own_connections(backend: str) -> None:
    """A client that is used from one event loop after another, never closed in between, works in
    each: a connection belongs to the loop that made it."""
    with Server(answering(*[good()] * 3)) as server:
        assert _in_three_loops(server.url, backend) == ["AUTHORIZED"] * 3
        assert server.connections == 3
        gc.collect()


def _in_three_loops(url: str, backend: str) -> list[str]:
    client = AsyncPaymentClient("stripe", api_key=KEY, base_url=url)

    async def call() -> str:
        return (await client.authorize(**ASKED["authorize"])).status.value

    return [anyio.run(call, backend=backend) for _ in range(3)]
