"""An extension that fails changes nothing of a call; what is no failure of its own passes."""

from __future__ import annotations

import logging
import signal
import time

import pytest
from support import Server

from prism_core import AsyncPrism, Prism, TransportError, hookimpl
from prism_core.runtime import observers, retries

from .observing import Noting, Raising
from .samples import ASKED, GOOD, options

CUT = "interrupted, outcome unknown; idempotency key mine"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(observers, "_reported", set())


@pytest.mark.parametrize(
    "error", [ValueError("card 4242424242424242"), StopIteration(), RecursionError()]
)
def test_an_extension_that_raises_changes_nothing(
    acme: str, server: Server, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    """The payment has its result, other extensions are told everything, and the log names the hook
    and the line once: not the exception's text, which may be private."""
    server.answer(503).answer(200, GOOD)
    noting = Noting()
    with Prism(acme, **options(server), extensions=[Raising(error), noting]) as prism:
        first = prism.payments.authorize(**ASKED)
        prism.payments.authorize(**ASKED)
    assert first.status == "AUTHORIZED"
    assert [attempt.status_code for attempt in first.attempts] == [503, 200]
    assert noting.hooks.count("call_ended") == 2
    told = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(told) == 5
    assert all("Raising 1" in one and type(error).__name__ in one for one in told)
    assert all("observing.py; the call goes on" in one for one in told)
    assert "4242" not in caplog.text


@pytest.mark.anyio
async def test_nor_does_it_in_an_event_loop(acme: str, server: Server) -> None:
    server.answer(503).answer(200, GOOD)
    async with AsyncPrism(acme, **options(server), extensions=[Raising(ValueError())]) as prism:
        payment = await prism.payments.authorize(**ASKED)
    assert payment.status == "AUTHORIZED"


def _alarm(number: int, frame: object) -> None:
    raise TimeoutError("the task's time is up")


class Alarmed:
    """Is hit by a signal in one hook."""

    def __init__(self, hook: str) -> None:
        self.hook = hook

    def _called(self, hook: str) -> None:
        if hook == self.hook:
            signal.raise_signal(signal.SIGUSR1)

    @hookimpl
    def call_started(self) -> None:
        self._called("call_started")

    @hookimpl
    def request_ready(self) -> None:
        self._called("request_ready")

    @hookimpl
    def answer_received(self) -> None:
        self._called("answer_received")

    @hookimpl
    def call_ended(self) -> None:
        self._called("call_ended")


@pytest.mark.parametrize("hook", ["call_started", "request_ready", "answer_received", "call_ended"])
def test_a_signal_during_a_hook_ends_the_call(
    acme: str, server: Server, caplog: pytest.LogCaptureFixture, hook: str
) -> None:
    """A time limit that strikes while an extension runs is not swallowed as the extension's own
    failure: the call is interrupted, and a warning has the key to repeat it with."""
    server.answer(200, GOOD)
    before = signal.signal(signal.SIGUSR1, _alarm)
    try:
        with (
            Prism(acme, **options(server), extensions=[Alarmed(hook)]) as prism,
            pytest.raises(TimeoutError, match="the task's time"),
        ):
            prism.payments.authorize(**ASKED, idempotency_key="mine")
    finally:
        signal.signal(signal.SIGUSR1, before)
    assert len(server.seen) == (hook in ("answer_received", "call_ended"))
    warnings = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert warnings == [f"acme payments.authorize order_1: {CUT}"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_a_request_to_stop_the_program_is_obeyed(
    acme: str, server: Server, caplog: pytest.LogCaptureFixture, error: type[BaseException]
) -> None:
    """Before anything is sent, as at any other time."""
    raising = Raising(error())
    with Prism(acme, **options(server), extensions=[raising]) as prism, pytest.raises(error):
        prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert server.seen == []
    assert CUT in caplog.text


def test_a_slow_extension_does_not_outlast_the_timeout(acme: str, server: Server) -> None:
    """Its time is the call's time: the request still leaves with what is left of it, and the call
    ends."""

    class Slow:
        @hookimpl
        def request_ready(self) -> None:
            time.sleep(0.3)

    server.answer(200, GOOD, delay=1)
    with Prism(acme, **options(server), extensions=[Slow()], timeout=0.2) as prism:
        started = time.monotonic()
        with pytest.raises(TransportError):
            prism.payments.authorize(**ASKED)
    assert time.monotonic() - started < 0.8
