"""What a user relies on with payments, and the contract cannot know."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ConfigurationError,
    Conflict,
    InvalidRequest,
    Money,
    Prism,
    Redirect,
    SdkToken,
    Token,
    Unavailable,
)

TEN = Money(1000, "EUR")
HELD = {"captured": False}
BACK = {"id": "re_1", "amount": 1000, "currency": "EUR", "status": "successful"}


def order(**more: Any) -> dict[str, Any]:
    usual = {"merchant_transaction_id": "order_1", "amount": TEN}
    return {**usual, "payment_method": SdkToken("tok_1"), **more}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, "CHARGED"),
        (HELD, "AUTHORIZED"),
        ({"status": "failed"}, "FAILURE"),
        ({"status": "pending"}, "PENDING"),
        ({"status": "pending", "flow": {"nextAction": "none"}}, "PENDING"),
        ({"status": "pending", "flow": {"nextAction": "wait"}}, "PENDING"),
        ({"status": "pending", "flow": {"nextAction": "redirect"}}, "AUTHENTICATION_PENDING"),
        ({"status": "pending", "flow": {"nextAction": "app_redirect"}}, "AUTHENTICATION_PENDING"),
        ({"status": "SUCCESSFUL"}, "UNRESOLVED"),
        ({"status": "successful ", "captured": False}, "UNRESOLVED"),
        ({**HELD, "refunded": True, "amount": 0, "amountRefunded": 1000}, "VOIDED"),
        ({"refunded": True, "amount": 0, "amountRefunded": 1000}, "CHARGED"),
    ],
)
def test_statuses(prism: Prism, shift4: Any, charge: Any, answer: Any, status: str) -> None:
    shift4.says(charge(**answer))
    assert prism.payments.get(connector_transaction_id="char_1").status == status


@pytest.mark.parametrize(
    ("code", "unified", "again"),
    [
        ("insufficient_funds", "INSUFFICIENT_FUNDS", "LATER"),
        ("incorrect_cvc", "INCORRECT_CVC", "WITH_CUSTOMER"),
        ("authentication_required", "AUTHENTICATION_REQUIRED", "WITH_CUSTOMER"),
        ("do_not_try_again", "NOT_PERMITTED", "NEVER"),
        ("lost_or_stolen", "LOST_OR_STOLEN", "NEVER"),
        ("a_code_of_tomorrow", "DECLINED", "LATER"),
    ],
)
def test_declines(prism: Prism, shift4: Any, code: str, unified: str, again: str) -> None:
    said = {"type": "card_error", "code": code, "message": "No.", "chargeId": "char_2"}
    shift4.says({"error": said}, 402)
    declined = prism.payments.authorize(**order())
    assert (declined.status, declined.connector_transaction_id) == (
        "AUTHORIZATION_FAILED",
        "char_2",
    )
    assert declined.error is not None
    assert declined.error.unified is not None
    assert declined.error.unified.code == unified
    assert declined.error.unified.code.try_again == again


def test_a_gateway_that_failed_names_the_charge(prism: Prism, shift4: Any) -> None:
    """https://dev.shift4.com/docs/api#error-object: the charge may be made; its id finds it."""
    shift4.says({"error": {"type": "gateway_error", "message": "No.", "chargeId": "char_2"}}, 500)
    with pytest.raises(Unavailable) as failed:
        prism.payments.authorize(**order(), max_retries=0)
    assert failed.value.outcome == "unknown"
    assert failed.value.connector_transaction_id == "char_2"


@pytest.mark.parametrize(
    ("amount", "sent"),
    [
        (Money.from_decimal("1000", "JPY"), 1000),
        (Money.from_decimal("10.00", "EUR"), 1000),
        (Money.from_decimal("1.000", "KWD"), 1000),
    ],
)
def test_amounts_are_in_the_minor_units_of_iso_4217(
    prism: Prism, shift4: Any, charge: Any, amount: Money, sent: int
) -> None:
    """As https://github.com/shift4developer/shift4-salesforce-b2c (billing.js) computes them."""
    shift4.says(charge(currency=amount.currency))
    paid = prism.payments.authorize(**order(amount=amount))
    assert (shift4.sent()["amount"], shift4.sent()["currency"]) == (sent, amount.currency)
    assert (paid.amount, paid.discrepancies) == (amount, ())


def test_a_void_never_refunds_what_was_captured(prism: Prism, shift4: Any, charge: Any) -> None:
    shift4.says(charge())
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.void(connector_transaction_id="char_1")
    assert refused.value.outcome == "not_sent"
    assert [one.method for one in shift4.requests] == ["GET"]


def test_a_void_whose_answer_was_lost_can_be_repeated(
    prism: Prism, shift4: Any, charge: Any
) -> None:
    marked = {**BACK, "metadata": {"prism_void": "yes"}}
    shift4.says(charge(amount=0, amountRefunded=1000, refunded=True, refunds=[marked]))
    assert prism.payments.void(connector_transaction_id="char_1").status == "VOIDED"
    assert [one.method for one in shift4.requests] == ["GET"]


@pytest.mark.parametrize(
    "said", [HELD, {**HELD, "refunded": True}, {"captured": True, "refunded": True}]
)
def test_a_void_that_is_under_way_holds_nothing_and_is_not_repeated(
    prism: Prism, shift4: Any, charge: Any, said: Any
) -> None:
    """A pending refund has released nothing yet, and the charge is not for capture any more."""
    marked = {**BACK, "status": "pending", "metadata": {"prism_void": "yes"}}
    for call in (prism.payments.get, prism.payments.void):
        shift4.says(charge(**said, refunds=[marked]))
        found = call(connector_transaction_id="char_1")
        assert (found.status, found.capturable_amount) == ("VOID_INITIATED", None)
    assert [one.method for one in shift4.requests] == ["GET", "GET"]


