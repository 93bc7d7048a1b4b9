"""What the exchanges cannot show: statuses, codes, amounts, and refusals before a change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from prism_core import (
    ConfigurationError,
    InvalidRequest,
    Money,
    Prism,
    RateLimited,
    SdkToken,
    Token,
    Unavailable,
)

from .conftest import PAYMENT


def order(amount: Money, **more: Any) -> dict[str, Any]:
    token = SdkToken("tok_example")
    return {
        "merchant_transaction_id": "order_1001",
        "amount": amount,
        "payment_method": token,
        **more,
    }


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Pending", "PENDING"),
        ("Authorized", "AUTHORIZED"),
        ("Card Verified", "AUTHORIZED"),
        ("Voided", "VOIDED"),
        ("Captured", "CHARGED"),
        ("Refunded", "CHARGED"),
        ("Canceled", "VOIDED"),
        ("Expired", "EXPIRED"),
        ("Retry Scheduled", "UNRESOLVED"),
        ("Paid", "UNRESOLVED"),
    ],
)
def test_the_words_of_a_payment(
    prism: Prism, checkout: Any, payment: Any, status: str, expected: str
) -> None:
    checkout.says(payment(status=status))
    assert prism.payments.get(connector_transaction_id=PAYMENT).status == expected


@pytest.mark.parametrize(
    ("code", "unified"),
    [
        ("20005", "DECLINED"),
        ("20014", "INCORRECT_CARD_DATA"),
        ("20051", "INSUFFICIENT_FUNDS"),
        ("20054", "EXPIRED_CARD"),
        ("20057", "NOT_PERMITTED"),
        ("20059", "SUSPECTED_FRAUD"),
        ("20061", "LIMIT_EXCEEDED"),
        ("20154", "AUTHENTICATION_REQUIRED"),
        ("40101", "SUSPECTED_FRAUD"),
        ("29999", "DECLINED"),
    ],
)
def test_why_a_payment_was_declined(
    prism: Prism, checkout: Any, payment: Any, code: str, unified: str
) -> None:
    checkout.says(payment(status="Declined", approved=False, response_code=code), 201)
    made = prism.payments.authorize(**order(Money(1000, "EUR")))
    assert made.status == "AUTHORIZATION_FAILED"
    assert made.error is not None
    assert made.error.unified is not None
    assert (made.error.unified.code, made.error.connector.code) == (unified, code)


@pytest.mark.parametrize(
    ("money", "wire"),
    [
        (Money(100, "JPY"), 100),
        (Money(10000, "USD"), 10000),
        (Money(100000, "BHD"), 100000),
        (Money(100, "CLP"), 10000),
    ],
)
def test_amounts_as_the_page_writes_them(
    prism: Prism, checkout: Any, payment: Any, money: Money, wire: int
) -> None:
    """https://www.checkout.com/docs/payments/accept-payments/format-the-amount-value: 100 Japanese
    Yen, 100 US Dollars and 100 Bahraini Dinar; the Chilean Peso is divided by 100, too."""
    checkout.says(payment(amount=wire, currency=money.currency), 201)
    made = prism.payments.authorize(**order(money))
    assert checkout.sent()["amount"] == wire
    assert (made.amount, made.discrepancies) == (money, ())


@pytest.mark.parametrize("money", [Money(1001, "BHD"), Money(1_000_000_000, "USD")])
def test_amounts_that_are_not_taken(prism: Prism, checkout: Any, money: Money) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**order(money))
    assert refused.value.field == "amount"
    assert not checkout.requests


def test_an_amount_in_another_currency_is_not_moved(
    prism: Prism, checkout: Any, payment: Any
) -> None:
    ten = {"connector_transaction_id": PAYMENT, "amount": Money(1000, "USD")}
    for change in (
        lambda: prism.payments.capture(**ten),
        lambda: prism.payments.refund(**ten, merchant_refund_id="refund_1"),
        lambda: prism.payments.increment_authorization(**ten),
    ):
        checkout.says(payment())
        with pytest.raises(InvalidRequest):
            change()
        assert checkout.requests[-1].method == "GET"


def test_a_capture_is_only_acknowledged(prism: Prism, checkout: Any) -> None:
    checkout.accepts()
    made = prism.payments.capture(connector_transaction_id=PAYMENT)
    assert (made.status, made.connector_transaction_id) == ("CAPTURE_INITIATED", PAYMENT)


def test_an_increment_sends_what_is_added(prism: Prism, checkout: Any, payment: Any) -> None:
    checkout.says(payment(balances={"total_authorized": 1200}))
    checkout.says({"action_id": "act_1", "amount": 300, "currency": "EUR", "status": "Authorized"})
    raised = prism.payments.increment_authorization(
        connector_transaction_id=PAYMENT, amount=Money(1500, "EUR")
    )
    assert (checkout.sent()["amount"], raised.status) == (300, "AUTHORIZED")


def test_a_lower_total_is_no_increment(prism: Prism, checkout: Any, payment: Any) -> None:
    checkout.says(payment())
    with pytest.raises(InvalidRequest):
        prism.payments.increment_authorization(
            connector_transaction_id=PAYMENT, amount=Money(999, "EUR")
        )
    assert len(checkout.requests) == 1


def test_an_increment_whose_answer_was_lost_is_not_added_again(
    prism: Prism, checkout: Any, payment: Any
) -> None:
    """The payment is held at the total that was asked for: it is told as it stands."""
    raised = payment(balances={"total_authorized": 1500})
    for _ in range(2):
        checkout.says(raised)
    made = prism.payments.increment_authorization(
        connector_transaction_id=PAYMENT, amount=Money(1500, "EUR")
    )
    assert (made.status, made.authorized_amount) == ("AUTHORIZED", Money(1500, "EUR"))
    assert {one.method for one in checkout.requests} == {"GET"}


def test_a_key_that_is_in_use_leaves_the_outcome_unknown(prism: Prism, checkout: Any) -> None:
    """https://www.checkout.com/docs/developer-resources/api/idempotency"""
    checkout.says({"error_type": "too_many_requests", "error_codes": []}, 429)
    with pytest.raises(RateLimited) as refused:
        prism.payments.authorize(**order(Money(1000, "EUR")), max_retries=0)
    assert refused.value.outcome == "unknown"


