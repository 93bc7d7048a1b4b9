"""What the handler of a signal raises in a blocking call, as Celery's time limit does: it is the
caller's, whatever its class, and no failure of the connection."""

from __future__ import annotations

import contextlib
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

import httpx
import pytest
from faults import secure, servers
from faults.asking import CARD, identity, opened
from faults.misbehaving import deaf, own
from faults.servers import Server, Wire
from msgspec import structs
from support import Install, acme_source

from prism_core import Money, Prism

pytestmark = [
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers that send signals"),
    pytest.mark.skipif(
        threading.current_thread() is not threading.main_thread(), reason="signals' own thread"
    ),
]


class SoftTimeLimitExceeded(Exception):
    """As Celery's."""


def raising(error: BaseException) -> None:
    raise error


class Limit:
    """A time limit as a method, and as an object that is called."""

    def __call__(self, *_: object) -> None:
        raise TimeoutError("the time is up")

    def stop(self, *_: object) -> None:
        raise TimeoutError("the time is up")


class Inheriting(Limit):
    """An object whose class inherits what is called."""


class Starting:
    """A handler that is a class: making one raises."""

    def __init__(self, *_: object) -> None:
        raise TimeoutError("the time is up")


HANDLERS = {
    "a function": lambda *_: raising(TimeoutError("the time is up")),
    "a method": Limit().stop,
    "an object": Limit(),
    "a partial": partial(Limit.stop, None),
    "a partial of a partial": partial(partial(Limit.stop, None)),
    "an object of a subclass": Inheriting(),
    "a class": Starting,
    "a wrapped function": lru_cache(Limit.stop),
}


class StopNow(BaseException):
    """As others do it, who want to be caught by nobody."""


RAISED = (
    *(SoftTimeLimitExceeded, StopNow, TimeoutError, OSError, ConnectionResetError),
    *(BrokenPipeError, BlockingIOError, ValueError),
)


def ringing(wire: Wire) -> None:
    """Reads the request, sends the caller's thread the signal, and never answers."""
    wire.request()
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGALRM)
    wire.wait_for_end()


@contextmanager
def alarm(
    kind: type[BaseException], seconds: float = 0, handler: Callable[..., None] | None = None
) -> Iterator[None]:
    """Raises that after so many seconds, from a signal's handler; or when `ringing` sends it."""

    def usual(*_: object) -> None:
        raise kind("the time is up")

    handler = handler or usual
    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def keyless(plugin: Install) -> str:
    """A connector whose processor honours no idempotency key."""
    plugin("keyless", acme_source(('idempotency_header = "Acme-Key"', "idempotency_header = None")))
    return "keyless"


def first(fault: Callable[[Wire], None]) -> Server:
    """The fault on the first connection; every other is answered."""

    def either(wire: Wire) -> None:
        if wire.index == 0:
            fault(wire)
            return
        while wire.request():
            wire.send(own(wire))

    return Server(either)


@pytest.mark.parametrize("kind", RAISED)
@pytest.mark.parametrize(("fault", "posts"), [(ringing, 1), (deaf, 0)], ids=["reading", "writing"])
def test_a_handlers_exception_ends_a_payment(
    keyless: str,
    caplog: pytest.LogCaptureFixture,
    fault: Callable[[Wire], None],
    posts: int,
    kind: type[BaseException],
) -> None:
    """While a payment without a key is written, or its answer awaited: what the handler raises
    reaches the caller as it is, the log says that the outcome is unknown, nothing is posted again
    though retries are left, and the next call is answered over another connection."""
    card = structs.replace(CARD, holder_name="A" * 4_000_000)
    more: dict[str, Any] = {"payment_method": card} if fault is deaf else {}
    with (
        first(fault) as server,
        opened("sync", server.url, connector=keyless, max_retries=3) as ask,
    ):
        with pytest.raises(kind) as caught, alarm(kind, 0 if fault is ringing else 0.3):
            ask("authorize", **more)
        assert type(caught.value) is kind
        assert (len(server.seen), server.connections) == (posts, 1)
        assert [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING] == [
            "keyless payments.authorize order_1: interrupted, outcome unknown; idempotency key None"
        ]
        assert identity(ask("authorize")) == f"pi_{posts + 1}"
        assert (len(server.seen), server.connections) == (posts + 1, 2)


