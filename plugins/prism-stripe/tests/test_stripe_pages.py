"""Orders, permissions and delayed payments: how they end, and what ends them.
https://docs.stripe.com/checkout/fulfillment, https://docs.stripe.com/payments/sepa-debit"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    DisputeStatus,
    InvalidRequest,
    MalformedResponse,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    SdkToken,
    TryAgain,
)

from .loopback import Answering
from .samples import CUS, PM, charge, intent, method, setup_intent
from .test_stripe_services_events import handled, sent

S, M, D = PaymentStatus, MandateStatus, DisputeStatus
PAGE = {"merchant_transaction_id": "order_1001", "prism_order": "page"}
HOSTED = {**PAGE, "prism_order": "hosted"}
DECLINED = {"type": "card_error", "code": "card_declined", "decline_code": "do_not_honor"}
TRIED = {"status": "requires_payment_method", "last_payment_error": DECLINED}
UNPAID = {"amount_received": 0, "latest_charge": None, "payment_method": None}


def session(**changes: Any) -> dict[str, Any]:
    """https://docs.stripe.com/api/checkout/sessions/object"""
    return {
        "id": "cs_test_1",
        "object": "checkout.session",
        "mode": "payment",
        "status": "open",
        "payment_status": "unpaid",
        "amount_total": 1000,
        "currency": "usd",
        "customer": None,
        "metadata": HOSTED,
        "payment_intent": None,
        "url": "https://checkout.stripe.com/c/pay/cs_test_1",
        "expires_at": 1790086400,
        **changes,
    }


def test_a_failed_try_leaves_an_order_open(prism: Prism, shop: Prism, answering: Answering) -> None:
    """By lookup and by event, with the reason; a payment without a page is over."""
    open_ = intent(**TRIED, **UNPAID, metadata=PAGE)
    answering.answer(200, open_)
    found = prism.payments.get(connector_order_id=open_["id"])
    told = handled(shop, sent("payment_intent.payment_failed", open_)).payment
    for one in (found, told):
        assert one is not None
        assert (one.status, one.connector_order_id) == (S.PAYMENT_METHOD_AWAITED, open_["id"])
        assert one.error is not None
        assert one.status.can_still_change
    assert found.redirection_data is not None
    assert found.redirection_data.sdk == {"client_secret": open_["client_secret"]}
    alone = intent(**TRIED, **UNPAID)
    over = handled(shop, sent("payment_intent.payment_failed", alone)).payment
    assert over is not None
    assert over.status is S.AUTHORIZATION_FAILED


@pytest.mark.parametrize(
    ("page", "paid", "status"),
    [
        ("open", None, S.PAYMENT_METHOD_AWAITED),
        ("open", {**TRIED, **UNPAID}, S.PAYMENT_METHOD_AWAITED),
        ("open", {"status": "requires_action", **UNPAID}, S.AUTHENTICATION_PENDING),
        ("expired", None, S.EXPIRED),
        ("expired", {**TRIED, **UNPAID}, S.EXPIRED),
        ("expired", {"status": "canceled", **UNPAID}, S.EXPIRED),
        ("complete", {}, S.CHARGED),
        ("complete", {"status": "processing", **UNPAID}, S.PENDING),
        ("complete", {**TRIED, **UNPAID}, S.FAILURE),
        ("complete", None, S.PENDING),
        ("levitating", None, S.UNRESOLVED),
    ],
)
def test_stripes_page_ends_as_its_payment_does(
    prism: Prism, answering: Answering, page: str, paid: Any, status: PaymentStatus
) -> None:
    """Only an open page takes another try."""
    made = None if paid is None else intent(**paid, metadata=HOSTED)
    answering.answer(200, session(status=page, payment_intent=made))
    found = prism.payments.complete(connector_order_id="cs_test_1", returned={"paid": "yes"})
    assert (found.status, found.connector_order_id) == (status, "cs_test_1")
    assert found.discrepancies == ()
    is_open = status is S.PAYMENT_METHOD_AWAITED
    assert (found.redirection_data is not None and bool(found.redirection_data.uri)) == is_open


