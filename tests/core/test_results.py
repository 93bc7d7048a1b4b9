"""Results: what they carry, and how they show what differs from what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec import structs
from support import Server, acme_source

from prism_core import (
    Event,
    EventKind,
    HandleEventRequest,
    ListPaymentMethodsRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentMethodList,
    PaymentStatus,
    Prism,
    StoredPaymentMethod,
    Token,
    nullable,
)
from prism_core.runtime.call import Call
from prism_core.runtime.comparison import discrepancies
from prism_core.runtime.results import finish

from .samples import ASKED, GOOD, PAYMENT


def test_a_result_carries_what_the_caller_needs(prism: Prism, server: Server) -> None:
    """Ids, status, amounts, request id, HTTP status, idempotency key and the raw answer."""
    server.answer(201, GOOD, {"Acme-Request": "req_1"})
    payment = prism.payments.authorize(**ASKED, idempotency_key="mine")
    assert payment.status is PaymentStatus.AUTHORIZED
    assert payment.merchant_transaction_id == "order_1"
    assert payment.connector_transaction_id == "pay_1"
    assert payment.connector_customer_id == "cus_1"
    assert payment.authorized_amount == payment.amount == Money(1000, "USD")
    assert (payment.status_code, payment.request_id) == (201, "req_1")
    assert payment.idempotency_key == "mine" == server.seen[0].headers["acme-key"]
    assert payment.discrepancies == ()
    assert payment.response.json()["id"] == "pay_1"
    assert payment.response_headers["acme-request"] == "req_1"
    (attempt,) = payment.attempts
    assert (attempt.method, attempt.path, attempt.status_code) == ("POST", "/payments", 201)
    assert server.seen[0].headers["authorization"] == "Bearer key_secret"
    assert server.seen[0].json["card"]["number"] == "4242424242424242"


def test_a_raw_answer_is_in_no_repr_and_no_pickle(prism: Prism, server: Server) -> None:
    """The raw body is reachable from the result, and goes nowhere by itself."""
    import pickle

    server.answer(200, {**GOOD, "extra": "raw-secret"})
    payment = prism.payments.authorize(**ASKED)
    assert "raw-secret" not in repr(payment)
    assert "raw-secret" not in str(payment.to_dict())
    again = pickle.loads(pickle.dumps(payment))
    assert again == payment
    assert again.response is None
    assert again.response_headers == {}


def test_callers_ids_are_echoed_unchanged(prism: Prism, server: Server) -> None:
    """The caller's id comes back even where the processor says nothing of it."""
    server.answer(200, {"id": "cus_9"})
    made = prism.customers.create(merchant_customer_id="user_42")
    assert (made.merchant_customer_id, made.discrepancies) == ("user_42", ())


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ({"customer": "cus_2"}, "pay_1"),
        ({"ref": "order_2"}, None),
    ],
)
def test_an_answer_about_something_else_is_no_result(
    prism: Prism, server: Server, answer: dict[str, Any], known: str | None
) -> None:
    """Another customer or order than asked for: what became of ours is unknown. An id that
    belongs to another order is not given as ours."""
    server.answer(200, {**GOOD, **answer})
    with pytest.raises(MalformedResponse, match="is about another") as caught:
        prism.payments.authorize(**ASKED, max_retries=5)
    assert caught.value.outcome == "unknown"
    assert caught.value.connector_transaction_id == known
    assert len(server.seen) == 1


def test_what_the_answer_says_is_null_is_a_difference(prism: Prism, server: Server) -> None:
    """A null where an id was asked for is told; a field that is not there says nothing."""
    server.answer(200, {**GOOD, "customer": None, "ref": None})
    payment = prism.payments.authorize(**ASKED)
    assert [(found.field, found.reported) for found in payment.discrepancies] == [
        ("merchant_transaction_id", "null"),
        ("connector_customer_id", "null"),
    ]
    assert payment.connector_customer_id is None
    assert payment.merchant_transaction_id == "order_1"
    silent = {name: value for name, value in GOOD.items() if name not in ("customer", "ref")}
    server.answers.clear()
    server.answer(200, silent)
    assert prism.payments.authorize(**ASKED).discrepancies == ()


