"""Webhooks: the examples of Braintree's own SDK, and forged ones."""

from __future__ import annotations

import hmac
from base64 import encodebytes
from hashlib import sha1
from typing import Any
from urllib.parse import urlencode

import pytest

from prism_core import EventRejected, Prism

CHALLENGE = "20f9f8ed05f77439fe955c977e4c8a53"
# As braintree/webhook_testing_gateway.py of the SDK makes them, with what they are about.
NOTIFICATION = (
    '<notification>\n  <timestamp type="datetime">2026-11-28T12:00:00Z</timestamp>\n'
    "  <kind>{}</kind>\n  <subject>{}</subject>\n</notification>"
)
SETTLED = (
    "<transaction><id>1a2b3c4d</id><status>settled</status><type>sale</type>"
    "<currency-iso-code>USD</currency-iso-code><amount>100.00</amount></transaction>"
)


def signed(kind: str, subject: str, key: str = "integration_private_key") -> dict[str, str]:
    payload = encodebytes(NOTIFICATION.format(kind, subject).encode()).decode()
    made = hmac.new(sha1(key.encode()).digest(), payload.encode(), sha1).hexdigest()
    return {"bt_signature": f"integration_public_key|{made}", "bt_payload": payload}


def handle(prism: Prism, form: dict[str, str]) -> Any:
    return prism.events.handle(body=urlencode(form).encode(), headers={})


def test_the_challenge_of_the_sdk_s_tests(prism: Prism) -> None:
    """tests/unit/test_webhooks.py of braintree_python has this answer."""
    event = handle(prism, {"bt_challenge": CHALLENGE})
    assert event.reply == "integration_public_key|d9b899556c966b3f06945ec21311865d35df3ce4"


@pytest.mark.parametrize("challenge", ["", "goodbye", CHALLENGE + "0", CHALLENGE.upper()])
def test_nothing_but_a_challenge_is_signed(prism: Prism, challenge: str) -> None:
    with pytest.raises(EventRejected):
        handle(prism, {"bt_challenge": challenge})


def test_a_settled_debit_is_looked_up_by_its_older_id(
    prism: Prism, braintree: Any, transaction: Any
) -> None:
    braintree.says("idFromLegacyId", "transaction_1")
    braintree.says("node", transaction("SETTLED", kind="UsBankAccountDetails"))
    event = handle(prism, signed("transaction_settled", SETTLED))
    assert (event.kind, event.event_type) == ("PAYMENT", "transaction_settled")
    assert (event.payment.status, event.created_at) == ("CHARGED", 1795867200)
    asked = braintree.requests[0]["variables"]
    assert asked == {"id": "1a2b3c4d", "type": "TRANSACTION"}


def test_a_refund_is_a_transaction_in_webhooks(prism: Prism, braintree: Any) -> None:
    braintree.refuses(errorClass="NOT_FOUND")
    with pytest.raises(EventRejected):
        handle(prism, signed("transaction_settled", SETTLED.replace("sale", "credit")))
    assert braintree.requests[0]["variables"]["type"] == "REFUND"


@pytest.mark.parametrize("kind", ["check", "subscription_canceled", "something_new"])
def test_other_kinds_are_unknown(prism: Prism, braintree: Any, kind: str) -> None:
    event = handle(prism, signed(kind, "<check>true</check>"))
    assert (event.kind, event.event_type) == ("UNKNOWN", kind)
    assert not braintree.requests


def test_forged_webhooks_are_rejected(prism: Prism, braintree: Any) -> None:
    good = signed("transaction_settled", SETTLED)
    other = signed("transaction_settled", SETTLED.replace("1a2b3c4d", "9z8y7x6w"))
    mark = good["bt_signature"].partition("|")[2]
    forged = [
        signed("transaction_settled", SETTLED, key="another_key"),
        {**good, "bt_payload": other["bt_payload"]},
        {**good, "bt_signature": f"another_public_key|{mark}"},
        {**good, "bt_signature": "integration_public_key|"},
        {**good, "bt_signature": ""},
        {"bt_payload": good["bt_payload"]},
        {"bt_signature": good["bt_signature"]},
    ]
    for form in forged:
        with pytest.raises(EventRejected):
            handle(prism, form)
    assert not braintree.requests
