"""After authorizing: capture, void, refund, incremental authorization, and the legal statuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support import Server

from prism_core import (
    CaptureRequest,
    InvalidRequest,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    Prism,
    RefundStatus,
)
from prism_core.connector.operations import OPERATIONS, result_type
from prism_core.runtime import comparison
from prism_core.runtime.comparison import discrepancies

PAID = {"id": "pay_1", "state": "paid", "captured": 1000}
HELD = {"id": "pay_1", "state": "ok", "amount": 1000}
TEN = Money(1000, "USD")


@pytest.fixture
def prism(acme: str, server: Server) -> Iterator[Prism]:
    with Prism(acme, api_key="key", base_url=server.url) as opened:
        yield opened


def test_capture_takes_what_is_asked_or_all(prism: Prism, server: Server) -> None:
    """An amount is sent, and no amount means all; the key is minted and given back."""
    server.answer(200, HELD).answer(200, PAID)
    done = prism.payments.capture(connector_transaction_id="pay_1", amount=TEN)
    assert (done.status, done.captured_amount) == (PaymentStatus.CHARGED, TEN)
    assert done.discrepancies == ()
    assert server.seen[1].headers["acme-key"] == done.idempotency_key
    prism.payments.capture(connector_transaction_id="pay_1")
    assert [seen.json for seen in server.seen[1::2]] == [{"amount": 1000}, {}]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"state": "paid", "captured": 999}, "captured_amount"),
        ({"state": "paid", "captured": 1000, "currency": "EUR"}, "captured_amount"),
        ({"state": "ok"}, "status"),
        ({"state": "taking", "captured": 999}, "captured_amount"),
    ],
)
def test_a_capture_that_did_something_else_is_a_discrepancy(
    prism: Prism, server: Server, body: dict[str, Any], field: str
) -> None:
    """Too little, another currency, another payment, or a status that no capture leads to."""
    server.answer(200, HELD).answer(200, {"id": "pay_1", **body})
    done = prism.payments.capture(connector_transaction_id="pay_1", amount=TEN)
    assert [one.field for one in done.discrepancies] == [field]


def test_a_second_capture_reports_the_total(prism: Prism, server: Server) -> None:
    """What was captured before counts: a total above what this call asked is no discrepancy."""
    server.answer(200, HELD).answer(200, {"id": "pay_1", "state": "partly", "captured": 1500})
    done = prism.payments.capture(connector_transaction_id="pay_1", amount=TEN)
    assert done.discrepancies == ()


def test_a_capture_that_took_too_much_is_a_discrepancy() -> None:
    """Where the processor reports what this capture took, more than was asked is surfaced, too."""
    asked = CaptureRequest(connector_transaction_id="pay_1", amount=Money(500, "USD"))
    done = Payment(
        status=PaymentStatus.CHARGED, connector_transaction_id="pay_1", captured_amount=TEN
    )
    found = discrepancies("capture", asked, done, capture_reports_total=False)
    assert [one.field for one in found] == ["captured_amount"]
    assert not list(discrepancies("capture", asked, done))


@pytest.mark.parametrize("answer", [{"captured": 0}, {}])
def test_a_capture_under_way_says_no_amount_yet(
    prism: Prism, server: Server, answer: dict[str, int]
) -> None:
    """Nothing captured so far is no discrepancy while the processor is still at it, nor is an
    answer that says nothing of it."""
    server.answer(200, HELD).answer(200, {"id": "pay_1", "state": "taking", **answer})
    done = prism.payments.capture(connector_transaction_id="pay_1", amount=TEN)
    assert (done.status, done.discrepancies) == (PaymentStatus.CAPTURE_INITIATED, ())


def test_void_gives_the_authorization_up(prism: Prism, server: Server) -> None:
    """VOIDED is what it leads to; a payment said to be charged after it is a discrepancy."""
    server.answer(200, {"id": "pay_1", "state": "void"}).answer(200, PAID)
    assert prism.payments.void(connector_transaction_id="pay_1").status is PaymentStatus.VOIDED
    (found,) = prism.payments.void(connector_transaction_id="pay_1").discrepancies
    assert (found.field, found.reported) == ("status", "CHARGED")


def test_refunds_in_parts(prism: Prism, server: Server) -> None:
    """Each has an id of the caller's own, echoed; an amount other than asked is a discrepancy."""
    server.answer(200, {"id": "ref_1", "state": "done", "amount": 400, "payment": "pay_1"})
    server.answer(200, {"id": "ref_2", "state": "waiting", "amount": 700, "ref": "back_2"})
    first = prism.payments.refund(
        connector_transaction_id="pay_1", merchant_refund_id="back_1", amount=Money(400, "USD")
    )
    assert (first.status, first.connector_refund_id) == (RefundStatus.REFUND_SUCCESS, "ref_1")
    assert (first.merchant_refund_id, first.discrepancies) == ("back_1", ())
    second = prism.payments.refund(
        connector_transaction_id="pay_1", merchant_refund_id="back_2", amount=Money(600, "USD")
    )
    assert second.status is RefundStatus.REFUND_PENDING
    assert {one.field for one in second.discrepancies} == {"amount"}