@pytest.mark.parametrize("kind", RAISED)
@pytest.mark.parametrize("place", [servers.full, secure.silent], ids=["connecting", "TLS"])
def test_a_handlers_exception_ends_connecting(
    keyless: str, place: Callable[[], Any], kind: type[BaseException]
) -> None:
    """The same while the connection is made: nothing was sent, and nothing is tried again."""
    with (
        place() as server,
        opened("sync", server.url, connector=keyless, max_retries=3) as ask,
    ):
        with pytest.raises(kind) as caught, alarm(kind, 0.1):
            ask("authorize")
        assert type(caught.value) is kind
        assert len(server.seen) == 0


@pytest.mark.parametrize("options", [dict, lambda: {"http_client": httpx.Client()}])
@pytest.mark.parametrize("handler", HANDLERS.values(), ids=list(HANDLERS))
@pytest.mark.parametrize("connector", ["keyless", "stripe"])
def test_any_kind_of_handler_is_known(
    keyless: str,
    connector: str,
    handler: Callable[..., None],
    options: Callable[[], dict[str, Any]],
) -> None:
    """Whatever a handler is: what it raises is not the connection's own time-out, and nothing is
    posted again, with a key or without one, over Prism's connections or httpx's."""
    with (
        first(ringing) as server,
        opened("sync", server.url, connector=connector, max_retries=3, **options()) as ask,
    ):
        with (
            pytest.raises(TimeoutError, match="the time is up"),
            alarm(TimeoutError, handler=handler),
        ):
            ask("authorize")
        assert len(server.seen) == 1


@pytest.mark.parametrize("options", [dict, lambda: {"http_client": httpx.Client()}])
def test_a_handlers_stop_iteration_is_no_answer(
    keyless: str, options: Callable[[], dict[str, Any]]
) -> None:
    """StopIteration ends loops and generators, which would take it for an answer or for a result:
    it ends the call instead."""
    with (
        first(ringing) as server,
        opened("sync", server.url, connector=keyless, max_retries=3, **options()) as ask,
    ):
        with (
            pytest.raises(RuntimeError, match="raised StopIteration"),
            alarm(StopIteration),
        ):
            ask("authorize")
        assert len(server.seen) == 1


def test_a_handlers_exception_in_a_connector_is_no_bug_of_it(
    plugin: Install, caplog: pytest.LogCaptureFixture
) -> None:
    """The same while the connector itself works: no `ConnectorBug` takes the exception's place."""
    flow = '"""https://acme.example/docs/customers"""'
    slow = (flow, f"{flow}\n        __import__('time').sleep(5)")
    plugin("slow", acme_source(slow))
    with (
        Prism("slow", api_key="key", base_url="http://127.0.0.1:9") as prism,
        pytest.raises(SoftTimeLimitExceeded),
        alarm(SoftTimeLimitExceeded, 0.1),
    ):
        prism.customers.create(merchant_customer_id="user_42")
    assert "slow customers.create user_42: interrupted, outcome unknown" in caplog.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_handlers_exception_at_any_time_pays_once(keyless: str) -> None:
    """However soon the alarm comes, a payment without a key is posted once at most."""

    def answering(wire: Wire) -> None:
        while wire.request():
            wire.send(own(wire))

    done = 0
    with (
        Server(answering) as server,
        opened("sync", server.url, connector=keyless, max_retries=3) as ask,
    ):
        ask("authorize")
        for number in range(0, 800, 2):
            with (
                contextlib.suppress(TimeoutError),
                alarm(TimeoutError, 0.00002 * (1 + number % 80)),
            ):
                ask("authorize", amount=Money(2000 + number, "USD"))
                done += 1
            assert ask("authorize", amount=Money(2001 + number, "USD")).attempts == 1
        posted = [one.body for one in server.seen]
        assert len(set(posted)) == len(posted)
    assert 20 < done < 380
