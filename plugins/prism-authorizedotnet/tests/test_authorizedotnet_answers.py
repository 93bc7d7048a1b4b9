"""What answers mean: response codes, reasons, messages, statuses and amounts."""

from __future__ import annotations

from typing import Any

import pytest

from prism_authorizedotnet.declines import MESSAGES, REASONS, UNIFIED
from prism_core import (
    AuthenticationError,
    Conflict,
    ConnectorError,
    ErrorKind,
    MalformedResponse,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    Unavailable,
    UnifiedCode,
)

from .authorizedotnet_samples import (
    customer_request,
    payment_request,
    refusal,
    transaction,
)
from .authorizedotnet_server import Gateway

S = PaymentStatus
EXISTS = "A duplicate record with ID 12345 already exists."


@pytest.mark.parametrize(
    ("capture", "answer", "status"),
    [
        ("MANUAL", transaction("1"), S.AUTHORIZED),
        ("AUTOMATIC", transaction("1"), S.CHARGED),
        ("AUTOMATIC", transaction("2", "2"), S.AUTHORIZATION_FAILED),
        ("AUTOMATIC", transaction("3", "6"), S.AUTHORIZATION_FAILED),
        ("AUTOMATIC", transaction("4"), S.PENDING),
        ("AUTOMATIC", transaction("5"), S.UNRESOLVED),
        ("AUTOMATIC", transaction("1", transId="0"), S.UNRESOLVED),
        ("AUTOMATIC", transaction("1", transId=""), S.UNRESOLVED),
    ],
)
def test_a_response_code_becomes_a_status(
    gateway: Gateway, prism: Prism, capture: str, answer: dict[str, Any], status: PaymentStatus
) -> None:
    """Approved, declined, in error and held are told apart; what was never made is not paid."""
    gateway.answer(answer)
    payment = prism.payments.authorize(payment_request(capture_method=capture))
    assert payment.status is status


def test_address_and_security_code_checks_are_kept(gateway: Gateway, prism: Prism) -> None:
    """AVS and CVV results come as Authorize.Net writes them, for declines as well."""
    gateway.answer(transaction("1", networkTransId="123456789NNNH"))
    gateway.answer(transaction("2", "27", avsResultCode="N", cvvResultCode=""))
    approved = prism.payments.authorize(payment_request())
    declined = prism.payments.authorize(payment_request())
    assert (approved.avs_code, approved.cvc_code) == ("Y", "P")
    assert approved.network_transaction_id == "123456789NNNH"
    assert (declined.avs_code, declined.cvc_code) == ("N", None)


@pytest.mark.parametrize(
    ("code", "reason", "unified"),
    [
        ("2", "2", UnifiedCode.DECLINED),
        ("2", "4", UnifiedCode.LOST_OR_STOLEN),
        ("2", "27", UnifiedCode.INCORRECT_ADDRESS),
        ("2", "65", UnifiedCode.INCORRECT_CVC),
        ("2", "251", UnifiedCode.SUSPECTED_FRAUD),
        ("2", "99999", UnifiedCode.DECLINED),
        ("3", "7", UnifiedCode.INCORRECT_CARD_DATA),
        ("3", "8", UnifiedCode.EXPIRED_CARD),
        ("3", "17", UnifiedCode.CARD_NOT_SUPPORTED),
    ],
)
def test_a_decline_says_why(
    gateway: Gateway, prism: Prism, code: str, reason: str, unified: UnifiedCode
) -> None:
    """A decline is a result with a unified code and Authorize.Net's own, not an exception."""
    gateway.answer(transaction(code, reason))
    error = prism.payments.authorize(payment_request()).error
    assert error is not None
    assert error.unified is not None
    assert error.connector is not None
    assert (error.unified.code, error.connector.code) == (unified, reason)