def test_an_error_beside_an_approval_is_told(prism: Prism, server: Server) -> None:
    """An answer that approves a payment and names an error contradicts itself."""
    server.answer(200, {**GOOD, "error": "limit"})
    (found,) = prism.payments.authorize(**ASKED).discrepancies
    assert (found.field, found.asked, found.reported) == ("error", "null", "limit")


def test_a_renewal_paid_otherwise_is_told(prism: Prism, server: Server) -> None:
    """Another permission than asked for, or none, is a difference of a payment that was made."""
    for answered in ("mandate_2", None):
        server.answers.clear()
        server.answer(200, {**GOOD, "state": "paid", "mandate": answered})
        paid = prism.recurring.charge(
            merchant_transaction_id="order_1",
            amount=Money(1000, "USD"),
            connector_mandate_id="mandate_1",
        )
        (found,) = paid.discrepancies
        assert (found.field, found.reported) == ("connector_mandate_id", answered or "null")


@pytest.mark.parametrize(
    ("answered", "reported"),
    [("pm_1", []), ("pm_2", ["another one"]), (None, ["null"])],
)
@pytest.mark.parametrize("status", [PaymentStatus.CHARGED, PaymentStatus.PENDING])
def test_a_payment_with_another_payment_method_than_the_tokens_is_told(
    answered: str | None, reported: list[str], status: PaymentStatus
) -> None:
    """Neither token is shown. The one that was given is no difference. A debit is PENDING first."""
    asked = structs.replace(PAYMENT, payment_method=Token("pm_1"))
    paid = Payment(status=status, connector_payment_method_id=nullable(answered))
    assert [found.reported for found in discrepancies("authorize", asked, paid)] == reported


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"amount": 999}, ["amount"]),
        ({"currency": "EUR", "authorized": None}, ["amount"]),
        ({"authorized": 900}, ["authorized_amount"]),
        ({"authorized": 900, "state": "part"}, []),
    ],
)
def test_what_differs_from_what_was_asked_is_surfaced(
    prism: Prism, server: Server, answer: dict[str, Any], fields: list[str]
) -> None:
    """A differing amount or currency fills `discrepancies`."""
    server.answer(200, {**GOOD, **answer})
    payment = prism.payments.authorize(**ASKED)
    assert [found.field for found in payment.discrepancies] == fields


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ({"state": "paid", "captured": 1000}, ["capture_method"]),
        ({"state": "paid", "captured": 200000}, ["captured_amount", "capture_method"]),
        ({"state": "paid", "captured": 500}, ["captured_amount", "capture_method"]),
        ({"capturable": 500}, []),
        ({"capturable": 1001}, ["capturable_amount"]),
        ({"captured": 0}, []),
    ],
)
def test_money_held_or_taken_otherwise_is_surfaced(
    prism: Prism, server: Server, answer: dict[str, Any], fields: list[str]
) -> None:
    """Too much, too little or too early: money that moved otherwise than asked is shown."""
    server.answer(200, {**GOOD, **answer})
    payment = prism.payments.authorize(**ASKED)
    assert [found.field for found in payment.discrepancies] == fields


def test_a_lookup_compares_its_id(prism: Prism, server: Server) -> None:
    """A lookup that is answered with another payment has no result."""
    server.answer(200, GOOD)
    assert prism.payments.get(connector_transaction_id="pay_1").discrepancies == ()
    with pytest.raises(MalformedResponse, match="another connector_transaction_id") as caught:
        prism.payments.get(connector_transaction_id="pay_2")
    assert caught.value.connector_transaction_id is None


def test_checks_of_card_and_address_are_kept(plugin: Any, server: Server) -> None:
    """The processor's own codes are in the result, without anything of the caller's in them."""
    kept = (
        "        merchant_transaction_id=nullable(body.ref),\n        connector_customer_id",
        "        avs_code=nullable(body.ref),\n        cvc_code='M',\n"
        "        connector_customer_id",
    )
    plugin("acme", acme_source(kept))
    server.answer(200, {"id": "pay_1", "state": "ok", "ref": "Y 4242424242424242"})
    with Prism("acme", api_key="k", base_url=server.url) as prism:
        paid = prism.payments.authorize(PAYMENT)
    assert paid.cvc_code == "M"
    assert paid.avs_code is not None
    assert "4242" not in paid.avs_code


