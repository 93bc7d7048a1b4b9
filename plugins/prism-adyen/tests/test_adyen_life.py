"""What is asked of a payment that exists: captures, voids, refunds and increments."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from prism_core import (
    CaptureRequest,
    GetRefundRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    NotFound,
    PaymentStatus,
    Prism,
    RefundRequest,
    RefundStatus,
    UnsupportedOperation,
    VoidRequest,
)

from .adyen_loopback import StandIn
from .adyen_samples import MERCHANT, PSP, built, error

TEN = Money(1000, "USD")
OWN_PSP = "PRSM2001EXAMPL82"
CHANGES: dict[str, tuple[type[Any], str, str]] = {
    "capture": (CaptureRequest, "captures", "merchant_capture_id"),
    "void": (VoidRequest, "cancels", "merchant_void_id"),
    "refund": (RefundRequest, "refunds", "merchant_refund_id"),
    "increment_authorization": (
        IncrementAuthorizationRequest, "amountUpdates", "merchant_authorization_id",
    ),
}  # fmt: skip
"""Operation to its request, the end of its path, and the field of the caller's own id."""
BEGUN = {
    "capture": PaymentStatus.CAPTURE_INITIATED,
    "void": PaymentStatus.VOID_INITIATED,
    "refund": RefundStatus.REFUND_PENDING,
    "increment_authorization": PaymentStatus.PENDING,
}
each = pytest.mark.parametrize("operation", CHANGES)
with_amount = pytest.mark.parametrize("operation", [name for name in CHANGES if name != "void"])


def asking(operation: str, **given: Any) -> Any:
    """A request for a change to the payment, of ten dollars where it has an amount."""
    kind, _, own = CHANGES[operation]
    amount = {} if operation == "void" else {"amount": TEN}
    return kind(**{"connector_transaction_id": PSP, own: "change_1", **amount, **given})


def received(operation: str, **more: Any) -> dict[str, Any]:
    """Adyen's answer to it."""
    whole = {
        "merchantAccount": MERCHANT,
        "paymentPspReference": PSP,
        "pspReference": OWN_PSP,
        "reference": "change_1",
        "status": "received",
    }
    amount = {} if operation == "void" else {"amount": {"currency": "USD", "value": 1000}}
    return {**whole, **amount, **more}


def asked(prism: Prism, operation: str, **given: Any) -> Any:
    """What the change comes to."""
    call: Callable[[Any], Any] = getattr(prism.payments, operation)
    return call(asking(operation, **given))


@each
def test_a_change_goes_out_whole(adyen: Prism, standing_in: StandIn, operation: str) -> None:
    """Amount, the caller's own id as the reference, and the idempotency key, and nothing else."""
    standing_in.answer(received(operation), 201)
    asked(adyen, operation, idempotency_key="k" * 64)
    (sent,) = standing_in.seen
    assert sent.path == f"/v71/payments/{PSP}/{CHANGES[operation][1]}"
    assert sent.headers["idempotency-key"] == "k" * 64
    whole = {"merchantAccount": MERCHANT, "reference": "change_1"}
    amount = {} if operation == "void" else {"amount": {"currency": "USD", "value": 1000}}
    assert sent.json == {**whole, **amount}


@each
def test_a_change_that_adyen_received_is_not_done_yet(
    adyen: Prism, standing_in: StandIn, operation: str
) -> None:
    """The status says that the outcome is still to come, and the payment keeps its id."""
    standing_in.answer(received(operation), 201)
    done = asked(adyen, operation)
    assert (done.status, done.discrepancies) == (BEGUN[operation], ())
    assert done.connector_transaction_id == PSP


def test_a_refund_has_both_ids(adyen: Prism, standing_in: StandIn) -> None:
    """A refund is known by Adyen's own reference of it, and by the caller's."""
    standing_in.answer(received("refund"), 201)
    refund = asked(adyen, "refund")
    assert (refund.connector_refund_id, refund.merchant_refund_id) == (OWN_PSP, "change_1")
    assert refund.amount == TEN


@each
def test_a_new_word_is_never_taken_for_an_outcome(
    adyen: Prism, standing_in: StandIn, operation: str
) -> None:
    """A status that is not documented is UNRESOLVED, and of a refund a matter for a person."""
    standing_in.answer(received(operation, status="done"), 201)
    unclear = RefundStatus.REFUND_MANUAL_REVIEW if operation == "refund" else "UNRESOLVED"
    assert asked(adyen, operation).status == unclear


@each
def test_an_answer_about_another_change_is_no_result(
    adyen: Prism, standing_in: StandIn, operation: str
) -> None:
    """One that names another payment, or another change of yours, belongs to another call."""
    for other in ({"paymentPspReference": "OTHER"}, {"reference": "change_0"}):
        standing_in.begin()
        standing_in.answer(received(operation, **other), 201)
        with pytest.raises(MalformedResponse, match="about another") as caught:
            asked(adyen, operation)
        assert caught.value.outcome == "unknown"


