"""Spans: one for each call and one below it for each HTTP request, by the conventions."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import subprocess
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

import anyio
import httpx
import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode

from prism_core import AsyncPrism, Money, Prism, PrismError, Token
from prism_core.connector.extensions import RequestInfo
from prism_core.runtime import retries
from prism_opentelemetry import attributes

from .conftest import Telemetry


def asked(token: str, order: str = "order_1") -> dict[str, Any]:
    amount, method = Money(1000, "USD"), Token(token)
    return {"merchant_transaction_id": order, "amount": amount, "payment_method": method}


def opened(kind: Any, url: str, telemetry: Telemetry, **options: Any) -> Any:
    given = {"api_key": "sandbox_key", "base_url": url, "extensions": [telemetry.extension]}
    return kind("sandbox", **{**given, **options})


def test_a_checkout_is_a_trace(url: str, telemetry: Telemetry) -> None:
    """Below the application's own span: a span for each call, and in it one for each request, with
    the attributes that the convention requires and the ids to search for."""
    with opened(Prism, url, telemetry) as prism, telemetry.tracer.start_as_current_span("checkout"):
        customer = prism.customers.create(merchant_customer_id="user_1")
        known = customer.connector_customer_id
        payment = prism.payments.authorize(**asked("tok_approve"), connector_customer_id=known)
    shop, create, creating, authorize, authorizing = telemetry.spans
    assert [one.name for one in telemetry.spans] == [
        *("checkout", "customers.create", "POST /v1/customers"),
        *("payments.authorize", "POST /v1/payments"),
    ]
    pairs = [(shop, create), (create, creating), (shop, authorize), (authorize, authorizing)]
    for outer, inner in pairs:
        assert inner.parent is not None
        assert inner.parent.span_id == outer.context.span_id
    assert (create.kind, creating.kind) == (SpanKind.INTERNAL, SpanKind.CLIENT)
    assert authorize.attributes == {
        "prism.connector": "sandbox",
        "prism.operation": "payments.authorize",
        "prism.merchant_transaction_id": "order_1",
        "prism.connector_customer_id": known,
        "prism.connector_transaction_id": payment.connector_transaction_id,
        "prism.idempotency_key": payment.idempotency_key,
        "prism.request_id": payment.request_id,
        "prism.attempts": 1,
        "prism.outcome": "ok",
        "prism.status": "CHARGED",
    }
    assert authorizing.attributes == {
        "http.request.method": "POST",
        "http.response.status_code": 201,
        "server.address": "127.0.0.1",
        "server.port": urlsplit(url).port,
        "url.full": f"{url}/v1/payments",
        "url.template": "/v1/payments",
        "prism.outcome": "ok",
    }
    assert {one.status.status_code for one in telemetry.spans} == {StatusCode.UNSET}
    assert authorize.instrumentation_scope is not None
    assert authorize.instrumentation_scope.name == "prism_opentelemetry"


def test_no_id_is_in_a_url(url: str, telemetry: Telemetry) -> None:
    """The name of a span has few values, and its URL no id: an id may be secret."""
    with opened(Prism, url, telemetry) as prism:
        payment = prism.payments.authorize(**asked("tok_approve", "order_2"))
        prism.payments.get(connector_transaction_id=payment.connector_transaction_id)
    span = telemetry.spans[-1]
    assert span.attributes is not None
    assert span.name == "GET /v1/payments/{}"
    assert span.attributes["url.full"] == f"{url}/v1/payments/REDACTED"


def test_a_decline_is_no_error(url: str, telemetry: Telemetry) -> None:
    """Neither of the call nor of the request, which has the status 402: the convention leaves it to
    whoever knows what the status means. Why it was declined is there."""
    with opened(Prism, url, telemetry) as prism:
        prism.payments.authorize(**asked("tok_insufficient_funds", "order_3"))
    call, request = telemetry.spans
    assert call.attributes is not None
    assert request.attributes is not None
    assert (call.status.status_code, request.status.status_code) == (StatusCode.UNSET,) * 2
    assert call.attributes["prism.outcome"] == request.attributes["prism.outcome"] == "declined"
    assert call.attributes["prism.status"] == "AUTHORIZATION_FAILED"
    assert call.attributes["prism.unified_code"] == "INSUFFICIENT_FUNDS"
    assert request.attributes["http.response.status_code"] == 402
    assert not {"error.type"} & {*call.attributes, *request.attributes}


def test_a_repetition_is_a_span_of_its_own(
    url: str, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is an error, the second counts as resent, and the call is none: it is paid."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    with opened(Prism, url, telemetry) as prism:
        prism.payments.authorize(**asked("tok_error", "order_4"))
    call, first, second = telemetry.spans
    assert first.attributes is not None
    assert second.attributes is not None
    assert (first.status.status_code, first.attributes["error.type"]) == (StatusCode.ERROR, "500")
    assert first.status.description is None
    assert "http.request.resend_count" not in first.attributes
    assert second.attributes["http.request.resend_count"] == 1
    assert second.status.status_code is call.status.status_code is StatusCode.UNSET


def test_an_unknown_outcome_is_an_error(url: str, telemetry: Telemetry) -> None:
    """With the key to look it up or repeat it."""
    impatient = opened(Prism, url, telemetry, timeout=0.3, max_retries=0)
    with impatient as prism, pytest.raises(PrismError) as caught:
        prism.payments.authorize(**asked("tok_hang", "order_5"))
    for span in telemetry.spans:
        assert span.attributes is not None
        assert span.status.status_code is StatusCode.ERROR
        assert span.attributes["error.type"] == "TransportError"
        assert span.attributes["prism.outcome"] == "unknown"
    call = telemetry.spans[0].attributes
    assert call is not None
    assert call["prism.idempotency_key"] == caught.value.idempotency_key


@pytest.mark.anyio
async def test_the_span_of_a_request_is_current_while_it_is_sent(
    url: str, telemetry: Telemetry
) -> None:
    """What an instrumented HTTP client of the caller's own makes is below it: in a thread, in
    asyncio and in trio. Afterwards the application's own span is current again."""
    seen: list[Any] = []

    def note(request: httpx.Request) -> None:
        seen.append(trace.get_current_span().get_span_context().span_id)

    async def note_async(request: httpx.Request) -> None:
        note(request)

    with telemetry.tracer.start_as_current_span("shop") as shop:
        with (
            httpx.Client(event_hooks={"request": [note]}) as own,
            opened(Prism, url, telemetry, http_client=own) as prism,
        ):
            prism.customers.create(merchant_customer_id="user_2")
        async with (
            httpx.AsyncClient(event_hooks={"request": [note_async]}) as twin,
            opened(AsyncPrism, url, telemetry, http_client=twin) as client,
        ):
            await client.customers.create(merchant_customer_id="user_3")
        assert trace.get_current_span() is shop
    sent = [one.context.span_id for one in telemetry.spans if one.kind is SpanKind.CLIENT]
    assert seen == sent
    assert len(seen) == 2


