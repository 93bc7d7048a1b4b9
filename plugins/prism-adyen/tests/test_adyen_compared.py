"""What Adyen's answers name, compared with what was asked for; and approvals that are none."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import MalformedResponse, Money, PaymentStatus, Prism, Token

from .adyen_loopback import StandIn
from .adyen_samples import PSP, answer, authorised, payment_request
from .test_adyen_answers import paid
from .test_adyen_services import TEN, setting_up

S = PaymentStatus


@pytest.mark.parametrize("code", ["Authorised", "PartiallyAuthorised"])
@pytest.mark.parametrize("told", [{}, {"pspReference": None}])
def test_an_approval_of_no_payment_is_not_believed(
    adyen: Prism, standing_in: StandIn, code: str, told: dict[str, Any]
) -> None:
    """A bare result code, without a payment of Adyen's, pays for nothing."""
    amount = {"currency": "USD", "value": 1000}
    payment = paid(adyen, standing_in, {"resultCode": code, "amount": amount, **told})
    assert (payment.status, payment.authorized_amount) == (S.UNRESOLVED, None)


@pytest.mark.parametrize(
    ("beside", "told"),
    [
        ({"refusalReasonCode": "2", "refusalReason": "Refused"}, "2"),
        ({"refusalReason": "Refused"}, "Authorised"),
        ({"refusalReasonCode": "0"}, None),
        ({"refusalReasonCode": "0", "refusalReason": "none"}, None),
        ({"refusalReasonCode": "", "refusalReason": ""}, None),
    ],
)
def test_a_refusal_beside_an_approval_is_surfaced(
    adyen: Prism, standing_in: StandIn, beside: dict[str, str], told: str | None
) -> None:
    """It is in `error` and in `discrepancies`; code 0 is Adyen's word for none."""
    payment = paid(adyen, standing_in, authorised() | beside)
    assert payment.status is S.CAPTURE_INITIATED
    found = [(one.field, one.reported) for one in payment.discrepancies]
    assert found == ([("error", told)] if told else [])
    assert (payment.error is not None) == (told is not None)


TOKEN: dict[str, Any] = {"payment_method": Token("M5N7"), "connector_customer_id": "user_42"}


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"recurring.recurringDetailReference": "M5N7"}, None),
        ({"tokenization.storedPaymentMethodId": "KHQC"}, "payment_method"),
        ({"recurring.recurringDetailReference": None}, "payment_method"),
        ({"shopperReference": None}, "connector_customer_id"),
        ({"tokenization.shopperReference": None}, "connector_customer_id"),
        ({"shopperReference": None, "recurring.shopperReference": "user_42"}, None),
    ],
)
def test_what_was_paid_with_is_compared(
    adyen: Prism, standing_in: StandIn, told: dict[str, Any], field: str | None
) -> None:
    """Another stored card than the token given, no stored card, or no shopper, is surfaced."""
    standing_in.answer_stored()
    payment = paid(adyen, standing_in, authorised(**told), **TOKEN)
    assert {one.field for one in payment.discrepancies} == ({field} if field else set())


def test_no_reference_where_one_was_given_is_surfaced(adyen: Prism, standing_in: StandIn) -> None:
    """A merchantReference of null is not the same as one that is not told."""
    payment = paid(adyen, standing_in, authorised() | {"merchantReference": None})
    (found,) = payment.discrepancies
    assert (found.field, found.reported) == ("merchant_transaction_id", "null")


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (answer(merchantReference="order_1000"), {}),
        (authorised(shopperReference="user_7"), {"connector_customer_id": "user_42"}),
        (authorised(**{"tokenization.shopperReference": "user_7"}), TOKEN),
    ],
)
def test_an_answer_about_another_payment_is_no_result(
    adyen: Prism, standing_in: StandIn, body: Any, given: dict[str, Any]
) -> None:
    """An answer with another reference or shopper belongs to another call: nothing is known."""
    if given is TOKEN:
        standing_in.answer_stored()
    with pytest.raises(MalformedResponse, match="about another") as caught:
        paid(adyen, standing_in, body, **given)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("status", [202, 203, 204, 206, 299])
def test_a_status_that_adyen_does_not_document_is_no_result(
    adyen: Prism, standing_in: StandIn, status: int
) -> None:
    """A success with a body is a 200 or a 201: another one is somebody else's."""
    standing_in.answer(authorised(), status=status)
    with pytest.raises(MalformedResponse) as caught:
        adyen.payments.authorize(payment_request())
    assert caught.value.outcome == "unknown"


def test_a_capture_of_nothing_is_surfaced(adyen: Prism, standing_in: StandIn) -> None:
    """The amount is the one that Adyen received, and not what was taken so far."""
    received = {"status": "received", "pspReference": "C1", "paymentPspReference": PSP}
    standing_in.answer({**received, "amount": {"currency": "USD", "value": 0}}, status=201)
    captured = adyen.payments.capture(connector_transaction_id=PSP, amount=Money(1000, "USD"))
    (found,) = captured.discrepancies
    assert (found.field, found.reported) == ("captured_amount", "0.00 USD")


@pytest.mark.parametrize(
    ("asked", "value", "reported"),
    [
        (TEN, 1000, []),
        (TEN, 0, ["0.00 USD"]),
        (TEN, 1, ["0.01 USD"]),
        (None, 0, []),
        (None, 1, ["0.01 USD"]),
    ],
)
def test_a_permission_charges_what_was_asked(
    adyen: Prism, standing_in: StandIn, asked: Money | None, value: int, reported: list[str]
) -> None:
    """Without an amount, an amount of 0 verifies the card, and nothing else may be charged."""
    standing_in.answer(authorised(value, **{"tokenization.storedPaymentMethodId": "M5N7"}))
    made = adyen.recurring.setup(setting_up(amount=asked))
    assert [one.reported for one in made.discrepancies if one.field == "amount"] == reported
    assert made.amount == (Money(value, "USD") if asked or value else None)


def test_a_refusal_beside_a_permission_is_surfaced(adyen: Prism, standing_in: StandIn) -> None:
    stored = authorised(**{"tokenization.storedPaymentMethodId": "M5N7"})
    standing_in.answer(stored | {"refusalReasonCode": "2", "refusalReason": "Refused"})
    made = adyen.recurring.setup(setting_up())
    assert [(one.field, one.reported) for one in made.discrepancies] == [("error", "2")]


def test_a_success_with_the_code_of_an_error_is_no_result(
    adyen: Prism, standing_in: StandIn
) -> None:
    """Approved and refused at once: what became of it is unknown."""
    standing_in.answer(authorised() | {"status": 422, "errorCode": "905", "message": "No"})
    with pytest.raises(MalformedResponse) as caught:
        adyen.payments.authorize(payment_request())
    assert caught.value.outcome == "unknown"
