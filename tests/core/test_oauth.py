"""Access tokens: fetched once for many calls, kept, renewed, and never mistaken for a payment."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import anyio
import pytest
from support import ACME, Server

from prism_core import (
    AsyncPrism,
    AuthenticationError,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Prism,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
    basic,
    shared,
    transport,
)

MANY = 100
ASKED: dict[str, Any] = {"merchant_customer_id": "user_42"}


class Processor:
    """Grants tokens and makes customers for those that present a valid one."""

    def __init__(self, server: Server) -> None:
        self.granted = 0
        self.lifetime: Any = 3600
        self.pause = 0.0
        self.token_answer: tuple[int, Any] | None = None
        self.valid: set[str] = set()
        self._lock = threading.Lock()
        self.server = server.act(self._answer)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        status, body = self._token() if handler.path == "/token" else self._customer(handler)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("content-length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    def _token(self) -> tuple[int, Any]:
        time.sleep(self.pause)
        with self._lock:
            self.granted += 1
            if self.token_answer is not None:
                return self.token_answer
            token = f"token_{self.granted}"
            self.valid = {token}
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}

    def _customer(self, handler: BaseHTTPRequestHandler) -> tuple[int, Any]:
        token = (handler.headers["authorization"] or "").removeprefix("Bearer ")
        if token not in self.valid:
            return 401, {"code": "expired", "message": f"{token} is no more", "kind": "OTHER"}
        return 201, {"id": "cus_1"}


@pytest.fixture
def processor(server: Server, plugin: Callable[..., Any]) -> Processor:
    """The test connector with access tokens, and its processor."""
    source = ACME.read_text()
    for old, new in (
        ("    Account,\n", "    OAuthAccount,\n"),
        ("class AcmeAccount(Account,", "class AcmeAccount(OAuthAccount,"),
        ("    api_key: Secret\n", '    token_path = "/token"\n'),
        ("        return bearer(self.api_key)\n", "        return {}\n"),
        (
            'response = yield account.post(\n            "/customers"',
            'response = yield from account.authorized(account.post(\n            "/customers"',
        ),
        (
            "idempotency_key=request.idempotency_key,\n        )\n        body",
            "idempotency_key=request.idempotency_key,\n        ))\n        body",
        ),
    ):
        assert old in source
        source = source.replace(old, new, 1)
    plugin("acme", source)
    return Processor(server)


def opened(kind: Any, server: Server, **options: Any) -> Any:
    credentials = {"client_id": "shop", "client_secret": "secret_77", "base_url": server.url}
    return kind("acme", **{"max_retries": 0, **credentials, **options})


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


def test_a_403_fetches_no_token(processor: Processor, server: Server) -> None:
    """What the processor forbids stays forbidden; only a 401 is about the token."""
    with opened(Prism, server) as prism:
        prism.customers.create(**ASKED)
        server.answers.clear()
        server.answer(403, {"code": "no", "kind": "OTHER"})
        with pytest.raises(AuthenticationError):
            prism.customers.create(**ASKED)
    assert processor.granted == 1


@pytest.mark.parametrize(("lifetime", "tokens"), [(3600, 1), (0.001, 3), (None, 3)])
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
    from prism_core import HttpRequest, HttpResponse, SharedRequest

    now = [1000.0]
    monkeypatch.setattr(shared.time, "monotonic", lambda: now[0])
    for life, served in ((3600.0, 3540.0), (10.0, 9.0)):
        answers = shared.SharedAnswers()
        plain = HttpRequest("POST", "https://acme.example/token", {})
        request = SharedRequest(plain, lambda _, life=life: life)  # type: ignore[misc]
        answer = HttpResponse(200)
        answers.keep(request, answer)
        now[0] += served - 0.5
        assert answers.find(request) is answer
        now[0] += 1
        assert answers.find(request) is None


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        ((401, {"error": "invalid_client"}), AuthenticationError, "rejected"),
        ((429, {}), RateLimited, "rejected"),
        ((500, {}), Unavailable, "rejected"),
        ((200, {"access_token": 7}), MalformedResponse, "not_sent"),
        ((200, b"<html>"), MalformedResponse, "not_sent"),
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
    """However fetching a token fails, the outcome of the call itself is certain."""
    processor.token_answer = answer
    with opened(Prism, server) as prism, pytest.raises(kind) as caught:
        prism.customers.create(**ASKED)
    assert caught.value.outcome == outcome
    assert [seen.path for seen in server.seen] == ["/token"]


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


def test_bad_input_is_refused_before_a_token_is_fetched(
    processor: Processor, server: Server
) -> None:
    """Nothing is sent for a request that the connector refuses."""
    with opened(Prism, server) as prism, pytest.raises(InvalidRequest):
        prism.customers.create(**ASKED, description="no place for it")
    assert server.seen == []


def test_requests_for_tokens_are_marked(processor: Processor, server: Server) -> None:
    """A transport of the user's own can tell fetching a token from the operation itself."""
    import httpx

    marks: list[bool] = []

    class Marking(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            marks.append(request.extensions[transport.SHARED])
            return super().handle_request(request)

    with Marking() as marking, opened(Prism, server, transport=marking) as prism:
        prism.customers.create(**ASKED)
    assert marks == [True, False]


@pytest.mark.parametrize("second", [b"<html>", {"access_token": "a\nb", "expires_in": 3600}])
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
