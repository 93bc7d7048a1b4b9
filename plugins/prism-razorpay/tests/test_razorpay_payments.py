"""What the exchanges cannot show: amounts, signatures of the page, refusals, answers in doubt."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from prism_core import (
    ConfigurationError,
    Conflict,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    Prism,
    PrismError,
)

SECRET = b"secret_example"
BACK = "https://shop.example/return"


def returned(order: str = "order_1", payment: str = "pay_1") -> dict[str, str]:
    """What the page gives back, signed as the SDK's `verify_payment_signature` wants it."""
    signature = hmac.new(SECRET, f"{order}|{payment}".encode(), hashlib.sha256).hexdigest()
    return {
        "razorpay_payment_id": payment,
        "razorpay_order_id": order,
        "razorpay_signature": signature,
    }


@pytest.mark.parametrize(
    ("money", "sent"),
    [  # https://razorpay.com/docs/api/orders/create, `amount`
        (Money(295, "JPY"), 295),
        (Money(29900, "INR"), 29900),
        (Money(295990, "KWD"), 295990),
        (Money(99990, "OMR"), 99990),
    ],
)
def test_amounts_are_in_the_smallest_unit(
    prism: Prism, razorpay: Any, order: Any, money: Money, sent: int
) -> None:
    razorpay.says(order(amount=sent, currency=money.currency, status="created"))
    opened = prism.payments.create_order(
        merchant_transaction_id="order_1001", amount=money, return_url=BACK
    )
    assert razorpay.sent()["amount"] == sent
    assert opened.amount == money
    assert opened.discrepancies == ()


@pytest.mark.parametrize("currency", ["KWD", "BHD", "OMR", "JOD", "TND", "IQD"])
def test_a_third_decimal_is_refused_and_never_rounded(
    prism: Prism, razorpay: Any, currency: str
) -> None:
    money = Money(99991, currency)
    for call in (
        lambda: prism.payments.create_order(
            merchant_transaction_id="order_1001", amount=money, return_url=BACK
        ),
        lambda: prism.payments.capture(connector_transaction_id="pay_1", amount=money),
        lambda: prism.payments.refund(
            connector_transaction_id="pay_1", merchant_refund_id="refund_1", amount=money
        ),
    ):
        with pytest.raises(InvalidRequest) as refused:
            call()
        assert refused.value.field == "amount"
    assert not razorpay.requests


@pytest.mark.parametrize(
    "forged",
    [
        returned("order_cheaper"),
        returned(payment="pay_other") | {"razorpay_payment_id": "pay_1"},
        returned() | {"razorpay_signature": ""},
        returned() | {"razorpay_signature": "0" * 64},
        {"razorpay_payment_id": "pay_1"},
    ],
)
def test_a_payment_that_razorpay_did_not_sign_is_not_captured(
    prism: Prism, razorpay: Any, payment: Any, forged: dict[str, str]
) -> None:
    razorpay.says(payment(status="authorized", captured=False))
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.complete(connector_order_id="order_1", returned=forged)
    assert refused.value.field == "returned"
    assert [one.method for one in razorpay.requests] == ["GET"]


def test_another_amount_is_not_captured(
    prism: Prism, razorpay: Any, payment: Any, order: Any
) -> None:
    razorpay.says(payment(status="authorized", captured=False))
    razorpay.says(order())
    with pytest.raises(PrismError):
        prism.payments.complete(
            connector_order_id="order_1", returned=returned(), amount=Money(900000, "INR")
        )
    assert {one.method for one in razorpay.requests} == {"GET"}


def words(status: str) -> dict[str, Any]:
    """https://razorpay.com/docs/api/payments/entity, `status` and `captured`"""
    return {"status": status, "captured": status in ("captured", "refunded")}


@pytest.mark.parametrize(
    ("tries", "status"),
    [  # https://razorpay.com/docs/payments/payments/late-authorisation/handle
        (["failed"], "PAYMENT_METHOD_AWAITED"),
        (["failed", "failed"], "PAYMENT_METHOD_AWAITED"),
        (["failed", "created"], "PENDING"),
        (["authorized", "failed"], "AUTHORIZED"),
        (["refunded", "captured"], "CHARGED"),
        (["captured", "failed"], "CHARGED"),
        (["given back", "failed"], "AUTO_REFUNDED"),
        (["given back", "created"], "PENDING"),
        (["failed", "new_word"], "UNRESOLVED"),
    ],
)
def test_the_best_try_of_an_order_counts(
    prism: Prism, razorpay: Any, payment: Any, order: Any, tries: list[str], status: str
) -> None:
    """In whatever order they are listed."""
    back = {"status": "refunded", "captured": False, "amount_refunded": 1000}
    for listed in (tries, tries[::-1]):
        made = [
            payment(id=f"pay_{n}", **(back if one == "given back" else words(one)))
            for n, one in enumerate(listed)
        ]
        razorpay.says(order())
        razorpay.says({"entity": "collection", "count": len(made), "items": made})
        found = prism.payments.get(connector_order_id="order_1")
        assert found.status == status
        assert (found.error is not None) == (status == "PAYMENT_METHOD_AWAITED")


