"""Calls that are cut off half-way, by cancellation or Ctrl+C: what they leave behind."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable
from functools import partial

import anyio
import pytest
import trio
from faults.asking import ASKED, KEY, leaks
from faults.children import finished, start
from faults.misbehaving import OTHERS, deaf, good, own
from faults.servers import Server, Wire
from faults.table import LARGE

from prism_core import AsyncPaymentClient
from prism_core.errors.interruptions import returned_by


def half_then_the_rest(wire: Wire, cut: int) -> None:
    """Half an answer on the first connection, its rest when anything more comes there; every
    other connection is answered in full."""
    while wire.request():
        if wire.index:
            wire.send(own(wire))
        else:
            wire.send(good(OTHERS)[:cut])
            wire.server.happened.set()
            if wire.part():
                wire.send(good(OTHERS)[cut:])


CUTS = {"in the head": 20, "in the body": -40}
cut_off = pytest.mark.parametrize("cut", CUTS.values(), ids=list(CUTS))


async def _tracked(call: Awaitable[object], found: list[BaseException]) -> None:
    """What an error tracker does in the task itself: it sees the cancellation with its frames."""
    try:
        await call
    except BaseException as error:
        found.append(error)
        raise


async def _reached(server: Server) -> None:
    while not server.happened.is_set():
        await anyio.sleep(0.002)
    await anyio.sleep(0.02)  # for the client to read what was sent


@cut_off
def test_a_cancelled_task_leaves_no_half_read_connection(
    cut: int, caplog: pytest.LogCaptureFixture
) -> None:
    """asyncio: a call cancelled in the middle of its answer logs its key, its traceback holds no
    secret, and the next call gets its own answer on another connection."""
    found: list[BaseException] = []

    async def main(server: Server) -> str | None:
        async with AsyncPaymentClient("stripe", api_key=KEY, base_url=server.url) as payments:
            call = payments.authorize(**ASKED["authorize"])
            task = asyncio.ensure_future(_tracked(call, found))
            await _reached(server)
            task.cancel()
            await asyncio.wait([task])
            assert task.cancelled()
            return (await payments.authorize(**ASKED["authorize"])).connector_transaction_id

    with Server(partial(half_then_the_rest, cut=cut)) as server:
        second = asyncio.run(main(server))
        assert (second, server.connections, len(server.seen)) == ("pi_2", 2, 2)
        _interrupted(caplog, server)
    assert [leaks(error) for error in found] == [[]]


@cut_off
def test_a_cancelled_scope_leaves_no_half_read_connection(
    cut: int, caplog: pytest.LogCaptureFixture
) -> None:
    """trio: the same for a call whose cancel scope is cancelled."""

    found: list[BaseException] = []

    async def main(server: Server) -> str | None:
        async with AsyncPaymentClient("stripe", api_key=KEY, base_url=server.url) as payments:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_tracked, payments.authorize(**ASKED["authorize"]), found)
                await _reached(server)
                nursery.cancel_scope.cancel()
            return (await payments.authorize(**ASKED["authorize"])).connector_transaction_id

    with Server(partial(half_then_the_rest, cut=cut)) as server:
        second = trio.run(main, server)
        assert (second, server.connections, len(server.seen)) == ("pi_2", 2, 2)
        _interrupted(caplog, server)
    assert [leaks(error) for error in found] == [[]]


def _interrupted(caplog: pytest.LogCaptureFixture, server: Server) -> None:
    said = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    key = server.seen[0].key
    assert said == [
        f"stripe payments.authorize order_1: interrupted, outcome unknown; idempotency key {key}"
    ]


@cut_off
def test_an_interrupt_leaves_no_half_read_connection(cut: int) -> None:
    """Ctrl+C in the middle of an answer ends the call at once and logs its key; its traceback
    holds no secret, and the same client's next call gets its own answer on another connection."""
    with Server(partial(half_then_the_rest, cut=cut)) as server:
        child = start("interrupted", server.url)
        assert server.happened.wait(10)
        threading.Event().wait(0.1)  # for the client to read what was sent
        child.send_signal(signal.SIGINT)
        lines = finished(child)
        key = server.seen[0].key
        warned = f"interrupted, outcome unknown; idempotency key {key}"
        assert f"stripe payments.authorize order_1: {warned}" in lines
        assert "second: pi_2" in lines
        assert (server.connections, len(server.seen)) == (2, 2)
        assert [line for line in lines if line.startswith("leak")] == []


def never_reading(wire: Wire) -> None:
    """Reads the beginning of the first connection's request, and no more of it."""
    if wire.index:
        wire.request()
        wire.send(own(wire))
    else:
        wire.part(2000)
        wire.server.happened.set()
        deaf(wire)


def test_a_task_cancelled_while_it_writes_shows_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """asyncio: a call cancelled while its request is written logs that its outcome is unknown,
    and its traceback holds no secret; the next call is sent in full on another connection."""
    large = {**ASKED["authorize"], **dict(LARGE)}

    found: list[BaseException] = []

    async def main(server: Server) -> str | None:
        async with AsyncPaymentClient("stripe", api_key=KEY, base_url=server.url) as payments:
            call = payments.authorize(**large)
            task = asyncio.ensure_future(_tracked(call, found))
            await _reached(server)
            task.cancel()
            await asyncio.wait([task])
            return (await payments.authorize(**ASKED["authorize"])).connector_transaction_id

    with Server(never_reading) as server:
        second = asyncio.run(main(server))
        assert (second, server.connections) == ("pi_1", 2)
    assert "interrupted, outcome unknown" in caplog.text
    assert [leaks(error) for error in found] == [[]]


def test_an_interrupt_while_it_writes_shows_no_secret() -> None:
    """Ctrl+C while a request is written: the same."""
    with Server(never_reading) as server:
        child = start("interrupted", server.url, "large")
        assert server.happened.wait(10)
        threading.Event().wait(0.1)  # for the kernel's buffers to fill
        child.send_signal(signal.SIGINT)
        lines = finished(child)
        assert "interrupted, outcome unknown" in lines[0]
        assert lines[-1] == "second: pi_1"
        assert [line for line in lines if line.startswith("leak")] == []


def test_a_handlers_stop_iteration_is_no_return() -> None:
    """What a signal handler raises while a flow ends must not be taken for the flow's result."""

    def stop(*_: object) -> None:
        raise StopIteration("not a result")

    before, ended = signal.signal(signal.SIGUSR1, stop), None
    try:
        signal.raise_signal(signal.SIGUSR1)
    except StopIteration as raised:
        ended = raised
        with pytest.raises(RuntimeError, match="signal handler"):
            returned_by(raised)
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert ended is not None
