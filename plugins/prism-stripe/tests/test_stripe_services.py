"""Customers, kept cards and recurring payments: what is sent, and what Stripe's answers mean.

https://docs.stripe.com/api/customers, https://docs.stripe.com/api/payment_methods,
https://docs.stripe.com/payments/save-and-reuse
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    AuthorizeRequest,
    ChargeRecurringRequest,
    ConnectorError,
    CustomerStatus,
    InvalidRequest,
    MandateStatus,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    SetupRecurringRequest,
    Token,
    TokenizeRequest,
    UpdateCustomerRequest,
)
from prism_core import UnifiedCode as U

from .loopback import Answering
from .samples import (
    address,
    card,
    customer,
    customer_request,
    decline,
    error,
    intent,
    payment_request,
    redirecting,
)

M, S = MandateStatus, PaymentStatus
CUS, PM = "cus_NffrFeUfNV2Hib", "pm_1MtwBwLkdIwHu7ixGQUCvCEd"
TEN = Money(1000, "USD")


def method(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/payment_methods/object"""
    shown = {"brand": "visa", "exp_month": 12, "exp_year": 2090, "last4": "4242"}
    whole = {"id": PM, "object": "payment_method", "type": "card", "card": shown}
    return {**whole, "customer": None, "metadata": {}, **changes}


