"""Forks and event loops: a client that outlives either works on, over connections of its own."""

from __future__ import annotations

import gc
import sys
from functools import partial

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
        said = finished(start("forked", client, server.url, PYTHONWARNINGS="error"))
        assert set(said) == {"AUTHORIZED"}
        assert len(server.seen) == 3
        assert server.connections >= 2


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_one_event_loop_after_another_shares_one_connection(backend: str) -> None:
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
        assert (len(server.seen), server.connections) == (150, 1)
        gc.collect()
