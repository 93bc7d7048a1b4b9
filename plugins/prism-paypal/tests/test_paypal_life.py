"""A payment's life after it is authorized: capture and void, and what is refused of any change."""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import (
    ConnectorError,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    Prism,
    RefundRequest,
    Unavailable,
    UnsupportedOperation,
)
from prism_paypal import connector

from .paypal_samples import (
    ACCOUNT,
    CHARGED,
    FOUR,
    HELD,
    IN_PARTS,
    PARTLY,
    TEN,
    VOIDING,
    body,
    capturing,
    error,
    order,
    part,
    refunded,
    refunding,
    requests_of,
    twice,
)
from .paypal_server import PayPalServer


@pytest.mark.parametrize(
    ("taken", "status"), [("10.00", "CHARGED"), ("9.99", "PARTIAL_CHARGED_AND_CHARGEABLE")]
)
def test_a_capture_of_all_leaves_nothing(ask: Any, taken: str, status: str) -> None:
    """Where PayPal does not say that a capture is the last one, the amounts do."""
    assert ask(capturing(), HELD, part("COMPLETED", taken, id="4FIRST")).status == status


def test_a_change_is_of_the_newest_authorization() -> None:
    """An order that was authorized again has two that hold money: the last one is captured."""
    held = [part("CREATED", id="3OLD"), part("CREATED", id="3NEW")]
    flow = connector.capture(capturing(amount=FOUR), ACCOUNT)
    sent = requests_of(flow, order(authorizations=held))[1]
    assert sent.path == "/v2/payments/authorizations/3NEW/capture"


def test_a_capture_is_of_the_orders_authorization(ask: Any, server: PayPalServer) -> None:
    """The amount and the caller's id of it go to the authorization that the order names."""
    made = part("COMPLETED", id="4FIRST", final_capture=True)
    payment = ask(capturing(amount=TEN, merchant_capture_id="capture_1"), HELD, made)
    looked, sent = server.seen
    assert (looked.method, looked.path) == ("GET", "/v2/checkout/orders/5ORDER")
    assert sent.path == "/v2/payments/authorizations/3AUTH/capture"
    assert sent.headers["paypal-request-id"] == "key_1"
    assert sent.headers["prefer"] == "return=representation"
    assert json.loads(sent.body) == {
        "amount": {"currency_code": "USD", "value": "10.00"},
        "invoice_id": "capture_1",
        "final_capture": True,
    }
    assert (payment.status, payment.captured_amount) == ("CHARGED", TEN)
    assert (payment.connector_transaction_id, payment.discrepancies) == ("5ORDER", ())


@pytest.mark.parametrize(
    ("word", "status", "captured"),
    [("COMPLETED", "PARTIAL_CHARGED_AND_CHARGEABLE", 800), ("PENDING", "CAPTURE_INITIATED", 400),
     ("DECLINED", "CAPTURE_FAILED", 400), ("FAILED", "CAPTURE_FAILED", 400),
     ("FROZEN", "UNRESOLVED", 400)],
)  # fmt: skip
def test_a_second_capture_adds_up(ask: Any, word: str, status: str, captured: int) -> None:
    """A part of the rest leaves the rest of it to capture, and counts once it is completed."""
    payment = ask(capturing(amount=FOUR), PARTLY, part(word, "4.00", id="4SECOND"))
    assert (payment.status, payment.captured_amount) == (status, Money(captured, "USD"))
    assert (payment.error is not None) == (status == "CAPTURE_FAILED")
    if word == "COMPLETED":
        assert payment.capturable_amount == Money(200, "USD")


@pytest.mark.parametrize(
    ("found", "amount", "took", "reported"),
    [
        (HELD, Money(600, "USD"), "6.00", None),
        (HELD, Money(600, "USD"), "100.00", "100.00 USD"),
        (HELD, Money(600, "USD"), "5.99", "5.99 USD"),
        (HELD, None, "10.00", None),
        (HELD, None, "9.00", "9.00 USD"),
        (PARTLY, None, "6.00", None),
        (PARTLY, None, "10.00", "10.00 USD"),
        (PARTLY, FOUR, "6.00", "6.00 USD"),
    ],
)
def test_what_one_capture_took_is_compared_with_what_was_asked(
    ask: Any, found: Any, amount: Money | None, took: str, reported: str | None
) -> None:
    """More or less than asked for is told, though other captures make up for it in the total;
    without an amount, all that is left was asked for."""
    payment = ask(capturing(amount=amount), found, part("COMPLETED", took, id="4NEW"))
    told = [one.reported for one in payment.discrepancies if one.field == "amount"]
    assert told == ([] if reported is None else [reported])


