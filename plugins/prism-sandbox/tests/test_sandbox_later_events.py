"""Events of what happens later: debits that settle, bounce or are returned, orders, and events that
a payment sends to an address of its own."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from prism_core import (
    Ach,
    Card,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Money,
    PaymentStatus,
    Prism,
    RefundStatus,
)
from prism_sandbox.challenges import submit
from prism_sandbox.server import Receiver, running

SECRET = "whsec_example"
TEN = Money(1000, "USD")
CARD = {"type": "card", "exp_month": "12", "exp_year": "2090", "cvc": "123"}
Heard = list[tuple[str, bytes, dict[str, str]]]


@contextmanager
def listening() -> Iterator[tuple[str, Heard]]:
    """Addresses of a shop, and what came to which of them."""
    heard: Heard = []

    class Shop(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            heard.append((self.path, body, dict(self.headers)))
            self.send_response(204)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def shop() -> Iterator[tuple[Prism, str, Heard]]:
    """A client of a sandbox that tells a shop of everything, quickly."""
    with (
        listening() as (where, heard),
        running(settle_seconds=0.1, webhook=Receiver(f"{where}/all", SECRET, 0.02)) as url,
        Prism("sandbox", api_key="sandbox_t", base_url=url, webhook_secret=SECRET) as prism,
    ):
        yield prism, where, heard


def debit(prism: Prism, end: str, **more: Any) -> str:
    account = Ach(f"00012345{end}", "110000000", "Ada Lovelace")
    begun = prism.payments.authorize(
        merchant_transaction_id="order_1", amount=TEN, payment_method=account, **more
    )
    assert begun.status is PaymentStatus.PENDING
    return str(begun.connector_transaction_id)


def events(prism: Prism, heard: Heard, *, until: str) -> dict[str, Event]:
    """The events by their types, once this one has come."""
    limit = time.monotonic() + 5
    while time.monotonic() < limit:
        read = [prism.events.handle(body=body, headers=head) for _, body, head in list(heard)]
        found = {one.event_type: one for one in read}
        if until in found:
            return found
        time.sleep(0.02)
    raise AssertionError(sorted(found))


def test_a_debit_settles_by_event(shop: tuple[Prism, str, Heard]) -> None:
    prism, _, heard = shop
    known = debit(prism, "6789")
    found = events(prism, heard, until="payment.captured")
    assert found["payment.processing"].payment is not None
    assert found["payment.processing"].payment.status is PaymentStatus.PENDING
    paid = found["payment.captured"].payment
    assert paid is not None
    assert (paid.connector_transaction_id, paid.status) == (known, PaymentStatus.CHARGED)


def test_a_debit_bounces_by_event(shop: tuple[Prism, str, Heard]) -> None:
    prism, _, heard = shop
    debit(prism, "0002")
    bounced = events(prism, heard, until="payment.bounced")["payment.bounced"].payment
    assert bounced is not None
    assert (bounced.status, bounced.status.is_failed) == (PaymentStatus.FAILURE, True)


def test_a_return_is_a_dispute_that_is_lost(shop: tuple[Prism, str, Heard]) -> None:
    """The payment tells the amount that was taken back; advancing its status keeps it paid."""
    prism, _, heard = shop
    known = debit(prism, "0003")
    told = events(prism, heard, until="dispute.lost")["dispute.lost"]
    assert (told.kind, told.connector_transaction_id) == (EventKind.DISPUTE, known)
    assert told.dispute is not None
    assert (told.dispute.status, told.dispute.amount) == (DisputeStatus.DISPUTE_LOST, TEN)
    assert told.dispute.reason_code == "debit_not_agreed"
    assert told.connector_dispute_id == told.dispute.connector_dispute_id
    after = prism.payments.get(connector_transaction_id=known)
    assert after.charged_back_amount == TEN
    assert PaymentStatus.CHARGED.advance(after.status) is PaymentStatus.CHARGED


def test_an_order_s_events(shop: tuple[Prism, str, Heard]) -> None:
    """A failed try tells of an open order; the order's own event comes once it is complete."""
    prism, _, heard = shop
    made = prism.payments.create_order(merchant_transaction_id="order_2", amount=TEN)
    page = str(made.redirection_data.uri if made.redirection_data else "")
    with pytest.raises(OSError, match="402"):
        submit(page, number="4000000000000002", **CARD)
    submit(page, number="4242424242424242", **CARD)
    found = events(prism, heard, until="order.complete")
    tries = [
        prism.events.handle(body=body, headers=head)
        for _, body, head in heard
        if json.loads(body)["type"] == "payment.requires_payment_method"
    ]
    assert {str(one.payment.status) for one in tries if one.payment} == {"PAYMENT_METHOD_AWAITED"}
    assert any(one.payment and one.payment.error for one in tries)
    done = found["order.complete"]
    assert done.payment is not None
    assert (done.kind, done.payment.status) == (EventKind.PAYMENT, PaymentStatus.CHARGED)
    assert done.payment.connector_order_id == made.connector_order_id


def test_events_of_a_payment_go_where_it_says(shop: tuple[Prism, str, Heard]) -> None:
    """Those of its refunds, its mandate and its disputes, too; the others go where they went."""
    prism, where, heard = shop
    known = debit(prism, "0003", webhook_url=f"{where}/own")
    prism.payments.authorize(
        merchant_transaction_id="order_3",
        amount=TEN,
        payment_method=Card("4242424242424242", 12, 2090, "123"),
    )
    found = events(prism, heard, until="dispute.lost")
    back = prism.payments.refund(connector_transaction_id=known, merchant_refund_id="back_1")
    assert back.status is RefundStatus.REFUND_PENDING
    found = events(prism, heard, until="refund.succeeded")
    assert {"payment.processing", "payment.captured", "dispute.lost"} <= set(found)
    about = {path: set() for path in ("/own", "/all")}
    for path, body, _ in list(heard):
        about[path].add(json.loads(body)["data"].get("reference"))
    assert about["/all"] == {"order_3"}


def test_events_stay_on_this_machine(shop: tuple[Prism, str, Heard]) -> None:
    """An address elsewhere is kept and shown, and nothing is sent there: there is no network."""
    prism, _, heard = shop
    for elsewhere in ("https://shop.example/events", "http://127.0.0.1.nip.example/events"):
        known = debit(prism, "6789", webhook_url=elsewhere)
        kept = prism.payments.get(connector_transaction_id=known).response.json()
        assert kept["webhook_url"] == elsewhere
    time.sleep(0.5)
    assert heard == []


@pytest.mark.parametrize("field", ["amount", "reason", "payment"])
def test_a_forged_dispute_is_rejected(shop: tuple[Prism, str, Heard], field: str) -> None:
    prism, _, heard = shop
    debit(prism, "0003")
    events(prism, heard, until="dispute.lost")
    _, body, head = next(one for one in heard if b'"dispute.lost"' in one[1])
    forged = json.loads(body)
    forged["data"][field] = 1 if field == "amount" else "other"
    with pytest.raises(EventRejected):
        prism.events.handle(body=json.dumps(forged).encode(), headers=head)
