"""What Stripe answers, beside what it was asked for: differences are told, and an answer about
something else is no result. Over real HTTP; see `samples.py` for the answers.
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import Discrepancy, MalformedResponse, Money, Prism, Token

from .loopback import Answering
from .samples import (
    PM,
    card,
    charge,
    customer,
    intent,
    method,
    payment_request,
    setup_intent,
    uncaptured,
)
from .test_answers import authorized, looked_up


@pytest.mark.parametrize("body", [intent(), uncaptured(), intent(amount_received=700)])
def test_an_error_beside_money_is_told(prism: Prism, answering: Answering, body: Any) -> None:
    """Stripe clears the error of an earlier card once the payment goes on, so that an error beside
    money held or taken is a contradiction: it is in `error` and in `discrepancies`."""
    told = {"type": "card_error", "code": "card_declined"}
    payment = looked_up(prism, answering, {**body, "last_payment_error": told})
    assert payment.error is not None
    assert payment.discrepancies == (Discrepancy("error", "null", "card_declined"),)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"amount": 999, "amount_received": 999}, Discrepancy("amount", "10.00 USD", "9.99 USD")),
        ({"currency": "eur"}, Discrepancy("amount", "10.00 USD", "10.00 EUR")),
        ({"currency": "jpy"}, Discrepancy("amount", "10.00 USD", "1000 JPY")),
        ({"customer": None}, Discrepancy("connector_customer_id", "cus_1", "null")),
        ({"metadata": {}}, Discrepancy("merchant_transaction_id", "order_1001", "null")),
    ],
)
def test_what_stripe_reports_otherwise_is_surfaced(
    prism: Prism, answering: Answering, changes: dict[str, Any], found: Discrepancy
) -> None:
    """Another amount or currency than asked for, no customer or no id is in `discrepancies`."""
    payment = authorized(prism, answering, intent(**{"customer": "cus_1", **changes}))
    assert found in payment.discrepancies
    assert payment.merchant_transaction_id == "order_1001"


def test_what_stripe_reports_as_asked_is_no_discrepancy(prism: Prism, answering: Answering) -> None:
    """`discrepancies` is empty when amount, customer and ids are as asked."""
    assert authorized(prism, answering, intent(customer="cus_1")).discrepancies == ()


@pytest.mark.parametrize(
    "changes",
    [{"customer": "cus_2"}, {"metadata": {"merchant_transaction_id": "order_7"}}],
)
def test_an_answer_about_another_payment_is_no_result(
    prism: Prism, answering: Answering, changes: dict[str, Any]
) -> None:
    """Another customer or order than asked for: what became of ours is unknown."""
    with pytest.raises(MalformedResponse) as caught:
        authorized(prism, answering, intent(**{"customer": "cus_1", **changes}))
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("token", "answered", "reported"),
    [
        (PM, PM, None),
        (PM, "pm_another", "another one"),
        (PM, None, "null"),
        ("pm_card_visa", PM, None),
    ],
)
def test_a_token_is_compared_with_the_card_that_paid(
    prism: Prism, answering: Answering, token: str, answered: str | None, reported: str | None
) -> None:
    """Stripe's test tokens (pm_card_...) stand for a new card each time, and are not compared."""
    answering.answer(200, intent(payment_method=answered))
    payment = prism.payments.authorize(payment_request(payment_method=Token(token)))
    assert [found.reported for found in payment.discrepancies] == ([reported] if reported else [])
    expected = None if token != PM else answered
    assert payment.connector_payment_method_id == expected


@pytest.mark.parametrize(
    ("checks", "avs", "cvc"),
    [
        (None, None, None),
        ({"cvc_check": "pass"}, None, "pass"),
        ({"address_line1_check": "fail", "cvc_check": None}, "line1: fail", None),
        (
            {
                "address_line1_check": "unchecked",
                "address_postal_code_check": "pass",
                "cvc_check": "unavailable",
            },
            "line1: unchecked, postal_code: pass",
            "unavailable",
        ),
    ],
)
def test_the_checks_of_address_and_cvc_are_passed_on(
    prism: Prism, answering: Answering, checks: Any, avs: str | None, cvc: str | None
) -> None:
    """https://docs.stripe.com/api/charges/object: in Stripe's own words."""
    card = {"type": "card", "card": {"checks": checks}}
    payment = authorized(
        prism,
        answering,
        intent(customer="cus_1", latest_charge=charge(payment_method_details=card)),
    )
    assert (payment.avs_code, payment.cvc_code) == (avs, cvc)


PAYING = {"merchant_transaction_id": "order_1001", "amount": Money(1000, "USD")}
CALLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "payments.authorize": ({**PAYING, "payment_method": Token(PM)}, intent()),
    "payments.get": ({"connector_transaction_id": "pi_1"}, intent()),
    "customers.create": ({"merchant_customer_id": "user_42"}, customer()),
    "customers.get": ({"connector_customer_id": "cus_1"}, customer()),
    "payment_methods.tokenize": ({"payment_method": card()}, method()),
    "recurring.setup": (
        {"merchant_mandate_id": "plan_1", "payment_method": card(), "connector_customer_id": "c_1"},
        setup_intent(),
    ),
    "refunds.get": (
        {"connector_refund_id": "re_1"},
        {"id": "re_1", "object": "refund", "amount": 1, "currency": "usd"},
    ),
}
KINDS = ("payment_intent", "setup_intent", "customer", "payment_method", "refund", "charge")


@pytest.mark.parametrize(
    ("name", "kind"),
    [(name, kind) for name in CALLS for kind in KINDS if CALLS[name][1]["object"] != kind],
)
def test_an_object_of_another_kind_is_no_result(
    prism: Prism, answering: Answering, name: str, kind: str
) -> None:
    """Stripe names the kind of each object in its answer. Another one than was asked for is the
    answer to another call, whatever else it has: a refund's id is no token of a card."""
    fields, body = CALLS[name]
    answering.answer(200, {**body, "object": kind})
    service, method = name.split(".")
    with pytest.raises(MalformedResponse) as caught:
        getattr(getattr(prism, service), method)(**fields)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("beside", [{"type": "card_error", "code": "card_declined"}, {}, "no"])
def test_a_success_with_an_error_is_no_result(
    prism: Prism, answering: Answering, beside: Any
) -> None:
    """Approved and refused at once: what became of it is unknown."""
    with pytest.raises(MalformedResponse, match=r"\$\.error") as caught:
        authorized(prism, answering, {**intent(customer="cus_1"), "error": beside})
    assert caught.value.outcome == "unknown"


def test_an_error_that_is_null_is_none(prism: Prism, answering: Answering) -> None:
    payment = authorized(prism, answering, {**intent(customer="cus_1"), "error": None})
    assert payment.discrepancies == ()
