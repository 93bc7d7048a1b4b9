"""Access tokens that cannot be had: the call fails with certainty, never as a payment in doubt."""

from __future__ import annotations

import threading
import time
from typing import Any

import anyio
import pytest
from support import Install, Server, acme_source

from prism_core import (
    AsyncPrism,
    AuthenticationError,
    ConnectorError,
    MalformedResponse,
    Prism,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
)

from .granting import ASKED, CHANGES, Processor, opened


def test_a_second_401_is_the_callers(processor: Processor, server: Server) -> None:
    """A new token that is refused as well is an authentication error, and no token is in it."""
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        processor.token_answer = (200, {"access_token": "token_wrong", "expires_in": 3600})
        processor.valid = set()
        with pytest.raises(AuthenticationError) as caught:
            prism.customers.create(**ASKED)
    assert caught.value.outcome == "rejected"
    assert len(caught.value.attempts) == 3
    assert "token_wrong" not in str(caught.value.to_dict())


@pytest.mark.parametrize("body", [b"<html>", b"", {"error": "gone"}])
@pytest.mark.parametrize(("keyed", "sent"), [(True, 2), (False, 1)])
def test_a_401_of_somebody_in_between_repeats_only_what_has_a_key(
    server: Server, plugin: Install, keyed: bool, sent: int, body: Any
) -> None:
    """A gateway may answer 401 with a page of its own after it has passed the request on. The new
    token then repeats the request only where the processor knows it again by its key."""
    unkeyed = ('    idempotency_header = "Acme-Key"\n', "")
    plugin("acme", acme_source(*CHANGES, *(() if keyed else (unkeyed,))))
    with opened(Prism, server) as prism:
        Processor(server)
        prism.customers.create(**ASKED)
        server.seen.clear()
        server.answers.clear()
        server.answer(401, body).answer(200, {"access_token": "t"}).answer(401, body)
        with pytest.raises(AuthenticationError) as caught:
            prism.customers.create(**ASKED)
    assert caught.value.outcome == "unknown"
    assert [seen.path for seen in server.seen].count("/customers") == sent


def test_a_403_fetches_no_token(processor: Processor, server: Server) -> None:
    """What the processor forbids stays forbidden; only a 401 is about the token."""
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        server.answers.clear()
        server.answer(403, {"code": "no", "kind": "OTHER"})
        with pytest.raises(AuthenticationError):
            prism.customers.create(**ASKED)
    assert processor.granted == 1


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        ((401, {"error": "invalid_client"}), AuthenticationError, "rejected"),
        ((429, {}), RateLimited, "rejected"),
        ((500, {}), Unavailable, "rejected"),
        ((200, {"access_token": 7}), MalformedResponse, "not_sent"),
        ((200, b"<html>"), MalformedResponse, "not_sent"),
        ((200, {"access_token": "t\u00f6ken", "expires_in": 3600}), MalformedResponse, "not_sent"),
        ((200, {"access_token": "a\nb", "expires_in": 3600}), MalformedResponse, "not_sent"),
        ((302, {}), MalformedResponse, "not_sent"),
    ],
)
def test_without_a_token_nothing_was_sent(
    processor: Processor,
    server: Server,
    answer: tuple[int, Any],
    kind: type[PrismError],
    outcome: str,
) -> None:
    """However fetching a token fails, the outcome of the call itself is certain, and the next
    call fetches one again."""
    processor.token_answer = answer
    with opened(Prism, server) as prism:
        with pytest.raises(kind) as caught:
            prism.customers.create(**ASKED)
        assert caught.value.outcome == outcome
        assert [seen.path for seen in server.seen] == ["/token"]
        processor.token_answer = None
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"


def test_a_token_endpoint_that_hangs_loses_nothing(processor: Processor, server: Server) -> None:
    """A call whose time is up while its token is fetched, or while it waits for another call's
    fetching, was certainly not sent; and the next call fetches again."""
    processor.pause = 0.6
    failures: list[PrismError] = []
    with opened(Prism, server) as prism:

        def create(timeout: float) -> None:
            try:
                prism.customers.create(**ASKED, timeout=timeout)
            except PrismError as error:
                failures.append(error)

        first = threading.Thread(target=create, args=(0.4,))
        first.start()
        time.sleep(0.1)
        create(0.1)
        first.join()
        assert [type(one) for one in failures] == [TransportError, TransportError]
        assert {one.outcome for one in failures} == {"not_sent"}
        processor.pause = 0
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"


async def test_a_task_does_not_wait_longer_than_its_time(
    processor: Processor, server: Server, anyio_backend: str
) -> None:
    """As with threads: a task waiting for another's fetching gives up when its time is up."""
    processor.pause = 0.5
    async with opened(AsyncPrism, server) as prism, anyio.create_task_group() as group:
        group.start_soon(lambda: prism.customers.create(**ASKED))
        await anyio.sleep(0.1)
        with pytest.raises(TransportError) as caught:
            await prism.customers.create(**ASKED, timeout=0.1)
    assert caught.value.outcome == "not_sent"


def test_fetching_a_token_is_retried(processor: Processor, server: Server) -> None:
    """A token's fetching changes nothing, so that a passing failure is tried again without a
    key."""
    processor.token_answer = (503, {})
    with opened(Prism, server, max_retries=1) as prism, pytest.raises(ConnectorError) as caught:
        prism.customers.create(**ASKED)
    assert len(caught.value.attempts) == 2


@pytest.mark.parametrize(
    "second",
    [
        b"<html>",
        {"access_token": "a\nb", "expires_in": 3600},
        {"access_token": "t\u00f6ken", "expires_in": 3600},
    ],
)
def test_a_renewal_that_fails_is_no_unknown_payment(
    processor: Processor, server: Server, second: Any
) -> None:
    """After a plain 401, a new token that makes no sense leaves the outcome certain, and the next
    call fetches again."""
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        processor.valid, processor.token_answer = set(), (200, second)
        with pytest.raises(PrismError) as caught:
            prism.customers.create(**ASKED)
        assert caught.value.outcome == "not_sent"
        processor.token_answer = None
        assert prism.customers.create(**ASKED).connector_customer_id == "cus_1"