def sent_to(found: Any, request: Any = None) -> dict[str, Any]:
    """What a capture sends, given the order that the lookup finds."""
    return body(requests_of(connector.capture(request or capturing(), ACCOUNT), found)[1])


def test_all_that_is_left_is_captured() -> None:
    """Without an amount, PayPal captures all, or is told what earlier parts left."""
    assert sent_to(HELD) == {"final_capture": True}
    rest = {"currency_code": "USD", "value": "6.00"}
    assert sent_to(PARTLY) == {"amount": rest, "final_capture": True}


@pytest.mark.parametrize("amount", [None, FOUR, TEN])
@pytest.mark.parametrize("before", [[], [part("COMPLETED", "4.00", id="4FIRST")]])
def test_a_repeated_capture_is_the_same_request(amount: Money | None, before: Any) -> None:
    """Asked for again with the same key, once the first one was done, PayPal sees no other
    request; and its answer counts once."""
    request = capturing(amount=amount)
    found = {"authorizations": [part("PARTIALLY_CAPTURED" if before else "CREATED", id="3AUTH")]}
    first = sent_to(order(captures=before, **found), request)
    value = first.get("amount", {"value": "10.00"})["value"]
    made = part("COMPLETED", value, id="4NEW", final_capture=first["final_capture"])
    found = {"authorizations": [part("CAPTURED", id="3AUTH")]}
    assert sent_to(order(captures=[*before, made], **found), request) == first


def test_a_repeated_capture_counts_once(ask: Any) -> None:
    """A capture that the order lists already is not added to itself."""
    made = part("COMPLETED", "4.00", id="4FIRST")
    assert ask(capturing(amount=FOUR), PARTLY, made, 200).captured_amount == FOUR


@pytest.mark.parametrize(
    ("found", "answer", "status"),
    [
        (HELD, (200, part("VOIDED", id="3AUTH")), "VOIDED"),
        (HELD, (204, b""), "VOIDED"),
        (PARTLY, (200, part("VOIDED", id="3AUTH")), "PARTIAL_CHARGED"),
        (HELD, (200, part("FROZEN", id="3AUTH")), "UNRESOLVED"),
    ],
)
def test_a_void_gives_up_what_is_left(
    ask: Any, server: PayPalServer, found: Any, answer: tuple[int, Any], status: str
) -> None:
    """A void is of the authorization; what was captured before stays captured. PayPal may say so
    without a body."""
    payment: Payment = ask(VOIDING, found, answer[1], answer[0])
    assert (payment.status, payment.discrepancies) == (status, ())
    sent = server.seen[-1]
    assert (sent.path, sent.body) == ("/v2/payments/authorizations/3AUTH/void", b"")
    assert sent.headers["paypal-request-id"] == "key_1"


