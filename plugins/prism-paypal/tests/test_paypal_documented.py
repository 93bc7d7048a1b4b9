"""Success only where PayPal says so as documented, in its minimal answers, too."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    MalformedResponse,
    Payment,
    Prism,
    Unavailable,
)

from .paypal_samples import (
    CHARGED,
    FOUR,
    HELD,
    TEN,
    VOIDING,
    capture,
    capturing,
    order,
    part,
    payment_request,
    refunded,
    refunding,
)
from .paypal_server import PayPalServer

GARBAGE: list[tuple[int, Any]] = [
    (200, b"<html>Welcome</html>"),
    (200, b"[detail-not-found]"),
    (200, b""),
    (200, {}),
    (200, None),
    (200, ""),
    (202, b""),
]


@pytest.mark.parametrize(("status", "said"), GARBAGE)
def test_nothing_is_deleted_but_by_a_204_without_a_body(
    prism: Prism, server: PayPalServer, status: int, said: Any
) -> None:
    """A page of somebody in between, or any other success, deletes no card and revokes nothing."""
    server.script("/payment-tokens/vault_1", (status, said), (status, said))
    for call in (
        lambda: prism.payment_methods.delete(connector_payment_method_id="vault_1"),
        lambda: prism.recurring.revoke(connector_mandate_id="vault_1"),
    ):
        with pytest.raises(MalformedResponse) as caught:
            call()
        assert caught.value.outcome == "unknown"
    server.script("/payment-tokens/vault_1", (204, b""), (204, b""))
    assert prism.payment_methods.delete(connector_payment_method_id="vault_1")
    assert prism.recurring.revoke(connector_mandate_id="vault_1").status == "REVOKED"


def test_nothing_is_voided_but_as_documented(ask: Any) -> None:
    """A void is a 200 with the authorization, or a 204 with nothing."""
    with pytest.raises(MalformedResponse) as caught:
        ask(VOIDING, HELD, {"id": "3AUTH", "status": "VOIDED"}, 202)
    assert caught.value.outcome == "unknown"


def test_a_payment_by_another_success_than_documented_is_unknown(
    prism: Prism, server: PayPalServer
) -> None:
    """A 202 is no answer of PayPal's to a payment, whatever it holds."""
    server.script("/capture", (202, order(captures=[part("COMPLETED")])))
    with pytest.raises(MalformedResponse) as caught:
        prism.payments.authorize(payment_request(capture_method="AUTOMATIC"))
    assert caught.value.outcome == "unknown"


def short(whole: dict[str, Any]) -> dict[str, Any]:
    """An object as a minimal answer has it."""
    return {"id": whole["id"], "status": whole["status"], "links": []}


@pytest.mark.parametrize(
    ("whole", "status"),
    [
        (HELD, "AUTHORIZED"),
        (order(authorizations=[part("DENIED", id="3AUTH")]), "AUTHORIZATION_FAILED"),
        (order("COMPLETED", authorizations=[]), "UNRESOLVED"),
    ],
)
def test_a_minimal_answer_to_a_payment_is_looked_up(
    prism: Prism, server: PayPalServer, whole: Any, status: str
) -> None:
    """That an order is completed says that there is a payment, and not what became of it."""
    server.script("/authorize", (201, short(whole)))
    server.script("/orders/5ORDER", (200, whole))
    assert prism.payments.authorize(payment_request()).status == status
    assert (server.seen[-1].method, len(server.seen)) == ("GET", 3)


def test_a_minimal_answer_that_cannot_be_looked_up_is_unknown(
    prism: Prism, server: PayPalServer
) -> None:
    """The payment may have been made: the error says so, and names the order."""
    server.script("/authorize", (201, short(HELD)))
    server.script("/orders/5ORDER", (503, b""))
    with pytest.raises(Unavailable) as caught:
        prism.payments.authorize(payment_request())
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("unknown", "5ORDER")


@pytest.mark.parametrize("method", ["MANUAL", "AUTOMATIC"])
def test_an_answer_without_intent_and_amount_is_read(
    prism: Prism, server: PayPalServer, method: str
) -> None:
    """PayPal's own short answers list what was made, with the caller's id there alone:
    https://developer.paypal.com/api/orders/v2/orders-capture"""
    made = part("COMPLETED" if method == "AUTOMATIC" else "CREATED", custom_id="order_1001")
    name = "captures" if method == "AUTOMATIC" else "authorizations"
    unit = {"reference_id": "default", "payments": {name: [made]}}
    said = {"id": "5ORDER", "status": "COMPLETED", "purchase_units": [unit]}
    server.script("/capture" if method == "AUTOMATIC" else "/authorize", (201, said))
    payment = prism.payments.authorize(payment_request(capture_method=method))
    assert payment.status == ("CHARGED" if method == "AUTOMATIC" else "AUTHORIZED")
    assert TEN in (payment.captured_amount, payment.authorized_amount)
    assert (payment.amount, payment.discrepancies) == (None, ())


def test_a_minimal_answer_to_a_capture_is_looked_up(ask: Any, server: PayPalServer) -> None:
    """What was captured is compared with what was asked for, in a short answer, too."""
    whole = capture(id="4FIRST", final_capture=True)
    server.script("/captures/4FIRST", (200, whole))
    payment: Payment = ask(capturing(amount=TEN), HELD, short(whole))
    assert (payment.status, payment.captured_amount) == ("CHARGED", TEN)
    assert server.seen[-1].path == "/v2/payments/captures/4FIRST"


def test_a_minimal_answer_to_a_refund_is_looked_up(ask: Any, server: PayPalServer) -> None:
    """The same holds for a refund; what is found must be the one that was made."""
    whole = refunded("4.00")
    server.script("/refunds/1REFUND", (200, whole), (200, {**whole, "id": "9OTHER"}))
    made = ask(refunding(amount=FOUR), CHARGED, short(whole))
    assert (made.status, made.amount) == ("REFUND_SUCCESS", FOUR)
    with pytest.raises(MalformedResponse) as caught:
        ask(refunding(amount=FOUR), CHARGED, short(whole))
    assert caught.value.outcome == "unknown"
