"""Recurring payments: what is sent, and what Stripe's answers mean.

https://docs.stripe.com/payments/save-and-reuse, https://docs.stripe.com/api/setup_intents
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ChargeRecurringRequest,
    Discrepancy,
    InvalidRequest,
    MalformedResponse,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    SetupRecurringRequest,
    Token,
)
from prism_core import UnifiedCode as U

from .loopback import Answering
from .samples import CUS, PM, card, decline, error, intent, method, redirecting, setup_intent

M, S = MandateStatus, PaymentStatus
TEN = Money(1000, "USD")


def setup(**changes: Any) -> SetupRecurringRequest:
    """A permission to get with a card."""
    whole = {"merchant_mandate_id": "m_1", "payment_method": card(), "connector_customer_id": CUS}
    return SetupRecurringRequest(**{**whole, **changes})


def renewal(**changes: Any) -> ChargeRecurringRequest:
    """A renewal of ten dollars."""
    whole = {"merchant_transaction_id": "order_2", "amount": TEN, "connector_mandate_id": PM}
    return ChargeRecurringRequest(**{"connector_customer_id": CUS, **whole, **changes})


def renewed(**changes: Any) -> dict[str, Any]:
    """A renewal that was charged."""
    linked = {"customer": CUS, "metadata": {"merchant_transaction_id": "order_2"}}
    return intent(**{**linked, **changes})


def refused_renewal(code: str) -> dict[str, Any]:
    """A renewal that was declined: the PaymentIntent has no payment method any more."""
    body = decline(code)
    unpaid = body["error"]["payment_intent"]
    linked = {name: renewed()[name] for name in ("customer", "metadata")}
    body["error"]["payment_intent"] = {**unpaid, **linked}
    return body


@pytest.mark.parametrize(
    ("answer", "status", "mandate"),
    [
        ({}, M.ACTIVE, PM),
        ({"payment_method": None}, M.MANDATE_PENDING, None),
        ({"status": "processing"}, M.MANDATE_PENDING, PM),
        ({"status": "levitating"}, M.MANDATE_PENDING, PM),
        ({"status": "requires_payment_method"}, M.MANDATE_PENDING, PM),
        ({"status": "canceled"}, M.MANDATE_INACTIVE, None),
        (
            {
                "status": "requires_payment_method",
                "last_setup_error": {"code": "setup_intent_authentication_failure"},
            },
            M.MANDATE_INACTIVE,
            None,
        ),
    ],
)
def test_a_permission_is_active_only_if_stripe_says_so(
    prism: Prism,
    answering: Answering,
    answer: dict[str, Any],
    status: MandateStatus,
    mandate: str | None,
) -> None:
    """An ACTIVE mandate has the id to charge by; an unknown word is pending."""
    answering.answer(200, setup_intent(**answer))
    made = prism.recurring.setup(setup())
    assert (made.status, made.connector_mandate_id) == (status, mandate)
    assert made.merchant_mandate_id == "m_1"
    assert (made.error is not None) == ("last_setup_error" in answer)
    form = answering.seen[0].form
    assert (form["usage"], form["confirm"], form["customer"]) == ("off_session", "true", CUS)
    assert "amount" not in form


def test_a_first_payment_is_charged_and_its_card_kept(prism: Prism, answering: Answering) -> None:
    """One payment that says that the card will be used again; the network's id comes back."""
    paid = {"customer": CUS, "metadata": {"merchant_mandate_id": "m_1"}}
    answering.answer(200, intent(**paid)).answer(200, redirecting(**paid)).answer(402, decline())
    good, open_end, bad = (prism.recurring.setup(setup(amount=TEN)) for _ in range(3))
    assert (good.status, good.connector_mandate_id, good.amount) == (M.ACTIVE, PM, TEN)
    assert good.network_transaction_id == "104102978678771"
    assert open_end.status is M.MANDATE_PENDING
    assert open_end.redirection_data is not None
    assert (bad.status, bad.connector_mandate_id) == (M.MANDATE_INACTIVE, None)
    assert bad.error is not None
    seen = answering.seen[0]
    assert seen.path == "/v1/payment_intents"
    assert seen.form["setup_future_usage"] == "off_session"


def test_a_first_payment_that_took_less_is_told(prism: Prism, answering: Answering) -> None:
    """The amount of the permission is what was taken, not what was asked for."""
    short = {"customer": CUS, "status": "succeeded", "amount_received": 400}
    answering.answer(200, intent(**short))
    made = prism.recurring.setup(setup(amount=TEN))
    assert made.amount is not None
    assert made.amount.minor_amount == 400
    assert "amount" in {one.field for one in made.discrepancies}


def test_a_declined_setup_is_a_result(prism: Prism, answering: Answering) -> None:
    """Nothing may be charged by it, and `error` says why."""
    answering.answer(402, decline(decline_code="lost_card"))
    made = prism.recurring.setup(setup())
    assert (made.status, made.connector_mandate_id) == (M.MANDATE_INACTIVE, None)
    assert made.error is not None
    assert made.error.unified is not None
    assert made.error.unified.code is U.LOST_OR_STOLEN


