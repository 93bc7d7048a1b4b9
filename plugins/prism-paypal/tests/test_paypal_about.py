"""What an answer is about: another order, capture, refund, customer or card than the one asked for
moves no money, and is no result. And success only where PayPal says so as documented."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ListPaymentMethodsRequest,
    MalformedResponse,
    Prism,
    TokenizeRequest,
)

from .paypal_samples import (
    CHARGED,
    FOUR,
    HELD,
    IN_PARTS,
    TEN,
    VOIDING,
    capture,
    capturing,
    card,
    order,
    part,
    payment_request,
    refunded,
    refunding,
)
from .paypal_server import PayPalServer

OTHER = "9OTHER"
UP_TO_OTHER = [{"href": f"https://api-m.paypal.com/v2/payments/captures/{OTHER}", "rel": "up"}]
OTHERS_ORDER = [{"href": f"https://api-m.paypal.com/v2/checkout/orders/{OTHER}", "rel": "up"}]
OTHERS_AUTH = [
    {"href": f"https://api-m.paypal.com/v2/payments/authorizations/{OTHER}", "rel": "up"}
]


@pytest.mark.parametrize(
    ("request_", "found"),
    [(capturing(), HELD), (VOIDING, HELD), (refunding(), CHARGED), (refunding(), IN_PARTS)],
)
def test_another_order_than_the_one_looked_up_moves_no_money(
    ask: Any, server: PayPalServer, request_: Any, found: Any
) -> None:
    """A lookup that is answered with another order ends it: nothing is captured, voided or
    refunded, and the caller is told that nothing was sent."""
    with pytest.raises(MalformedResponse) as caught:
        ask(request_, {**found, "id": OTHER})
    assert (caught.value.outcome, len(server.seen)) == ("not_sent", 1)


@pytest.mark.parametrize(
    ("request_", "found", "answer"),
    [
        (capturing(amount=TEN), HELD, part("COMPLETED", links=OTHERS_AUTH)),
        (capturing(amount=TEN), HELD, capture(OTHER)),
        (
            capturing(amount=TEN),
            HELD,
            part("COMPLETED", supplementary_data={"related_ids": {"authorization_id": OTHER}}),
        ),
        (
            capturing(amount=TEN, merchant_capture_id="capture_1"),
            HELD,
            part("COMPLETED", invoice_id="capture_0"),
        ),
        (capturing(amount=TEN), HELD, part("COMPLETED", links=OTHERS_ORDER)),
        (VOIDING, HELD, part("VOIDED", id=OTHER)),
        (VOIDING, HELD, part("VOIDED", id="3AUTH", links=OTHERS_ORDER)),
        (
            VOIDING,
            HELD,
            part("VOIDED", id="3AUTH", supplementary_data={"related_ids": {"order_id": OTHER}}),
        ),
        (refunding(amount=FOUR), CHARGED, refunded("4.00", links=UP_TO_OTHER)),
        (refunding(amount=FOUR), CHARGED, refunded("4.00", own="refund_0")),
    ],
)
def test_an_answer_about_another_change_is_no_result(
    ask: Any, server: PayPalServer, request_: Any, found: Any, answer: Any
) -> None:
    """A capture, void or refund of something else is the answer to another call: what became of
    this one is unknown."""
    with pytest.raises(MalformedResponse) as caught:
        ask(request_, found, answer)
    assert (caught.value.outcome, len(server.seen)) == ("unknown", 2)


def test_what_an_answer_says_of_what_was_asked_for_is_believed(ask: Any) -> None:
    own = capture(id="4FIRST", final_capture=True, invoice_id="capture_1")
    made = ask(capturing(amount=TEN, merchant_capture_id="capture_1"), HELD, own)
    assert (made.status, made.discrepancies) == ("CHARGED", ())
    assert ask(refunding(amount=FOUR), CHARGED, refunded("4.00")).status == "REFUND_SUCCESS"


@pytest.mark.parametrize("answer", [{"id": OTHER}, {"custom_id": "order_0"}])
def test_a_payment_answered_with_another_is_no_result(
    prism: Prism, server: PayPalServer, answer: dict[str, str]
) -> None:
    """Another order, or another id of the caller's, is another payment: this one is unknown, and
    the error has the order that was made for it."""
    other = order(captures=[part("COMPLETED")], id=answer.get("id", "5ORDER"))
    other["purchase_units"][0].update(answer)
    server.script("/capture", (201, other))
    with pytest.raises(MalformedResponse) as caught:
        prism.payments.authorize(payment_request(capture_method="AUTOMATIC"))
    assert caught.value.outcome == "unknown"
    if "id" in answer:
        assert caught.value.connector_transaction_id == "5ORDER"


@pytest.mark.parametrize(
    "found", [{"id": OTHER}, {"purchase_units": [{"custom_id": "order_0"}]},
              {"purchase_units": [{"custom_id": None}]},
              {"purchase_units": [{"amount": {"currency_code": "USD", "value": "10.00"}}]}]
)  # fmt: skip
def test_another_payment_is_not_completed(prism: Prism, server: PayPalServer, found: Any) -> None:
    """The order is looked up before it is paid: another one, or one of another id of the
    caller's, is not paid; nor one of none, such as anybody makes with the public client id."""
    server.script("5ORDER", (200, {**order("APPROVED"), **found}))
    with pytest.raises(MalformedResponse):
        prism.payments.complete(
            connector_transaction_id="5ORDER", merchant_transaction_id="order_1001", returned={}
        )
    assert [one.method for one in server.seen] == ["GET"]


