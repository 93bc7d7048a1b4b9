"""What webhooks tell of: payments, refunds, disputes and stored cards, with the ids of each."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import ConfigurationError, EventKind, InvalidRequest, Money, PaymentStatus, Prism

from .adyen_samples import BACK, KEY, MERCHANT, PSP
from .adyen_webhooks import HMAC, MODIFIED, signed, told, webhook


@pytest.mark.parametrize(
    ("code", "success", "status"),
    [
        ("CAPTURE", "true", "CHARGED"),
        ("CAPTURE", "false", "CAPTURE_FAILED"),
        ("CAPTURE_FAILED", "true", "CAPTURE_FAILED"),
        ("CAPTURE_FAILED", "false", "UNRESOLVED"),
        ("CANCELLATION", "true", "VOIDED"),
        ("CANCELLATION", "false", "VOID_FAILED"),
        ("AUTHORISATION_ADJUSTMENT", "true", "AUTHORIZED"),
        ("AUTHORISATION_ADJUSTMENT", "false", "AUTHORIZED"),
    ],
)
def test_a_change_tells_of_its_payment(code: str, success: str, status: str) -> None:
    """Its payment is the one that it changed; a reference of the change is not the payment's."""
    raw = signed(webhook(eventCode=code, success=success, **MODIFIED))
    payment = told(raw).payment
    assert payment is not None
    assert (payment.status, payment.connector_transaction_id) == (status, PSP)
    assert payment.merchant_transaction_id is None


def test_a_refused_adjustment_leaves_the_authorization_as_it_was() -> None:
    """The payment is not over, the amount that was refused is not authorized, and why is told."""
    raw = signed(webhook(eventCode="AUTHORISATION_ADJUSTMENT", success="false", **MODIFIED))
    payment = told(raw).payment
    assert payment is not None
    assert payment.status.can_still_change
    assert payment.authorized_amount is None
    assert payment.error is not None


@pytest.mark.parametrize(
    ("code", "success", "status"),
    [
        ("REFUND", "true", "REFUND_SUCCESS"),
        ("REFUND", "false", "REFUND_FAILURE"),
        ("REFUND_FAILED", "true", "REFUND_FAILURE"),
        ("REFUNDED_REVERSED", "true", "REFUND_FAILURE"),
        ("REFUNDED_REVERSED", "false", "REFUND_MANUAL_REVIEW"),
    ],
)
def test_a_refund_is_seen_to_end(code: str, success: str, status: str) -> None:
    """By the id that refunding gave, with its payment's beside it."""
    refund = told(signed(webhook(eventCode=code, success=success, **MODIFIED))).refund
    assert refund is not None
    assert refund.status == status
    assert (refund.connector_refund_id, refund.connector_transaction_id) == (
        MODIFIED["pspReference"],
        PSP,
    )


def test_an_outcome_that_changes_is_another_event() -> None:
    """The id is the same each time an event is sent, and another where it now succeeded."""
    first, again = told(signed(webhook())), told(signed(webhook(eventDate="2027-01-01")))
    assert first.connector_event_id == again.connector_event_id
    assert told(signed(webhook(success="false"))).connector_event_id != first.connector_event_id