@pytest.mark.parametrize(
    ("request_", "found", "words"),
    [
        (capturing(), CHARGED, "charged at once"),
        (VOIDING, CHARGED, "charged at once"),
        (capturing(), order("APPROVED"), "not paid"),
        (VOIDING, {"id": "5ORDER", "status": "CREATED"}, "not paid"),
        (refunding(), HELD, "void an authorization"),
        (refunding(), order(captures=[part("DECLINED")]), "no captured money"),
        (refunding(), IN_PARTS, "6.00 USD, 4.00 USD"),
        (refunding(amount=Money(700, "USD")), IN_PARTS, "6.00 USD, 4.00 USD"),
        (refunding(amount=Money(100, "EUR")), IN_PARTS, "one capture"),
    ],
)
def test_what_the_order_shows_to_be_impossible_is_refused(
    ask: Any, server: PayPalServer, request_: Any, found: Any, words: str
) -> None:
    """Where there is nothing to change, or a refund would have to be split, the error says what to
    do; only the lookup was sent, and nothing was done."""
    with pytest.raises(ConnectorError, match=words) as caught:
        ask(request_, found)
    assert (caught.value.outcome, len(server.seen)) == ("rejected", 1)


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        (capturing(), order(authorizations=[])),
        (capturing(), order(authorizations=[part("PARTIALLY_CAPTURED")])),
        (VOIDING, order(authorizations=[part("PARTIALLY_CAPTURED")])),
        (refunding(), order(authorizations=[part("CAPTURED")])),
        (refunding(amount=FOUR), twice(part("PARTIALLY_REFUNDED"), part("COMPLETED"))),
        (refunding(amount=FOUR),
         twice(part("REFUNDED"), part("COMPLETED"), refunded("1.00", links=[]))),
    ],
)  # fmt: skip
def test_an_order_that_tells_half_moves_no_money(
    ask: Any, server: PayPalServer, request_: Any, found: Any
) -> None:
    """Captures or refunds that must be there and are not listed end it before money moves."""
    with pytest.raises(MalformedResponse):
        ask(request_, found)
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    ("request_", "found", "issue"),
    [
        (capturing(amount=TEN), HELD, "AUTHORIZATION_ALREADY_CAPTURED"),
        (capturing(amount=TEN), HELD, "MAX_CAPTURE_AMOUNT_EXCEEDED"),
        (capturing(amount=TEN), HELD, "AUTHORIZATION_EXPIRED"),
        (VOIDING, HELD, "PREVIOUSLY_VOIDED"),
        (refunding(), CHARGED, "CAPTURE_FULLY_REFUNDED"),
        (refunding(amount=TEN), CHARGED, "REFUND_AMOUNT_EXCEEDED"),
        (refunding(amount=TEN), CHARGED, "REFUND_FAILED_INSUFFICIENT_FUNDS"),
    ],
)
def test_a_refusal_by_a_rule_is_an_error(ask: Any, request_: Any, found: Any, issue: str) -> None:
    """PayPal's refusals are errors with its own code, and nothing was done."""
    with pytest.raises(ConnectorError) as caught:
        ask(request_, found, error(issue), 422)
    said = caught.value.details.connector
    assert (caught.value.outcome, said and said.code) == ("rejected", issue)


def test_a_refusal_for_the_payers_sake_is_a_result(ask: Any) -> None:
    """What the payer's account or the issuer refuses is a failed capture or refund, with why; the
    payment stands as before."""
    payment = ask(capturing(), HELD, error("PAYER_CANNOT_PAY"), 422)
    assert (payment.status, payment.capturable_amount) == ("CAPTURE_FAILED", TEN)
    refund = ask(refunding(), CHARGED, error("PAYER_ACCOUNT_LOCKED_OR_CLOSED"), 422)
    assert (refund.status, refund.connector_refund_id) == ("REFUND_FAILURE", None)
    assert payment.error.unified.code == refund.error.unified.code == "NOT_PERMITTED"


@pytest.mark.parametrize("request_", [capturing(), VOIDING, refunding()])
def test_a_change_without_a_clear_answer_is_unknown(ask: Any, request_: Any) -> None:
    """A 5xx or nonsense as the answer to the change leaves its outcome unknown."""
    found = CHARGED if isinstance(request_, RefundRequest) else HELD
    with pytest.raises(Unavailable) as caught:
        ask(request_, found, {}, 503)
    assert caught.value.outcome == "unknown"
    with pytest.raises(MalformedResponse) as nonsense:
        ask(request_, found, b"<html>", 200)
    assert nonsense.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (capturing(merchant_capture_id="x" * 128), "merchant_capture_id"),
        (capturing(amount=Money(150, "HUF")), "amount"),
        (refunding(merchant_refund_id="x" * 128), "merchant_refund_id"),
        (refunding(amount=Money(150, "TWD")), "amount"),
    ],
)
def test_what_paypal_cannot_take_is_refused_before_the_lookup(
    ask: Any, server: PayPalServer, request_: Any, field: str
) -> None:
    """Nothing is cut off or sent to be refused: the caller is told which field."""
    with pytest.raises(InvalidRequest) as caught:
        ask(request_, HELD)
    assert (caught.value.field, server.seen) == (field, [])


def test_what_has_no_place_is_reported(ask: Any, server: PayPalServer) -> None:
    """Metadata stops no capture, and the result says that it went nowhere."""
    payment = ask(capturing(metadata={"colour": "red"}), HELD, part("COMPLETED", id="4FIRST"))
    assert payment.not_sent == ("metadata",)
    assert b"red" not in server.seen[-1].body


def test_an_authorization_is_not_raised(prism: Prism, server: PayPalServer) -> None:
    """PayPal has no such operation: the error says what to do instead, and nothing is sent."""
    request = IncrementAuthorizationRequest(connector_transaction_id="5ORDER", amount=TEN)
    with pytest.raises(UnsupportedOperation, match="authorize the difference"):
        prism.payments.increment_authorization(request)
    assert server.seen == []
