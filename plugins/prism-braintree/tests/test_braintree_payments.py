"""Statuses, amounts, reasons of declines, and keys that are in use."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import Conflict, ConnectorError, InvalidRequest, Money, Prism, SdkToken

BANK, SEPA = "UsBankAccountDetails", "SEPADirectDebitTransactionDetails"


def order(amount: Money, **more: Any) -> dict[str, Any]:
    nonce = SdkToken("tokencc_bh_example")
    return {
        "merchant_transaction_id": "order_1001",
        "amount": amount,
        "payment_method": nonce,
        **more,
    }


@pytest.mark.parametrize(
    ("status", "kind", "meaning"),
    [
        ("AUTHORIZED", "CreditCardTransactionDetails", "AUTHORIZED"),
        ("AUTHORIZING", "CreditCardTransactionDetails", "AUTHORIZING"),
        ("AUTHORIZATION_EXPIRED", "CreditCardTransactionDetails", "EXPIRED"),
        ("SUBMITTED_FOR_SETTLEMENT", "CreditCardTransactionDetails", "CHARGED"),
        ("SETTLING", "PayPalTransactionDetails", "CHARGED"),
        ("SETTLED", "VenmoAccountDetails", "CHARGED"),
        ("SETTLEMENT_PENDING", "PayPalTransactionDetails", "PENDING"),
        ("SETTLEMENT_CONFIRMED", "PayPalTransactionDetails", "PARTIAL_CHARGED"),
        ("SUBMITTED_FOR_SETTLEMENT", BANK, "PENDING"),
        ("SETTLING", SEPA, "PENDING"),
        ("SETTLED", BANK, "CHARGED"),
        ("SETTLEMENT_DECLINED", SEPA, "FAILURE"),
        ("PROCESSOR_DECLINED", "CreditCardTransactionDetails", "AUTHORIZATION_FAILED"),
        ("GATEWAY_REJECTED", "CreditCardTransactionDetails", "AUTHORIZATION_FAILED"),
        ("FAILED", "CreditCardTransactionDetails", "AUTHORIZATION_FAILED"),
        ("VOIDED", "CreditCardTransactionDetails", "VOIDED"),
        ("SOMETHING_NEW", "CreditCardTransactionDetails", "UNRESOLVED"),
    ],
)
def test_statuses(
    prism: Prism, braintree: Any, transaction: Any, status: str, kind: str, meaning: str
) -> None:
    """A debit is there only when it has settled."""
    braintree.says("node", transaction(status, kind=kind))
    assert prism.payments.get(connector_transaction_id="transaction_1").status == meaning


@pytest.mark.parametrize(
    ("event", "unified"),
    [
        ({"processorResponse": {"legacyCode": "2001", "message": "No"}}, "INSUFFICIENT_FUNDS"),
        ({"processorResponse": {"legacyCode": "2053", "message": "No"}}, "LOST_OR_STOLEN"),
        ({"processorResponse": {"legacyCode": "3000", "message": "No"}}, "TRY_AGAIN_LATER"),
        ({"processorResponse": {"legacyCode": "2999", "message": "No"}}, "DECLINED"),
        ({"gatewayRejectionReason": "CVV"}, "INCORRECT_CVC"),
        ({"gatewayRejectionReason": "THREE_D_SECURE"}, "AUTHENTICATION_FAILED"),
        ({}, "DECLINED"),
    ],
)
def test_reasons(
    prism: Prism, braintree: Any, transaction: Any, event: dict[str, Any], unified: str
) -> None:
    history = [{"status": "PROCESSOR_DECLINED", **event}, {"status": "AUTHORIZED"}]
    braintree.says("node", transaction("PROCESSOR_DECLINED", statusHistory=history))
    error = prism.payments.get(connector_transaction_id="transaction_1").error
    assert error is not None
    assert error.unified is not None
    assert error.unified.code == unified


def test_a_processor_that_was_not_reached_declined_nothing(
    prism: Prism, braintree: Any, transaction: Any
) -> None:
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-status, `FAILED`"""
    braintree.says("node", transaction("FAILED"))
    error = prism.payments.get(connector_transaction_id="transaction_1").error
    assert error is not None
    assert error.unified is not None
    assert error.unified.code == "PROCESSING_ERROR"