@pytest.mark.parametrize(
    ("answer", "kind", "outcome"),
    [
        (transaction("3", "11"), Conflict, "unknown"),
        (transaction("3", "13"), AuthenticationError, "rejected"),
        (transaction("3", "19"), Unavailable, "unknown"),
        (transaction("3", "39"), ConnectorError, "rejected"),
        (transaction("3", "30"), ConnectorError, "rejected"),
        (transaction("3", "99999"), ConnectorError, "unknown"),
        (transaction("3", "99999", transId=""), ConnectorError, "unknown"),
        (transaction("3", "99999", transId="0"), ConnectorError, "rejected"),
        (transaction("3", "155", transId="0"), ConnectorError, "rejected"),
        (transaction("3", "19", transId="0"), Unavailable, "unknown"),
        (transaction("3", "11", transId="0"), Conflict, "unknown"),
        (transaction("2", "11", transId="0"), Conflict, "unknown"),
        (transaction("2", "222"), Conflict, "unknown"),
        (transaction("2", "318"), Conflict, "unknown"),
        (transaction("3", "318"), Conflict, "unknown"),
        (transaction(3, 318), Conflict, "unknown"),
        (refusal("E00012"), Conflict, "unknown"),
        (refusal("E00027"), ConnectorError, "unknown"),
        (refusal("E00007"), AuthenticationError, "rejected"),
        (refusal("E00003"), ConnectorError, "rejected"),
        (refusal("E00040"), NotFound, "rejected"),
        (refusal("E00001"), Unavailable, "unknown"),
        (refusal("E00053"), Unavailable, "unknown"),
        (refusal("E00044"), ConnectorError, "rejected"),
        (refusal("E99999"), ConnectorError, "unknown"),
        ({"messages": {"resultCode": "Ok", "message": [{"code": "E00003", "text": "?"}]}},
         ConnectorError, "unknown"),
        ({**refusal("E00027"), "transactionResponse": {"responseCode": "1"}}, ConnectorError,
         "unknown"),
        ({"messages": {"resultCode": "Error", "message": []}}, ConnectorError, "unknown"),
    ],
)  # fmt: skip
def test_an_error_inside_a_200_is_an_error(
    gateway: Gateway, prism: Prism, answer: dict[str, Any], kind: type, outcome: str
) -> None:
    """The codes tell what happened, and whether the payment may have been made all the same."""
    gateway.answer(answer)
    with pytest.raises(kind) as raised:
        prism.payments.authorize(payment_request())
    assert type(raised.value) is kind
    assert (raised.value.outcome, raised.value.status_code) == (outcome, 200)


@pytest.mark.parametrize("answer", [transaction("3", "11"), transaction("2", "318")])
def test_a_duplicate_sends_the_caller_to_the_first_payment(
    gateway: Gateway, prism: Prism, answer: dict[str, Any]
) -> None:
    """A payment that was just made is no decline, whoever noticed: look the first one up."""
    gateway.answer(answer)
    with pytest.raises(Conflict) as raised:
        prism.payments.authorize(payment_request())
    details = raised.value.details
    assert details is not None
    assert details.unified is not None
    assert details.unified.code is UnifiedCode.DUPLICATE
    assert raised.value.outcome == "unknown"


def test_every_code_is_in_one_table_only() -> None:
    """A card's reason is a decline, the others an error of one kind; unknown ones are neither."""
    assert REASONS["11"] is ErrorKind.CONFLICT
    assert "8" in UNIFIED
    assert "8" not in REASONS
    assert MESSAGES["E00039"] is ErrorKind.CONFLICT
    assert MESSAGES["E00104"] is ErrorKind.UNAVAILABLE
    assert "E00027" not in MESSAGES


