"""What the exchanges cannot show: refusals before anything is sent, limits, and orders."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Conflict,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    OrderLine,
    Prism,
    SdkToken,
    Token,
    Unavailable,
)
from prism_square.errors import DECLINES

TEN = Money(1000, "USD")
NONCE = SdkToken("cnon:card-nonce-ok")


def paying(**more: Any) -> dict[str, Any]:
    return {
        "merchant_transaction_id": "order_1001",
        "amount": TEN,
        "payment_method": NONCE,
        **more,
    }


@pytest.mark.parametrize(
    ("amount", "wire"),
    [
        (Money.from_decimal("10.00", "USD"), {"amount": 1000, "currency": "USD"}),
        (Money.from_decimal("1000", "JPY"), {"amount": 1000, "currency": "JPY"}),
    ],
)
def test_amounts_are_in_the_base_unit(
    prism: Prism, square: Any, payment: Any, amount: Money, wire: dict[str, Any]
) -> None:
    """https://developer.squareup.com/docs/build-basics/working-with-monetary-amounts"""
    square.says(payment(amount_money=wire))
    assert prism.payments.authorize(**paying(amount=amount)).captured_amount == amount
    assert square.sent()["amount_money"] == wire


def test_a_currency_of_three_decimals_is_refused(prism: Prism, square: Any) -> None:
    """No country in which Square takes payments has one (the same page)."""
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**paying(amount=Money.from_decimal("1.000", "KWD")))
    assert refused.value.field == "amount"
    assert not square.requests


def test_a_key_of_46_characters_is_refused(prism: Prism, square: Any, payment: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**paying(), idempotency_key="k" * 46)
    assert refused.value.field == "idempotency_key"
    square.says(payment())
    prism.payments.authorize(**paying(), idempotency_key="k" * 45)
    assert square.sent()["idempotency_key"] == "k" * 45
    square.says(payment())
    prism.payments.authorize(**paying())
    assert len(square.sent()["idempotency_key"]) == 36


def test_a_key_that_was_used_is_no_failure(prism: Prism, square: Any) -> None:
    error = {"category": "INVALID_REQUEST_ERROR", "code": "IDEMPOTENCY_KEY_REUSED"}
    square.says({"errors": [error]}, 400)
    with pytest.raises(Conflict) as raised:
        prism.payments.authorize(**paying())
    assert raised.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("category", "code"),
    [("PAYMENT_METHOD_ERROR", "TEMPORARY_ERROR"), ("API_ERROR", "INTERNAL_SERVER_ERROR")],
)
def test_an_error_of_squares_own_is_no_decline(
    prism: Prism, square: Any, category: str, code: str
) -> None:
    """https://developer.squareup.com/reference/square/objects/ErrorCode: repeat it with its key."""
    square.says({"errors": [{"category": category, "code": code}]}, 400)
    with pytest.raises(Unavailable) as raised:
        prism.payments.authorize(**paying(), max_retries=0)
    assert raised.value.outcome == "unknown"
    assert raised.value.idempotency_key == square.sent()["idempotency_key"]


@pytest.mark.parametrize(("code", "unified"), sorted(DECLINES.items()))
def test_declines(prism: Prism, square: Any, code: str, unified: str) -> None:
    """A general code beside one that says more does not hide it."""
    both = [{"category": "PAYMENT_METHOD_ERROR", "code": one} for one in ("GENERIC_DECLINE", code)]
    square.says({"errors": both}, 400)
    declined = prism.payments.authorize(**paying())
    assert declined.status == "AUTHORIZATION_FAILED"
    assert declined.error is not None
    assert declined.error.unified is not None
    assert declined.error.unified.code == unified


def test_a_stored_card_needs_its_customer(prism: Prism, square: Any) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**paying(payment_method=Token("ccof:1")))
    assert refused.value.field == "connector_customer_id"
    assert not square.requests


@pytest.mark.parametrize(("operation", "minor"), [("capture", 1001), ("increment", 999)])
def test_an_amount_in_the_wrong_direction_changes_nothing(
    prism: Prism, square: Any, payment: Any, operation: str, minor: int
) -> None:
    """Square's one call raises and lowers."""
    square.says(payment(status="APPROVED"))
    call = prism.payments.capture if operation == "capture" else None
    with pytest.raises(InvalidRequest) as refused:
        (call or prism.payments.increment_authorization)(
            connector_transaction_id="pay_1001", amount=Money(minor, "USD")
        )
    assert refused.value.field == "amount"
    assert [one.method for one in square.requests] == ["GET"]


def test_an_increment_whose_answer_was_lost_can_be_repeated(
    prism: Prism, square: Any, payment: Any
) -> None:
    """The payment is held at that total already."""
    for _ in range(2):
        square.says(payment(status="APPROVED", version_token="v1"))
    raised = prism.payments.increment_authorization(
        connector_transaction_id="pay_1001", amount=Money(1000, "USD")
    )
    assert (raised.status, raised.authorized_amount) == ("AUTHORIZED", Money(1000, "USD"))


