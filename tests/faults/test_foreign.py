"""Clients and transports of httpx and httpx2 that a caller brings: no payment is made twice, what
was sent is never called unsent, and what a hook raises reaches who wrote it."""

from __future__ import annotations

import gc
import importlib
import logging
import signal
import sys
from typing import Any

import pytest
from faults import brought, proxies, secure, servers
from faults.asking import identity, leaks, opened
from faults.brought import LIBRARIES
from faults.children import finished, start
from faults.misbehaving import answer, answering, good, huge, own, silent
from faults.servers import Server, Wire
from support import Install, acme_source

from prism_core import MalformedResponse, TransportError

libraries = pytest.mark.parametrize("library", LIBRARIES)


@pytest.fixture
def keyless(plugin: Install) -> str:
    """A connector whose processor honours no idempotency key."""
    plugin("keyless", acme_source(('idempotency_header = "Acme-Key"', "idempotency_header = None")))
    return "keyless"


def with_hook(library: str, client: str, when: str, work: Any) -> dict[str, Any]:
    hooks = {when: [brought.hook(client, work)]}
    return brought.http_client(importlib.import_module(library), client, event_hooks=hooks)


@libraries
@pytest.mark.parametrize("method", ["authorize", "capture", "refund"])
def test_a_hook_that_fails_makes_no_second_payment(
    library: str, client: str, keyless: str, method: str
) -> None:
    """A response hook whose own webhook finds no connection: the processor got one change, and
    the caller is told that its outcome is unknown, however many retries are allowed."""
    lib = importlib.import_module(library)

    def fail(response: Any) -> None:
        if response.request.method == "POST":
            raise lib.ConnectError("my webhook is down")

    given = with_hook(library, client, "response", fail)
    with (
        Server(answering(good())) as server,
        opened(client, server.url, connector=keyless, max_retries=2, **given) as ask,
    ):
        end = ask(method)
        assert isinstance(end.error, TransportError)
        assert (end.outcome, end.attempts) == ("unknown", len(server.seen))
        asked = ["GET"] * (method == "capture")
        assert [one.method for one in server.seen] == [*asked, "POST"]


