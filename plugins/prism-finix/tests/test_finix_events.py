"""Webhooks, as Finix publishes them, and forged ones.

The genuine ones are the sample payloads of Finix's own documentation:
https://github.com/finix-payments/finix-flex-docs-generator, sections/webhooks/sample_payloads
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from prism_core import EventRejected, Prism

HOLD = """{"type": "created", "entity": "authorization", "occurred_at": "2016-07-06T08:15:21.734",
"_embedded": {"authorizations": [{"amount": 100, "source": "PIeAkgVK9TPBnmyf6CSskv5i",
"transfer": null, "is_void": false, "currency": "USD", "id": "AUfU8FU7RfgTmhfRagrF1RpS",
"state": "SUCCEEDED"}]}}"""
REFUND = """{"type": "updated", "entity": "transfer", "occurred_at": "2016-07-06T07:08:02.342",
"_embedded": {"transfers": [{"amount": 100, "type": "REVERSAL", "tags": {}, "currency": "USD",
"id": "TR4CUpq9T8E6tBDmWMxQQ2P1", "state": "SUCCEEDED"}]}}"""
DISPUTE = """{"type": "created", "entity": "dispute", "occurred_at": "2016-07-06T08:14:01.288",
"_embedded": {"disputes": [{"reason": "FRAUD", "amount": 0, "id": "DIvHQsw2tcwUhkMtzXVbksxo",
"transfer": "TRnEarDDVuVkBJLBL6PhZTLT", "state": "PENDING",
"respond_by": "2016-07-13T08:14:01.18Z"}]}}"""
MERCHANT = """{"type": "underwritten", "entity": "merchant", "_embedded": {"merchants":
[{"id": "MUew1oPVk5nBHypxa33U39n3", "underwriting_state": "APPROVED"}]}}"""
JSON = {"content-type": "application/json"}


def inside(webhook: str) -> dict[str, Any]:
    (found,) = json.loads(webhook)["_embedded"].values()
    one: dict[str, Any] = found[0]
    return one


def test_a_genuine_authorization(prism: Prism, finix: Any) -> None:
    finix.tells({**inside(HOLD), "amount_requested": 100})
    event = prism.events.handle(body=HOLD.encode(), headers=JSON)
    assert event.payment is not None
    assert (event.kind, event.payment.status) == ("PAYMENT", "AUTHORIZED")
    assert finix.requests[0].url.path == "/authorizations/AUfU8FU7RfgTmhfRagrF1RpS"


def test_a_genuine_refund(prism: Prism, finix: Any) -> None:
    finix.tells(inside(REFUND))
    event = prism.events.handle(body=REFUND.encode(), headers=JSON)
    assert event.refund is not None
    assert (event.kind, event.refund.status) == ("REFUND", "REFUND_SUCCESS")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "DISPUTE_OPENED"),
        ({"response_state": "RESPONDED"}, "DISPUTE_CHALLENGED"),
        ({"response_state": "ACCEPTED"}, "DISPUTE_ACCEPTED"),
        ({"state": "WON"}, "DISPUTE_WON"),
        ({"state": "LOST", "response_state": "ACCEPTED"}, "DISPUTE_LOST"),
    ],
)
def test_a_genuine_dispute(
    prism: Prism, finix: Any, transfer: Any, changes: dict[str, str], status: str
) -> None:
    finix.tells({**inside(DISPUTE), **changes}, transfer(id="TRnEarDDVuVkBJLBL6PhZTLT"))
    event = prism.events.handle(body=DISPUTE.encode(), headers=JSON)
    assert event.dispute is not None
    assert (event.dispute.status, event.dispute.connector_transaction_id) == (
        status,
        "TRnEarDDVuVkBJLBL6PhZTLT",
    )


@pytest.mark.parametrize(
    "body", ["", "{}", "[]", "\ufffe", MERCHANT, HOLD.replace("authorizations", "transfers")]
)
def test_a_body_that_names_no_payment_is_rejected(prism: Prism, finix: Any, body: str) -> None:
    """Also the empty one that tests an endpoint: answer it without this call."""
    with pytest.raises(EventRejected):
        prism.events.handle(body=body.encode(), headers=JSON)
    assert not finix.requests


@pytest.mark.parametrize("body", [HOLD, REFUND, DISPUTE])
def test_what_finix_does_not_know_is_forged(prism: Prism, finix: Any, body: str) -> None:
    finix.tells({"_embedded": {"errors": [{"code": "NOT_FOUND"}]}}, status=404)
    with pytest.raises(EventRejected):
        prism.events.handle(body=body.encode(), headers=JSON)


def test_what_a_forged_event_says_is_not_believed(prism: Prism, finix: Any) -> None:
    finix.tells({**inside(REFUND), "state": "FAILED", "failure_code": "GENERIC_DECLINE"})
    event = prism.events.handle(body=REFUND.encode(), headers=JSON)
    assert event.refund is not None
    assert (event.event_type, event.refund.status) == ("transfer.failed", "REFUND_FAILURE")


@pytest.mark.parametrize("state", ["PENDING", "FAILED", "CANCELED", "UNKNOWN"])
def test_a_return_that_is_not_done_took_nothing_back(prism: Prism, finix: Any, state: str) -> None:
    finix.tells({**inside(REFUND), "subtype": "SYSTEM", "state": state})
    event = prism.events.handle(body=REFUND.encode(), headers=JSON)
    assert (event.kind, event.event_type) == ("UNKNOWN", f"transfer.{state.lower()}")
    assert event.dispute is None


@pytest.mark.parametrize("subtype", ["SETTLEMENT_MERCHANT", "MERCHANT_DEBIT", "UNHEARD"])
def test_a_debit_of_the_seller_is_no_payment(
    prism: Prism, finix: Any, transfer: Any, subtype: str
) -> None:
    """A settlement below zero is a DEBIT in the API's own example of settlement transfers."""
    finix.tells(transfer(id=inside(REFUND)["id"], subtype=subtype))
    event = prism.events.handle(body=REFUND.encode(), headers=JSON)
    assert (event.kind, event.payment) == ("UNKNOWN", None)
