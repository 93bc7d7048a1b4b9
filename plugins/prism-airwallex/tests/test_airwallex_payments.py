"""What a shop relies on: statuses, amounts, codes, access tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prism_core import (
    Card,
    Conflict,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Money,
    Prism,
    Token,
    Unavailable,
)

from .conftest import Airwallex

Made = Callable[..., dict[str, Any]]
CARD = Card(number="4111111111111111", exp_month=3, exp_year=2090, cvc="123")
TEN = Money(1000, "EUR")
FAILED = {"id": "att_1", "status": "FAILED", "failure_code": "issuer_declined"}


def pay(prism: Prism, amount: Money = TEN) -> Any:
    return prism.payments.authorize(
        merchant_transaction_id="order_1001", amount=amount, payment_method=CARD
    )


@pytest.mark.parametrize(
    ("status", "captured", "meaning"),
    [
        ("REQUIRES_PAYMENT_METHOD", 0, "PAYMENT_METHOD_AWAITED"),
        ("REQUIRES_CUSTOMER_ACTION", 0, "AUTHENTICATION_PENDING"),
        ("REQUIRES_CAPTURE", 0, "AUTHORIZED"),
        ("REQUIRES_CAPTURE", 4, "PARTIAL_CHARGED_AND_CHARGEABLE"),
        ("PENDING", 0, "PENDING"),
        ("PENDING_REVIEW", 0, "PENDING"),
        ("SUCCEEDED", 10, "CHARGED"),
        ("SUCCEEDED", 4, "PARTIAL_CHARGED"),
        ("CANCELLED", 0, "VOIDED"),
        ("FROBNICATED", 0, "UNRESOLVED"),
    ],
)
def test_statuses(
    prism: Prism, airwallex: Airwallex, intent: Made, status: str, captured: int, meaning: str
) -> None:
    airwallex.says(intent(status=status, captured_amount=captured))
    assert prism.payments.get(connector_transaction_id="int_1").status == meaning


def test_a_failed_try_ends_a_payment_and_not_an_order(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    waits = intent(
        status="REQUIRES_PAYMENT_METHOD", captured_amount=0, latest_payment_attempt=FAILED
    )
    airwallex.says(waits)
    airwallex.says({**waits, "metadata": {"prism_order": "page"}})
    airwallex.says({**waits, "latest_payment_attempt": {**FAILED, "status": "RECEIVED"}})
    payment = prism.payments.get(connector_transaction_id="int_1")
    order = prism.payments.get(connector_order_id="int_1")
    under_way = prism.payments.get(connector_transaction_id="int_1")
    assert (payment.status, order.status) == ("AUTHORIZATION_FAILED", "PAYMENT_METHOD_AWAITED")
    assert order.error is not None
    assert under_way.status == "UNRESOLVED"


# https://airwallex.com/docs/payments__supported-currencies
@pytest.mark.parametrize(
    ("minor", "currency", "wire"),
    [(1000, "EUR", "10.00"), (1000, "JPY", "1000"), (1005, "BHD", "1.005")],
)
def test_amounts_are_decimal_numbers(
    prism: Prism, airwallex: Airwallex, intent: Made, minor: int, currency: str, wire: str
) -> None:
    about = {"amount": float(wire), "captured_amount": float(wire), "currency": currency}
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", **{**about, "captured_amount": 0}))
    airwallex.says(intent(**about))
    paid = pay(prism, Money(minor, currency))
    assert f'"amount":{wire},' in airwallex.requests[0].content.decode()
    assert (paid.amount, paid.captured_amount) == (Money(minor, currency),) * 2


def test_an_amount_in_another_currency_is_not_captured(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    airwallex.says(intent(status="REQUIRES_CAPTURE", captured_amount=0))
    with pytest.raises(InvalidRequest):
        prism.payments.capture(connector_transaction_id="int_1", amount=Money(1000, "USD"))
    assert len(airwallex.requests) == 1


@pytest.mark.parametrize(
    ("code", "issuer", "unified"),
    [
        ("issuer_declined", "51", "INSUFFICIENT_FUNDS"),
        ("issuer_declined", "54", "EXPIRED_CARD"),
        ("issuer_declined", "41", "LOST_OR_STOLEN"),
        ("issuer_declined", "ZZ", "DECLINED"),
        ("risk_declined", None, "SUSPECTED_FRAUD"),
        ("authentication_declined", None, "AUTHENTICATION_FAILED"),
    ],
)
def test_declines_name_the_intent(
    prism: Prism, airwallex: Airwallex, intent: Made, code: str, issuer: str, unified: str
) -> None:
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    airwallex.says({"code": code, "provider_original_response_code": issuer}, 400)
    refused = pay(prism)
    assert refused.status in ("AUTHORIZATION_FAILED", "AUTHENTICATION_FAILED")
    assert (refused.error.unified.code, refused.connector_transaction_id) == (unified, "int_1")


@pytest.mark.parametrize(
    ("code", "error", "outcome"),
    [
        ("internal_error", Unavailable, "unknown"),
        ("provider_unavailable", Unavailable, "unknown"),
        ("duplicate_request", Conflict, "unknown"),
        ("frobnicated", ConnectorError, "unknown"),
        ("amount_above_limit", ConnectorError, "rejected"),
    ],
)
def test_what_may_be_done_is_unknown(
    prism: Prism,
    airwallex: Airwallex,
    intent: Made,
    code: str,
    error: type[ConnectorError],
    outcome: str,
) -> None:
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    airwallex.says({"code": code, "message": "again"}, 400)
    with pytest.raises(error) as raised:
        pay(prism)
    assert raised.value.outcome == outcome
    assert raised.value.connector_transaction_id == "int_1"


def test_a_repeated_key_is_refused_at_once_and_may_have_paid_before(
    prism: Prism, airwallex: Airwallex
) -> None:
    airwallex.says({"code": "duplicate_request", "message": "used"}, 400)
    with pytest.raises(Conflict) as raised:
        pay(prism)
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize("changes", [{"id": "int_2"}, {"amount": 10.001}])
def test_an_answer_that_cannot_be_used_names_the_intent(
    prism: Prism, airwallex: Airwallex, intent: Made, changes: dict[str, Any]
) -> None:
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    airwallex.says(intent(**changes))
    with pytest.raises(MalformedResponse) as raised:
        pay(prism)
    assert raised.value.outcome == "unknown"
    assert raised.value.connector_transaction_id == "int_1"


@pytest.mark.parametrize(
    ("older", "newer", "counts"),
    [
        ("SUCCEEDED", "REQUIRES_PAYMENT_METHOD", "int_old"),
        ("REQUIRES_CAPTURE", "PENDING", "int_old"),
        ("PENDING", "REQUIRES_CUSTOMER_ACTION", "int_old"),
        ("REQUIRES_CUSTOMER_ACTION", "CANCELLED", "int_old"),
        ("NEW_WORD", "REQUIRES_CUSTOMER_ACTION", "int_old"),
        ("CANCELLED", "NEW_WORD", "int_new"),
        ("SUCCEEDED", "SUCCEEDED", "int_new"),
        ("PENDING_REVIEW", "PENDING", "int_new"),
        ("REQUIRES_PAYMENT_METHOD", "CANCELLED", "int_new"),
    ],
)
def test_a_payment_whose_answer_was_lost_is_found_by_your_own_id(
    prism: Prism, airwallex: Airwallex, intent: Made, older: str, newer: str, counts: str
) -> None:
    """Of several tries, in whatever order they are listed: the one that has or may have the money;
    else the newest."""
    tries = [
        intent(id="int_old", status=older, created_at="2026-11-28T12:00:00+0000"),
        intent(id="int_new", status=newer, created_at="2026-11-28T12:01:00+0000"),
    ]
    for listed in (tries, tries[::-1]):
        airwallex.says({"items": listed, "has_more": False})
        airwallex.says(next(one for one in tries if one["id"] == counts))
        found = prism.payments.get(merchant_transaction_id="order_1001")
        assert found.connector_transaction_id == counts
        assert airwallex.requests[-1].url.path.endswith(counts)
        assert airwallex.requests[-2].url.params["merchant_order_id"] == "order_1001"


def test_a_payment_method_that_stays_enabled_is_not_deleted(
    prism: Prism, airwallex: Airwallex
) -> None:
    airwallex.says({"id": "mtd_1", "type": "card", "status": "CREATED"})
    with pytest.raises(MalformedResponse):
        prism.payment_methods.delete(connector_payment_method_id="mtd_1")


def test_a_page_needs_the_client_secret(prism: Prism, airwallex: Airwallex, intent: Made) -> None:
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    with pytest.raises(MalformedResponse) as raised:
        prism.payments.create_order(merchant_transaction_id="order_1001", amount=TEN, hosted=False)
    assert raised.value.connector_transaction_id == "int_1"


def test_a_stored_method_is_named_by_its_id(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    airwallex.says(intent(status="REQUIRES_PAYMENT_METHOD", captured_amount=0))
    airwallex.says(intent())
    prism.payments.authorize(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "EUR"),
        payment_method=Token(token="mtd_1"),
    )
    assert '"payment_method":{"id":"mtd_1"}' in airwallex.text()


def test_one_login_serves_many_calls_and_is_renewed(
    prism: Prism, airwallex: Airwallex, intent: Made
) -> None:
    for answer in (intent(), intent()):
        airwallex.says(answer)
        prism.payments.get(connector_transaction_id="int_1")
    assert airwallex.logins == 1
    airwallex.says({"code": "unauthorized", "message": "Access denied"}, 401)
    airwallex.says(intent())
    prism.payments.get(connector_transaction_id="int_1")
    assert airwallex.requests[-1].headers["authorization"] == "Bearer token_2"


@pytest.mark.parametrize("metadata", [{"merchant_refund_id": 7}, [], None])
def test_what_others_wrote_into_the_metadata_is_no_id(
    prism: Prism, airwallex: Any, metadata: Any
) -> None:
    """The dashboard and other programs may write there what they like."""
    refund = {"id": "rfd_1", "status": "SETTLED", "amount": 10.0, "currency": "EUR"}
    airwallex.says({**refund, "metadata": metadata})
    assert prism.refunds.get(connector_refund_id="rfd_1").merchant_refund_id is None
