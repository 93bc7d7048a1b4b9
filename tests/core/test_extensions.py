"""Extensions: what they are told of a call."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import anyio
import httpx
import pytest
from support import Install, Server, acme_source

from prism_core import (
    AsyncPrism,
    EventRejected,
    InvalidRequest,
    Prism,
    PrismError,
    TransportError,
    hookimpl,
)
from prism_core.runtime import observers, retries

from .granting import Processor, opened
from .observing import Noting, Raising
from .samples import ASKED, AUTHORIZING, CUSTOMER, GOOD, hang_up, options
from .test_events import BODY, genuine

pytestmark = pytest.mark.usefixtures("quick")
REFUSED = {"code": "no_funds", "kind": "DECLINED"}
STILL_OPEN = {"id": "pay_1", "state": "open", "error": "no_funds"}
"""An order whose first try was declined, and which can be paid once more."""
PAIRS = ["request_ready", "answer_received"]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(observers, "_reported", set())


@pytest.fixture
def noting() -> Noting:
    return Noting()


@pytest.fixture
def prism(acme: str, server: Server, noting: Noting) -> Iterator[Prism]:
    with Prism(acme, **options(server), extensions=[noting]) as client:
        yield client


def test_a_call_is_told_from_start_to_end(prism: Prism, server: Server, noting: Noting) -> None:
    """Ids, where each request goes, what came of it, how often and how long it was sent again."""
    server.answer(503).answer(200, GOOD)
    payment = prism.payments.authorize(**ASKED)
    assert noting.hooks == ["call_started", *PAIRS, "retry", *PAIRS, "call_ended"]
    (call,) = {told[1] for told in noting.told}
    assert (call.connector, call.operation) == ("acme", "payments.authorize")
    assert call.ids == {"merchant_transaction_id": "order_1", "connector_customer_id": "cus_1"}
    assert call.idempotency_key == payment.idempotency_key == noting.end.idempotency_key
    first, second = noting.of("request_ready")
    assert (first.number, first.resend_count, second.number, second.resend_count) == (1, 0, 2, 1)
    assert (first.method, first.path_template, first.scheme) == ("POST", "/payments", "http")
    assert f"http://{first.host}:{first.port}" == server.url
    failed, good = noting.of("answer_received")
    assert (failed.outcome, failed.status_code, failed.error) == ("unknown", 503, "Unavailable")
    assert (good.outcome, good.status_code, good.error) == ("ok", 200, None)
    assert [failed.seconds, good.seconds] == [one.seconds for one in payment.attempts]
    assert noting.of("retry")[0] < 0.01
    end = noting.end
    assert (end.outcome, end.status, end.status_code, end.attempts) == ("ok", "AUTHORIZED", 200, 2)
    assert end.ids["connector_transaction_id"] == "pay_1"
    assert end.seconds >= good.seconds > 0


@pytest.mark.anyio
async def test_async_calls_are_told_the_same(acme: str, server: Server, noting: Noting) -> None:
    """From asyncio and from trio."""
    server.answer(503).answer(200, GOOD)
    async with AsyncPrism(acme, **options(server), extensions=[noting]) as prism:
        await prism.payments.authorize(**ASKED)
    assert noting.hooks == ["call_started", *PAIRS, "retry", *PAIRS, "call_ended"]
    assert noting.end.status == "AUTHORIZED"


def test_no_id_is_in_a_path(prism: Prism, server: Server, noting: Noting) -> None:
    """Paths come without ids, so that they can name a series of measurements."""
    server.answer(200, {"id": "cus_1"})
    prism.customers.get(connector_customer_id="cus_1")
    (request,) = noting.of("request_ready")
    assert request.path_template == "/customers/{}"
    assert server.seen[0].path == "/customers/cus_1"


@pytest.mark.parametrize(
    ("base_url", "where"),
    [
        ("https://acme.example/v2", ("https", "acme.example", 443, "/v2/customers/{}")),
        ("http://localhost/", ("http", "localhost", 80, "/customers/{}")),
        ("http://[::1]:8642/a/b", ("http", "::1", 8642, "/a/b/customers/{}")),
    ],
)
def test_a_request_is_told_with_its_server(
    acme: str, noting: Noting, base_url: str, where: tuple[Any, ...]
) -> None:
    """The usual ports, too, and the path with that of the base URL."""
    answering = httpx.MockTransport(lambda _: httpx.Response(200, json={"id": "cus_1"}))
    given: dict[str, Any] = {"api_key": "key", "transport": answering, "extensions": [noting]}
    with Prism(acme, base_url=base_url, **given) as prism:
        prism.customers.get(connector_customer_id="cus_1")
    (request,) = noting.of("request_ready")
    assert (request.scheme, request.host, request.port, request.path_template) == where


@pytest.mark.parametrize(
    ("status", "body", "outcome", "ended"),
    [
        (200, {**GOOD, "state": "unheard of"}, "ok", ("unknown", "UNRESOLVED", None)),
        (402, REFUSED, "declined", ("declined", "AUTHORIZATION_FAILED", None)),
        (
            200,
            {"id": "pay_1", "state": "refused"},
            "ok",
            ("declined", "AUTHORIZATION_FAILED", None),
        ),
        (200, STILL_OPEN, "ok", ("declined", "PAYMENT_METHOD_AWAITED", None)),
        (400, {"code": "bad"}, "rejected", ("rejected", None, "ConnectorError")),
        (500, None, "unknown", ("unknown", None, "Unavailable")),
        (200, b"<html>", "ok", ("unknown", None, "MalformedResponse")),
    ],
)
def test_outcomes_are_those_of_results_and_errors(
    prism: Prism,
    server: Server,
    noting: Noting,
    status: int,
    body: Any,
    outcome: str,
    ended: tuple[Any, ...],
) -> None:
    """An answer has an outcome of its own, and the call has the one that its caller sees; a status
    that nobody knows is no success."""
    server.answer(status, body)
    with suppress(PrismError):
        prism.payments.authorize(**ASKED, max_retries=0)
    assert [one.outcome for one in noting.of("answer_received")] == [outcome]
    end = noting.end
    assert (end.outcome, end.status, end.error) == ended
    assert (end.status_code, end.attempts) == (status, 1)


def test_a_token_request_is_a_request_of_the_call(processor: Processor, noting: Noting) -> None:
    """Whoever adds up the requests of a call sees the one for its token, and sees that it is one;
    a call that finds the token in the cache has none."""
    with opened(Prism, processor.server, extensions=[noting]) as prism:
        prism.customers.create(CUSTOMER)
        prism.customers.create(CUSTOMER)
    requests = noting.of("request_ready")
    assert [one.number for one in requests] == [1, 2, 1]
    assert [one.is_token_request for one in requests] == [True, False, False]
    assert [one.path_template for one in requests] == ["/token", "/customers", "/customers"]


def test_an_event_is_a_call_without_requests(acme: str, noting: Noting) -> None:
    """A webhook that is genuine is told with its ids, one that is forged with its error; nothing
    is told of its body."""
    with Prism(acme, api_key="key", webhook_secret="whsec_1", extensions=[noting]) as prism:
        prism.events.handle(body=BODY, headers=genuine(prism))
        with pytest.raises(EventRejected):
            prism.events.handle(body=BODY, headers={"acme-signature": "1.00"})
    assert noting.hooks == ["call_started", "call_ended"] * 2
    good, forged = noting.of("call_ended")
    ids = {"connector_event_id": "evt_1", "connector_transaction_id": "pay_1"}
    assert (good.outcome, good.status, good.ids) == ("ok", "CHARGED", ids)
    assert (forged.outcome, forged.error, forged.ids) == ("rejected", "EventRejected", {})


def test_an_event_about_nothing_has_no_status(acme: str, noting: Noting) -> None:
    body = b'{"id": "evt_2", "type": "unheard of"}'
    with Prism(acme, api_key="key", webhook_secret="whsec_1", extensions=[noting]) as prism:
        prism.events.handle(body=body, headers=genuine(prism, body))
    assert (noting.end.status, noting.end.ids) == (None, {"connector_event_id": "evt_2"})


def test_a_refused_request_is_no_call(acme: str, server: Server, noting: Noting) -> None:
    """What is refused before the call begins is the caller's own mistake: nothing is told."""
    given: dict[str, Any] = {**options(server), "extensions": [noting], "card_numbers": False}
    with Prism(acme, **given) as prism, pytest.raises(InvalidRequest):
        prism.payments.authorize(**ASKED)
    assert noting.told == []