@libraries
@pytest.mark.parametrize("when", ["request", "response"])
@pytest.mark.parametrize("kind", [ValueError, OSError, ConnectionRefusedError, TimeoutError])
def test_what_a_hook_raises_reaches_who_wrote_it(
    library: str, client: str, when: str, kind: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    """An exception that no HTTP library raises is the caller's own: it comes out as it is, after
    the call was logged as interrupted; nothing is repeated, and its traceback shows no secret."""
    mine = kind("mine")

    def fail(_: object) -> None:
        raise mine

    given = with_hook(library, client, when, fail)
    with (
        Server(answering(good())) as server,
        opened(client, server.url, max_retries=2, **given) as ask,
    ):
        with pytest.raises(kind, match="mine") as caught:
            ask("authorize")
        assert caught.value is mine
        assert len(server.seen) == (when == "response")
    warned = [one for one in caplog.records if one.levelno == logging.WARNING]
    assert ["interrupted, outcome unknown" in one.getMessage() for one in warned] == [True]
    assert leaks(mine) == []


@libraries
def test_a_hook_that_stops_an_iteration_makes_no_result(library: str, client: str) -> None:
    """StopIteration out of a hook is an error, as out of a generator, and never a call's result."""

    def stop(_: object) -> None:
        raise StopIteration("pi_1")

    given = with_hook(library, client, "response", stop)
    with Server(answering(good())) as server, opened(client, server.url, **given) as ask:
        with pytest.raises(RuntimeError):
            ask("authorize")
        assert len(server.seen) == 1


@libraries
def test_a_refused_large_answer_leaves_the_pool_usable(library: str, client: str) -> None:
    """After an answer that was too large, or did not come, the caller's pool of one connection
    serves the next call."""
    lib = importlib.import_module(library)

    def fault(wire: Wire) -> None:
        (huge, silent, answering(good()))[wire.index](wire)

    limits = lib.Limits(max_connections=1, max_keepalive_connections=0)
    given = brought.http_client(
        lib, client, transport=brought.transport(lib, client, limits=limits)
    )
    with Server(fault) as server, opened(client, server.url, timeout=2, **given) as ask:
        assert "larger than" in str(ask("authorize").error)
        assert ask("authorize", timeout=0.3).outcome == "unknown"
        assert ask("authorize").error is None
        assert server.connections == 3


@libraries
def test_a_pool_without_a_free_connection_sends_nothing(library: str, client: str) -> None:
    """A wait for a connection of the caller's pool that was in vain sent nothing for certain: but
    not where a hook of the caller's could have raised the same."""
    lib = importlib.import_module(library)
    limits = lib.Limits(max_connections=0)
    with Server(answering(good())) as server:
        for hooks, outcome in (({}, "not_sent"), ({"request": [print]}, "unknown")):
            own = {"request": [brought.hook(client, lambda _: None)]} if hooks else {}
            pool = brought.transport(lib, client, limits=limits)
            given = brought.http_client(lib, client, transport=pool, event_hooks=own)
            with opened(client, server.url, timeout=1, **given) as ask:
                assert ask("authorize").outcome == outcome
        assert server.connections == 0


@libraries
@pytest.mark.parametrize("bringing", ["http_client", "transport"])
def test_an_answer_that_makes_no_sense_ends_the_connections(
    library: str, client: str, bringing: str
) -> None:
    """A connection that gives each call its predecessor's answer does not do so for ever: after
    the first answer that makes no sense, each is closed by the library once it was used again."""
    lib = importlib.import_module(library)
    pool = brought.transport(lib, client, limits=lib.Limits())
    given = {"transport": pool}
    if bringing == "http_client":
        given = brought.http_client(lib, client, transport=pool)

    def fault(wire: Wire) -> None:
        while wire.request():
            wire.send(answer(200, b"<html>") if len(wire.server.seen) == 2 else own(wire))

    with Server(fault) as server, opened(client, server.url, **given) as ask:
        assert identity(ask("authorize")) == "pi_1"
        assert isinstance(ask("authorize").error, MalformedResponse)
        assert identity(ask("authorize")) == "pi_3"
        assert server.connections == 1
        assert identity(ask("authorize")) == "pi_4"
        assert identity(ask("authorize")) == "pi_5"
        assert server.connections == 3
        closing = [one.headers.get("connection") == "close" for one in server.seen]
        assert closing == [False, False, True, True, True]


@libraries
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_what_left_over_http2_may_have_arrived(library: str, client: str) -> None:
    """Over HTTP/2, whose events have other names, a request that left is unknown."""
    given = brought.http2(importlib.import_module(library), client, None)
    with secure.hanging_up_over_http2() as server:
        with opened(client, server.url, **given) as ask:
            assert ask("authorize").outcome == "unknown"
        assert server.connections == 1
    gc.collect()  # httpcore leaves the connection to be collected


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@libraries
@pytest.mark.parametrize("bringing", ["http_client", "transport", "new"])
def test_a_forked_child_gets_no_answer_of_its_parents(
    library: str, client: str, bringing: str
) -> None:
    """What a caller brought and used before a fork is refused in the child, by a client made
    before the fork or after it; the parent goes on."""
    with Server(answering(good())) as server:
        quiet = {"PYTHONWARNINGS": "ignore"}
        said = finished(start("forked_with", client, server.url, library, bringing, **quiet))
        refusal = "TransportError not_sent: make a new one in each process"
        assert sorted(said) == [f"child {refusal}", "parent AUTHORIZED", "parent AUTHORIZED"]
        assert len(server.seen) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@libraries
def test_a_forked_child_gets_no_answer_over_its_parents_own_connection(library: str) -> None:
    """What the caller used before the fork, and Prism did not see, has connections that are the
    parent's: it is refused in the child, too."""
    with Server(answering(good())) as server:
        said = finished(start("forked_with", "sync", server.url, library, "warmed"))
        refusal = "TransportError not_sent: make a new one in each process"
        assert sorted(said) == [f"child {refusal}", "parent 200", "parent AUTHORIZED"]
        assert (len(server.seen), server.connections) == (2, 1)


@libraries
def test_what_was_not_used_before_a_fork_serves_the_child(library: str) -> None:
    """A client that was only made before the fork (gunicorn's preload) has no connection yet that
    two processes could share."""
    with Server(answering(good())) as server:
        said = finished(start("forked_with", "sync", server.url, library, "unused"))
        assert sorted(said) == ["child AUTHORIZED", "parent AUTHORIZED"]
        assert server.connections == 2


@libraries
def test_an_answer_of_an_error_hook_is_no_answer(library: str, client: str) -> None:
    """A hook that raises for every error status keeps Prism from reading it: unknown."""
    given = with_hook(library, client, "response", lambda response: response.raise_for_status())
    with (
        Server(answering(answer(402, b"{}"))) as server,
        opened(client, server.url, **given) as ask,
    ):
        assert ask("authorize").outcome == "unknown"
        assert len(server.seen) == 1


class SoftTimeLimitExceeded(Exception):
    """As Celery's: raised by a signal handler, in the middle of anything."""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such signal")
@pytest.mark.parametrize("through", [*LIBRARIES, "proxy", "proxy, no TLS"])
@pytest.mark.parametrize("kind", [SoftTimeLimitExceeded, TimeoutError, StopIteration])
def test_a_signal_handlers_exception_ends_the_call(
    through: str, kind: type[Exception], keyless: str, caplog: pytest.LogCaptureFixture
) -> None:
    """What a signal handler raises while a call waits for its answer reaches the caller: it is not
    taken for a failing connection, not even a TimeoutError, and nothing is sent again."""

    def limit(*_: object) -> None:
        raise kind

    old = signal.signal(signal.SIGALRM, limit)
    try:
        with _silent_place(through) as place:
            options = place.options if through not in LIBRARIES else _plain(through)
            with opened("sync", place.url, connector=keyless, max_retries=2, **options) as ask:
                signal.setitimer(signal.ITIMER_REAL, 0.3)
                with pytest.raises(RuntimeError if kind is StopIteration else kind):
                    ask("authorize")
            assert len(place.seen) == 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
    assert "interrupted, outcome unknown" in caplog.text


@libraries
def test_an_alarm_that_went_off_before_is_no_fault_of_this_call(library: str) -> None:
    """A call made while an alarm's TimeoutError is handled fails for its own reason."""

    def limit(*_: object) -> None:
        raise TimeoutError

    old = signal.signal(signal.SIGALRM, limit)
    try:
        with servers.refusing() as place:
            try:
                signal.raise_signal(signal.SIGALRM)
            except TimeoutError:
                with opened("sync", place.url, **_plain(library)) as ask:
                    assert ask("authorize").outcome == "not_sent"
    finally:
        signal.signal(signal.SIGALRM, old)


def _silent_place(through: str) -> Any:
    if through == "proxy":
        return proxies.behind(proxies.working, lambda: secure.with_fault(silent))
    if through == "proxy, no TLS":
        return proxies.behind(proxies.working, lambda: Server(silent))
    return Server(silent)


def _plain(library: str) -> dict[str, Any]:
    return brought.http_client(importlib.import_module(library), "sync")
