"""Events: what the sandbox delivers is believed, nothing else is, and no delivery stops a
request."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prism_core import (
    Card,
    ConfigurationError,
    Event,
    EventKind,
    EventRejected,
    HandleEventRequest,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    RefundStatus,
)
from prism_sandbox import SandboxAccount, connector
from prism_sandbox.server import Receiver, receiver, running

SECRET, NOW = "whsec_example", 1_790_000_000
TEN = Money(1000, "USD")
visible = st.text(st.characters(min_codepoint=32, max_codepoint=126))
Heard = list[tuple[bytes, dict[str, str]]]


@contextmanager
def listening(answer: Callable[[int], int]) -> Iterator[tuple[str, Heard]]:
    """A receiver that answers the n-th delivery with a status, and what it heard."""
    heard: Heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append((body, dict(self.headers)))
            self.send_response(answer(len(heard)))
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/events", heard
    finally:
        server.shutdown()
        server.server_close()


def until(heard: Heard, names: int) -> None:
    """Wait until so many events with different ids have come, and the second copies as well."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        ids = [json.loads(body)["id"] for body, _ in list(heard)]
        if len(set(ids)) >= names and len(ids) > len(set(ids)):
            return
        time.sleep(0.01)
    raise AssertionError(f"{len(heard)} deliveries")


@contextmanager
def client(url: str, secret: str | None = SECRET) -> Iterator[Prism]:
    with Prism(
        "sandbox", api_key="sandbox_tests", base_url=url, webhook_secret=secret, timeout=5
    ) as opened:
        yield opened


def busy(prism: Prism) -> None:
    """A payment refunded, and a mandate set up and revoked: six events or more."""
    paid = prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=TEN,
        payment_method=Card("4242424242424242", 12, 2090, "123"),
    )
    known = str(paid.connector_transaction_id)
    prism.payments.refund(connector_transaction_id=known, merchant_refund_id="back_1")
    mandate = prism.recurring.setup(
        merchant_mandate_id="sub_1", payment_method=Card("4242424242424242", 12, 2090, "123")
    )
    prism.recurring.revoke(connector_mandate_id=str(mandate.connector_mandate_id))


def test_what_is_delivered_is_believed() -> None:
    """Genuine events arrive though the receiver fails at first; they tell of the payment, refund
    and mandate as the operations do, and what comes twice has the same connector_event_id."""
    with (
        listening(lambda count: 500 if count <= 2 else 204) as (where, heard),
        running(webhook=Receiver(where, SECRET, first_pause=0.02)) as url,
        client(url) as prism,
    ):
        busy(prism)
        until(heard, 6)
        events = [prism.events.handle(body=body, headers=headers) for body, headers in heard]
        with pytest.raises(EventRejected):
            prism.events.handle(body=heard[0][0] + b" ", headers=heard[0][1])
    unique: dict[str | None, Event] = {event.connector_event_id: event for event in events}
    assert len(events) > len(unique) >= 6
    told = list(unique.values())
    payments = [event.payment for event in told if event.payment]
    assert {one.status for one in payments if one.merchant_transaction_id == "order_1"} == {
        PaymentStatus.CHARGED
    }
    (refund,) = (event.refund for event in told if event.refund)
    assert (refund.status, refund.merchant_refund_id) == (RefundStatus.REFUND_SUCCESS, "back_1")
    mandates = {event.mandate.status for event in told if event.mandate}
    assert mandates == {MandateStatus.ACTIVE, MandateStatus.REVOKED}


def test_events_overtake_each_other() -> None:
    """Deliveries come out of order, and each event says when it was made."""
    with (
        listening(lambda _: 200) as (where, heard),
        running(webhook=Receiver(where, SECRET, first_pause=0.05)) as url,
        client(url) as prism,
    ):
        busy(prism)
        until(heard, 6)
    bodies = [json.loads(body) for body, _ in heard]
    places = {body["data"]["id"]: place for place, body in reversed(list(enumerate(bodies)))}
    mandate = next(body["data"] for body in bodies if body["type"] == "mandate.active")
    # The payment that verified the card was first, and is told of after the mandate it gave.
    assert places[mandate["payment"]] > places[mandate["id"]]


