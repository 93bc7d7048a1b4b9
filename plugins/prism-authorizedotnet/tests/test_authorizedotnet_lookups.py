"""What a looked-up payment is: status words, ids, and amounts read exactly."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import MalformedResponse, Money, PaymentStatus, Prism

from .authorizedotnet_samples import details
from .authorizedotnet_schema import bindings
from .authorizedotnet_server import Gateway

S = PaymentStatus
STATUSES = {
    "authorizedPendingCapture": S.AUTHORIZED,
    "capturedPendingSettlement": S.CHARGED,
    "settledSuccessfully": S.CHARGED,
    "voided": S.VOIDED,
    "declined": S.AUTHORIZATION_FAILED,
    "failedReview": S.AUTHORIZATION_FAILED,
    "communicationError": S.FAILURE,
    "expired": S.EXPIRED,
    "FDSPendingReview": S.PENDING,
    "FDSAuthorizedPendingReview": S.PENDING,
    "underReview": S.PENDING,
}
UNSURE = [
    *("approvedReview", "authorizedPendingRelease", "chargeback", "chargebackReversal"),
    *("couldNotVoid", "generalError", "pendingFinalSettlement", "pendingSettlement"),
    *("refundPendingSettlement", "refundSettledSuccessfully", "returnedItem"),
    *("settlementError", "updatingSettlement", "aNewWord"),
]


@pytest.mark.parametrize(
    ("word", "status"), [*STATUSES.items(), *((word, S.UNRESOLVED) for word in UNSURE)]
)
def test_a_status_word_becomes_a_status(
    gateway: Gateway, prism: Prism, word: str, status: PaymentStatus
) -> None:
    """What is sure is told, and every other word is UNRESOLVED."""
    gateway.answer(details(word))
    payment = prism.payments.get(connector_transaction_id="40000001001")
    assert payment.status is status
    assert (payment.error is not None) == (status in (S.AUTHORIZATION_FAILED, S.FAILURE))


def test_every_status_word_of_the_schema_is_thought_of() -> None:
    """The schema's list of statuses has no word that these tests do not know."""
    schema = bindings()
    if schema is None:
        pytest.skip("authorizenet is not installed")
    words = {str(word) for word in schema.transactionStatusEnum._CF_enumeration.values()}
    assert words == {*STATUSES, *UNSURE} - {"aNewWord"}


def test_a_looked_up_payment_has_its_ids_and_checks(gateway: Gateway, prism: Prism) -> None:
    """A lookup tells the same as authorizing did."""
    gateway.answer(details(profile={"customerProfileId": "900000042"}, cardCodeResponse="M"))
    payment = prism.payments.get(connector_transaction_id="40000001001")
    assert payment.connector_transaction_id == "40000001001"
    assert payment.merchant_transaction_id == "order_1001"
    assert payment.connector_customer_id == "900000042"
    assert (payment.avs_code, payment.cvc_code) == ("Y", "M")


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        (b"10.00", 1000),
        (b"1018.88", 101888),
        (b"0.29", 29),
        (b"90071992547409.93", 9007199254740993),
    ],
)
def test_amounts_are_read_exactly(
    gateway: Gateway, prism: Prism, written: bytes, exact: int
) -> None:
    """Amounts are JSON numbers with a fraction, and no float ever holds them."""
    body = details("settledSuccessfully", authAmount="@", settleAmount="@")
    gateway.answer(body.replace(b'"@"', written))
    payment = prism.payments.get(connector_transaction_id="40000001001")
    assert payment.amount == payment.captured_amount == Money(exact, "USD")


def test_an_amount_with_a_tenth_of_a_cent_makes_no_sense(gateway: Gateway, prism: Prism) -> None:
    """It is not rounded."""
    gateway.answer(details(authAmount=10.001))
    with pytest.raises(MalformedResponse):
        prism.payments.get(connector_transaction_id="40000001001")


@pytest.mark.parametrize(
    ("word", "amounts", "status"),
    [
        ("settledSuccessfully", {"settleAmount": 4}, S.PARTIAL_CHARGED),
        ("authorizedPendingCapture", {"requestedAmount": 25}, S.PARTIALLY_AUTHORIZED),
        ("settledSuccessfully", {"settleAmount": None}, S.CHARGED),
        ("authorizedPendingCapture", {"authAmount": None}, S.AUTHORIZED),
    ],
)
def test_a_part_of_the_amount_is_told(
    gateway: Gateway, prism: Prism, word: str, amounts: dict[str, Any], status: PaymentStatus
) -> None:
    """Less captured or held than asked for is another status than all of it."""
    gateway.answer(details(word, **amounts))
    assert prism.payments.get(connector_transaction_id="40000001001").status is status
