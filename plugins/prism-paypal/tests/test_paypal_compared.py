"""What is compared with what was asked for: the card that paid, whose it is, and money in a second
place. Null is told, and what is not told is no difference."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    MalformedResponse,
    Mandate,
    Money,
    Payment,
    Prism,
    PrismError,
    Token,
)

from .paypal_samples import (
    CHARGED,
    FOUR,
    HELD,
    TEN,
    VOIDING,
    capturing,
    order,
    part,
    payment_request,
    refunded,
    refunding,
)
from .paypal_server import PayPalServer


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
    unnamed = {"id": "c", "merchant_customer_id": None}
    token = {"id": "5SETUP", "status": "CREATED", "customer": unnamed}
    server.script("/setup-tokens", (201, token))
    customer = prism.customers.create(merchant_customer_id="user_42")
    assert told(customer) == {"merchant_customer_id": "null"}


def test_an_authorization_by_another_card_is_told(prism: Prism, server: PayPalServer) -> None:
    """A payment with a saved card is compared like a recurring one; a card that was saved by
    paying is named."""
    for vault, reported in (("vault_1", {}), ("vault_2", {"payment_method": "another one"})):
        server.script("/capture", (201, kept(id=vault)))
        asked = payment_request(payment_method=Token("vault_1"), capture_method="AUTOMATIC")
        assert told(prism.payments.authorize(asked)) == reported
    server.script("/capture", (201, kept(id="vault_3", customer=OWN)))
    asked = payment_request(setup_future_usage="OFF_SESSION", capture_method="AUTOMATIC")
    payment = prism.payments.authorize(asked)
    assert (payment.connector_payment_method_id, told(payment)) == ("vault_3", {})


NULLS = [
    ({"supplementary_data": {"related_ids": {"order_id": None}}}, "connector_transaction_id"),
    ({"supplementary_data": {"related_ids": {"authorization_id": None}}}, "authorization"),
    ({"invoice_id": None}, "merchant_capture_id"),
]


@pytest.mark.parametrize(("said", "field"), NULLS)
def test_what_a_capture_says_is_null_is_told(ask: Any, said: Any, field: str) -> None:
    """A capture that names no order, authorization or id of the caller's is told, and made."""
    made = part("COMPLETED", id="4FIRST", final_capture=True, **said)
    payment = ask(capturing(amount=TEN, merchant_capture_id="capture_1"), HELD, made)
    assert (payment.status, payment.captured_amount) == ("CHARGED", TEN)
    assert told(payment) == {field: "null"}
    if field != "merchant_capture_id":
        payment = ask(VOIDING, HELD, part("VOIDED", id="3AUTH", **said))
        assert (payment.status, told(payment)) == ("VOIDED", {field: "null"})
    bare = part("COMPLETED", id="4FIRST", invoice_id=None, supplementary_data=None)
    assert told(ask(capturing(amount=TEN), HELD, bare)) == {}


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


def test_a_second_authorization_in_a_new_status_is_told(prism: Prism, server: PayPalServer) -> None:
    """A status that nobody knows may hold money; one that is voided or denied holds none."""
    for status, count in (("RESERVED", "2"), ("VOIDED", None), ("DENIED", None)):
        two = order(authorizations=[part("CREATED"), part(status)])
        server.script("/authorize", (201, two))
        assert told(prism.payments.authorize(payment_request())).get("authorizations") == count


@pytest.mark.parametrize(
    ("status", "authorization"),
    [("COMPLETED", "DENIED"), ("PAYER_ACTION_REQUIRED", "CREATED")],
)
def test_a_capture_of_what_failed_is_no_failure(
    prism: Prism, server: PayPalServer, status: str, authorization: str
) -> None:
    """Money may be on its way: whoever believed that there is none would charge again."""
    both = order(status, authorizations=[part(authorization)], captures=[part("PENDING")])
    server.script("/authorize", (201, both))
    assert prism.payments.authorize(payment_request()).status == "UNRESOLVED"
