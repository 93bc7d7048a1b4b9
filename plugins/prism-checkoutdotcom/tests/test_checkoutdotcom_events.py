"""Webhooks as Checkout.com's pages publish them, without fields that nobody reads: signed with a
secret of this test, and forged."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from prism_core import Event, EventRejected, Prism

# https://www.checkout.com/docs/developer-resources/webhooks/webhook-event-types/
APPROVED = {
    "id": "evt_caxmnvuvbe4elkbdx2imwbnjxu",
    "type": "payment_approved",
    "created_on": "2023-05-22T11:56:04.8821546Z",
    "data": {
        "id": "pay_griq7wyqkggu7mnk7ecm6ysrl4",
        "action_id": "act_gl5cpqgccxeulozrvaassd4lta",
        "reference": "ORD-5023-4E89",
        "amount": 20,
        "currency": "USD",
        "customer": {"id": "cus_m3cixs4slzcelfjmdcodlgyvkq", "email": "ada@example.com"},
        "metadata": {"coupon_code": "NY2018", "partner_id": "123989"},
        "response_code": "10000",
        "scheme_id": "881919475944678",
        "source": {
            "id": "src_r54q37yundoubpkiux5g4ocuha",
            "type": "card",
            "card_wallet_type": "applepay",
            "scheme": "VISA",
            "last_4": "6635",
        },
    },
}
DECLINED: dict[str, Any] = {
    **APPROVED,
    "id": "evt_wlbf3ivtsjjuxjabg3jlju4ysa",
    "type": "payment_declined",
    "data": {
        "id": "pay_do6kcxcq4pwehkbrupwnohnbyq",
        "action_id": "act_kjxqqajgnyie3l66ujvddw7gqm",
        "reference": "ORD-5023-4E89",
        "amount": 40000,
        "currency": "EUR",
        "response_code": "20005",
        "response_summary": "Declined - Do Not Honour",
        "source": {"id": "src_d5e4jlpi3syepp7nrjo3jk734a", "type": "card", "last_4": "9256"},
    },
}
CAPTURED = {
    "id": "evt_fkfqht6yonme7bk7jawrgzbbxq",
    "type": "payment_captured",
    "timestamp": "2023-05-24T09:12:32.357+00:00",
    "data": {
        "id": "pay_vti5layihapu5bhbn5tjtk6eem",
        "action_id": "act_uqlj3642dyyuroivzdwfg2fysq",
        "reference": "ORD-5023-4E89",
        "amount": 20,
        "response_code": "10000",
        "balances": {
            "total_authorized": 20,
            "total_captured": 20,
            "available_to_capture": 0,
            "total_refunded": 0,
        },
        "currency": "EUR",
    },
}
REFUND = {
    "id": "evt_si4yxt7tjkvelephxc4kgo7r6e",
    "type": "payment_refund_pending",
    "timestamp": "2021-06-11T11:43:02.292+00:00",
    "data": {
        "id": "pay_wafpfwejyitetb5aolywmqbxny",
        "action_id": "act_wn4emh2jhu5efoz5ghl3bui4zq",
        "amount": 100,
        "currency": "EUR",
    },
}
DISPUTE = {
    "id": "evt_b6anegml5j6u7kwzuzdg6r4sem",
    "type": "dispute_evidence_submitted",
    "created_on": "2018-06-21T12:00:31Z",
    "data": {
        "id": "dsp_9rjdlsd4epepfjyyf9vl",
        "category": "canceled_recurring",
        "amount": 20020,
        "currency": "USD",
        "reason_code": "10.4",
        "payment_id": "pay_cnhuomagalglgozxy5zm",
        "payment_reference": "some-company-ref",
        "payment_method": "Visa",
    },
}


def handled(prism: Prism, event: dict[str, Any], secret: str = "whsec_example") -> Event:
    """The event, signed as set-up-your-webhook-receiver describes it."""
    body = json.dumps(event).encode()
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return prism.events.handle(body=body, headers={"Cko-Signature": signed})


def test_the_published_payments(prism: Prism, checkout: Any, payment: Any) -> None:
    known = {"id": CAPTURED["data"]["id"], "reference": "ORD-5023-4E89"}
    checkout.says(payment(**known))
    found = [handled(prism, event).payment for event in (APPROVED, DECLINED, CAPTURED)]
    told = [(one.status, str(one.amount), one.merchant_transaction_id) for one in found if one]
    assert told == [
        ("AUTHORIZED", "0.20 USD", "ORD-5023-4E89"),
        ("AUTHORIZATION_FAILED", "400.00 EUR", "ORD-5023-4E89"),
        ("CHARGED", "0.20 EUR", "ORD-5023-4E89"),
    ]
    assert found[0] is not None
    assert found[0].payment_method is not None
    assert (found[0].payment_method.last_four, found[0].payment_method.wallet) == (
        "6635",
        "APPLEPAY",
    )


@pytest.mark.parametrize("kind", ["payment_captured", "payment_voided", "payment_capture_declined"])
def test_the_reference_of_an_action_is_not_taken_for_the_payments(
    prism: Prism, checkout: Any, payment: Any, kind: str
) -> None:
    """https://api-reference.checkout.com/#operation/getPaymentActions: each has its own."""
    known = CAPTURED["data"]["id"]
    checkout.says(payment(id=known, reference="order_1001", source={"type": "ach"}))
    data = {"id": known, "action_id": "act_1", "reference": "capture_1"}
    event = {**CAPTURED, "type": kind, "data": data}
    told = handled(prism, event).payment
    assert told is not None
    assert (told.merchant_transaction_id, told.connector_transaction_id) == ("order_1001", known)
    assert told.payment_method is not None
    assert told.payment_method.payment_method_type == "ACH"
    assert kind != "payment_capture_declined" or told.status == "FAILURE"


