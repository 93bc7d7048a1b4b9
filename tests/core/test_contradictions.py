"""Contradictions: an answer whose status says one thing and whose amounts say another."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs
from support import Install, Server, acme_source

from prism_core import (
    ConnectorBug,
    ConnectorDetails,
    ConnectorError,
    Discrepancy,
    ErrorAnswer,
    ErrorDetails,
    GetPaymentRequest,
    GetRefundRequest,
    IncrementAuthorizationRequest,
    MalformedResponse,
    Mandate,
    MandateStatus,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    RedirectionData,
    Refund,
    RefundStatus,
    SetupRecurringRequest,
    Token,
)
from prism_core.runtime.comparison import answers_another, discrepancies
from prism_core.runtime.contradictions import (
    contradictions,
    denies_what_it_took,
    sends_to_a_page,
)

from .granting import ASKED, CHANGES, Processor, opened
from .samples import ASKED as PAYING
from .samples import GOOD, PAYMENT

NOTHING, SOME, MORE = Money(0, "USD"), Money(400, "USD"), Money(500, "USD")
WRONG = ErrorDetails(connector=ConnectorDetails(code="no"))
_S = PaymentStatus


@pytest.mark.parametrize(
    ("status", "amounts", "fields"),
    [
        (_S.AUTHORIZED, {"captured_amount": SOME}, ["captured_amount"]),
        (_S.AUTHENTICATION_PENDING, {"captured_amount": SOME}, ["captured_amount"]),
        (_S.VOIDED, {"captured_amount": SOME}, ["captured_amount"]),
        (_S.FAILURE, {"captured_amount": NOTHING}, []),
        (_S.CHARGED, {"captured_amount": NOTHING}, ["captured_amount"]),
        (_S.PARTIAL_CHARGED, {"captured_amount": NOTHING}, ["captured_amount"]),
        (_S.CAPTURE_INITIATED, {"captured_amount": NOTHING}, []),
        (_S.CHARGED, {"captured_amount": SOME, "capturable_amount": SOME}, ["capturable_amount"]),
        (_S.CHARGED, {"captured_amount": SOME, "capturable_amount": NOTHING}, []),
        (_S.AUTHORIZED, {"capturable_amount": NOTHING}, ["capturable_amount"]),
        (_S.VOIDED, {"capturable_amount": SOME}, ["capturable_amount"]),
        (_S.AUTHORIZATION_FAILED, {"capturable_amount": SOME}, ["capturable_amount"]),
        (_S.PARTIALLY_AUTHORIZED, {"authorized_amount": NOTHING}, ["authorized_amount"]),
        (_S.FAILURE, {"authorized_amount": NOTHING}, []),
        (_S.CHARGED, {"captured_amount": SOME, "refunded_amount": MORE}, ["refunded_amount"]),
        (_S.CHARGED, {"captured_amount": SOME, "refunded_amount": SOME}, []),
        (_S.CHARGED, {"captured_amount": SOME, "amount": Money(400, "JPY")}, ["currency"]),
        (_S.CHARGED, {"captured_amount": SOME, "amount": NOTHING}, ["amount"]),
        (_S.AUTHORIZED, {"authorized_amount": NOTHING, "amount": NOTHING}, []),
        (_S.AUTHORIZATION_FAILED, {"refunded_amount": SOME}, ["refunded_amount"]),
        (_S.AUTHORIZED, {"charged_back_amount": SOME}, ["charged_back_amount"]),
        (_S.CHARGED, {"captured_amount": SOME, "charged_back_amount": SOME}, []),
        (_S.FAILURE, {"charged_back_amount": SOME}, []),
        (_S.PENDING, {"captured_amount": SOME}, []),
    ],
)
def test_a_status_that_amounts_contradict_is_told(
    status: PaymentStatus, amounts: dict[str, Any], fields: list[str]
) -> None:
    """Money where the status says none, none where it says some, more back than was taken, two
    currencies. A card that is verified with an amount of 0 is no contradiction."""
    assert [one.field for one in contradictions(Payment(status=status, **amounts))] == fields


def test_a_looked_up_payment_tells_its_contradiction(prism: Prism, server: Server) -> None:
    """Nothing is asked of an amount, and the answer does not agree with itself."""
    server.answer(200, {**GOOD, "captured": 400})
    (found,) = prism.payments.get(connector_transaction_id="pay_1").discrepancies
    assert (found.field, found.asked) == ("captured_amount", "what AUTHORIZED means")
    assert found.reported == "4.00 USD"


@pytest.mark.parametrize(
    ("operation", "status", "captured", "refunded", "denies"),
    [
        ("authorize", _S.AUTHORIZATION_FAILED, SOME, None, True),
        ("charge_recurring", _S.FAILURE, SOME, NOTHING, True),
        ("get_payment", _S.AUTHENTICATION_FAILED, MORE, SOME, True),
        ("authorize", _S.AUTHORIZATION_FAILED, SOME, SOME, False),
        ("authorize", _S.AUTHORIZATION_FAILED, NOTHING, None, False),
        ("authorize", _S.AUTHORIZATION_FAILED, None, None, False),
        ("authorize", _S.CHARGED, SOME, None, False),
        ("increment_authorization", _S.AUTHORIZATION_FAILED, SOME, None, False),
    ],
)
def test_what_a_failure_that_took_money_is(
    operation: str, status: PaymentStatus, captured: Any, refunded: Any, denies: bool
) -> None:
    """A failed status beside money that was taken and not given back; of an increment that was
    declined, the payment stands as before."""
    paid = Payment(status=status, captured_amount=captured, refunded_amount=refunded)
    assert denies_what_it_took(operation, paid) is denies


@pytest.mark.parametrize("state", ["ok", "paid", "refused"])
def test_a_payment_that_sends_to_a_page_is_neither_paid_nor_failed(
    prism: Prism, server: Server, state: str
) -> None:
    """The customer may still pay there, or not: a shop must neither ship nor give up."""
    server.answer(200, {**GOOD, "state": state, "page": "https://acme.example/pay"})
    with pytest.raises(ConnectorBug, match="has redirection_data") as caught:
        prism.payments.authorize(**PAYING)
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("unknown", "pay_1")


def test_a_permission_that_sends_to_a_page_is_not_active() -> None:
    asked = Mandate(
        status=MandateStatus.ACTIVE, redirection_data=RedirectionData(uri="https://a.example")
    )
    assert sends_to_a_page(asked)
    assert not sends_to_a_page(structs.replace(asked, status=MandateStatus.MANDATE_PENDING))
    assert not sends_to_a_page(structs.replace(asked, redirection_data=None))


def test_a_debit_that_was_returned_has_taken_nothing() -> None:
    """The bank has taken the money back: the payment failed all the same."""
    paid = Payment(status=_S.FAILURE, captured_amount=SOME, charged_back_amount=SOME)
    assert not denies_what_it_took("get_payment", paid)
    part = structs.replace(paid, captured_amount=MORE)
    assert denies_what_it_took("get_payment", part)


def test_a_declined_increment_of_a_captured_payment_tells_none() -> None:
    """The status is the increment's, and the amounts are the payment's."""
    asked = IncrementAuthorizationRequest(connector_transaction_id="pay_1", amount=MORE)
    paid = Payment(status=_S.AUTHORIZATION_FAILED, captured_amount=SOME)
    assert list(discrepancies("increment_authorization", asked, paid)) == []
    raised = Payment(status=_S.AUTHORIZED, authorized_amount=MORE, captured_amount=SOME)
    (found,) = discrepancies("increment_authorization", asked, raised)
    assert found.field == "captured_amount"


@pytest.mark.parametrize("charged", [None, NOTHING, SOME])
def test_a_permission_that_charged_unasked_is_told(charged: Money | None) -> None:
    """Set up without an amount, a permission charges nothing."""
    asked = SetupRecurringRequest(merchant_mandate_id="m_1", payment_method=Token("pm_1"))
    made = Mandate(status=MandateStatus.ACTIVE, connector_mandate_id="pm_1", amount=charged)
    found = [one.reported for one in discrepancies("setup_recurring", asked, made)]
    assert found == (["4.00 USD"] if charged is SOME else [])


@pytest.mark.parametrize(
    ("operation", "made", "told"),
    [
        ("setup_recurring", Mandate(status=MandateStatus.ACTIVE, error=WRONG), ["no"]),
        ("setup_recurring", Mandate(status=MandateStatus.MANDATE_INACTIVE, error=WRONG), []),
        ("get_refund", Refund(status=RefundStatus.REFUND_SUCCESS, error=WRONG), ["no"]),
        (
            "get_refund",
            Refund(status=RefundStatus.REFUND_PENDING, error=ErrorDetails()),
            ["an error"],
        ),
        ("get_refund", Refund(status=RefundStatus.REFUND_FAILURE, error=WRONG), []),
        ("get_refund", Refund(status=RefundStatus.REFUND_SUCCESS), []),
    ],
)
def test_an_error_beside_a_permission_or_a_refund_is_told(
    operation: str, made: Mandate | Refund, told: list[str]
) -> None:
    """As beside a payment: a processor that says both does not know. A connector that tells it
    by itself is not repeated."""
    asked: Any = GetRefundRequest(connector_refund_id="re_1")
    if operation == "setup_recurring":
        asked = SetupRecurringRequest(merchant_mandate_id="m_1", payment_method=Token("pm_1"))
    assert [one.reported for one in discrepancies(operation, asked, made)] == told
    own = structs.replace(made, discrepancies=(Discrepancy("error", "null", "mine"),))
    assert [one.reported for one in discrepancies(operation, asked, own)] == ["mine"]


def test_an_error_that_the_connector_tells_beside_a_payment_is_told_once() -> None:
    """The core finds it as well, where the money is held or was taken."""
    said = Discrepancy("error", "null", "no")
    made = Payment(status=PaymentStatus.CHARGED, error=WRONG, discrepancies=(said,))
    asked = GetPaymentRequest(connector_transaction_id="pay_1")
    assert discrepancies("get_payment", asked, made) == (said,)


def test_a_decline_that_took_money_is_no_decline(prism: Prism, server: Server) -> None:
    """Whoever believed it would charge again: the outcome is unknown, and the id is kept."""
    server.answer(200, {**GOOD, "state": "refused", "captured": 1000})
    with pytest.raises(MalformedResponse, match=r"and that 10\.00 USD was taken") as caught:
        prism.payments.authorize(**PAYING)
    assert (caught.value.outcome, caught.value.connector_transaction_id) == ("unknown", "pay_1")


@pytest.mark.parametrize("honoured", [True, False])
def test_somebody_elses_401_repeats_no_change_without_a_key(
    plugin: Install, server: Server, honoured: bool
) -> None:
    """A proxy's page says nothing of what became of a change: it is made again with a key alone
    that the processor honours."""
    header = 'idempotency_header = "Acme-Key"', "idempotency_header = None"
    plugin("acme", acme_source(*CHANGES, *(() if honoured else (header,))))
    processor, answered = Processor(server), []

    def page(_: Any) -> tuple[int, Any]:
        answered.append(401)
        return 401, b"<html>Sign in</html>"

    processor._customer = page
    with opened(Prism, server) as prism, pytest.raises(ConnectorError) as caught:
        prism.customers.create(**ASKED)
    assert (caught.value.outcome, len(answered)) == ("unknown", 2 if honoured else 1)


def test_a_404_of_somebody_in_between_makes_no_second_customer(
    prism: Prism, server: Server
) -> None:
    """That the customer is not known yet, only the processor can say."""
    server.answer(404, b"<html>Not here</html>")
    with pytest.raises(NotFound) as caught:
        prism.customers.get_or_create(merchant_customer_id="user_42")
    assert caught.value.outcome != "unknown"
    assert [one.method for one in server.seen] == ["GET"]


@pytest.mark.parametrize(
    ("received", "sent", "another"),
    [("r_1", "r_1", False), ("r_1", "r_2", True), ("r_1", None, True), (None, "r_2", False)],
)
def test_an_error_with_another_correlation_id_is_of_another_request(
    received: str | None, sent: str | None, another: bool
) -> None:
    """Another request's correlation id may be an id of this one: the customer of a charge, say."""
    assert answers_another(PAYMENT, sent, ErrorAnswer(correlation_id=received)) is another
