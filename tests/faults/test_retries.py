"""When a call is repeated, how long it waits in between, and when it gives up."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from typing import Any

import pytest
from faults.asking import CARD, CLIENTS, opened
from faults.misbehaving import HTML, answer, answering, good, silent
from faults.servers import Fault, Server, Wire

from prism_core import Card, ConnectorError, PaymentStatus, RateLimited, Unavailable
from prism_core.runtime import retries

DOWN = answer(503, HTML)


def after(seconds: object, status: int = 503) -> bytes:
    """A refusal that says when to come again."""
    return answer(status, HTML, f"retry-after: {seconds}")


def together(check: Callable[..., None], *rounds: tuple[Any, ...]) -> None:
    """Runs a check for each round at the same time, where it is waiting that takes the time."""
    with ThreadPoolExecutor(len(rounds)) as pool:
        for done in [pool.submit(check, *arguments) for arguments in rounds]:
            done.result()


def test_pauses_grow_and_are_jittered() -> None:
    """Attempts follow after half to a whole pause, then half to a whole of twice that; many
    clients that fail at once do not come back at once."""
    late = 0.3

    def check(client: str) -> None:
        pauses = []
        with Server(answering(DOWN)) as server, opened(client, server.url, max_retries=2) as ask:
            with ThreadPoolExecutor(5) as pool:
                ends = list(pool.map(lambda _: ask("authorize"), range(5)))
            for end in ends:
                first, second, third = (seen.at for seen in server.seen if seen.key == end.key)
                pauses.append((second - first, third - second))
        for number, found in enumerate(zip(*pauses, strict=True)):
            longest = retries.FIRST_PAUSE * 2**number
            assert all(longest / 2 <= pause < longest + late for pause in found)
            assert len({round(pause, 3) for pause in found}) > 1

    together(check, *((client,) for client in CLIENTS))


def test_retry_after_is_waited_for() -> None:
    """A processor that names a number of seconds is not asked again before they are over."""

    def check(client: str, status: int) -> None:
        with Server(answering(after(1, status), good())) as server:
            with opened(client, server.url, max_retries=1) as ask:
                end = ask("authorize")
            assert (end.error, end.attempts) == (None, 2)
            assert 1 <= server.seen[1].at - server.seen[0].at < 1.4

    together(check, *((client, status) for client in CLIENTS for status in (429, 503)))


@pytest.mark.usefixtures("quick")
def test_retry_after_may_be_a_date(client: str) -> None:
    """A processor that names a time to come back, as RFC 9110 has it, is not asked before that:
    one that lies beyond the timeout ends the call at once."""
    soon = formatdate(time.time() + 60, usegmt=True)
    with Server(answering(after(soon), good())) as server:
        with opened(client, server.url, max_retries=1) as ask:
            end = ask("authorize")
        assert isinstance(end.error, Unavailable)
        assert (end.attempts, len(server.seen)) == (1, 1)


DATES = ["Wed, 99 Xyz 2026 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 +99999999999999"]


@pytest.mark.parametrize(
    "said",
    [*("", "soon", "-1", "1.5", "1e9", "0x10", "²"), "9" * 400, *DATES],
)
@pytest.mark.usefixtures("quick")
def test_a_retry_after_that_says_nothing_breaks_nothing(said: str) -> None:
    """Whatever stands in `Retry-After`, the call ends in the answer's own error, in time."""
    raw = after(said.encode().decode("latin-1"))
    with Server(answering(raw)) as server, opened("sync", server.url) as ask:
        end = ask("authorize", max_retries=2)
        assert isinstance(end.error, Unavailable)
        assert end.attempts == len(server.seen)
        assert end.seconds < 0.5


def test_a_wait_that_does_not_fit_is_not_begun(client: str) -> None:
    """A pause that would end after the timeout ends the call at once instead."""
    with Server(answering(after(30))) as server:
        with opened(client, server.url, max_retries=5, timeout=5) as ask:
            end = ask("authorize")
        assert isinstance(end.error, Unavailable)
        assert (end.outcome, end.attempts, len(server.seen)) == ("unknown", 1, 1)
        assert end.seconds < 0.5