def test_the_published_refund_and_dispute(prism: Prism) -> None:
    refund, dispute = handled(prism, REFUND).refund, handled(prism, DISPUTE).dispute
    assert refund is not None
    assert dispute is not None
    assert (refund.status, refund.merchant_refund_id) == ("REFUND_PENDING", None)
    assert (dispute.status, str(dispute.amount)) == ("DISPUTE_CHALLENGED", "200.20 USD")


@pytest.mark.parametrize(
    ("kind", "status", "stage"),
    [
        ("dispute_arbitration_won", "DISPUTE_WON", "PRE_ARBITRATION"),
        ("dispute_arbitration_lost", "DISPUTE_LOST", "PRE_ARBITRATION"),
        ("dispute_resolved", "DISPUTE_UNRESOLVED", "ACTIVE_DISPUTE"),
    ],
)
def test_no_end_of_a_dispute_is_lost(prism: Prism, kind: str, status: str, stage: str) -> None:
    """https://www.checkout.com/docs/workflows/webhook-event-types/dispute_arbitration_won; of a
    kind that is not known the shop learns the dispute, and asks Checkout.com."""
    dispute = handled(prism, {**DISPUTE, "type": kind}).dispute
    assert dispute is not None
    assert (dispute.status, dispute.stage) == (status, stage)
    assert dispute.connector_transaction_id == "pay_cnhuomagalglgozxy5zm"


@pytest.mark.parametrize("event", [APPROVED, DECLINED, CAPTURED, REFUND, DISPUTE])
def test_forged_ones_are_refused(prism: Prism, event: dict[str, Any]) -> None:
    body = json.dumps(event).encode()
    with pytest.raises(EventRejected):
        handled(prism, event, "another_secret")
    for signature in (None, "", "0" * 64, hashlib.sha256(body).hexdigest()):
        headers = {} if signature is None else {"cko-signature": signature}
        with pytest.raises(EventRejected):
            prism.events.handle(body=body, headers=headers)
    signed = hmac.new(b"whsec_example", body, hashlib.sha256).hexdigest()
    with pytest.raises(EventRejected):
        prism.events.handle(body=body + b" ", headers={"cko-signature": signed})