def test_a_hold_of_less_than_was_asked_for(prism: Prism, braintree: Any, transaction: Any) -> None:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction, `amount`"""
    asked = {"value": "10.00", "currencyCode": "USD"}
    made = transaction("AUTHORIZED", "6.00", initialRequestedAuthorizationAmount=asked)
    braintree.says("node", made)
    found = prism.payments.get(connector_transaction_id="transaction_1")
    assert (found.status, found.amount) == ("PARTIALLY_AUTHORIZED", Money(1000, "USD"))
    assert found.capturable_amount == Money(600, "USD")


@pytest.mark.parametrize(("kind", "status"), [("SEPA", "PENDING"), ("IDEAL", "CHARGED")])
def test_sepa_as_a_local_method_is_a_debit(
    prism: Prism, braintree: Any, transaction: Any, kind: str, status: str
) -> None:
    snapshot = {"__typename": "LocalPaymentDetails", "type": kind}
    braintree.says("node", transaction("SETTLING", paymentMethodSnapshot=snapshot))
    found = prism.payments.get(connector_transaction_id="transaction_1")
    assert (found.status, found.captured_amount is None) == (status, status == "PENDING")


@pytest.mark.parametrize(
    ("amount", "text", "account"),
    [
        (Money(1000, "JPY"), "1000", "shop_jpy"),
        (Money(1000, "USD"), "10.00", "shop_usd"),
        (Money(12345, "KWD"), "12.345", "shop_kwd"),
    ],
)
def test_amounts(
    prism: Prism, braintree: Any, transaction: Any, amount: Money, text: str, account: str
) -> None:
    """https://developer.paypal.com/braintree/graphql/reference/types/amount: a whole number, or
    two or three decimals. The merchant account alone says the currency."""
    made = transaction("SUBMITTED_FOR_SETTLEMENT", text, currency=amount.currency)
    braintree.says("chargePaymentMethod", {"transaction": made})
    paid = prism.payments.authorize(**order(amount))
    sent = braintree.sent()["transaction"]
    assert (sent["amount"], sent["merchantAccountId"]) == (text, account)
    assert (paid.amount, paid.captured_amount) == (amount, amount)
    assert not paid.discrepancies


@pytest.mark.parametrize("amount", [Money(10_000, "CLF"), Money(1000, "GBP")])
def test_a_currency_without_a_merchant_account_is_refused(
    prism: Prism, braintree: Any, amount: Money
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        prism.payments.authorize(**order(amount))
    assert refused.value.field == "amount"
    assert not braintree.requests


@pytest.mark.parametrize("call", ["capture", "increment_authorization"])
def test_an_amount_in_another_currency_changes_nothing(
    prism: Prism, braintree: Any, transaction: Any, call: str
) -> None:
    """Braintree would take the number."""
    braintree.says("node", transaction())
    with pytest.raises(InvalidRequest) as refused:
        getattr(prism.payments, call)(
            connector_transaction_id="transaction_1", amount=Money(500, "EUR")
        )
    assert (refused.value.field, len(braintree.requests)) == ("amount", 1)


def test_an_increment_whose_answer_was_lost_can_be_repeated(
    prism: Prism, braintree: Any, transaction: Any
) -> None:
    """The payment is held at that total already; the amount is the new total, nothing is added."""
    braintree.says("node", transaction())
    braintree.says("updateTransactionAmount", {"transaction": transaction()})
    raised = prism.payments.increment_authorization(
        connector_transaction_id="transaction_1", amount=Money(1000, "USD")
    )
    assert (raised.status, raised.authorized_amount) == ("AUTHORIZED", Money(1000, "USD"))


@pytest.mark.parametrize("status", ["SETTLED", "SETTLING", "SETTLEMENT_PENDING"])
def test_a_void_never_refunds(prism: Prism, braintree: Any, transaction: Any, status: str) -> None:
    braintree.says("node", transaction(status))
    with pytest.raises(InvalidRequest, match=r"payments\.refund"):
        prism.payments.void(connector_transaction_id="transaction_1")
    assert len(braintree.requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "taken"),
    [
        ("OPEN", "CHARGEBACK", Money(1000, "USD")),
        ("LOST", "CHARGEBACK", Money(1000, "USD")),
        ("WON", "CHARGEBACK", None),
        ("OPEN", "RETRIEVAL", None),
    ],
)
def test_what_the_bank_took_back(
    prism: Prism, braintree: Any, transaction: Any, status: str, kind: str, taken: Money | None
) -> None:
    amount = {"value": "10.00", "currencyCode": "USD"}
    dispute = {"status": status, "type": kind, "amountDisputed": amount}
    braintree.says("node", transaction("SETTLED", disputes=[dispute]))
    found = prism.payments.get(connector_transaction_id="transaction_1")
    assert (found.status, found.charged_back_amount) == ("CHARGED", taken)


def test_amounts_of_two_currencies_are_not_added_up(
    prism: Prism, braintree: Any, transaction: Any
) -> None:
    """Of a transaction in USD, 10 USD and 9 EUR are disputed: no sum of them is right."""
    dollars, euros = (
        {"value": v, "currencyCode": c} for v, c in (("10.00", "USD"), ("9.00", "EUR"))
    )
    disputes = [
        {"status": "LOST", "type": "CHARGEBACK", "amountDisputed": one} for one in (dollars, euros)
    ]
    braintree.says("node", transaction("SETTLED", disputes=disputes))
    found = prism.payments.get(connector_transaction_id="transaction_1")
    assert (found.status, found.charged_back_amount) == ("CHARGED", None)


@pytest.mark.parametrize("code", ["915232", "915233", "915234"])
def test_a_key_in_use_says_nothing_about_the_payment(
    prism: Prism, braintree: Any, code: str
) -> None:
    """https://developer.paypal.com/braintree/articles/guides/at-most-once#error-codes"""
    braintree.refuses(errorClass="VALIDATION", legacyCode=code)
    with pytest.raises(Conflict) as refused:
        prism.payments.authorize(**order(Money(1000, "USD"), idempotency_key="key_1"))
    assert (refused.value.outcome, refused.value.retryable) == ("unknown", code == "915233")
    assert braintree.sent()["apiRequestKey"] == "key_1"