def test_a_refund_of_an_unknown_status_gave_nothing_back(
    prism: Prism, shift4: Any, charge: Any
) -> None:
    shift4.says(charge(refunds=[{**BACK, "status": "in_review"}], amountRefunded=None))
    found = prism.payments.get(connector_transaction_id="char_1")
    assert (found.captured_amount, found.refunded_amount) == (TEN, Money(0, "EUR"))


def test_a_void_is_told_apart_from_a_refund_later(prism: Prism, shift4: Any, charge: Any) -> None:
    """Shift4's answers say that a released charge is captured and refunded."""
    shift4.says(charge(**HELD))
    given = {"amount": 0, "amountRefunded": 1000, "refunded": True}
    shift4.says(charge(**given, refunds=[{**BACK, "metadata": {"prism_void": "yes"}}]))
    assert prism.payments.void(connector_transaction_id="char_1").status == "VOIDED"
    metadata = shift4.sent()["metadata"]
    shift4.says(charge(**given, refunds=[{**BACK, "metadata": metadata}]))
    assert prism.payments.get(connector_transaction_id="char_1").status == "VOIDED"
    shift4.says(charge(**given, refunds=[BACK, {**BACK, "metadata": metadata}]))
    assert prism.payments.get(connector_transaction_id="char_1").status == "CHARGED"


def test_a_refund_makes_the_amount_unknown(prism: Prism, shift4: Any, charge: Any) -> None:
    """Shift4's amount is what is left, and no page says that it always is."""
    shift4.says(charge(amount=700, amountRefunded=300, refunded=True))
    found = prism.payments.get(connector_transaction_id="char_1")
    assert (found.amount, found.captured_amount) == (None, None)
    assert found.refunded_amount == Money(300, "EUR")


def test_another_currency_is_not_refunded(prism: Prism, shift4: Any, charge: Any) -> None:
    shift4.says(charge())
    with pytest.raises(InvalidRequest):
        prism.payments.refund(
            connector_transaction_id="char_1",
            merchant_refund_id="return_1",
            amount=Money(1000, "JPY"),
        )
    assert [one.method for one in shift4.requests] == ["GET"]


def test_a_part_is_not_captured_as_a_whole(prism: Prism, shift4: Any, charge: Any) -> None:
    shift4.says(charge(**HELD))
    with pytest.raises(InvalidRequest):
        prism.payments.capture(connector_transaction_id="char_1", amount=Money(600, "EUR"))
    shift4.says(charge(**HELD))
    shift4.says(charge())
    whole = prism.payments.capture(connector_transaction_id="char_1", amount=TEN)
    assert (whole.status, whole.captured_amount) == ("CHARGED", TEN)


def test_a_key_of_another_request_is_in_doubt(prism: Prism, shift4: Any) -> None:
    """The message as https://github.com/shift4developer/shift4-python tests it."""
    said = "Idempotent key used for request with different parameters."
    shift4.says({"error": {"type": "invalid_request", "message": said}}, 400)
    with pytest.raises(Conflict) as error:
        prism.payments.authorize(**order(idempotency_key="key_1"))
    assert error.value.outcome == "unknown"


def test_the_kind_of_a_token_decides_its_place(prism: Prism, shift4: Any, charge: Any) -> None:
    for method, place in (
        (SdkToken("tok_1"), "card"),
        (SdkToken("pm_1"), "paymentMethod"),
        (Token("card_1"), "card"),
        (Token("pm_1"), "paymentMethod"),
    ):
        shift4.says(charge(customerId="cust_1"))
        asked = order(payment_method=method, connector_customer_id="cust_1")
        prism.payments.authorize(**asked)
        assert shift4.sent()[place] == method.token.reveal()


def test_a_code_of_an_app_is_sent_and_never_shown(prism: Prism, shift4: Any, charge: Any) -> None:
    shift4.says(charge(status="pending", flow={"nextAction": "mobile_app_confirmation"}))
    blik = Redirect("BLIK", code="123456")
    asked = prism.payments.authorize(**order(payment_method=blik))
    assert shift4.sent()["paymentMethod"] == {"type": "blik", "blik": {"code": "123456"}}
    assert asked.status == "AUTHENTICATION_PENDING"
    assert "123456" not in repr(blik)


@pytest.mark.parametrize(
    ("environment", "key"), [("SANDBOX", "sk_live_1"), ("PRODUCTION", "sk_test_1")]
)
def test_a_key_of_the_other_environment_is_refused(environment: Any, key: str) -> None:
    """There is one address for both, so that the key alone says whether money moves."""
    with pytest.raises(ConfigurationError) as refused:
        Prism("shift4", environment=environment, api_key=key)
    assert key not in str(refused.value)


def test_the_page_needs_the_public_key(prism: Prism, shift4: Any) -> None:
    with pytest.raises(ConfigurationError, match="public_key"):
        prism.payment_methods.create_client_token()
    assert shift4.requests == []


@pytest.mark.parametrize("metadata", [{"merchant_transaction_id": 7}, ["x"], "x", None])
def test_what_others_wrote_into_the_metadata_is_no_id(
    prism: Prism, shift4: Any, charge: Any, metadata: Any
) -> None:
    """The dashboard and other programs may write there what they like."""
    shift4.says(charge(metadata=metadata))
    found = prism.payments.get(connector_transaction_id="char_1")
    assert (found.status, found.merchant_transaction_id) == ("CHARGED", None)