@pytest.mark.parametrize(
    "code",
    [
        *("REQUEST_FOR_INFORMATION", "NOTIFICATION_OF_CHARGEBACK", "NOTIFICATION_OF_FRAUD"),
        *("CHARGEBACK", "CHARGEBACK_REVERSED", "SECOND_CHARGEBACK", "INFORMATION_SUPPLIED"),
        *("ISSUER_COMMENTS", "ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "DISPUTE_DEFENSE_PERIOD_ENDED"),
        *("PREARBITRATION_WON", "PREARBITRATION_LOST"),
    ],
)
def test_a_dispute_says_which_payment_it_is_about(code: str) -> None:
    """All events of a dispute have its id and the payment's, and each an id of its own."""
    event = told(signed(webhook(eventCode=code, **MODIFIED)))
    assert event.kind is EventKind.DISPUTE
    assert event.connector_dispute_id == MODIFIED["pspReference"]
    assert event.connector_transaction_id == PSP
    assert event.connector_event_id == f"{MODIFIED['pspReference']}:{code}:true"
    assert event.refund is None
    if event.dispute is not None:
        about = (event.dispute.connector_dispute_id, event.dispute.connector_transaction_id)
        assert about == (MODIFIED["pspReference"], PSP)


@pytest.mark.parametrize(
    ("code", "status", "back"),
    [
        ("NOTIFICATION_OF_CHARGEBACK", "DISPUTE_OPENED", None),
        ("CHARGEBACK", "DISPUTE_OPENED", 1000),
        ("INFORMATION_SUPPLIED", "DISPUTE_CHALLENGED", None),
        ("CHARGEBACK_REVERSED", "DISPUTE_CHALLENGED", 0),
        ("SECOND_CHARGEBACK", "DISPUTE_LOST", 1000),
        ("ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "DISPUTE_WON", None),
        ("DISPUTE_DEFENSE_PERIOD_ENDED", "DISPUTE_EXPIRED", None),
        ("PREARBITRATION_WON", "DISPUTE_WON", None),
        ("PREARBITRATION_LOST", "DISPUTE_LOST", None),
    ],
)
def test_a_dispute_says_how_it_stands_and_what_was_taken_back(
    code: str, status: str, back: int | None
) -> None:
    """Only the events with which money moves tell of a payment; it stays a paid one."""
    event = told(signed(webhook(eventCode=code, **MODIFIED)))
    assert event.dispute is not None
    assert event.dispute.status == status
    if back is None:
        assert event.payment is None
        return
    assert event.payment is not None
    assert (event.payment.status, event.payment.charged_back_amount) == (
        "CHARGED",
        Money(back, "USD"),
    )


def test_a_refused_try_leaves_an_order_open() -> None:
    """With the account's setting for orders, the event says that the order can still be paid."""
    raw = signed(webhook(success="false"))
    given = {"webhook_secret": HMAC, "refused_status": "PAYMENT_METHOD_AWAITED"}
    with Prism("adyen", api_key=KEY, merchant_account=MERCHANT, **given) as prism:
        payment = prism.events.handle(body=raw, headers={}).payment
    assert payment is not None
    assert payment.status is PaymentStatus.PAYMENT_METHOD_AWAITED
    assert payment.error is not None


def test_a_refused_try_is_never_money() -> None:
    """The setting has the two statuses that say so, and no other."""
    with pytest.raises(ConfigurationError, match="AUTHORIZATION_FAILED or PAYMENT_METHOD_AWAITED"):
        Prism("adyen", api_key=KEY, merchant_account=MERCHANT, refused_status="CHARGED")


def test_an_order_is_not_opened_where_its_events_would_end_it() -> None:
    """The client that receives events without the setting for orders refuses to open one."""
    with (
        Prism("adyen", api_key=KEY, merchant_account=MERCHANT, webhook_secret=HMAC) as prism,
        pytest.raises(InvalidRequest, match="refused_status"),
    ):
        prism.payments.create_order(
            merchant_transaction_id="order_1", amount=Money(1000, "EUR"), return_url=BACK
        )


@pytest.mark.parametrize("original", ["", None])
def test_a_dispute_of_no_payment_is_told_all_the_same(original: Any) -> None:
    event = told(signed(webhook(eventCode="CHARGEBACK", originalReference=original)))
    assert (event.connector_dispute_id, event.connector_transaction_id) == (PSP, None)


@pytest.mark.parametrize(
    ("success", "stored"), [("true", MODIFIED["pspReference"]), ("false", None)]
)
def test_a_stored_card_is_told(success: str, stored: str | None) -> None:
    """A RECURRING_CONTRACT names the token that a Token or a permission is, and its payment."""
    event = told(signed(webhook(eventCode="RECURRING_CONTRACT", success=success, **MODIFIED)))
    assert event.kind is EventKind.MANDATE
    assert (event.connector_payment_method_id, event.connector_transaction_id) == (stored, PSP)
    assert event.mandate is not None
    assert event.mandate.status == ("ACTIVE" if stored else "MANDATE_INACTIVE")
    assert event.mandate.connector_mandate_id == stored
    assert event.mandate.merchant_mandate_id == "order_1001"
    assert event.connector_dispute_id is None


def test_an_event_of_another_kind_is_no_error() -> None:
    """A word that the connector does not know is UNKNOWN, of any merchant account."""
    raw = signed(webhook(eventCode="REPORT_AVAILABLE", merchantAccountCode="Company", success="x"))
    assert (told(raw).kind, told(raw).event_type) == (EventKind.UNKNOWN, "REPORT_AVAILABLE")
    without = told(signed(webhook(eventCode="REPORT_AVAILABLE", success=None)))
    assert without.connector_event_id == f"{PSP}:REPORT_AVAILABLE:"