@pytest.mark.parametrize(
    "said",
    [
        {"errorClass": "VALIDATION", "legacyCode": "915233"},
        {"errorClass": "VALIDATION", "inputPath": ["input", "apiRequestKey"]},
    ],
)
def test_a_key_in_use_is_noticed_behind_another_error(
    prism: Prism, braintree: Any, said: dict[str, Any]
) -> None:
    """The first request with the key may have paid, whatever else is wrong with this one."""
    others = [{"errorClass": "VALIDATION", "legacyCode": "93107"}, said]
    errors = [{"message": "No", "extensions": one} for one in others]
    braintree.answers.append({"errors": errors})
    with pytest.raises(Conflict) as refused:
        prism.payments.authorize(**order(Money(1000, "USD"), idempotency_key="key_1"))
    assert refused.value.outcome == "unknown"


@pytest.mark.parametrize(
    ("extensions", "outcome"),
    [
        ({"errorClass": "VALIDATION", "legacyCode": "93107"}, "rejected"),
        ({"errorClass": "INTERNAL"}, "unknown"),
        ({"errorClass": "SOMETHING_NEW"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_an_error_inside_200(
    prism: Prism, braintree: Any, extensions: dict[str, Any], outcome: str
) -> None:
    braintree.refuses(**extensions)
    with pytest.raises(ConnectorError) as refused:
        prism.payments.authorize(**order(Money(1000, "USD")))
    assert refused.value.outcome == outcome