@pytest.mark.parametrize(
    ("kind", "changes", "status"),
    [
        ("completed", {"status": "complete", "payment_status": "paid"}, S.CHARGED),
        ("completed", {"status": "complete"}, S.PENDING),
        ("async_payment_succeeded", {"status": "complete", "payment_status": "paid"}, S.CHARGED),
        ("async_payment_failed", {"status": "complete"}, S.FAILURE),
        ("expired", {"status": "expired"}, S.EXPIRED),
    ],
)
def test_an_event_tells_how_stripes_page_ended(
    shop: Prism, kind: str, changes: dict[str, Any], status: PaymentStatus
) -> None:
    """A delayed payment is under way until Stripe says that it was paid."""
    body = session(**changes, payment_intent="pi_1")
    event = handled(shop, sent(f"checkout.session.{kind}", body))
    assert event.payment is not None
    assert event.payment.status is status
    assert (event.connector_order_id, event.payment.connector_transaction_id) == (
        "cs_test_1",
        "pi_1",
    )


def test_a_debit_that_failed_is_a_failure_and_not_a_declined_card(
    prism: Prism, answering: Answering
) -> None:
    """It is known by its payment method, days after it was under way."""
    debit = {"payment_method_types": ["sepa_debit"], "metadata": {}}
    answering.answer(200, intent(**debit, **UNPAID, status="processing"))
    answering.answer(200, intent(**debit, **UNPAID, **TRIED))
    under_way, failed = (prism.payments.get(connector_transaction_id=PI) for _ in range(2))
    assert (under_way.status, failed.status) == (S.PENDING, S.FAILURE)


def test_an_order_is_completed_with_all_ids_that_it_was_returned_with(
    prism: Prism, answering: Answering
) -> None:
    """In the shop's page both are the PaymentIntent; an answer about another is no result."""
    for _ in range(2):
        answering.answer(200, intent(metadata=PAGE))
    both = {"connector_transaction_id": PI, "merchant_transaction_id": "order_1001"}
    assert prism.payments.complete(**both, connector_order_id=PI).status is S.CHARGED
    with pytest.raises(MalformedResponse):
        prism.payments.complete(
            **{**both, "connector_transaction_id": "pi_2"}, connector_order_id=PI
        )


PI = intent()["id"]


IDEAL = {"payment_method_types": ["ideal"], "customer": CUS, "setup_future_usage": "off_session"}


def test_an_ideal_payment_leads_to_a_debit_that_can_be_charged_again(
    prism: Prism, answering: Answering
) -> None:
    """Not the iDEAL payment method, which pays once; without what Stripe made of it, none."""
    told = {"type": "ideal", "ideal": {"bank": "ing", "generated_sepa_debit": "pm_sepa"}}
    for details in (told, {"type": "ideal", "ideal": {"bank": "ing"}}):
        paid = charge(payment_method_details=details)
        answering.answer(200, intent(**IDEAL, latest_charge=paid, metadata={}))
    made, none = (prism.recurring.get(connector_transaction_id=PI) for _ in range(2))
    assert (made.status, made.connector_mandate_id) == (M.ACTIVE, "pm_sepa")
    assert (none.status, none.connector_mandate_id) == (M.MANDATE_PENDING, None)


def test_a_permission_by_ideal_is_charged_by_the_debit_behind_it(
    prism: Prism, answering: Answering
) -> None:
    """Without a payment, Stripe tells it with the last attempt; an event does not."""
    generated = {"type": "ideal", "ideal": {"generated_sepa_debit": "pm_sepa"}}
    made: dict[str, Any] = {"payment_method_types": ["ideal"], "payment_method": "pm_ideal"}
    for attempt in ({"payment_method_details": generated}, "setatt_1"):
        answering.answer(200, setup_intent(**made, latest_attempt=attempt))
    ids = {"connector_order_id": setup_intent()["id"]}
    found, unknown = (prism.recurring.complete(**ids) for _ in range(2))
    assert (found.status, found.connector_mandate_id) == (M.ACTIVE, "pm_sepa")
    assert (unknown.status, unknown.connector_mandate_id) == (M.MANDATE_PENDING, None)