@pytest.mark.anyio
async def test_a_cancelled_call_leaves_no_span_open(url: str, telemetry: Telemetry) -> None:
    """Both spans end as errors, and the application's own span is current again."""
    with telemetry.tracer.start_as_current_span("shop") as shop:
        async with opened(AsyncPrism, url, telemetry) as prism:
            with anyio.move_on_after(0.2):
                await prism.payments.authorize(**asked("tok_hang", "order_6"))
        assert trace.get_current_span() is shop
    _, call, request = telemetry.spans
    for span in (call, request):
        assert span.attributes is not None
        assert span.attributes["error.type"] == "Interrupted"
        assert span.status.status_code is StatusCode.ERROR


def test_a_call_that_is_given_up_ends_quietly(
    url: str, telemetry: Telemetry, caplog: pytest.LogCaptureFixture
) -> None:
    """A coroutine that nobody awaits to its end is closed in another context: its spans end, and
    OpenTelemetry has nothing to complain about."""

    async def main() -> None:
        async with opened(AsyncPrism, url, telemetry) as prism:
            call = prism.payments.authorize(**asked("tok_hang", "order_7"))
            contextvars.copy_context().run(call.send, None)
            call.close()

    asyncio.run(main())
    assert [span.name for span in telemetry.spans] == ["payments.authorize", "POST /v1/payments"]
    assert [one.name for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert trace.get_current_span() is trace.INVALID_SPAN


def test_calls_of_threads_are_traces_of_their_own(url: str, telemetry: Telemetry) -> None:
    def pay(number: int) -> None:
        with telemetry.tracer.start_as_current_span(f"shop {number}"):
            prism.payments.authorize(**asked("tok_approve", f"order_8_{number}"))

    with opened(Prism, url, telemetry) as prism:
        threads = [threading.Thread(target=pay, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    traces: dict[int, list[str]] = {}
    for span in telemetry.spans:
        traces.setdefault(span.context.trace_id, []).append(span.name.split()[0])
    assert list(traces.values()) == [["shop", "payments.authorize", "POST"]] * 4


def test_what_the_sandbox_never_does_is_by_the_convention_too() -> None:
    """Unusual methods, IPv6, usual ports, an unknown path, and requests for access tokens."""
    usual: dict[str, Any] = {"number": 1, "resend_count": 0, "scheme": "https", "port": 443}
    odd = RequestInfo(
        **usual, is_token_request=True, method="PURGE", host="::1", path_template=None
    )
    assert attributes.name_of(odd) == "HTTP"
    assert attributes.of_request(odd) == {
        "http.request.method": "_OTHER",
        "http.request.method_original": "PURGE",
        "server.address": "::1",
        "server.port": 443,
        "url.full": "https://[::1]/REDACTED",
        "prism.token_request": True,
    }


PROGRAM = """
import sys
from prism_core import Money, Prism, Token
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import ConsoleSpanExporter, SimpleSpanProcessor

prism = Prism("sandbox", api_key="sandbox_key", base_url=sys.argv[1])
provider = TracerProvider()
exporter = ConsoleSpanExporter(formatter=lambda span: span.name)
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
prism.payments.authorize(
    merchant_transaction_id="order_9",
    amount=Money(1000, "USD"),
    payment_method=Token("tok_approve"),
)
"""


@pytest.mark.once
def test_installing_it_is_enough(url: str) -> None:
    """An application that sets up OpenTelemetry, even after it opened its client, has the spans."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, url], capture_output=True, text=True, check=True
    )
    assert done.stdout == "POST /v1/paymentspayments.authorize"
    assert done.stderr == ""