def test_a_paid_order_without_its_payment_is_not_failed(
    prism: Prism, razorpay: Any, payment: Any, order: Any
) -> None:
    razorpay.says(order(status="paid"))
    razorpay.says({"count": 1, "items": [payment(status="failed", captured=False)]})
    assert prism.payments.get(connector_order_id="order_1").status == "UNRESOLVED"


def test_a_receipt_that_only_contains_the_id_is_another_order(
    prism: Prism, razorpay: Any, order: Any
) -> None:
    razorpay.says({"entity": "collection", "count": 1, "items": [order(receipt="order_10012")]})
    with pytest.raises(NotFound):
        prism.payments.get(merchant_transaction_id="order_1001")


def test_a_list_that_may_go_on_is_not_searched(prism: Prism, razorpay: Any, order: Any) -> None:
    """https://razorpay.com/docs/api/orders/fetch-all: ten orders, unless `count` says otherwise."""
    others = [order(id=f"order_{n}", receipt=f"order_1001{n}") for n in range(100)]
    razorpay.says({"entity": "collection", "count": 100, "items": others})
    with pytest.raises(MalformedResponse):
        prism.payments.get(merchant_transaction_id="order_1001")
    assert razorpay.requests[-1].url.params["count"] == "100"


def test_a_key_of_another_refund_is_no_rejection(prism: Prism, razorpay: Any) -> None:
    """https://razorpay.com/docs/api/refunds/normal-refunds-idempotent"""
    said = "Different request with the same idempotency key has already been processed."
    razorpay.says({"error": {"code": "BAD_REQUEST_ERROR", "description": said}}, 400)
    with pytest.raises(Conflict) as refused:
        prism.payments.refund(connector_transaction_id="pay_1", merchant_refund_id="refund_1")
    assert refused.value.outcome == "unknown"


@pytest.mark.parametrize("key", ["short", "with a space", "dot.dot.dot"])
def test_a_key_that_razorpay_refuses_is_not_sent(prism: Prism, razorpay: Any, key: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.refund(
            connector_transaction_id="pay_1", merchant_refund_id="refund_1", idempotency_key=key
        )
    assert refused.value.field == "idempotency_key"
    assert not razorpay.requests


@pytest.mark.parametrize(
    ("state", "status"), [("attempted", "PAYMENT_METHOD_AWAITED"), ("paid", "FAILURE")]
)
def test_a_failed_try_leaves_the_order_open_until_another_paid_it(
    prism: Prism, razorpay: Any, payment: Any, order: Any, state: str, status: str
) -> None:
    razorpay.says(payment(status="failed", captured=False))
    razorpay.says(order(status=state))
    assert prism.payments.get(connector_transaction_id="pay_1").status == status


@pytest.mark.parametrize(
    ("environment", "key"), [("SANDBOX", "rzp_live_1"), ("PRODUCTION", "rzp_test_1")]
)
def test_a_key_of_the_other_environment_is_refused(environment: Any, key: str) -> None:
    """There is one address for both: https://razorpay.com/docs/api/authentication"""
    with pytest.raises(ConfigurationError):
        Prism("razorpay", environment=environment, key_id=key, key_secret="secret")


def test_what_is_captured_is_the_orders_amount(
    prism: Prism, razorpay: Any, payment: Any, order: Any
) -> None:
    """https://razorpay.com/docs/api/payments/capture: "should be equal to the order amount". If the
    customer pays the fee, the payment is of more:
    https://razorpay.com/docs/payments/dashboard/account-settings/configuration/convenience-fees"""
    held = payment(amount=1024, status="authorized", captured=False)
    for call in (
        lambda: prism.payments.capture(connector_transaction_id="pay_1"),
        lambda: prism.payments.complete(
            connector_order_id="order_1", returned=returned(), amount=Money(1000, "INR")
        ),
    ):
        razorpay.says(held)
        razorpay.says(order())
        razorpay.says(payment(amount=1024))
        paid = call()
        assert razorpay.sent() == {"amount": 1000, "currency": "INR"}
        assert (paid.status, paid.captured_amount) == ("CHARGED", Money(1024, "INR"))
