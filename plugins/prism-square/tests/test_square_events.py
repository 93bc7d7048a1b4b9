"""Webhooks: genuine ones as Square publishes them, forged ones, and a failed try on a page."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from prism_core import ConfigurationError, EventRejected, MalformedResponse, Prism

HEADER = "x-square-hmacsha256-signature"
URL = "https://shop.example/webhooks/square"
# https://developer.squareup.com/reference/square/webhooks/dispute.evidence.added, and
# https://developer.squareup.com/reference/square/webhooks/dispute.state.updated
OLD = (
    '{"merchant_id":"0HPGX5JYE6EE1","location_id":"VJDQQP3CG14EY","type":"dispute.evidence.added",'
    '"event_id":"6f606f30-53d0-495a-87f0-958576fc954f","created_at":"2020-02-19T21:27:28.851Z",'
    '"data":{"type":"dispute","id":"ORSEVtZAJxb37RA1EiGw","object":{"dispute":{"amount_money":'
    '{"amount":8801,"currency":"USD"},"brand_dispute_id":"r9rKGSBBQbywBNnWWIiGFg","card_brand":'
    '"VISA","created_at":"2020-02-19T21:24:53.258Z","dispute_id":"ORSEVtZAJxb37RA1EiGw",'
    '"disputed_payment":{"payment_id":"fbmsaEOpoARDKxiSGH1fqPuqoqFZY"},"due_at":'
    '"2020-03-04T00:00:00.000Z","evidence_ids":["oThqMsDS9bM0LdjZzVB4qB"],"location_id":'
    '"VJDQQP3CG14EY","reason":"AMOUNT_DIFFERS","reported_date":"2020-02-19T00:00:00.000Z",'
    '"state":"EVIDENCE_REQUIRED","updated_at":"2020-02-19T21:27:28.851Z","version":2}}}}'
)
NEW = OLD.replace("evidence.added", "state.updated").replace('"dispute_id"', '"id"')


def signed(body: str, key: str = "signature_key_example", url: str = URL) -> dict[str, Any]:
    mac = hmac.new(key.encode(), (url + body).encode(), hashlib.sha256).digest()
    return {"body": body.encode(), "headers": {HEADER: base64.b64encode(mac).decode()}}


def test_the_signatures_that_square_publishes_are_believed() -> None:
    """square-python-sdk, tests/integration/test_webhooks_helper.py; the second is no event."""
    body = (
        '{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":'
        '"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z",'
        '"data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}'
    )
    at = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"
    mine = {"access_token": "token_example", "location_id": "L1"}
    with Prism("square", **mine, webhook_secret="Ibxx_5AKakO-3qeNVR61Dw", webhook_url=at) as prism:
        given = {HEADER: "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="}
        event = prism.events.handle(body=body.encode(), headers=given)
        assert (event.kind, event.created_at) == ("UNKNOWN", 1657744259)
        with pytest.raises(EventRejected):
            prism.events.handle(body=body.replace("MLEF", "MLEG").encode(), headers=given)
    at = "https://webhook.site/webhooks"
    with Prism("square", **mine, webhook_secret="signature-key", webhook_url=at) as prism:
        given = {HEADER: "Cxt7+aTi4rKgcA0bC4g9EHdVtLSDWdqccmL5MvihU4U="}
        with pytest.raises(MalformedResponse):
            prism.events.handle(body=b'{"data":{"type":"webhooks","id":">id<"}}', headers=given)


@pytest.mark.parametrize("body", [OLD, NEW])
def test_disputes_as_square_publishes_them(prism: Prism, body: str) -> None:
    event = prism.events.handle(**signed(body))
    assert event.dispute is not None
    assert event.dispute.status == "DISPUTE_OPENED"
    assert event.dispute.connector_dispute_id == "ORSEVtZAJxb37RA1EiGw"
    assert event.dispute.connector_transaction_id == "fbmsaEOpoARDKxiSGH1fqPuqoqFZY"
    assert str(event.dispute.amount) == "88.01 USD"
    assert event.dispute.respond_by == 1583280000


@pytest.mark.parametrize(
    "given",
    [
        {"body": NEW.encode(), "headers": {}},
        {"body": NEW.encode(), "headers": {HEADER: "not base64"}},
        signed(NEW, key="another"),
        signed(NEW, url=URL + "/"),
        {**signed(NEW), "body": NEW.replace("8801", "1").encode()},
    ],
)
def test_forged_ones_are_rejected(prism: Prism, given: dict[str, Any]) -> None:
    with pytest.raises(EventRejected):
        prism.events.handle(**given)


def test_the_url_is_needed() -> None:
    mine = {"access_token": "token_example", "location_id": "L1", "webhook_secret": "key"}
    with Prism("square", **mine) as prism, pytest.raises(ConfigurationError):
        prism.events.handle(**signed(NEW))


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"state": "DRAFT", "metadata": {"opened_by": "prism"}}, "PAYMENT_METHOD_AWAITED"),
        (
            {
                "state": "OPEN",
                "metadata": {"opened_by": "prism"},
                "tenders": [{"id": "pay_1001", "card_details": {"status": "FAILED"}}],
            },
            "PAYMENT_METHOD_AWAITED",
        ),
        (  # a wallet's tender has no status; another try was given back
            {
                "state": "OPEN",
                "metadata": {"opened_by": "prism"},
                "tenders": [
                    {"id": "pay_1001"},
                    {"id": "pay_2", "buy_now_pay_later_details": {"status": "VOIDED"}},
                ],
            },
            "PAYMENT_METHOD_AWAITED",
        ),
        ({"state": "CANCELED", "metadata": {"opened_by": "prism"}}, "AUTHORIZATION_FAILED"),
        ({"state": "OPEN"}, "AUTHORIZATION_FAILED"),
        (
            {"state": "OPEN", "metadata": {"opened_by": "prism"}, "tenders": [{"id": "pay_2"}]},
            "AUTHORIZATION_FAILED",
        ),
    ],
)
def test_a_failed_try_leaves_the_page_open(
    prism: Prism, square: Any, payment: Any, order: dict[str, Any], status: str
) -> None:
    """Only an order of ours, which nobody has paid and which was not cancelled, waits."""
    failed = payment(status="FAILED", source_type="CARD", order_id="ord_1")
    event = {"type": "payment.updated", "event_id": "evt_1", "created_at": "2026-11-28T12:00:00Z"}
    body = json.dumps({**event, "data": {"type": "payment", "id": "pay_1001", "object": failed}})
    square.says({"order": {"id": "ord_1", **order}})
    told = prism.events.handle(**signed(body)).payment
    assert told is not None
    assert (told.status, told.error is None) == (status, False)
