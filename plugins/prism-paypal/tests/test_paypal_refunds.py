"""Refunds: what they come to, and which of a payment's captures they go to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from prism_core import ConnectorError, GetRefundRequest, Money, Prism, Refund, RefundRequest
from prism_paypal import connector

from .paypal_samples import (
    ACCOUNT,
    CHARGED,
    FOUR,
    IN_PARTS,
    capture,
    order,
    part,
    refunded,
    refunding,
    requests_of,
    twice,
)
from .paypal_server import PayPalServer


@pytest.mark.parametrize("word", ["COMPLETED", "PENDING", "FAILED", "CANCELLED", "FROZEN"])
def test_a_refund_and_its_lookup_agree(
    ask: Any, prism: Prism, server: PayPalServer, word: str
) -> None:
    """Each status of PayPal's is one of a refund, when it is made and when it is looked up; one
    that it never said is for a person to look at. The reason is not sent: PayPal would mail it to
    the payer."""
    done = refunded("4.00", status=word)
    made: Refund = ask(refunding(amount=FOUR, reason="Suspected\nfraud"), CHARGED, done)
    assert json.loads(server.seen[-1].body) == {
        "amount": {"currency_code": "USD", "value": "4.00"},
        "custom_id": "refund_1",
    }
    assert made.not_sent == ("reason",)
    assert server.seen[-1].headers["paypal-request-id"] == "key_1"
    server.script("/refunds/1REFUND", (200, done))
    server.script("/captures/3PART", (200, capture()))
    found = prism.refunds.get(GetRefundRequest(connector_refund_id="1REFUND"))
    status = {"COMPLETED": "REFUND_SUCCESS", "PENDING": "REFUND_PENDING"}
    failed = "REFUND_MANUAL_REVIEW" if word == "FROZEN" else "REFUND_FAILURE"
    assert made.status == found.status == status.get(word, failed)
    assert (made.amount, made.merchant_refund_id) == (found.amount, found.merchant_refund_id)
    assert (made.error is not None) == (made.status == "REFUND_FAILURE")
    assert made.connector_transaction_id == found.connector_transaction_id == "5ORDER"
    assert (made.discrepancies, found.discrepancies) == ((), ())


@pytest.mark.parametrize(("details", "code"), [({"reason": "ECHECK"}, "ECHECK"), (None, "FAILED")])
def test_a_refund_that_failed_says_why(ask: Any, details: dict[str, str] | None, code: str) -> None:
    """PayPal's reason is the code; where it gives none, its word for the status is."""
    body = refunded("4.00", status="FAILED", status_details=details)
    failed: Refund = ask(refunding(amount=FOUR), CHARGED, body)
    assert failed.error is not None
    assert failed.error.connector is not None
    assert failed.error.connector.code == code


def target_of(found: Any, request: RefundRequest) -> str:
    """The capture that a refund goes to."""
    sent = requests_of(connector.refund(request, ACCOUNT), found)[1]
    assert sent.keyed
    return sent.path.split("/")[-2]


def test_a_refund_goes_to_the_capture_that_it_fits() -> None:
    """Of several captures, the one with the least left that holds the amount is refunded, and
    without an amount the only one with anything left."""
    assert target_of(IN_PARTS, refunding(amount=FOUR)) == "4SECOND"
    assert target_of(IN_PARTS, refunding(amount=Money(500, "USD"))) == "4FIRST"
    some = refunded("2.00", "4FIRST", own="refund_0")
    left = twice(part("PARTIALLY_REFUNDED", "6.00"), part("REFUNDED", "4.00"), some)
    assert target_of(left, refunding()) == "4FIRST"
    waiting = twice(part("PENDING", "6.00"), part("COMPLETED", "4.00"))
    assert target_of(waiting, refunding(amount=Money(500, "USD"))) == "4SECOND"
    for other in ("AUD", "ZAR"):  # no part of it holds another currency
        with pytest.raises(ConnectorError, match="several"):
            target_of(IN_PARTS, refunding(amount=Money(400, other)))
    for own in ("refund_0", "refund_2"):  # of other refunds, whatever their ids
        other = twice(
            part("PARTIALLY_REFUNDED", "6.00"),
            part("COMPLETED", "4.00"),
            refunded("1.00", "4FIRST", own=own),
        )
        assert target_of(other, refunding(amount=FOUR)) == "4SECOND"


