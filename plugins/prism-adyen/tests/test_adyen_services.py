"""Completing a payment, stored cards and recurring payments."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    ChargeRecurringRequest,
    CompletePaymentRequest,
    DeletePaymentMethodRequest,
    InvalidRequest,
    ListPaymentMethodsRequest,
    MandateStatus,
    Money,
    PaymentStatus,
    Prism,
    RevokeMandateRequest,
    SetupRecurringRequest,
    Token,
    TokenizeRequest,
)

from .adyen_loopback import StandIn
from .adyen_samples import (
    BACK,
    CARD_ON_THE_WIRE,
    PSP,
    answer,
    authorised,
    body,
    card,
    refused,
)

STORED = "KHQC5N7G84BLNK43"
TEN = Money(1000, "USD")


def completing(**given: Any) -> CompletePaymentRequest:
    """A customer who came back from a redirect."""
    whole: dict[str, Any] = {
        "connector_transaction_id": PSP,
        "returned": {"redirectResult": "X6XtfGC3!Y"},
    }
    return CompletePaymentRequest(**{**whole, **given})


def setting_up(**given: Any) -> SetupRecurringRequest:
    """A permission with a card, ten dollars at once."""
    whole: dict[str, Any] = {
        "merchant_mandate_id": "order_1001",
        "payment_method": card(),
        "connector_customer_id": "user_42",
        "amount": TEN,
        "return_url": BACK,
    }
    return SetupRecurringRequest(**{**whole, **given})


def charging(**given: Any) -> ChargeRecurringRequest:
    """A renewal of ten dollars."""
    whole: dict[str, Any] = {
        "merchant_transaction_id": "order_1001",
        "amount": TEN,
        "connector_mandate_id": STORED,
        "connector_customer_id": "user_42",
    }
    return ChargeRecurringRequest(**{**whole, **given})


def test_what_came_back_is_passed_on_and_never_read(adyen: Prism, standing_in: StandIn) -> None:
    """Adyen's own values go on, the shop's stay, and a status in the URL decides nothing."""
    standing_in.answer(refused("12"))
    returned = {"redirectResult": "X6!", "resultCode": "Authorised", "order": "7"}
    done = adyen.payments.complete(completing(returned=returned))
    (sent,) = standing_in.seen
    assert (sent.path, sent.json) == (
        "/v71/payments/details",
        {"details": {"redirectResult": "X6!"}},
    )
    assert done.status is PaymentStatus.AUTHORIZATION_FAILED


@pytest.mark.parametrize(
    ("method", "status"),
    [(None, "AUTHORIZED"), ("MANUAL", "AUTHORIZED"), ("AUTOMATIC", "CAPTURE_INITIATED")],
)
def test_a_capture_is_promised_only_where_it_was_asked_for(
    adyen: Prism, standing_in: StandIn, method: Any, status: str
) -> None:
    """Without the payment's capture method, nothing is said of a capture."""
    standing_in.answer(authorised())
    assert adyen.payments.complete(completing(capture_method=method)).status == status


REFUSED: list[tuple[str, str, Any, str]] = [
    ("payments", "complete", completing(returned={}), "returned"),
    ("payments", "complete", completing(returned={"status": "paid"}), "returned"),
    ("payments", "complete", completing(returned={"payload": "x" * 20001}), "returned"),
    ("payment_methods", "tokenize", TokenizeRequest(payment_method=card()),
     "connector_customer_id"),
    ("payment_methods", "list", ListPaymentMethodsRequest(connector_customer_id="u1"),
     "connector_customer_id"),
    ("payment_methods", "delete", DeletePaymentMethodRequest(connector_payment_method_id=STORED),
     "connector_customer_id"),
    ("recurring", "setup", setting_up(connector_customer_id=None), "connector_customer_id"),
    ("recurring", "setup", setting_up(return_url=None), "return_url"),
    ("recurring", "charge", charging(connector_customer_id=None), "connector_customer_id"),
    ("recurring", "charge", charging(connector_mandate_id="m" * 65), "connector_mandate_id"),
    ("recurring", "revoke", RevokeMandateRequest(connector_mandate_id=STORED),
     "connector_customer_id"),
]  # fmt: skip


@pytest.mark.parametrize(("service", "method", "request_", "field"), REFUSED)
def test_what_adyen_needs_is_asked_for_by_name(
    adyen: Prism, standing_in: StandIn, service: str, method: str, request_: Any, field: str
) -> None:
    """It is refused before anything is sent, naming the field."""
    with pytest.raises(InvalidRequest) as caught:
        getattr(getattr(adyen, service), method)(request_)
    assert (caught.value.field, standing_in.seen) == (field, [])


def test_a_stored_card_pays_as_a_token(adyen: Prism, standing_in: StandIn) -> None:
    """The id that storing gives is the one that a payment sends."""
    standing_in.answer({"id": STORED, "type": "scheme", "shopperReference": "user_42"}, 201)
    kept = adyen.payment_methods.tokenize(
        TokenizeRequest(payment_method=card(), connector_customer_id="user_42")
    )
    assert standing_in.seen[0].json["paymentMethod"] == CARD_ON_THE_WIRE
    token = Token(kept.connector_payment_method_id)
    paid = body(payment_method=token, connector_customer_id="user_42")
    assert paid["paymentMethod"]["storedPaymentMethodId"] == STORED


