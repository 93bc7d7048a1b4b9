"""A payment after it was authorized: capture, void, refund, and the refund looked up."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    Conflict,
    ConnectorError,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    RefundRequest,
    RefundStatus,
    Unavailable,
    UnsupportedOperation,
)

from .authorizedotnet_samples import (
    change,
    details,
    payment_request,
    requests_of,
    sent,
    transaction,
)
from .authorizedotnet_schema import bindings
from .authorizedotnet_server import Gateway

S, R = PaymentStatus, RefundStatus
PAYMENT, REFUND = "40000001001", "40000002001"
FOUR = Money(400, "USD")
STATUSES = {
    "refundPendingSettlement": R.REFUND_PENDING,
    "refundSettledSuccessfully": R.REFUND_SUCCESS,
    "declined": R.REFUND_FAILURE,
    "failedReview": R.REFUND_FAILURE,
    "communicationError": R.REFUND_FAILURE,
    "voided": R.REFUND_FAILURE,
}


def paid(status: str = "settledSuccessfully", number: str = "XXXX1111", **changes: Any) -> bytes:
    """The details of a payment, with its card."""
    card = {"cardNumber": number, "expirationDate": "XXXX", "cardType": "Visa"}
    return details(status, payment={"creditCard": card}, **changes)


def noted(code: str, text: str) -> dict[str, Any]:
    """An approved transaction with a note."""
    return change("1", messages=[{"code": code, "description": text}])


def asked(body: dict[str, Any]) -> dict[str, Any]:
    """The transactionRequest in a body that the server has seen."""
    found: dict[str, Any] = body["createTransactionRequest"]["transactionRequest"]
    return found


def test_a_payment_lives_from_authorization_to_refund(gateway: Gateway, prism: Prism) -> None:
    """Authorized, captured in part, refunded in part, and the refund seen to end."""
    gateway.answer(transaction("1")).answer(details()).answer(change("1"))
    gateway.answer(paid()).answer(change("1", transId=REFUND, ref_id="refund_1"))
    gateway.answer(
        details("refundSettledSuccessfully", transId=REFUND, refTransId=PAYMENT,
                transactionType="refundTransaction", order={"invoiceNumber": "refund_1"},
                authAmount=4, settleAmount=4)
    )  # fmt: skip
    payment = prism.payments.authorize(payment_request(capture_method="MANUAL"))
    known = payment.connector_transaction_id
    captured = prism.payments.capture(connector_transaction_id=known, amount=Money(600, "USD"))
    refund = prism.payments.refund(
        connector_transaction_id=known, merchant_refund_id="refund_1", amount=FOUR
    )
    found = prism.refunds.get(connector_refund_id=refund.connector_refund_id)
    assert captured.status is S.PARTIAL_CHARGED
    assert captured.authorized_amount == Money(1000, "USD")
    assert (refund.status, refund.connector_refund_id) == (R.REFUND_PENDING, REFUND)
    assert (found.status, found.amount) == (R.REFUND_SUCCESS, FOUR)
    assert (found.merchant_refund_id, found.connector_transaction_id) == ("refund_1", PAYMENT)
    assert not any(one.discrepancies for one in (captured, refund, found))
    assert asked(gateway.bodies[4]) == {
        "transactionType": "refundTransaction",
        "amount": "4.00",
        "currencyCode": "USD",
        "payment": {"creditCard": {"cardNumber": "1111", "expirationDate": "XXXX"}},
        "refTransId": PAYMENT,
        "order": {"invoiceNumber": "refund_1"},
    }


def test_capturing_all_asks_nothing_first(gateway: Gateway, prism: Prism) -> None:
    """Without an amount one request is sent, with no amount, and all is charged."""
    gateway.answer(change("1"))
    assert prism.payments.capture(connector_transaction_id=PAYMENT).status is S.CHARGED
    assert [asked(body) for body in gateway.bodies] == [
        {"transactionType": "priorAuthCaptureTransaction", "refTransId": PAYMENT}
    ]


@pytest.mark.parametrize(
    ("code", "captured", "voided", "refunded"),
    [
        ("1", S.CHARGED, S.VOIDED, R.REFUND_PENDING),
        ("2", S.CAPTURE_FAILED, S.VOID_FAILED, R.REFUND_FAILURE),
        ("4", S.PENDING, S.PENDING, R.REFUND_MANUAL_REVIEW),
        ("5", S.UNRESOLVED, S.UNRESOLVED, R.REFUND_MANUAL_REVIEW),
    ],
)
def test_a_response_code_becomes_each_operations_status(
    gateway: Gateway,
    prism: Prism,
    code: str,
    captured: PaymentStatus,
    voided: PaymentStatus,
    refunded: RefundStatus,
) -> None:
    """Approved, declined and held mean what they mean to a capture, a void, a refund."""
    reason = "2" if code == "2" else None
    answer = change(code, reason)
    gateway.answer(answer).answer(answer).answer(paid())
    gateway.answer(change(code, reason, transId=REFUND, ref_id="refund_1"))
    assert prism.payments.capture(connector_transaction_id=PAYMENT).status is captured
    assert prism.payments.void(connector_transaction_id=PAYMENT).status is voided
    refund = prism.payments.refund(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    assert refund.status is refunded
    assert (refund.error is not None) == (code == "2")


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        (change("3", "11"), Conflict, "unknown"),
        (change("3", "15"), ConnectorError, "rejected"),
        (change("3", "16", transId="0"), NotFound, "rejected"),
        (change("3", "47"), ConnectorError, "rejected"),
        (change("3", "54"), ConnectorError, "rejected"),
        (change("3", "55"), ConnectorError, "rejected"),
        (noted("310", "This transaction has already been voided."), Conflict, "unknown"),
        (noted("311", "This transaction has already been captured."), Conflict, "unknown"),
    ],
)
def test_a_refusal_by_rule_is_an_error(
    gateway: Gateway, prism: Prism, answer: dict[str, Any], kind: type, outcome: str
) -> None:
    """What was done already, or cannot be done, raises, an approval that did nothing as well: of
    what was done before, nobody knows whether by an earlier call of the same caller."""
    gateway.answer(paid()).answer(answer)
    with pytest.raises(kind) as raised:
        prism.payments.capture(connector_transaction_id=PAYMENT, amount=Money(1000, "USD"))
    assert type(raised.value) is kind
    assert raised.value.outcome == outcome


@pytest.mark.parametrize(
    ("status", "advised"), [("capturedPendingSettlement", True), ("settledSuccessfully", False)]
)
def test_a_payment_that_is_not_settled_is_to_be_voided(
    gateway: Gateway, prism: Prism, status: str, advised: bool
) -> None:
    """Reason code 54 has many causes; where the payment's status names this one, so does the
    error."""
    gateway.answer(paid(status)).answer(change("3", "54", ref_id="refund_1"))
    with pytest.raises(ConnectorError) as raised:
        prism.payments.refund(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    assert ("void it instead" in str(raised.value)) is advised
    assert raised.value.outcome == "rejected"


def test_a_whole_refund_is_of_what_was_settled(gateway: Gateway, prism: Prism) -> None:
    """Without an amount the settled amount is given back, exactly, and told."""
    whole = paid(settleAmount="@").replace(b'"@"', b"90071992547409.93")
    gateway.answer(whole).answer(change("1", transId=REFUND, ref_id="refund_1"))
    refund = prism.payments.refund(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    assert asked(gateway.bodies[1])["amount"] == "90071992547409.93"
    assert refund.amount == Money(9007199254740993, "USD")


@pytest.mark.parametrize("settled", ["0.01", "10", "999999999999999.99"])
def test_a_whole_refund_needs_no_currency_of_the_account(settled: str) -> None:
    """Where the account's currency is not given, none is sent, and no amount told."""
    request = RefundRequest(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    whole = paid(settleAmount="@").replace(b'"@"', settled.encode())
    made = sent("refund", request, whole, currency=None)["transactionRequest"]
    assert made["amount"] == settled
    assert "currencyCode" not in made


@pytest.mark.parametrize("settled", ["0", "-1", "1000000000000000"])
def test_no_refund_is_of_an_amount_that_cannot_be(settled: str) -> None:
    """A lookup that tells no amount to give back, or one that no processor counts, ends there."""
    request = RefundRequest(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    whole = paid(settleAmount="@").replace(b'"@"', settled.encode())
    assert len(requests_of("refund", request, whole)) == 1


@pytest.mark.parametrize("number", ["1111", "XXXX1111", "XXXXXXXXXXXX1111"])
def test_a_refund_names_the_cards_last_digits(gateway: Gateway, prism: Prism, number: str) -> None:
    """Four of them, however many signs stand for the others."""
    gateway.answer(paid(number=number)).answer(change("1", transId=REFUND, ref_id="refund_1"))
    prism.payments.refund(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    assert asked(gateway.bodies[1])["payment"]["creditCard"]["cardNumber"] == "1111"


@pytest.mark.parametrize("number", ["", "XXXX", "XXXX１１１１", "1111\n"])
def test_a_card_without_its_last_digits_is_not_refunded(
    gateway: Gateway, prism: Prism, number: str
) -> None:
    """No digits are guessed: the refund is not sent."""
    gateway.answer(paid(number=number))
    with pytest.raises(MalformedResponse):
        prism.payments.refund(connector_transaction_id=PAYMENT, merchant_refund_id="refund_1")
    assert len(gateway.bodies) == 1


def test_a_refund_that_may_have_been_made_is_not_made_again(gateway: Gateway, prism: Prism) -> None:
    """Authorize.Net has no idempotency keys: after a 500 the outcome is unknown, and that is it."""
    gateway.answer(paid()).answer({}, status=500)
    with pytest.raises(Unavailable) as raised:
        prism.payments.refund(
            connector_transaction_id=PAYMENT, merchant_refund_id="refund_1", max_retries=2
        )
    assert (raised.value.outcome, len(gateway.bodies)) == ("unknown", 2)


@pytest.mark.parametrize(
    ("operation", "field", "given"),
    [
        ("capture", "amount", {"amount": Money(1000, "EUR")}),
        ("refund", "amount", {"amount": Money(1000, "EUR")}),
        ("capture", "merchant_capture_id", {"merchant_capture_id": "c" * 21}),
        ("void", "merchant_void_id", {"merchant_void_id": "v" * 21}),
        ("refund", "merchant_refund_id", {"merchant_refund_id": "r" * 21}),
        ("void", "connector_transaction_id", {"connector_transaction_id": "pi_1"}),
    ],
)
def test_what_cannot_be_right_is_refused_unsent(
    gateway: Gateway, prism: Prism, operation: str, field: str, given: dict[str, Any]
) -> None:
    """Another currency than the account's, an id too long, an id that is not theirs."""
    own = {"merchant_refund_id": "refund_1"} if operation == "refund" else {}
    with pytest.raises(InvalidRequest) as refused:
        getattr(prism.payments, operation)(**{"connector_transaction_id": PAYMENT, **own, **given})
    assert refused.value.field == field
    assert gateway.bodies == []


def test_an_authorization_cannot_be_raised(prism: Prism) -> None:
    """The error says what to do instead."""
    with pytest.raises(UnsupportedOperation, match="authorize the difference"):
        prism.payments.increment_authorization(
            connector_transaction_id=PAYMENT, amount=Money(1500, "USD")
        )


def _words() -> list[str]:
    schema = bindings()
    if schema is None:
        return [*STATUSES, "generalError"]
    return [str(word) for word in schema.transactionStatusEnum._CF_enumeration.values()]


@pytest.mark.parametrize("word", [*_words(), "aNewWord"])
def test_a_refunds_status_word_becomes_a_status(gateway: Gateway, prism: Prism, word: str) -> None:
    """What is sure is told; every other word, and what is no refund, is for a person to look at."""
    gateway.answer(details(word, transactionType="refundTransaction"))
    refund = prism.refunds.get(connector_refund_id=PAYMENT)
    assert refund.status is STATUSES.get(word, R.REFUND_MANUAL_REVIEW)
    assert (refund.error is not None) == (refund.status is R.REFUND_FAILURE)
    gateway.begin()
    gateway.answer(details(word, transactionType="authCaptureTransaction"))
    no_refund = prism.refunds.get(connector_refund_id=PAYMENT)
    assert no_refund.status is R.REFUND_MANUAL_REVIEW