def setup_intent(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/setup_intents/object"""
    return {
        "id": "seti_1Mm8s8LkdIwHu7ix0OXBfTRG",
        "object": "setup_intent",
        "client_secret": "seti_1Mm8s8LkdIwHu7ix0OXBfTRG_secret_x",
        "customer": CUS,
        "last_setup_error": None,
        "metadata": {"merchant_mandate_id": "m_1"},
        "next_action": None,
        "payment_method": PM,
        "status": "succeeded",
        **changes,
    }


def setup(**changes: Any) -> SetupRecurringRequest:
    """A permission to get with a card."""
    whole = {"merchant_mandate_id": "m_1", "payment_method": card(), "connector_customer_id": CUS}
    return SetupRecurringRequest(**{**whole, **changes})


def renewal(**changes: Any) -> ChargeRecurringRequest:
    """A renewal of ten dollars."""
    whole = {"merchant_transaction_id": "order_2", "amount": TEN, "connector_mandate_id": PM}
    return ChargeRecurringRequest(**{"connector_customer_id": CUS, **whole, **changes})


def test_an_update_sends_what_is_given_and_no_more(prism: Prism, answering: Answering) -> None:
    """What is not given stays as it is at Stripe, the caller's own id in the metadata, too."""
    answering.answer(200, customer(email="new@example.com"))
    changed = prism.customers.update(connector_customer_id=CUS, email="new@example.com")
    assert answering.seen[0].form == {"email": "new@example.com"}
    assert (changed.email, changed.merchant_customer_id) == ("new@example.com", "user_42")
    with pytest.raises(InvalidRequest) as refused:
        prism.customers.update(
            UpdateCustomerRequest(
                connector_customer_id=CUS, metadata={"merchant_customer_id": "user_43"}
            )
        )
    assert (refused.value.field, len(answering.seen)) == ("metadata", 1)


def test_a_deleted_customer_is_told_of_as_deleted(prism: Prism, answering: Answering) -> None:
    """Deleting says DELETED, and so does a lookup afterwards; nothing else does."""
    answering.answer(200, {"id": CUS, "object": "customer", "deleted": True})
    gone = prism.customers.delete(connector_customer_id=CUS)
    found = prism.customers.get(connector_customer_id=CUS)
    assert (gone.status, found.status) == (CustomerStatus.DELETED, CustomerStatus.DELETED)
    assert [seen.method for seen in answering.seen] == ["DELETE", "GET"]
    answering.answer(200, customer())
    found = prism.customers.get(connector_customer_id=CUS)
    assert found.status is CustomerStatus.ACTIVE


def test_the_same_customer_is_asked_for_with_the_same_key(
    prism: Prism, answering: Answering
) -> None:
    """`get_or_create` makes one customer, whoever asks: Stripe keeps keys for a day."""
    answering.answer(200, customer())
    for _ in range(2):
        prism.customers.get_or_create(customer_request())
    keys = [seen.headers["idempotency-key"] for seen in answering.seen]
    assert keys[0] == keys[1]


def test_a_card_is_kept_for_a_customer_and_pays(prism: Prism, answering: Answering) -> None:
    """Two requests, each with a key of its own; what comes back pays as a Token."""
    answering.answer(200, method()).answer(200, method(customer=CUS)).answer(200, intent())
    kept = prism.payment_methods.tokenize(
        payment_method=card(), connector_customer_id=CUS, idempotency_key="key_1"
    )
    assert (kept.connector_payment_method_id, kept.connector_customer_id) == (PM, CUS)
    assert kept.card is not None
    assert (kept.card.brand, kept.card.last_four) == ("visa", "4242")
    made, attached = answering.seen
    assert [seen.headers["idempotency-key"] for seen in (made, attached)] == [
        "key_1",
        "key_1-attach",
    ]
    assert (attached.path, attached.form) == (f"/v1/payment_methods/{PM}/attach", {"customer": CUS})
    paying = payment_request(payment_method=Token(kept.connector_payment_method_id))
    assert prism.payments.authorize(paying).status is S.CHARGED
    assert answering.seen[2].form["payment_method"] == PM


def test_a_card_that_the_issuer_declines_is_not_kept(prism: Prism, answering: Answering) -> None:
    """The error says why, in Prism's words and Stripe's, and that nothing was kept."""
    answering.answer(200, method()).answer(402, decline(decline_code="insufficient_funds"))
    with pytest.raises(ConnectorError) as caught:
        prism.payment_methods.tokenize(payment_method=card(), connector_customer_id=CUS)
    assert caught.value.outcome == "rejected"
    assert caught.value.details.unified is not None
    assert caught.value.details.unified.code is U.INSUFFICIENT_FUNDS


def test_a_key_too_long_for_two_requests_is_refused(prism: Prism, answering: Answering) -> None:
    """Before anything is sent: cut short, two keys could be one."""
    request = TokenizeRequest(
        payment_method=card(), connector_customer_id=CUS, idempotency_key="k" * 250
    )
    with pytest.raises(InvalidRequest, match="248"):
        prism.payment_methods.tokenize(request)
    assert not answering.seen


def test_more_cards_than_one_answer_holds_are_not_called_all(
    prism: Prism, answering: Answering
) -> None:
    """`is_complete` is what Stripe says."""
    for more in (False, True):
        answering.answer(200, {"data": [method(customer=CUS)], "has_more": more})
        listed = prism.payment_methods.list(connector_customer_id=CUS)
        assert [one.last_four for one in listed.payment_methods] == ["4242"]
        assert listed.is_complete is not more
    assert answering.seen[0].path == f"/v1/customers/{CUS}/payment_methods?type=card&limit=100"


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
    answering.answer(200, intent()).answer(402, decline("authentication_required"))
    paid, refused = (prism.recurring.charge(renewal()) for _ in range(2))
    form = answering.seen[0].form
    assert (form["off_session"], form["confirm"]) == ("true", "true")
    assert (form["payment_method"], form["customer"]) == (PM, CUS)
    assert (paid.status, refused.status) == (S.CHARGED, S.AUTHORIZATION_FAILED)
    assert refused.error is not None
    assert refused.error.unified is not None
    assert refused.error.unified.code is U.AUTHENTICATION_REQUIRED


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


def test_a_revoked_permission_is_gone_for_certain(prism: Prism, answering: Answering) -> None:
    """REVOKED is a card that has no customer any more; anything else is not called so."""
    answering.answer(200, method()).answer(200, method(customer=CUS))
    answering.answer(402, decline()).answer(404, error(code="resource_missing"))
    states = [prism.recurring.revoke(connector_mandate_id=PM).status for _ in range(3)]
    assert states == [M.REVOKED, M.MANDATE_PENDING, M.MANDATE_REVOKE_FAILED]
    with pytest.raises(NotFound):
        prism.recurring.revoke(connector_mandate_id=PM)


def test_completing_asks_stripe_and_believes_nobody_else(
    prism: Prism, answering: Answering
) -> None:
    """A return URL that claims success does not make a payment one."""
    answering.answer(200, redirecting())
    claimed = {"redirect_status": "succeeded", "payment_intent": "pi_another"}
    found = prism.payments.complete(connector_transaction_id="pi_1", returned=claimed)
    assert (found.status, found.not_sent) == (S.AUTHENTICATION_PENDING, ("returned",))
    assert [(seen.method, seen.path) for seen in answering.seen] == [
        ("GET", "/v1/payment_intents/pi_1?expand%5B0%5D=latest_charge")
    ]


@pytest.mark.parametrize(("asked", "word"), [(True, "if_available"), (False, "never")])
def test_an_authorization_that_can_be_raised_is_asked_for(
    prism: Prism, answering: Answering, asked: bool, word: str
) -> None:
    """Beside 3-D Secure, if both are given."""
    answering.answer(200, intent())
    request: AuthorizeRequest = payment_request(
        request_incremental_authorization=asked, auth_type="THREE_DS", billing_address=address()
    )
    prism.payments.authorize(request)
    assert answering.seen[0].form["payment_method_options"]["card"] == {
        "request_three_d_secure": "any",
        "request_incremental_authorization": word,
    }