def test_a_request_without_an_answer_is_told(prism: Prism, server: Server, noting: Noting) -> None:
    """Each `request_ready` has its `answer_received`, also if no answer came."""
    server.act(hang_up)
    with pytest.raises(TransportError):
        prism.payments.authorize(**ASKED, max_retries=0)
    (answer,) = noting.of("answer_received")
    assert (answer.outcome, answer.status_code, answer.error) == ("unknown", None, "TransportError")


@pytest.mark.anyio
async def test_a_cancelled_call_ends(acme: str, server: Server, noting: Noting) -> None:
    """The request under way and the call are told to be interrupted, so that nothing that an
    extension has begun stays open."""
    server.answer(200, GOOD, delay=0.5)
    async with AsyncPrism(acme, **options(server), extensions=[noting]) as prism:
        with anyio.move_on_after(0.1):
            await prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert noting.hooks == ["call_started", *PAIRS, "call_ended"]
    (answer,) = noting.of("answer_received")
    assert (answer.outcome, answer.error) == ("unknown", "Interrupted")
    assert min(answer.seconds, noting.end.seconds) > 0.05
    end = noting.end
    assert (end.outcome, end.error, end.idempotency_key) == ("unknown", "Interrupted", "mine")


def test_threads_are_told_apart(acme: str, server: Server, noting: Noting) -> None:
    """Calls of many threads over one client: each call has its own start, request and end."""
    server.answer(200, GOOD)
    with Prism(acme, **options(server), extensions=[noting, Raising(KeyError())]) as prism:
        pay = partial(prism.payments.authorize, **ASKED)
        threads = [threading.Thread(target=pay) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    calls = {told[1] for told in noting.told}
    assert len(calls) == 8
    for call in calls:
        hooks = [told[0] for told in noting.told if told[1] is call]
        assert hooks == ["call_started", *PAIRS, "call_ended"]


def test_what_begins_last_ends_first(acme: str, server: Server) -> None:
    """Extensions nest, as context managers do."""
    order: list[str] = []

    class Nested:
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl
        def call_started(self) -> None:
            order.append(f"{self.name} starts")

        @hookimpl
        def call_ended(self) -> None:
            order.append(f"{self.name} ends")

    server.answer(200, GOOD)
    with Prism(acme, **options(server), extensions=[Nested("a"), Nested("b")]) as prism:
        prism.payments.authorize(**ASKED)
    first, second, third, fourth = (one.split()[0] for one in order)
    assert (first, second) == (fourth, third)


def test_state_is_kept_for_one_call(acme: str, server: Server) -> None:
    """Where an extension puts what it needs at the end."""
    found: list[Any] = []

    class Remembering:
        @hookimpl
        def call_started(self, call: Any) -> None:
            found.append(dict(call.state))
            call.state[self] = "started"

        @hookimpl
        def call_ended(self, call: Any) -> None:
            found.append(call.state.pop(self))

    server.answer(200, GOOD)
    with Prism(acme, **options(server), extensions=[Remembering()]) as prism:
        prism.payments.authorize(**ASKED)
        prism.payments.authorize(**ASKED)
    assert found == [{}, "started", {}, "started"]


def test_a_request_that_no_url_leads_to_is_told_too(
    plugin: Install, server: Server, noting: Noting
) -> None:
    """A connector's own request, with a URL that cannot be read: it is not sent, and says so."""
    wrong = (
        "        from prism_core import HttpRequest\n"
        "        response = yield HttpRequest('POST', 'http://[', {})\n"
    )
    plugin("acme", acme_source((AUTHORIZING, wrong)))
    given: dict[str, Any] = {**options(server), "extensions": [noting], "max_retries": 0}
    with Prism("acme", **given) as prism, pytest.raises(TransportError):
        prism.payments.authorize(**ASKED)
    (request,) = noting.of("request_ready")
    assert (request.scheme, request.host, request.port, request.path_template) == ("", "", 0, None)
    assert noting.of("answer_received")[0].outcome == noting.end.outcome == "not_sent"


def test_the_path_of_a_callers_own_request_is_not_told(
    prism: Prism, server: Server, noting: Noting
) -> None:
    """It can have ids in it, and a span is named by what is told."""
    server.answer(200, {})
    prism.request("GET", "/v1/customers/cus_private")
    (ready,) = noting.of("request_ready")
    assert ready.path_template is None
    assert "cus_private" not in repr(ready)