def test_a_capture_is_of_the_version_that_was_lowered(
    prism: Prism, square: Any, payment: Any
) -> None:
    less = {"amount": 400, "currency": "USD"}
    square.says(payment(status="APPROVED", version_token="v1"))
    square.says(payment(status="APPROVED", version_token="v2", amount_money=less))
    square.says(payment(amount_money=less))
    captured = prism.payments.capture(
        connector_transaction_id="pay_1001", amount=Money(400, "USD"), idempotency_key="key_1"
    )
    assert (captured.status, captured.captured_amount) == ("CHARGED", Money(400, "USD"))
    assert square.sent(1)["idempotency_key"] == "key_1"
    assert square.sent(2) == {"version_token": "v2"}
    square.says(payment(amount_money=less))
    again = prism.payments.capture(
        connector_transaction_id="pay_1001", amount=Money(400, "USD"), idempotency_key="key_1"
    )
    assert again.captured_amount == Money(400, "USD")
    assert len(square.requests) == 4


def test_a_payment_that_was_not_lowered_is_not_captured(
    prism: Prism, square: Any, payment: Any
) -> None:
    """Its capture has no amount, and would take all."""
    square.says(payment(status="APPROVED", version_token="v1"))
    square.says(payment(status="APPROVED", version_token="v1"))
    with pytest.raises(MalformedResponse):
        prism.payments.capture(connector_transaction_id="pay_1001", amount=Money(400, "USD"))
    assert [one.method for one in square.requests] == ["GET", "PUT"]


@pytest.mark.parametrize(
    "kind",
    ["card_details", "bank_account_details", "buy_now_pay_later_details", "square_account_details"],
)
@pytest.mark.parametrize(
    ("tenders", "asked", "status", "expected"),
    [
        (["CAPTURED", "VOIDED"], "pay_1", "COMPLETED", "CHARGED"),
        (["FAILED"], "pay_1", "FAILED", "PAYMENT_METHOD_AWAITED"),
        (["CAPTURED", "FAILED"], "pay_1", "COMPLETED", "CHARGED"),
        (["FAILED", "CAPTURED"], "pay_2", "COMPLETED", "CHARGED"),
    ],
)
def test_a_tender_that_failed_has_not_paid_the_order(
    prism: Prism,
    square: Any,
    payment: Any,
    tenders: list[str],
    asked: str,
    status: str,
    expected: str,
    kind: str,
) -> None:
    """https://developer.squareup.com/reference/square/objects/Tender, the `status` of each kind"""
    made = [
        {"id": f"pay_{n}", "payment_id": f"pay_{n}", kind: {"status": one}}
        for n, one in enumerate(tenders, start=1)
    ]
    mine = {"metadata": {"opened_by": "prism"}, "reference_id": "order_1001"}
    square.says({"order": {"id": "ord_1", "state": "OPEN", **mine, "tenders": made}})
    square.says(payment(id=asked, status=status, source_type="CARD", order_id="ord_1"))
    found = prism.payments.get(connector_order_id="ord_1")
    assert square.requests[-1].url.path == f"/v2/payments/{asked}"
    assert (found.status, found.merchant_transaction_id) == (expected, "order_1001")


def test_the_lines_add_up_to_the_amount(prism: Prism, square: Any) -> None:
    """The customer pays the sum of the lines, so what is missing is a line."""
    total = {"amount": 1000, "currency": "USD"}
    order = {"id": "ord_1", "state": "DRAFT", "reference_id": "order_1001", "total_money": total}
    link = {"order_id": "ord_1", "url": "https://square.link/u/example"}
    for price, prices in ((500, ["500"]), (450, ["450", "100"])):
        square.says({"payment_link": link, "related_resources": {"orders": [order]}})
        tea = OrderLine(product_name="Tea", quantity=2, amount=Money(price, "USD"))
        prism.payments.create_order(
            merchant_transaction_id="order_1001", amount=TEN, order_details=[tea]
        )
        lines = square.sent()["order"]["line_items"]
        assert [str(line["base_price_money"]["amount"]) for line in lines] == prices
    dear = OrderLine(product_name="Tea", amount=Money(1001, "USD"))
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.create_order(
            merchant_transaction_id="order_1001", amount=TEN, order_details=[dear]
        )
    assert refused.value.field == "order_details"


def test_names_are_split_and_cleared(prism: Prism, square: Any) -> None:
    for name, given, family in (
        ("Ada King Lovelace", "Ada King", "Lovelace"),
        ("Ada", "Ada", None),
    ):
        square.says({"customer": {"id": "cus_1", "given_name": given, "family_name": family}})
        changed = prism.customers.update(connector_customer_id="cus_1", name=name)
        sent = square.sent()
        assert (sent["given_name"], sent["family_name"], changed.name) == (given, family, name)


def test_a_customer_without_name_email_and_phone_is_refused(prism: Prism, square: Any) -> None:
    with pytest.raises(InvalidRequest):
        prism.customers.create(merchant_customer_id="user_42")
    assert not square.requests


def test_of_two_customers_with_one_reference_no_third_is_made(prism: Prism, square: Any) -> None:
    """References are not unique at Square."""
    square.says({"customers": [{"id": "cus_1"}, {"id": "cus_2"}]})
    with pytest.raises(Conflict):
        prism.customers.get_or_create(merchant_customer_id="user_42", email="ada@example.com")
    assert [one.url.path for one in square.requests] == ["/v2/customers/search"]


def test_nobody_with_that_reference(prism: Prism, square: Any) -> None:
    square.says({})
    with pytest.raises(NotFound):
        prism.customers.get(merchant_customer_id="user_42")