def test_a_repeated_refund_goes_to_the_same_capture() -> None:
    """Asked for again, once the first one was done, a refund goes where it went, though another
    capture still holds the amount: PayPal then knows the request, and refunds nothing twice."""
    done = refunded("4.00", "4SECOND")
    again = twice(part("COMPLETED", "6.00"), part("REFUNDED", "4.00"), done)
    assert target_of(again, refunding(amount=FOUR)) == "4SECOND"
    assert target_of(again, refunding()) == "4SECOND"


@settings(max_examples=40, deadline=None, database=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=2), st.integers(1, 10))
def test_no_capture_is_refunded_beyond_what_is_left(
    captures: list[tuple[int, int]], dollars: int
) -> None:
    """Whatever was captured and refunded before, a refund goes to a capture that holds it, or it
    is refused with nothing sent."""
    taken, refunds, left = [], [], {}
    for number, (whole, back) in enumerate(captures):
        name, back = f"4PART{number}", min(whole, back)
        left[name] = whole - back
        word = "COMPLETED" if not back else "PARTIALLY_REFUNDED" if back < whole else "REFUNDED"
        taken.append(part(word, f"{whole}.00", id=name))
        if back:
            refunds.append(refunded(f"{back}.00", name, own="refund_0"))
    found = order(authorizations=[part("CAPTURED")], captures=taken, refunds=refunds)
    try:
        target = target_of(found, refunding(amount=Money(dollars * 100, "USD")))
    except ConnectorError:
        assert max(left.values()) < dollars
    else:
        assert left[target] == min(rest for rest in left.values() if rest >= dollars)


def test_refunds_are_in_the_payment(prism: Prism, server: PayPalServer) -> None:
    """What reached the customer is the refunded amount; what waits or failed does not count."""
    back = [refunded("1.00"), refunded("2.00"), refunded("4.00", status="PENDING")]
    held = [part("CAPTURED")]
    found = order(authorizations=held, captures=[part("PARTIALLY_REFUNDED")], refunds=back)
    server.script("5ORDER", (200, found))
    payment = prism.payments.get(connector_transaction_id="5ORDER")
    assert (payment.status, payment.refunded_amount) == ("CHARGED", Money(300, "USD"))


@pytest.mark.parametrize(
    ("own", "merchant_refund_id"), [("refund_1", "refund_1"), ("order_1001", None), (None, None)]
)
def test_a_refund_made_elsewhere_has_no_id_of_the_callers(
    prism: Prism, server: PayPalServer, own: str | None, merchant_refund_id: str | None
) -> None:
    """A refund that PayPal's own pages made carries the payment's `custom_id`, which is the id of
    no refund; its capture tells which one it is, and names the order."""
    server.script("/refunds/1REFUND", (200, refunded("4.00", custom_id=own)))
    server.script("/captures/3PART", (200, capture()))
    found = prism.refunds.get(connector_refund_id="1REFUND")
    assert (found.merchant_refund_id, found.connector_transaction_id) == (
        merchant_refund_id,
        "5ORDER",
    )
    assert [one.path for one in server.seen] == [
        "/v2/payments/refunds/1REFUND",
        "/v2/payments/captures/3PART",
    ]


def test_a_refund_whose_capture_is_not_told_is_found_alone(
    prism: Prism, server: PayPalServer
) -> None:
    """Without its capture, nobody can say whose the `custom_id` is."""
    server.script("/refunds/1REFUND", (200, refunded("4.00", links=[])))
    found = prism.refunds.get(connector_refund_id="1REFUND")
    assert (found.status, found.amount) == ("REFUND_SUCCESS", FOUR)
    assert (found.merchant_refund_id, found.connector_transaction_id) == (None, None)