def test_a_refund_is_looked_up(prism: Prism, server: Server) -> None:
    """`refunds.get` changes nothing, and an unknown word is for a person to look at."""
    server.answer(200, {"id": "ref_1", "state": "?", "amount": 400})
    found = prism.refunds.get(connector_refund_id="ref_1")
    assert found.status is RefundStatus.REFUND_MANUAL_REVIEW
    assert server.seen[0].method == "GET"


def test_an_increment_is_compared(prism: Prism, server: Server) -> None:
    """What is authorized in all afterwards is what was asked, or a discrepancy."""
    server.answer(200, {"id": "pay_1", "state": "ok", "authorized": 1500})
    asked = {"connector_transaction_id": "pay_1", "amount": Money(1500, "USD")}
    assert prism.payments.increment_authorization(**asked).discrepancies == ()
    server.answers.clear()
    server.answer(200, {"id": "pay_1", "state": "ok", "authorized": 1000})
    (found,) = prism.payments.increment_authorization(**asked).discrepancies
    assert found.field == "authorized_amount"


@pytest.mark.parametrize("method", ["capture", "refund", "increment_authorization"])
def test_nothing_is_no_amount(prism: Prism, server: Server, method: str) -> None:
    """An amount of 0 moves nothing and is refused before it is sent."""
    more = {"merchant_refund_id": "back_1"} if method == "refund" else {}
    with pytest.raises(InvalidRequest) as caught:
        getattr(prism.payments, method)(
            connector_transaction_id="pay_1", amount=Money(0, "USD"), **more
        )
    assert caught.value.field == "amount"
    assert server.seen == []


def test_every_operation_with_a_status_has_its_transitions() -> None:
    """The table says for each operation on payments and refunds what it can lead to, and leaves
    room for what is not known."""
    with_status = {name for name in OPERATIONS if "error" in result_type(name).__struct_fields__}
    customers = {"create_customer", "update_customer", "delete_customer"}
    assert set(comparison.LEGAL) == with_status | customers
    for name in with_status:
        legal = comparison.LEGAL[name]
        open_end = {
            PaymentStatus.UNRESOLVED,
            RefundStatus.REFUND_MANUAL_REVIEW,
            MandateStatus.MANDATE_PENDING,
        }
        assert legal & open_end, name


@pytest.mark.parametrize(
    ("operation", "impossible"),
    [
        (
            "authorize",
            "VOIDED_POST_CAPTURE VOID_INITIATED VOID_FAILED AUTO_REFUNDED "
            "PARTIAL_CHARGED PARTIAL_CHARGED_AND_CHARGEABLE",
        ),
        ("charge_recurring", "AUTHORIZED AUTO_REFUNDED VOID_FAILED PARTIAL_CHARGED"),
        ("capture", "AUTHORIZED VOIDED AUTO_REFUNDED AUTHORIZATION_FAILED"),
        ("void", "AUTHORIZED CHARGED EXPIRED AUTO_REFUNDED"),
        ("increment_authorization", "CHARGED VOIDED EXPIRED"),
        ("get_payment", ""),
    ],
)
def test_a_status_that_cannot_be_is_a_discrepancy(operation: str, impossible: str) -> None:
    """What an operation cannot lead to is told, such as money already given back by authorizing;
    whatever else the processor says is taken as it is."""
    asked = CaptureRequest(connector_transaction_id="pay_1")
    legal = comparison.LEGAL[operation]
    for status in PaymentStatus:
        found = [one.field for one in discrepancies(operation, asked, Payment(status=status))]
        assert found == ([] if status in legal else ["status"])
    assert not legal & {PaymentStatus(word) for word in impossible.split()}


def test_a_refused_increment_compares_nothing(prism: Prism, server: Server) -> None:
    """The first authorization stands as it was, and that is no discrepancy."""
    server.answer(402, {"code": "no", "kind": "DECLINED", "id": "pay_1", "state": "refused"})
    done = prism.payments.increment_authorization(
        connector_transaction_id="pay_1", amount=Money(1500, "USD")
    )
    assert (done.status, done.discrepancies) == (PaymentStatus.AUTHORIZATION_FAILED, ())
