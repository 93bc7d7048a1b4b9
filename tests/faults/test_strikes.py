"""An interrupt at any instruction: no turn stays taken, and no call gets another's answer."""

from __future__ import annotations

import contextlib
import json
import logging
import time
from collections.abc import Iterator

import anyio
import pytest
from core.granting import ASKED as CUSTOMER
from core.granting import CHANGES, Processor
from core.granting import opened as granting
from faults.asking import ASKED, KEY
from faults.misbehaving import answer, good
from faults.servers import Server, Wire
from faults.striking import striking
from support import Install, acme_source
from support import Server as Scripted

from prism_core import (
    AsyncPrism,
    PaymentClient,
    Prism,
)
from prism_core.runtime import attempts, driver, token_cache
from prism_core.transport import connecting, http11, pool, waiting

GRANT = json.dumps({"access_token": "token_1", "expires_in": 3600}).encode()
TURNS = (driver, attempts, token_cache)
pytestmark = pytest.mark.usefixtures("unheard")


@pytest.fixture
def unheard() -> Iterator[None]:
    """No log of hundreds of interrupted calls."""
    log = logging.getLogger("prism_core")
    log.disabled = True
    yield
    log.disabled = False


@pytest.fixture
def granter(plugin: Install) -> Iterator[Server]:
    """The test connector with access tokens, and a processor that grants them."""
    plugin("acme", acme_source(*CHANGES))

    def fault(wire: Wire) -> None:
        while (asked := wire.request()) is not None:
            grants = asked.path == "/token"
            wire.send(answer(200, GRANT) if grants else answer(201, b'{"id": "cus_1"}'))

    with Server(fault) as server:
        yield server


def test_no_interrupt_leaves_the_turn_taken(granter: Server) -> None:
    """Ctrl+C at any instruction around fetching an access token: the next call, made while the
    interrupt is still being handled, does not wait for a turn that nobody ends."""
    at, places = 0, set()
    with granting(Prism, granter) as prism:
        prism.customers.create(**CUSTOMER)
        while True:
            prism._engine.tokens.clear()
            with striking(at, *TURNS) as strike:
                try:
                    prism.customers.create(**CUSTOMER)
                except KeyboardInterrupt:
                    started = time.monotonic()
                    prism.customers.create(**CUSTOMER)
                    assert time.monotonic() - started < 1, strike.place
            if not strike.struck:
                break
            places.add(strike.place)
            at += 1
    assert {"token", "take", "is_over", "keep"} <= {code.co_name for code, _ in places}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_no_interrupt_of_an_event_loop_leaves_the_turn_taken(granter: Server, backend: str) -> None:
    """The same in an event loop, which the interrupt ends: the next one fetches a token."""
    prism = granting(AsyncPrism, granter)

    async def create() -> None:
        await prism.customers.create(**CUSTOMER)

    async def struck(at: int) -> bool:
        with striking(at, *TURNS, unit="line") as strike:
            await create()
        return strike.struck

    async def close() -> None:
        await prism.close()

    anyio.run(create, backend=backend)
    at, going = 0, True
    while going:
        prism._engine.tokens.clear()
        try:
            going = anyio.run(struck, at, backend=backend)
        except KeyboardInterrupt:
            started = time.monotonic()
            anyio.run(create, backend=backend)
            assert time.monotonic() - started < 1, at
        at += 1
    anyio.run(close, backend=backend)
    assert at > 50


async def test_a_cancelled_fetch_ends_its_turn(
    server: Scripted, plugin: Install, anyio_backend: str
) -> None:
    """A call that is cancelled while it fetches an access token, or while it waits for another
    that does, keeps nobody waiting."""
    plugin("acme", acme_source(*CHANGES))
    Processor(server).pause = 0.3
    async with granting(AsyncPrism, server) as prism:
        for waiters in (1, 2):
            async with anyio.create_task_group() as group:
                for _ in range(waiters):
                    group.start_soon(lambda: prism.customers.create(**CUSTOMER))
                await anyio.sleep(0.1)
                group.cancel_scope.cancel()
            started = time.monotonic()
            await prism.customers.create(**CUSTOMER)
            assert time.monotonic() - started < 1
            prism._engine.tokens.clear()


def answering(wire: Wire) -> None:
    while (asked := wire.request()) is not None:
        wire.send(good(f"pi_{asked.key}"))


# Where the interrupt comes between opening a socket and keeping it, Python closes it.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("fresh", [False, True])
def test_no_interrupt_mixes_answers_up(fresh: bool) -> None:
    """Ctrl+C at any instruction of a call's connection, an idle one or a new one: the next call
    of the same client gets its own answer."""
    at, struck = 0, True
    with (
        Server(answering) as server,
        PaymentClient("stripe", api_key=KEY, base_url=server.url, timeout=5) as payments,
    ):
        payments.authorize(**ASKED["authorize"])
        while struck:
            if fresh:
                payments._engine._transport.drop_idle()
            with (
                striking(at, connecting, waiting, pool, http11) as strike,
                contextlib.suppress(KeyboardInterrupt),
            ):
                payments.authorize(**ASKED["authorize"])
            struck = strike.struck
            at += 1
            paid = payments.authorize(**ASKED["authorize"])
            assert paid.connector_transaction_id == f"pi_{paid.idempotency_key}", strike.place
    assert at > 300