@each
def test_no_reference_where_one_was_given_is_surfaced(
    adyen: Prism, standing_in: StandIn, operation: str
) -> None:
    """A reference of null is told from one that is not told, and from one that was not given."""
    own = CHANGES[operation][2]
    standing_in.answer(received(operation, reference=None), 201)
    (found,) = asked(adyen, operation).discrepancies
    assert (found.field, found.asked, found.reported) == (own, "change_1", "null")
    standing_in.begin()
    untold = received(operation)
    del untold["reference"]
    standing_in.answer(untold, 201)
    assert asked(adyen, operation).discrepancies == ()
    if operation != "refund":
        standing_in.answer(received(operation, reference=None), 201)
        assert asked(adyen, operation, **{own: None}).discrepancies == ()


@with_amount
@pytest.mark.parametrize(
    "told", [{"currency": "EUR", "value": 1000}, {"currency": "USD", "value": 7}]
)
def test_another_amount_than_asked_for_is_surfaced(
    adyen: Prism, standing_in: StandIn, operation: str, told: dict[str, Any]
) -> None:
    """If Adyen received another amount or currency, the result tells."""
    standing_in.answer(received(operation, amount=told), 201)
    (found,) = asked(adyen, operation).discrepancies
    assert found.field in ("captured_amount", "amount", "authorized_amount")
    assert found.asked == "10.00 USD"


@pytest.mark.parametrize("operation", ["capture", "refund"])
def test_all_of_it_must_be_named(adyen: Prism, standing_in: StandIn, operation: str) -> None:
    """Adyen needs the amount and has no lookup: without it, nothing is sent."""
    with pytest.raises(InvalidRequest, match=r"needs amount with \w+; give it") as caught:
        asked(adyen, operation, amount=None)
    assert (caught.value.field, caught.value.outcome) == ("amount", "not_sent")
    assert standing_in.seen == []


TOO_MUCH: list[tuple[str, str, Any]] = [
    *((operation, "idempotency_key", "k" * 65) for operation in CHANGES),
    *((operation, own, "c" * 81) for operation, (_, _, own) in CHANGES.items()),
    *((operation, "amount", Money(150, "IDR")) for operation in CHANGES if operation != "void"),
]


@pytest.mark.parametrize(("operation", "field", "value"), TOO_MUCH)
def test_what_adyen_cannot_take_whole_is_refused(
    adyen: Prism, standing_in: StandIn, operation: str, field: str, value: Any
) -> None:
    """A key, an id or an amount beyond Adyen's limits is refused by name, with nothing sent."""
    with pytest.raises(InvalidRequest) as caught:
        asked(adyen, operation, **{field: value})
    assert (caught.value.field, standing_in.seen) == (field, [])


@with_amount
def test_a_change_counts_as_adyen_does(operation: str) -> None:
    """Pesos have two decimals at Adyen: the change is of the same money as the payment was."""
    request = asking(operation, amount=Money(1500, "CLP"))
    sent = built(request, operation)
    assert json.loads(sent.body)["amount"] == {"currency": "CLP", "value": 150000}


@each
def test_an_id_cannot_lead_to_another_path(operation: str) -> None:
    """A slash in the payment's id stays part of the id."""
    request = asking(operation, connector_transaction_id="a/b?c")
    sent = built(request, operation)
    assert sent.url.endswith(f"/v71/payments/a%2Fb%3Fc/{CHANGES[operation][1]}")


@each
def test_a_payment_that_adyen_does_not_know_is_not_found(
    adyen: Prism, standing_in: StandIn, operation: str
) -> None:
    """Adyen's 167 is a NotFound with its code, and nothing was done."""
    standing_in.answer(error(422, "167"), 422)
    with pytest.raises(NotFound) as caught:
        asked(adyen, operation)
    assert caught.value.outcome == "rejected"
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == "167"


@each
@pytest.mark.parametrize("missing", ["status", "pspReference", "paymentPspReference"])
def test_half_an_answer_makes_no_sense(
    adyen: Prism, standing_in: StandIn, operation: str, missing: str
) -> None:
    """It is a MalformedResponse: whether the change was received is unknown."""
    body = received(operation)
    del body[missing]
    standing_in.answer(body, 201)
    with pytest.raises(MalformedResponse) as caught:
        asked(adyen, operation)
    assert caught.value.outcome == "unknown"


def test_words_that_have_no_place_are_reported(adyen: Prism, standing_in: StandIn) -> None:
    """Reason and metadata stop no refund, and the result says that they went nowhere."""
    standing_in.answer(received("refund"), 201)
    refund = asked(adyen, "refund", reason="Too small", metadata={"colour": "red"})
    assert refund.not_sent == ("reason", "metadata")
    assert "Too small" not in standing_in.seen[0].body.decode()


def test_looking_up_a_refund_is_not_pretended(adyen: Prism, standing_in: StandIn) -> None:
    """`refunds.get` raises and says what to do instead; nothing is sent."""
    with pytest.raises(UnsupportedOperation, match=r"webhook.*same idempotency_key"):
        adyen.refunds.get(GetRefundRequest(connector_refund_id=OWN_PSP))
    assert standing_in.seen == []