def test_a_byte_order_mark_before_the_answer(prism: Prism, server: Server) -> None:
    """Answers that begin with a UTF-8 byte-order mark are read like any other."""
    server.answer(200, b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    assert prism.payments.authorize(PAYMENT).connector_transaction_id == "pay_1"


def _call(prism: Prism, operation: str, request: Any) -> Call:
    engine = prism._engine
    hook = engine.connector.hooks[operation]
    return Call(engine.connector, operation, operation, hook, request, engine.account, 1.0, 0)


def test_a_list_that_a_connector_returns_stays_as_it_is(prism: Prism) -> None:
    """A connector may return the same object to many calls: a result is a copy, its parts too."""
    card = StoredPaymentMethod(
        connector_payment_method_id="pm_1", connector_customer_id=nullable(None)
    )
    returned = PaymentMethodList(payment_methods=(card,), connector_customer_id=nullable(None))
    request = ListPaymentMethodsRequest(connector_customer_id="cus_1")
    result: Any = finish(_call(prism, "list_payment_methods", request), returned)
    assert result.payment_methods[0].connector_customer_id is None
    assert [one.field for one in result.discrepancies] == ["connector_customer_id"]
    assert returned.connector_customer_id is nullable(None)
    assert returned.payment_methods == (card,)
    assert card.connector_customer_id is nullable(None)


def test_an_event_that_a_connector_returns_stays_as_it_is(prism: Prism) -> None:
    """Its id, and what its payment contradicts itself in, are the result's alone."""
    paid = Payment(status=PaymentStatus.VOIDED, captured_amount=Money(500, "USD"))
    returned = Event(kind=EventKind.PAYMENT, event_type="paid", payment=paid)
    request = HandleEventRequest(body=b"{}", headers={})
    result: Any = finish(_call(prism, "handle_event", request), returned)
    assert [one.field for one in result.payment.discrepancies] == ["captured_amount"]
    assert (result.connector_event_id[:6], result.body) == ("prism-", b"{}")
    assert (paid.discrepancies, returned.connector_event_id, returned.body) == ((), "", None)


def test_the_other_events_of_a_webhook_are_completed_as_the_first_is(prism: Prism) -> None:
    """Ids of their own, contradictions, nulls, and a credential that the processor repeats."""
    key = "acme_key_1234567890"
    paid = Payment(status=PaymentStatus.VOIDED, captured_amount=Money(500, "USD"))
    paid = structs.replace(paid, connector_customer_id=nullable(None))
    first = Event(kind=EventKind.UNKNOWN, event_type="payout.paid")
    others = (
        Event(kind=EventKind.PAYMENT, event_type=f"paid {key}", payment=paid),
        Event(kind=EventKind.UNKNOWN, event_type="customer.made"),
    )
    returned = structs.replace(first, others=others)
    request = HandleEventRequest(body=b"{}", headers={})
    with Prism("acme", api_key=key) as opened:
        result: Any = finish(_call(opened, "handle_event", request), returned)
    told = result.others[0]
    assert [one.field for one in told.payment.discrepancies] == ["captured_amount"]
    assert told.payment.connector_customer_id is None
    assert key not in f"{result.to_dict()}"
    ids = {result.connector_event_id, *(one.connector_event_id for one in result.others)}
    assert len(ids) == 3
    assert all(one.startswith("prism-") for one in ids)
    assert (returned.others, others[0].connector_event_id) == (others, "")


def test_another_event_of_a_webhook_may_not_contradict_itself(prism: Prism) -> None:
    """It is told as what it is: an answer that cannot be used."""
    lied = Payment(status=PaymentStatus.FAILURE, captured_amount=Money(500, "USD"))
    first = Event(kind=EventKind.UNKNOWN, event_type="payout.paid")
    other = Event(kind=EventKind.PAYMENT, event_type="paid", payment=lied)
    request = HandleEventRequest(body=b"{}", headers={})
    with pytest.raises(MalformedResponse):
        finish(_call(prism, "handle_event", request), structs.replace(first, others=(other,)))