def test_a_payment_is_not_repeated_after_a_5xx(prism: Prism, checkout: Any) -> None:
    """The same page: no result is saved then, and the same key would pay once more."""
    checkout.says({"error_type": "processing_error", "error_codes": []}, 502)
    with pytest.raises(Unavailable) as failed:
        prism.payments.authorize(**order(Money(1000, "EUR")), max_retries=2)
    assert (failed.value.outcome, len(checkout.requests)) == ("unknown", 1)


@pytest.mark.parametrize(
    "call",
    [
        lambda prism: prism.customers.delete(connector_customer_id="cus_1", idempotency_key="k"),
        lambda prism: prism.customers.update(
            connector_customer_id="cus_1", name="Ada", idempotency_key="k"
        ),
        lambda prism: prism.payment_methods.delete(
            connector_payment_method_id="src_1", idempotency_key="k"
        ),
        lambda prism: prism.recurring.revoke(connector_mandate_id="src_1", idempotency_key="k"),
    ],
)
def test_no_key_is_promised_with_customers_and_instruments(
    prism: Prism, checkout: Any, call: Callable[[Prism], object]
) -> None:
    """https://www.checkout.com/docs/developer-resources/api/idempotency"""
    with pytest.raises(InvalidRequest) as refused:
        call(prism)
    assert refused.value.field == "idempotency_key"
    assert not checkout.requests


@pytest.mark.parametrize("word", ["Voided", "Canceled", "Expired"])
@pytest.mark.parametrize("metadata", [{}, {"prism_order": "open"}])
def test_what_was_captured_is_not_void(
    prism: Prism, checkout: Any, payment: Any, word: str, metadata: dict[str, str]
) -> None:
    """https://www.checkout.com/docs/payments/manage-payments/authorize-a-payment, `balances`"""
    sums = {"total_authorized": 1000, "total_captured": 400, "available_to_capture": 0}
    checkout.says(payment(status=word, balances=sums, metadata=metadata))
    found = prism.payments.get(connector_transaction_id=PAYMENT)
    assert (found.status, found.captured_amount) == ("PARTIAL_CHARGED", Money(400, "EUR"))
    assert found.discrepancies == ()


@pytest.mark.parametrize("word", ["Captured", "Authorized"])
def test_a_debit_of_a_stored_account_is_pending_at_first(
    prism: Prism, checkout: Any, payment: Any, word: str
) -> None:
    """https://www.checkout.com/docs/payments/add-payment-methods/ach-direct-debit"""
    stored = {"type": "ach", "id": "src_1"}
    checkout.says(payment(status=word, source=stored), 201)
    paid = prism.payments.authorize(
        **{**order(Money(1000, "EUR")), "payment_method": Token("src_1")}
    )
    checkout.says(payment(status=word, source=stored), 201)
    charged = prism.recurring.charge(
        merchant_transaction_id="order_1001",
        amount=Money(1000, "EUR"),
        connector_mandate_id="src_1",
    )
    assert (paid.status, charged.status) == ("PENDING", "PENDING")


@pytest.mark.parametrize(
    ("phone", "code", "number"),
    [
        ("+12025550123", "+1", "2025550123"),
        ("+442079460123", "+44", "2079460123"),
        ("+353209174242", "+353", "209174242"),
    ],
)
def test_a_phone_number_is_split_as_itu_has_it(
    prism: Prism, checkout: Any, phone: str, code: str, number: str
) -> None:
    checkout.says({"id": "cus_1"}, 201)
    prism.customers.create(merchant_customer_id="u_1", email="ada@example.com", phone=phone)
    assert checkout.sent()["phone"] == {"country_code": code, "number": number}


@pytest.mark.parametrize("prefix", ["", "evil.example/", "a.b", "VKUHVK4V", "cli_vkuhvk4v"])
def test_a_prefix_leads_to_no_other_host(prefix: str) -> None:
    with pytest.raises(ConfigurationError):
        Prism("checkoutdotcom", api_key="sk_example", prefix=prefix)


def test_a_key_of_the_sandbox_is_refused_in_production() -> None:
    """The message says why, and the processor would only say that the key is wrong."""
    with pytest.raises(ConfigurationError, match="api_key is one for environment='SANDBOX'"):
        Prism("checkoutdotcom", api_key="sk_sbox_1", prefix="vkuhvk4v", environment="PRODUCTION")


@pytest.mark.parametrize("metadata", [{"merchant_customer_id": 7}, [], None])
def test_what_others_wrote_into_the_metadata_is_no_id(
    prism: Prism, checkout: Any, metadata: Any
) -> None:
    """The dashboard and other programs may write there what they like."""
    checkout.says({"id": "cus_1", "metadata": metadata})
    assert prism.customers.get(connector_customer_id="cus_1").merchant_customer_id is None