def test_a_dead_receiver_stops_nothing() -> None:
    """With nobody listening, requests are answered at once, and the sandbox stops at once."""
    started = time.monotonic()
    with running(webhook=receiver("http://127.0.0.1:9/", SECRET)) as url, client(url) as prism:
        busy(prism)
    assert time.monotonic() - started < 2


def test_a_receiver_must_be_a_web_address() -> None:
    """What is no http address is refused; without a secret a new one is made."""
    with pytest.raises(ValueError, match="http"):
        receiver("file:///etc/passwd")
    made = {receiver("http://localhost/e").secret for _ in range(2)}
    assert len(made) == 2
    assert all(secret.startswith("whsec_") for secret in made)


@cache
def opened(secret: str | None) -> Prism:
    """A client that has nothing to send."""
    return Prism("sandbox", api_key="sandbox_tests", webhook_secret=secret)


def handled(body: bytes, headers: dict[str, str], secret: str | None = SECRET) -> Event:
    return opened(secret).events.handle(body=body, headers=headers, received_at=NOW)


def signed(body: bytes, at: int = NOW) -> dict[str, str]:
    account = SandboxAccount(api_key="sandbox_tests", webhook_secret=SECRET)
    request = HandleEventRequest(body=body, headers={}, received_at=at)
    return dict(connector.sign_event(request=request, account=account))


def event(**more: Any) -> bytes:
    return json.dumps({"id": "evt_1", "type": "payout.paid", **more}).encode()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=20), st.integers(-299, 299))
def test_a_genuine_event_is_always_believed(text: str, early: int) -> None:
    """Whatever it holds, an event that was signed just now is read; an unknown word is UNKNOWN.
    What would break or reorder a line of a log is not in the word."""
    body = event(type=f"other.{text}")
    found = handled(body, signed(body, NOW + early))
    assert (found.kind, found.event_type[:6]) == (EventKind.UNKNOWN, "other.")
    if text.isascii() and text.isalpha():
        assert found.event_type == f"other.{text}"


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_forged_event_is_never_believed(data: st.DataObject) -> None:
    """A body, signature or time changed anywhere, or a signature of another shape, is rejected."""
    body, headers = event(), signed(event())
    value = headers["Prism-Signature"]
    kind = data.draw(st.sampled_from(["body", "signature", "any", "old"]))
    if kind == "body":
        at = data.draw(st.integers(0, len(body) - 1))
        body = body[:at] + bytes([body[at] ^ data.draw(st.integers(1, 255))]) + body[at + 1 :]
    elif kind == "signature":
        at = data.draw(st.integers(0, len(value) - 1))
        other = data.draw(st.sampled_from("0123456789abcdef=,tvx").filter(lambda c: c != value[at]))
        headers = {"Prism-Signature": value[:at] + other + value[at + 1 :]}
    elif kind == "any":
        headers = {
            "Prism-Signature": data.draw(
                st.text(st.characters(min_codepoint=32, max_codepoint=126))
            )
        }
    else:
        sign = data.draw(st.sampled_from([-1, 1]))
        headers = signed(body, NOW + sign * data.draw(st.integers(301, 10**8)))
    with pytest.raises(EventRejected):
        handled(body, headers)


def test_secrets_are_rotated_and_needed() -> None:
    """Either of two secrets will do while they are rotated; without one nothing is read."""
    body = event()
    assert handled(body, signed(body), f"whsec_new {SECRET}").connector_event_id == "evt_1"
    with pytest.raises(EventRejected):
        handled(body, signed(body), "whsec_new")
    with pytest.raises(ConfigurationError):
        handled(body, signed(body), None)
