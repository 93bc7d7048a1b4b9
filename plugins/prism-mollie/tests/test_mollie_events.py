"""Webhooks: an id that Mollie must know, and the newest of several chargebacks."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import EventRejected, Prism

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    "body", [b"", b"id=", b"id=tr_1&id=tr_2", b"id=cst_42", b'{"id": "tr_1001"}', b"\xff\xfe"]
)
def test_a_body_that_names_no_payment_is_rejected(prism: Prism, mollie: Any, body: bytes) -> None:
    with pytest.raises(EventRejected):
        prism.events.handle(body=body, headers=FORM)
    assert not mollie.requests


def test_an_id_that_mollie_does_not_know_is_forged(prism: Prism, mollie: Any) -> None:
    mollie.says({"status": 404, "title": "Not Found", "detail": "No payment"}, 404)
    with pytest.raises(EventRejected):
        prism.events.handle(body=b"id=tr_forged", headers=FORM)


def test_the_newest_chargeback_is_told(prism: Prism, mollie: Any, payment: Any) -> None:
    amount = {"currency": "EUR", "value": "10.00"}
    old = {
        "id": "chb_1",
        "amount": amount,
        "paymentId": "tr_1001",
        "createdAt": "2026-12-01T12:00:00+00:00",
        "reversedAt": "2026-12-02T12:00:00+00:00",
    }
    new = {**old, "id": "chb_2", "createdAt": "2026-12-09T12:00:00+00:00", "reversedAt": None}
    back = {"status": "paid", "method": "creditcard", "amountChargedBack": amount}
    for both in ([old, new], [new, old]):
        mollie.says(payment(**back, _embedded={"chargebacks": both}))
        event = prism.events.handle(body=b"id=tr_1001", headers=FORM)
        assert event.dispute is not None
        assert (event.dispute.connector_dispute_id, event.dispute.status) == (
            "chb_2",
            "DISPUTE_OPENED",
        )
        assert event.payment is not None
        assert event.payment.status.is_paid
        assert str(event.payment.charged_back_amount) == "10.00 EUR"