def test_a_renewal_says_that_the_customer_is_not_there(prism: Prism, answering: Answering) -> None:
    """Stripe tells the networks from `off_session`; a decline is a result."""
    answering.answer(200, method(customer=CUS)).answer(200, renewed())
    answering.answer(200, method(customer=CUS))
    answering.answer(402, refused_renewal("authentication_required"))
    paid, refused = (prism.recurring.charge(renewal()) for _ in range(2))
    form = answering.seen[1].form
    assert (form["off_session"], form["confirm"]) == ("true", "true")
    assert form["payment_method_types"] == {"0": "card"}
    assert (form["payment_method"], form["customer"]) == (PM, CUS)
    assert (paid.status, refused.status) == (S.CHARGED, S.AUTHORIZATION_FAILED)
    assert (paid.connector_mandate_id, paid.connector_payment_method_id) == (PM, PM)
    assert (paid.discrepancies, refused.discrepancies) == ((), ())
    assert refused.error is not None
    assert refused.error.unified is not None
    assert refused.error.unified.code is U.AUTHENTICATION_REQUIRED


@pytest.mark.parametrize("answered", ["pm_another", None])
def test_a_renewal_with_another_card_is_told(
    prism: Prism, answering: Answering, answered: str | None
) -> None:
    """It is the payment that was asked for, charged to another card than asked, or to none."""
    answering.answer(200, method(customer=CUS)).answer(200, renewed(payment_method=answered))
    (found,) = prism.recurring.charge(renewal()).discrepancies
    assert found == Discrepancy("connector_mandate_id", PM, answered or "null")


@pytest.mark.parametrize("amount", [None, TEN])
@pytest.mark.parametrize(
    ("token", "changes", "fields"),
    [
        (PM, {}, []),
        ("pm_card_visa", {}, []),
        ("pm_another", {}, ["payment_method"]),
        (PM, {"customer": None}, ["connector_customer_id"]),
        (PM, {"metadata": {}}, ["merchant_mandate_id"]),
    ],
)
def test_a_permission_for_something_else_is_told(
    prism: Prism,
    answering: Answering,
    amount: Money | None,
    token: str,
    changes: dict[str, Any],
    fields: list[str],
) -> None:
    """Another card than the token's, no customer or no id of the caller's: with a first payment
    and without."""
    linked = {"customer": CUS, "metadata": {"merchant_mandate_id": "m_1"}, **changes}
    body = setup_intent(**linked) if amount is None else intent(**linked)
    answering.answer(200, body)
    made = prism.recurring.setup(setup(payment_method=Token(token), amount=amount))
    assert [found.field for found in made.discrepancies] == fields
    assert "pm_another" not in repr(made.discrepancies)


@pytest.mark.parametrize("amount", [None, TEN])
def test_an_error_beside_a_permission_is_told(
    prism: Prism, answering: Answering, amount: Money | None
) -> None:
    """An answer that gives it and names an error contradicts itself."""
    failure = {"type": "card_error", "code": "card_declined"}
    linked = {"customer": CUS, "metadata": {"merchant_mandate_id": "m_1"}}
    alone = setup_intent(last_setup_error=failure)
    answering.answer(200, intent(last_payment_error=failure, **linked) if amount else alone)
    made = prism.recurring.setup(setup(amount=amount))
    assert made.status is M.ACTIVE
    assert made.discrepancies == (Discrepancy("error", "null", "card_declined"),)


@pytest.mark.parametrize(
    "changes", [{"customer": "cus_2"}, {"metadata": {"merchant_mandate_id": "m_2"}}]
)
def test_an_answer_about_another_permission_is_no_result(
    prism: Prism, answering: Answering, changes: dict[str, Any]
) -> None:
    """Another customer or permission than asked for says nothing of ours."""
    answering.answer(200, setup_intent(**changes))
    with pytest.raises(MalformedResponse) as caught:
        prism.recurring.setup(setup())
    assert caught.value.outcome == "unknown"


def test_no_permission_without_a_customer(prism: Prism, answering: Answering) -> None:
    """A card that is kept for nobody pays once at most: refused, and nothing is sent."""
    calls = (
        lambda: prism.recurring.setup(setup(connector_customer_id=None)),
        lambda: prism.recurring.charge(renewal(connector_customer_id=None)),
    )
    for call in calls:
        with pytest.raises(InvalidRequest) as refused:
            call()
        assert refused.value.field == "connector_customer_id"
    assert not answering.seen


@pytest.mark.parametrize("body", [{"id": PM}, method(id="pm_another"), {"customer": None}])
def test_nothing_but_the_cards_own_answer_revokes(
    prism: Prism, answering: Answering, body: Any
) -> None:
    """An answer about another card, or one that says nothing of a customer, is no REVOKED, and no
    deletion of a stored card."""
    answering.answer(200, body)
    for call in (
        lambda: prism.recurring.revoke(connector_mandate_id=PM),
        lambda: prism.payment_methods.delete(connector_payment_method_id=PM),
    ):
        with pytest.raises(MalformedResponse) as caught:
            call()
        assert caught.value.outcome == "unknown"


def test_a_revoked_permission_is_gone_for_certain(prism: Prism, answering: Answering) -> None:
    """REVOKED is a card that has no customer any more; anything else is not called so."""
    answering.answer(200, method()).answer(200, method(customer=CUS))
    answering.answer(402, decline()).answer(404, error(code="resource_missing"))
    states = [prism.recurring.revoke(connector_mandate_id=PM).status for _ in range(3)]
    assert states == [M.REVOKED, M.MANDATE_PENDING, M.MANDATE_REVOKE_FAILED]
    with pytest.raises(NotFound):
        prism.recurring.revoke(connector_mandate_id=PM)