def test_only_the_amount_says_whether_a_setup_charges(adyen: Prism, standing_in: StandIn) -> None:
    """With an amount it is charged at once; without, the card is verified with 0."""
    standing_in.answer(authorised())
    adyen.recurring.setup(setting_up())
    adyen.recurring.setup(setting_up(amount=None))
    charged, verified = (one.json for one in standing_in.seen)
    assert (charged["amount"]["value"], charged["captureDelayHours"]) == (1000, 0)
    assert verified["amount"] == {"currency": "USD", "value": 0}
    assert "captureDelayHours" not in verified


def test_networks_are_told_who_starts_a_payment(adyen: Prism, standing_in: StandIn) -> None:
    """The customer starts the first of a series, the merchant the others."""
    standing_in.answer(authorised())
    adyen.recurring.setup(setting_up())
    standing_in.answer_stored().answer(authorised())
    adyen.recurring.charge(charging(network_transaction_id="0161"))
    first, next_ = standing_in.seen[0].json, standing_in.seen[2].json
    told = ("shopperInteraction", "recurringProcessingModel", "storePaymentMethod")
    assert [first.get(name) for name in told] == ["Ecommerce", "Subscription", True]
    assert [next_.get(name) for name in told] == ["ContAuth", "Subscription", None]
    assert next_["paymentMethod"]["networkPaymentReference"] == "0161"


@pytest.mark.parametrize(
    ("told", "status", "mandate"),
    [
        (authorised(**{"tokenization.storedPaymentMethodId": STORED}), "ACTIVE", STORED),
        (authorised(**{"recurring.recurringDetailReference": STORED}), "ACTIVE", STORED),
        (authorised(), "MANDATE_PENDING", None),
        (
            {
                "resultCode": "Authorised",
                "additionalData": {"tokenization.storedPaymentMethodId": STORED},
            },
            "MANDATE_PENDING",
            None,
        ),
        (answer("Cancelled", refusalReasonCode="16"), "MANDATE_INACTIVE", None),
        (answer("Error"), "MANDATE_INACTIVE", None),
        (refused("42"), "MANDATE_INACTIVE", None),
        (refused("6", **{"recurring.recurringDetailReference": STORED}), "MANDATE_INACTIVE", None),
        (answer("Beamed"), "MANDATE_PENDING", None),
    ],
)
def test_a_permission_is_active_only_with_a_stored_card(
    adyen: Prism, standing_in: StandIn, told: Any, status: str, mandate: str | None
) -> None:
    """What cannot be charged yet is pending, and what was declined is inactive with an error."""
    standing_in.answer(told)
    made = adyen.recurring.setup(setting_up())
    assert (made.status, made.connector_mandate_id) == (MandateStatus(status), mandate)
    assert (made.error is not None) == (status == "MANDATE_INACTIVE")


@pytest.mark.parametrize(
    ("capture", "wanted"), [("MANUAL", {"manualCapture": "true", "authorisationType": "PreAuth"})]
)
def test_an_authorization_to_be_raised_is_a_pre_authorization(
    adyen: Prism, standing_in: StandIn, capture: str, wanted: dict[str, str]
) -> None:
    """It goes with manual capture alone: with automatic capture it is refused by its name."""
    asked: dict[str, Any] = {"request_incremental_authorization": True}
    assert body(capture_method=capture, **asked)["additionalData"] == wanted
    with pytest.raises(InvalidRequest) as caught:
        body(capture_method="AUTOMATIC", **asked)
    assert caught.value.field == "request_incremental_authorization"
    assert standing_in.seen == []


@pytest.mark.parametrize(
    ("method", "told", "field", "reported"),
    [
        (card(), None, "connector_mandate_id", "null"),
        (Token(STORED), "ANOTHER", "payment_method", "another one"),
        (Token(STORED), STORED, None, None),
    ],
)
def test_another_stored_card_than_asked_for_is_surfaced(
    adyen: Prism, standing_in: StandIn, method: Any, told: Any, field: Any, reported: Any
) -> None:
    """A permission with no card, or with another one than the token's, says so."""
    if isinstance(method, Token):
        standing_in.answer_stored()
    standing_in.answer(authorised(**{"tokenization.storedPaymentMethodId": told}))
    made = adyen.recurring.setup(setting_up(payment_method=method))
    assert made.connector_mandate_id == told
    found = [(one.field, one.reported) for one in made.discrepancies]
    assert found == ([(field, reported)] if field else [])


def test_a_refusal_beside_a_permission_is_told(adyen: Prism, standing_in: StandIn) -> None:
    """What Adyen says beside an approval is in `error`; the permission is there all the same."""
    told = authorised(**{"tokenization.storedPaymentMethodId": STORED})
    standing_in.answer(told | {"refusalReasonCode": "2"})
    made = adyen.recurring.setup(setting_up())
    assert (made.status, made.error is not None) == (MandateStatus.ACTIVE, True)


@pytest.mark.parametrize(
    ("told", "reported"), [(STORED, None), ("ANOTHER", "ANOTHER"), (None, "null")]
)
def test_a_renewal_paid_with_another_card_says_so(
    adyen: Prism, standing_in: StandIn, told: str | None, reported: str | None
) -> None:
    """The stored card that Adyen charged is in the result, and compared with the permission."""
    standing_in.answer_stored()
    standing_in.answer(authorised(**{"recurring.recurringDetailReference": told}))
    paid = adyen.recurring.charge(charging())
    assert paid.connector_mandate_id == paid.connector_payment_method_id == told
    found = [(one.field, one.reported) for one in paid.discrepancies]
    assert found == ([("connector_mandate_id", reported)] if reported else [])
