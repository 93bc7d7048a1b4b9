"""Access tokens: fetched once for many calls, kept, renewed."""

from __future__ import annotations

import threading
from typing import Any

import anyio
import httpx
import msgspec
import pytest
from support import Server

from prism_core import AsyncPrism, InvalidRequest, Prism, basic
from prism_core.runtime import token_cache
from prism_core.transport import own_httpx

from .granting import ASKED, Processor, opened
from .samples import PAYMENT

MANY = 100


def test_the_token_is_asked_for_with_id_and_secret(processor: Processor, server: Server) -> None:
    """The grant is a form with basic authentication, and calls carry the token it gives."""
    with opened(Prism, server) as prism:
        result = prism.customers.create(**ASKED)
    asked, made = server.seen
    assert asked.headers["authorization"] == basic("shop", "secret_77")["authorization"]
    assert asked.body == b"grant_type=client_credentials"
    assert "acme-key" not in asked.headers
    assert made.headers["authorization"] == "Bearer token_1"
    assert [one.path for one in result.attempts] == ["/token", "/customers"]


def test_a_hundred_threads_fetch_one_token(processor: Processor, server: Server) -> None:
    """Threads that start together wait for one of them to fetch; no call is lost."""
    processor.pause = 0.2
    done: list[str] = []
    with opened(Prism, server) as prism:

        def create() -> None:
            done.append(prism.customers.create(**ASKED).connector_customer_id)

        threads = [threading.Thread(target=create) for _ in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(done), processor.granted) == (MANY, 1)


async def test_a_hundred_tasks_fetch_one_token(
    processor: Processor, server: Server, anyio_backend: str
) -> None:
    """Tasks that start together do the same, on asyncio and on trio."""
    processor.pause = 0.2
    done: list[str] = []
    async with opened(AsyncPrism, server) as prism, anyio.create_task_group() as group:

        async def create() -> None:
            done.append((await prism.customers.create(**ASKED)).connector_customer_id)

        for _ in range(MANY):
            group.start_soon(create)
        while len(done) < MANY:
            await anyio.sleep(0.01)
    assert (len(done), processor.granted) == (MANY, 1)


def test_a_revoked_token_is_fetched_anew_once(processor: Processor, server: Server) -> None:
    """When a token is revoked under many calls, they share one new one, and each succeeds."""
    done: list[str] = []
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        processor.valid, processor.pause = set(), 0.2
        started = threading.Barrier(20)

        def create() -> None:
            started.wait()
            done.append(prism.customers.create(**ASKED).connector_customer_id)

        threads = [threading.Thread(target=create) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert (len(done), processor.granted) == (20, 2)


@pytest.mark.parametrize(("lifetime", "tokens"), [(3600, 1), (0.000001, 3), (None, 3)])
def test_a_token_is_kept_until_shortly_before_its_end(
    processor: Processor, server: Server, lifetime: Any, tokens: int
) -> None:
    """A token serves many calls; one that has expired, or does not say for how long, serves one."""
    processor.lifetime = lifetime if lifetime is not None else 0
    with opened(Prism, server) as prism:
        for _ in range(3):
            prism.customers.create(**ASKED)
    assert processor.granted == tokens


def test_a_token_ends_a_minute_or_a_tenth_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token for an hour is given out for 59 minutes, one for ten seconds for nine."""
    from prism_core import HttpRequest, HttpResponse, TokenRequest

    now = [1000.0]
    monkeypatch.setattr(token_cache.time, "monotonic", lambda: now[0])
    for life, served in ((3600.0, 3540.0), (10.0, 9.0)):
        answers = token_cache.TokenCache()
        plain = HttpRequest("POST", "https://acme.example/token", {})
        request = TokenRequest(plain, lambda _, life=life: life)  # type: ignore[misc]
        answer = HttpResponse(200)
        answers.keep(request, answer)
        now[0] += served - 0.5
        assert answers.find(request) is answer
        now[0] += 1
        assert answers.find(request) is None


PAYMENT_TO_KEEP = msgspec.structs.replace(PAYMENT, setup_future_usage="OFF_SESSION")


def test_bad_input_is_refused_before_a_token_is_fetched(
    processor: Processor, server: Server
) -> None:
    """Nothing is sent for a request that the connector refuses."""
    with opened(Prism, server) as prism, pytest.raises(InvalidRequest):
        prism.payments.authorize(PAYMENT_TO_KEEP)
    assert server.seen == []


def test_requests_for_tokens_are_marked(processor: Processor, server: Server) -> None:
    """A transport of the user's own can tell fetching a token from the operation itself."""
    import httpx

    marks: list[bool] = []

    class Marking(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            marks.append(request.extensions[own_httpx.SHARED])
            return super().handle_request(request)

    with Marking() as marking, opened(Prism, server, transport=marking) as prism:
        prism.customers.create(**ASKED)
    assert marks == [True, False]