def test_a_duplicate_customer_names_the_one_that_exists(gateway: Gateway, prism: Prism) -> None:
    """The conflict carries the profile's id, and `on_conflict="return"` makes it the result."""
    gateway.answer(refusal("E00039", EXISTS))
    with pytest.raises(Conflict) as raised:
        prism.customers.create(customer_request())
    assert raised.value.connector_customer_id == "12345"
    assert raised.value.outcome == "rejected"
    found = prism.customers.create(customer_request(on_conflict="return"))
    assert (found.connector_customer_id, found.existed) == ("12345", True)
    assert found.merchant_customer_id == "user_42"


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("E00039", "A duplicate customer payment profile already exists."),
        ("E00039", f"{EXISTS} "),
        ("E00039", "A duplicate record with ID 12a45 already exists."),
        ("E00039", "A duplicate record with ID １２ already exists."),
    ],
)
def test_an_id_is_never_guessed_from_another_sentence(
    gateway: Gateway, prism: Prism, code: str, text: str
) -> None:
    """Only the documented sentence names a profile; another one is a conflict with no id."""
    gateway.answer(refusal(code, text))
    with pytest.raises(Conflict) as raised:
        prism.customers.create(customer_request(on_conflict="return"))
    assert raised.value.connector_customer_id is None


def test_another_error_with_that_sentence_names_nobody(gateway: Gateway, prism: Prism) -> None:
    """The code decides, not the words."""
    gateway.answer(refusal("E00013", EXISTS))
    with pytest.raises(ConnectorError) as raised:
        prism.customers.create(customer_request(on_conflict="return"))
    assert raised.value.connector_customer_id is None


def test_a_part_that_was_approved_is_not_the_whole(gateway: Gateway, prism: Prism) -> None:
    """A prepaid card with too little is PARTIALLY_AUTHORIZED, with the amount that is held."""
    some = {"requestedAmount": "10.00", "approvedAmount": "1.23", "balanceOnCard": "0.00"}
    gateway.answer(transaction("4", prePaidCard=some))
    gateway.answer(transaction("1", prePaidCard={**some, "approvedAmount": "10.00"}))
    part = prism.payments.authorize(payment_request())
    whole = prism.payments.authorize(payment_request())
    assert (part.status, part.authorized_amount) == (S.PARTIALLY_AUTHORIZED, Money(123, "USD"))
    assert (whole.status, whole.authorized_amount) == (S.CHARGED, Money(1000, "USD"))


def test_what_a_prepaid_card_was_asked_for_is_compared(gateway: Gateway, prism: Prism) -> None:
    """The answer names the amount that was requested: another one is a discrepancy."""
    some = {"requestedAmount": "25.00", "approvedAmount": "25.00"}
    gateway.answer(transaction("1", prePaidCard=some))
    payment = prism.payments.authorize(payment_request())
    assert {one.field for one in payment.discrepancies} == {"amount", "authorized_amount"}


@pytest.mark.parametrize("amount", ["1_0.00", "1e1", "１０.00", " 10.00", "10,00", "-1.23", "NaN"])
def test_an_amount_is_a_plain_decimal(gateway: Gateway, prism: Prism, amount: str) -> None:
    """What Python takes for a number, and Authorize.Net never writes, is not believed."""
    some = {"requestedAmount": "10.00", "approvedAmount": amount}
    gateway.answer(transaction("1", prePaidCard=some))
    with pytest.raises(MalformedResponse) as raised:
        prism.payments.authorize(payment_request())
    assert raised.value.outcome == "unknown"


def test_zeros_are_no_id_at_the_card_network(gateway: Gateway, prism: Prism) -> None:
    """The test system writes zeros where there is none: nothing is tied to them later."""
    gateway.answer(transaction("1", networkTransId="00000000000000000000000"))
    assert prism.payments.authorize(payment_request()).network_transaction_id is None


def test_a_sentence_is_no_check_code(gateway: Gateway, prism: Prism) -> None:
    """A code is one letter; whatever else stands there is not passed on."""
    gateway.answer(transaction("1", avsResultCode="we got 4111111111111111 from you"))
    assert prism.payments.authorize(payment_request()).avs_code is None
