"""What an answer is about: another order, capture, refund, customer or card than the one asked for
moves no money, and is no result. And success only where PayPal says so as documented."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ListPaymentMethodsRequest,
    MalformedResponse,
    Mandate,
    Money,
    Payment,
    Prism,
    PrismError,
    Token,
    TokenizeRequest,
    Unavailable,
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
        (VOIDING, HELD, part("VOIDED", id=OTHER)),
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
    """The same answers about what was asked for are results."""
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


def test_another_payment_is_not_completed(prism: Prism, server: PayPalServer) -> None:
    """The order is looked up before it is paid: another one is not paid."""
    server.script("5ORDER", (200, {**order("APPROVED"), "id": OTHER}))
    with pytest.raises(MalformedResponse):
        prism.payments.complete(connector_transaction_id="5ORDER", returned={})
    assert [one.method for one in server.seen] == ["GET"]


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
    server.script("/refunds/1REFUND", (200, whole), (200, {**whole, "id": OTHER}))
    made = ask(refunding(amount=FOUR), CHARGED, short(whole))
    assert (made.status, made.amount) == ("REFUND_SUCCESS", FOUR)
    with pytest.raises(MalformedResponse) as caught:
        ask(refunding(amount=FOUR), CHARGED, short(whole))
    assert caught.value.outcome == "unknown"


def kept(**vault: Any) -> dict[str, Any]:
    """An answer that says which saved card paid, and whose it is."""
    source = {"card": {"attributes": {"vault": vault}}}
    return order(captures=[part("COMPLETED")], payment_source=source)


def paid_by(prism: Prism, server: PayPalServer, answer: Any) -> Payment:
    """A recurring payment by `vault_1` of `cust_1`."""
    server.script("/capture", (201, answer))
    return prism.recurring.charge(
        merchant_transaction_id="order_1001",
        amount=TEN,
        connector_mandate_id="vault_1",
        connector_customer_id="cust_1",
    )


def told(payment: Payment | Mandate) -> dict[str, str]:
    """The discrepancies: what each reports."""
    return {one.field: one.reported for one in payment.discrepancies}


OWN = {"id": "cust_1"}


def test_a_recurring_payment_by_another_card_is_told(prism: Prism, server: PayPalServer) -> None:
    """The saved card that paid is in the result; another one than asked for is a discrepancy, and
    so is none."""
    same = paid_by(prism, server, kept(id="vault_1", customer=OWN))
    assert (same.connector_mandate_id, same.discrepancies) == ("vault_1", ())
    assert same.connector_payment_method_id == "vault_1"
    other = paid_by(prism, server, kept(id="vault_2", customer=OWN))
    assert (other.status, other.connector_mandate_id) == ("CHARGED", "vault_2")
    assert told(other) == {"connector_mandate_id": "vault_2"}
    none = paid_by(prism, server, kept(id=None, customer=OWN))
    assert (none.connector_mandate_id, told(none)) == (None, {"connector_mandate_id": "null"})


@pytest.mark.parametrize(
    "card_",
    [
        {"attributes": None},
        {"attributes": {"vault": None}},
        {"attributes": {"vault": {"id": None, "customer": None}}},
    ],
)
def test_a_link_that_is_null_is_told(prism: Prism, server: PayPalServer, card_: Any) -> None:
    """A customer and a saved card that PayPal says are null, though they were asked for, are
    discrepancies, at whatever level; the caller sees None."""
    answer = order(captures=[part("COMPLETED")], payment_source={"card": card_})
    payment = paid_by(prism, server, answer)
    assert told(payment) == {"connector_customer_id": "null", "connector_mandate_id": "null"}
    assert (payment.connector_customer_id, payment.connector_payment_method_id) == (None, None)


def test_what_is_not_told_is_no_difference(prism: Prism, server: PayPalServer) -> None:
    """PayPal names a saved card and its customer in some answers alone."""
    for source in ({}, {"card": {}}, {"card": {"attributes": {}}}):
        answer = order(captures=[part("COMPLETED")], payment_source=source)
        assert paid_by(prism, server, answer).discrepancies == ()
    assert paid_by(prism, server, kept(status="VAULTED")).discrepancies == ()


def test_the_callers_own_ids_that_are_null_are_told(
    ask: Any, prism: Prism, server: PayPalServer
) -> None:
    """An id that was sent and comes back as null was not kept."""
    answer = order(authorizations=[part("CREATED")])
    answer["purchase_units"][0]["custom_id"] = None
    server.script("/authorize", (201, answer))
    payment = prism.payments.authorize(payment_request())
    assert told(payment) == {"merchant_transaction_id": "null"}
    assert payment.merchant_transaction_id == "order_1001"
    made = ask(refunding(amount=FOUR), CHARGED, refunded("4.00", custom_id=None))
    assert told(made) == {"merchant_refund_id": "null"}
    server.script("/setup-tokens", (201, {"customer": {"id": "c", "merchant_customer_id": None}}))
    customer = prism.customers.create(merchant_customer_id="user_42")
    assert told(customer) == {"merchant_customer_id": "null"}


def set_up(prism: Prism, server: PayPalServer, answer: Any, **changes: Any) -> Mandate:
    """A permission by the saved card `vault_1`, or by another payment method."""
    server.script("/capture", (201, answer))
    asked = Token("vault_1")
    return prism.recurring.setup(
        **{"merchant_mandate_id": "order_1001", "amount": TEN, "payment_method": asked, **changes}
    )


def test_a_permission_by_another_card_is_told(prism: Prism, server: PayPalServer) -> None:
    """A first payment that another saved card made, or none, is told; so is another amount, and an
    error beside the money."""
    same = set_up(prism, server, kept(id="vault_1"))
    assert (same.status, same.connector_mandate_id, told(same)) == ("ACTIVE", "vault_1", {})
    other = set_up(prism, server, kept(id="vault_2"))
    assert (other.connector_mandate_id, told(other)) == (
        "vault_2",
        {"payment_method": "another one"},
    )
    none = set_up(prism, server, kept(id=None))
    assert (none.connector_mandate_id, told(none)) == ("vault_1", {"payment_method": "null"})
    unsure = order(captures=[part("COMPLETED", processor_response={"response_code": "5120"})])
    assert told(set_up(prism, server, unsure)) == {"error": "5120"}
    more = order(captures=[part("COMPLETED", "12.00")])
    assert told(set_up(prism, server, more)) == {"amount": "12.00 USD"}
    denied = order(captures=[part("DECLINED")], payment_source={"card": {"attributes": None}})
    refused = set_up(prism, server, denied)
    assert (refused.status, told(refused)) == ("MANDATE_INACTIVE", {})


def test_money_in_a_second_place_is_told(prism: Prism, server: PayPalServer) -> None:
    """A second purchase unit, authorization or capture is money that nobody asked for: it is in
    the amounts, and told."""
    unit = order(captures=[part("COMPLETED")])["purchase_units"][0]
    two = {**order(captures=[]), "purchase_units": [unit, unit]}
    server.script("/capture", (201, two), (201, order(captures=[part("COMPLETED")] * 2)))
    for name in ("purchase_units", "captures"):
        payment = prism.payments.authorize(payment_request(capture_method="AUTOMATIC"))
        assert payment.captured_amount == Money(2000, "USD")
        assert told(payment)[name] == "2"
        assert told(payment)["captured_amount"] == "20.00 USD"
    server.script("/authorize", (201, order(authorizations=[part("CREATED")] * 2)))
    payment = prism.payments.authorize(payment_request())
    assert payment.authorized_amount == payment.capturable_amount == Money(2000, "USD")
    assert told(payment)["authorizations"] == "2"


def test_what_is_not_in_one_place_is_told_when_it_is_looked_up(
    prism: Prism, server: PayPalServer
) -> None:
    """Where nothing was asked for, there is nothing else to compare it with."""
    server.script("5ORDER", (200, order(captures=[part("COMPLETED"), part("PENDING")])))
    payment = prism.payments.get(connector_transaction_id="5ORDER")
    assert told(payment) == {"captures": "2"}
    server.script("5ORDER", (200, order(captures=[part("DECLINED"), part("COMPLETED")])))
    payment = prism.payments.get(connector_transaction_id="5ORDER")
    assert (payment.status, told(payment)) == ("CHARGED", {})


def test_two_currencies_in_two_places_are_malformed(prism: Prism, server: PayPalServer) -> None:
    """What cannot be added up is no answer, and the payment is unknown."""
    two = order(captures=[part("COMPLETED")])
    two["purchase_units"] += order(captures=[], currency="EUR")["purchase_units"]
    server.script("/capture", (201, two))
    with pytest.raises(PrismError) as caught:
        prism.payments.authorize(payment_request(capture_method="AUTOMATIC"))
    assert (caught.value.outcome, type(caught.value)) == ("unknown", MalformedResponse)