@pytest.mark.parametrize("unit", [{"custom_id": "sub_2"}, {}])
def test_another_first_payment_is_not_completed(
    prism: Prism, server: PayPalServer, unit: dict[str, str]
) -> None:
    """The permission is not given by an order of another one, or of none."""
    amount = {"amount": {"currency_code": "USD", "value": "10.00"}}
    server.script("5ORDER", (200, {**order("APPROVED"), "purchase_units": [{**amount, **unit}]}))
    with pytest.raises(MalformedResponse):
        prism.recurring.complete(connector_transaction_id="5ORDER", merchant_mandate_id="sub_1")
    assert [one.method for one in server.seen] == ["GET"]


@pytest.mark.parametrize("value", ["0.01", "100.00"])
def test_an_order_of_another_amount_is_not_paid(
    prism: Prism, server: PayPalServer, value: str
) -> None:
    """The customer came back with it in place of the one that was opened for them."""
    found = order("APPROVED")
    found["purchase_units"][0]["amount"]["value"] = value
    server.script("5ORDER", (200, found))
    with pytest.raises(MalformedResponse, match="another amount"):
        prism.payments.complete(
            connector_order_id="5ORDER", merchant_transaction_id="order_1001", amount=TEN
        )
    assert [one.method for one in server.seen] == ["GET"]


def test_the_payment_asked_for_is_completed(prism: Prism, server: PayPalServer) -> None:
    """With the caller's own id and the amount as PayPal has them; and what was paid before is told,
    also where PayPal does not tell the id."""
    paid = order("COMPLETED", captures=[part("COMPLETED")])
    paid["purchase_units"][0].pop("custom_id")
    for found in (order("APPROVED"), paid):
        server.script("5ORDER", (200, found))
        payment = prism.payments.complete(
            connector_transaction_id="5ORDER",
            merchant_transaction_id="order_1001",
            amount=TEN,
        )
        assert (payment.status, payment.discrepancies) == ("CHARGED", ())


def test_another_refund_or_capture_is_not_the_one_looked_up(
    prism: Prism, server: PayPalServer
) -> None:
    """A refund that is not the one asked for, or whose capture is another one, is no result."""
    server.script("/refunds/1REFUND", (200, refunded("4.00", id=OTHER)), (200, refunded("4.00")))
    server.script("/captures/3PART", (200, capture(id=OTHER)))
    for _ in range(2):
        with pytest.raises(MalformedResponse):
            prism.refunds.get(connector_refund_id="1REFUND")


def test_a_card_is_kept_for_the_customer_asked_for(prism: Prism, server: PayPalServer) -> None:
    """A setup token of another customer is not made a payment token of."""
    server.script("/setup-tokens", (201, {"id": "5SETUP", "customer": {"id": "cust_2"}}))
    with pytest.raises(MalformedResponse):
        prism.payment_methods.tokenize(
            TokenizeRequest(payment_method=card(), connector_customer_id="cust_1")
        )
    assert len(server.seen) == 1


def test_another_customers_card_is_not_listed(prism: Prism, server: PayPalServer) -> None:
    """A list with a card of another customer, or of another customer, is no result; a card that
    names nobody belongs to the customer whose list it is."""
    kept = {"id": "vault_1", "payment_source": {"card": {}}}
    others = {**kept, "customer": {"id": "cust_example2"}}
    request = ListPaymentMethodsRequest(connector_customer_id="cust_example1")
    for answer in (
        {"payment_tokens": [kept, others], "customer": {"id": "cust_example1"}},
        {"payment_tokens": [kept], "customer": {"id": "cust_example2"}},
    ):
        server.script("total_required=true", (200, answer))
        with pytest.raises(MalformedResponse):
            prism.payment_methods.list(request)
    server.script(
        "total_required=true",
        (200, {"payment_tokens": [kept], "customer": {"id": "cust_example1"}}),
    )
    (found,) = prism.payment_methods.list(request).payment_methods
    assert found.connector_customer_id == "cust_example1"


@pytest.mark.parametrize(
    "answer",
    [
        {"customer": {"id": "cust_2"}, "payment_tokens": []},
        {"id": "vault_1", "customer": {"id": "cust_2"}},
    ],
)
def test_the_cards_of_another_customer_make_no_customer(
    prism: Prism, server: PayPalServer, answer: Any
) -> None:
    """A list of cards and a card name their customer, too: only a setup token, which has an id and
    a status, makes a new one."""
    server.script("/setup-tokens", (201, answer))
    with pytest.raises(MalformedResponse) as caught:
        prism.customers.create(merchant_customer_id="user_42")
    assert caught.value.outcome == "unknown"