@pytest.mark.parametrize(
    ("mandate", "status"),
    [
        ({"status": "active"}, M.ACTIVE),
        ({"status": "pending"}, M.MANDATE_PENDING),
        ({"status": "inactive"}, M.REVOKED),
        (None, M.ACTIVE),
    ],
)
def test_a_debit_mandate_is_active_only_if_the_bank_agrees(
    prism: Prism, shop: Prism, answering: Answering, mandate: Any, status: MandateStatus
) -> None:
    """By lookup, and by the event when that changes. A card has no such mandate."""
    known = mandate and {"id": "mandate_1", "object": "mandate", "payment_method": PM, **mandate}
    answering.answer(200, setup_intent(mandate=known))
    found = prism.recurring.complete(connector_order_id=setup_intent()["id"])
    assert (found.status, found.connector_mandate_id) == (status, PM)
    if known is not None:
        told = handled(shop, sent("mandate.updated", known)).mandate
        assert told is not None
        assert (told.status, told.connector_mandate_id) == (status, PM)


@pytest.mark.parametrize(("customer", "status"), [(CUS, M.ACTIVE), (None, M.REVOKED)])
def test_a_permission_ends_when_its_method_is_detached(
    prism: Prism, answering: Answering, customer: str | None, status: MandateStatus
) -> None:
    """Charging it then is refused before anything is charged."""
    for _ in range(2):
        answering.answer(200, method(customer=customer))
    assert prism.recurring.get(connector_mandate_id=PM).status is status
    if customer is None:
        with pytest.raises(InvalidRequest, match="was revoked") as caught:
            prism.recurring.charge(
                merchant_transaction_id="order_2",
                amount=Money(1000, "USD"),
                connector_mandate_id=PM,
                connector_customer_id=CUS,
            )
        assert (caught.value.outcome, len(answering.seen)) == ("not_sent", 2)


def test_what_a_page_gave_is_only_stored_when_the_customers_bank_agreed(
    prism: Prism, answering: Answering
) -> None:
    """A SetupIntent that waits for the customer has stored nothing that could be named."""
    kept = method(customer=CUS)
    answering.answer(200, setup_intent(payment_method=kept, metadata={}))
    answering.answer(200, setup_intent(payment_method=kept, status="requires_action"))
    asked = {"payment_method": SdkToken("pm_1"), "connector_customer_id": CUS}
    stored = prism.payment_methods.tokenize(**asked)
    assert (stored.connector_payment_method_id, stored.connector_customer_id) == (PM, CUS)
    with pytest.raises(MalformedResponse):
        prism.payment_methods.tokenize(**asked)


@pytest.mark.parametrize(
    ("code", "again"),
    [
        ("insufficient_funds", TryAgain.LATER),
        ("debit_not_authorized", TryAgain.NEVER),
        ("bank_account_closed", TryAgain.NEVER),
        ("bank_account_invalid_details", TryAgain.WITH_CUSTOMER),
    ],
)
def test_a_failed_debit_says_whether_another_try_can_help(
    prism: Prism, answering: Answering, code: str, again: TryAgain
) -> None:
    """A bank whose customer took the permission back must not be asked again."""
    why = {"type": "card_error", "code": "payment_method_provider_decline", "decline_code": code}
    failed = {"status": "requires_payment_method", "last_payment_error": why}
    answering.answer(200, intent(**UNPAID, **failed, payment_method_types=["us_bank_account"]))
    error = prism.payments.get(connector_transaction_id=PI).error
    assert error is not None
    assert error.unified is not None
    assert error.unified.code.try_again is again