def test_the_timeout_bounds_all_attempts_together() -> None:
    """However many retries are allowed, the call ends within its one timeout, and every attempt
    that was made is in the error."""

    def check(client: str) -> None:
        with Server(answering(DOWN)) as server:
            with opened(client, server.url, max_retries=50, timeout=1) as ask:
                end = ask("authorize")
            assert isinstance(end.error, Unavailable)
            assert end.attempts == len(server.seen) >= 2
            assert end.seconds < 1.5
            assert [attempt.status_code for attempt in end.error.attempts] == [503] * end.attempts

    together(check, *((client,) for client in CLIENTS))


def test_the_last_attempt_gets_only_the_time_that_is_left() -> None:
    """An attempt after a pause has no timeout of its own: silence ends with the call's."""
    closing = answer(503, HTML, "connection: close", "retry-after: 0")

    def fault(wire: Wire) -> None:
        (silent if wire.index else answering(closing))(wire)

    def check(client: str) -> None:
        with Server(fault) as server:
            with opened(client, server.url, max_retries=3, timeout=0.4) as ask:
                end = ask("authorize")
            assert end.error is not None
            assert (end.outcome, end.attempts, len(server.seen)) == ("unknown", 2, 2)
            assert 0.3 < end.seconds < 0.9
            assert [attempt.status_code for attempt in end.error.attempts] == [503, None]
            assert end.error.attempts[1].failure is not None

    together(check, *((client,) for client in CLIENTS))


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 422])
def test_what_a_processor_refused_is_not_repeated(client: str, status: int) -> None:
    """A refusal that a repetition cannot change comes back after one attempt. A 409 may be of a
    key that was used before, and refuses nothing."""
    body = b'{"error": {"type": "card_error", "code": "x"}}'
    with Server(answering(answer(status, body))) as server:
        with opened(client, server.url, max_retries=3) as ask:
            end = ask("authorize")
        assert (end.attempts, len(server.seen)) == (1, 1)
        if status == 402:
            assert end.result is not None
            assert end.result.status is PaymentStatus.AUTHORIZATION_FAILED
        else:
            assert isinstance(end.error, ConnectorError)
            assert end.outcome == ("unknown" if status == 409 else "rejected")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("lost", [answering(DOWN, good()), answering(after(0, 429), good())])
def test_the_callers_own_key_goes_with_every_attempt(client: str, lost: Fault) -> None:
    """A key that the caller gives is the one on the wire each time, and the one given back."""
    with Server(lost) as server:
        with opened(client, server.url, max_retries=1) as ask:
            end = ask("authorize", idempotency_key="mine")
        assert [seen.key for seen in server.seen] == ["mine", "mine"]
        assert (end.key, end.attempts) == ("mine", 2)


@pytest.mark.usefixtures("quick")
def test_doubt_outlives_a_later_refusal(client: str) -> None:
    """An attempt that may have been acted on is not undone by a later plain refusal."""
    with Server(answering(DOWN, answer(401, HTML))) as server:
        with opened(client, server.url, max_retries=1) as ask:
            end = ask("authorize")
        assert isinstance(end.error, ConnectorError)
        assert (end.outcome, end.attempts) == ("unknown", 2)


def test_too_many_requests_are_no_doubt(client: str) -> None:
    """Where the processor itself turned every attempt away, nothing was done, and the error says
    so."""
    body = b'{"error": {"type": "invalid_request_error", "code": "rate_limit"}}'
    with Server(answering(answer(429, body, "retry-after: 0"))) as server:
        with opened(client, server.url, max_retries=1) as ask:
            end = ask("authorize", payment_method=Card(CARD.number, 12, 2090, CARD.cvc))
        assert isinstance(end.error, RateLimited)
        assert (end.outcome, end.attempts, len(server.seen)) == ("rejected", 2, 2)
