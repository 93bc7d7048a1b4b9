"""Amounts: what an order's authorizations, captures and refunds come to, and PayPal's decimals."""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import MalformedResponse, Money

from .paypal_samples import order, part, refunded

TEN = Money(1000, "USD")


@pytest.mark.parametrize(
    ("authorization", "captures", "status", "captured"),
    [
        (part("CREATED", "4.00"), [], "PARTIALLY_AUTHORIZED", None),
        (part("PARTIALLY_CAPTURED"), [part("COMPLETED", "4.00", final_capture=False)],
         "PARTIAL_CHARGED_AND_CHARGEABLE", 400),
        (part("PARTIALLY_CAPTURED"), [part("COMPLETED", "4.00", final_capture=True)],
         "PARTIAL_CHARGED", 400),
        (part("CAPTURED"), [part("COMPLETED", "4.00"), part("REFUNDED", "6.00")], "CHARGED", 1000),
        (part("CAPTURED"), [part("COMPLETED", "4.00"), part("DECLINED", "6.00")],
         "PARTIAL_CHARGED", 400),
        (part("CAPTURED"), [part("PENDING")], "CAPTURE_INITIATED", None),
        (part("CREATED"), [part("DECLINED")], "AUTHORIZED", None),
        (part("CAPTURED"), [part("PENDING", "4.00"), part("COMPLETED", "6.00")],
         "CAPTURE_INITIATED", 600),
        (part("PARTIALLY_CAPTURED"), [part("PENDING", "4.00"), part("COMPLETED", "2.00")],
         "CAPTURE_INITIATED", 200),
        (part("CAPTURED"), [part("COMPLETED", "8.00"), part("COMPLETED", "4.00")], "CHARGED", 1200),
    ],
)  # fmt: skip
def test_captures_add_up(
    found: Any, authorization: Any, captures: list[Any], status: str, captured: int | None
) -> None:
    """What was captured of an authorization is the sum of what was taken, to the cent."""
    payment = found(order(authorizations=[authorization], captures=captures))
    assert payment.status == status
    assert payment.captured_amount == (None if captured is None else Money(captured, "USD"))


@pytest.mark.parametrize(
    ("captures", "status", "captured"),
    [
        ([part("PENDING", "4.00"), part("COMPLETED", "6.00")], "CAPTURE_INITIATED", 600),
        ([part("COMPLETED", "6.00"), part("PENDING", "4.00")], "CAPTURE_INITIATED", 600),
        ([part("DECLINED"), part("COMPLETED")], "CHARGED", 1000),
        ([part("COMPLETED"), part("DECLINED")], "CHARGED", 1000),
        ([part("DECLINED"), part("PENDING")], "PENDING", None),
        ([part("PENDING"), part("FAILED")], "PENDING", None),
        ([part("DECLINED"), part("FAILED")], "FAILURE", None),
        ([part("COMPLETED"), part("FROZEN")], "UNRESOLVED", 1000),
    ],
)
def test_every_capture_of_a_charge_counts(
    found: Any, captures: list[Any], status: str, captured: int | None
) -> None:
    """What one capture took is not undone by another that waits or failed, before or after it."""
    payment = found(order(captures=captures))
    assert payment.status == status
    assert payment.captured_amount == (None if captured is None else Money(captured, "USD"))


def test_more_may_be_captured_than_was_held(found: Any) -> None:
    """PayPal allows it to some merchants: nothing is left to capture then, and not less."""
    held = part("PARTIALLY_CAPTURED")
    payment = found(order(authorizations=[held], captures=[part("COMPLETED", "11.50")]))
    assert payment.captured_amount == Money(1150, "USD")
    assert payment.capturable_amount == Money(0, "USD")


def test_refunds_without_captures_claim_nothing(found: Any) -> None:
    """Refunds are of captures: an order that lists none of these tells half, and what was refunded
    is all that is told."""
    for held in (None, [part("CREATED")], [part("CAPTURED")]):
        payment = found(order(authorizations=held, refunds=[refunded("4.00")]))
        assert (payment.status, payment.refunded_amount) == ("UNRESOLVED", Money(400, "USD"))
        assert (payment.captured_amount, payment.capturable_amount) == (None, None)


def test_an_authorization_that_holds_outweighs_one_that_failed(found: Any) -> None:
    """Whatever their order, money that is held is not called failed."""
    for authorizations in (
        [part("CREATED"), part("DENIED")],
        [part("DENIED"), part("CREATED")],
        [part("VOIDED"), part("CREATED")],
    ):
        payment = found(order(authorizations=authorizations))
        assert (payment.status, payment.authorized_amount) == ("AUTHORIZED", TEN)


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [("10", "USD", 1000), ("10.0", "USD", 1000), (".50", "USD", 50), ("1000.00", "JPY", 1000),
     ("1200", "HUF", 120000), ("1200", "JPY", 1200), ("0.01", "USD", 1), ("1.234", "KWD", 1234),
     ("90071992547409.93", "USD", 2**53 + 1)],
)  # fmt: skip
def test_amounts_are_exact(found: Any, value: str, currency: str, minor: int) -> None:
    """Amounts are integers of ISO 4217's minor units, exactly what PayPal's decimals say."""
    held = part("CREATED", value, currency)
    payment = found(order(authorizations=[held], value=value, currency=currency))
    assert payment.amount == payment.authorized_amount == Money(minor, currency)


@pytest.mark.parametrize(
    "value",
    ["ten", "1e400", "1e1", "-1.00", "+1.00", "1.001", "", ".", "10.", "NaN", "1_0.00", " 10.00",
     "10.00\n", "\u0661\u0660.00", "1,000.00", "0x10", "1" * 33, 10, None],
)  # fmt: skip
def test_an_amount_that_is_none_is_malformed(found: Any, value: Any) -> None:
    """An amount that no money can be is a MalformedResponse, never a guess."""
    with pytest.raises(MalformedResponse):
        found(order(authorizations=[part("CREATED", value)]))


def test_a_yen_has_no_parts(found: Any) -> None:
    """Decimals that a currency does not have are refused, never rounded."""
    with pytest.raises(MalformedResponse):
        found(order(captures=[part("COMPLETED", "1000.50", "JPY")]))


def test_captures_in_two_currencies_are_malformed(found: Any) -> None:
    with pytest.raises(MalformedResponse):
        found(order(captures=[part("COMPLETED"), part("COMPLETED", "1.00", "EUR")]))
