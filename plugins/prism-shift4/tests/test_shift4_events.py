"""Webhooks: nothing is believed but the id of the event."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from prism_core import EventRejected, Prism

# As https://github.com/securionpay/securionpay-aws-rds-webhooks-lambda publishes it (Shift4's API
# had that name): a delivery to try an endpoint with, which names no event.
TRIED = b64decode(
    "ew0KICAiZGF0YSI6IHsNCiAgICAiaWQiOiAidGVzdC0xIiwNCiAgICAib2JqZWN0VHlwZSI6ICJ0ZXN0Ig0KICB9DQp9"
)
HOOK = {"id": "event_1", "type": "CHARGE_FAILED", "data": {"id": "char_9", "status": "failed"}}


def event(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {"id": "event_1", "objectType": "event", "created": 1795860000}
    return {**usual, "type": "CHARGE_SUCCEEDED", "data": data, **more}


def handled(prism: Prism, body: Any = HOOK) -> Any:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return prism.events.handle(body=raw, headers={"content-type": "application/json"})


@pytest.mark.parametrize("body", [TRIED, b"", b"id=event_1", b"[]", b'{"id": ""}', b'{"id": 1}'])
def test_a_body_without_an_event_is_rejected(prism: Prism, shift4: Any, body: bytes) -> None:
    with pytest.raises(EventRejected):
        handled(prism, body)
    assert not shift4.requests


def test_the_event_is_shift4s_whatever_the_webhook_says(
    prism: Prism, shift4: Any, charge: Any
) -> None:
    shift4.says(event(charge()))
    found = handled(prism)
    assert (found.event_type, found.payment.status) == ("CHARGE_SUCCEEDED", "CHARGED")
    assert found.payment.connector_transaction_id == "char_1"
    assert [one.url.path for one in shift4.requests] == ["/events/event_1"]


def test_an_event_that_shift4_does_not_know_is_forged(prism: Prism, shift4: Any) -> None:
    said = {"type": "invalid_request", "message": "Requested Event does not exist"}
    shift4.says({"error": said}, 404)
    with pytest.raises(EventRejected):
        handled(prism)


@pytest.mark.parametrize(
    ("word", "status", "stage"),
    [
        ("retrieval_request_new", "DISPUTE_OPENED", "PRE_DISPUTE"),
        ("chargeback_new", "DISPUTE_OPENED", "ACTIVE_DISPUTE"),
        ("chargeback_response_under_review", "DISPUTE_CHALLENGED", "ACTIVE_DISPUTE"),
        ("chargeback_represented_successfully", "DISPUTE_WON", "ACTIVE_DISPUTE"),
        ("chargeback_represented_unsuccessfully", "DISPUTE_LOST", "ACTIVE_DISPUTE"),
        ("a_word_of_tomorrow", "DISPUTE_UNRESOLVED", "ACTIVE_DISPUTE"),
    ],
)
def test_disputes(prism: Prism, shift4: Any, word: str, status: str, stage: str) -> None:
    dispute = {"id": "disp_1", "objectType": "dispute", "amount": 1000, "currency": "EUR"}
    shift4.says(event({**dispute, "status": word, "charge": {"id": "char_1"}}))
    found = handled(prism)
    assert found.kind == "DISPUTE"
    assert (found.dispute.status, found.dispute.stage) == (status, stage)
    assert found.dispute.connector_transaction_id == "char_1"
