"""The life of a payment after it is authorized: what is sent, and what the answers mean.

https://docs.stripe.com/payments/place-a-hold-on-a-payment-method, https://docs.stripe.com/refunds
"""

from __future__ import annotations

from typing import Any

import pytest

from prism_core import (
    AuthorizeRequest,
    CaptureRequest,
    ConnectorError,
    Discrepancy,
    HttpRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    Money,
    Payment,
    PaymentStatus,
    Prism,
    RefundRequest,
    VoidRequest,
)
from prism_core import UnifiedCode as U

from .loopback import Answering
from .samples import (
    address,
    charge,
    decline,
    error,
    intent,
    payment_request,
    sending,
    uncaptured,
)
from .stripe_openapi import read_form

S = PaymentStatus
PI = "pi_3MtwBwLkdIwHu7ix28a3tqPa"
TEN = Money(1000, "USD")
CAPTURE = CaptureRequest(connector_transaction_id=PI, amount=TEN)
RAISE = IncrementAuthorizationRequest(connector_transaction_id=PI, amount=Money(1500, "USD"))
REFUND = RefundRequest(connector_transaction_id=PI, merchant_refund_id="refund_1", amount=TEN)


def changing(what: str, currency: str = "usd", **fields: Any) -> HttpRequest:
    """The change that an operation sends, with no network; one with an amount looks the payment up
    first, to see that it is in that currency."""
    base: dict[str, Any] = {"connector_transaction_id": PI}
    if what == "refund":
        base["merchant_refund_id"] = "refund_1"
    kind = {
        "capture": CaptureRequest,
        "void": VoidRequest,
        "increment_authorization": IncrementAuthorizationRequest,
        "refund": RefundRequest,
    }[what]
    known = [] if fields.get("amount") is None else [uncaptured(currency=currency)]
    request = kind(**{**base, **fields})
    if known:
        looking = sending(f"payments.{what}", request)
        path = f"https://api.stripe.com/v1/payment_intents/{PI}"
        assert (looking.method, looking.url.partition("?")[0]) == ("GET", path)
    return sending(f"payments.{what}", request, *known)


EXPAND = {"expand": {"0": "latest_charge"}}


@pytest.mark.parametrize(
    ("what", "fields", "path", "form"),
    [
        ("capture", {}, f"payment_intents/{PI}/capture", EXPAND),
        (
            "capture",
            {"amount": TEN, "merchant_capture_id": "c_1", "metadata": {"a": "1"}},
            f"payment_intents/{PI}/capture",
            {
                "amount_to_capture": "1000",
                "metadata": {"a": "1", "merchant_capture_id": "c_1"},
                **EXPAND,
            },
        ),
        ("void", {"reason": "changed their mind"}, f"payment_intents/{PI}/cancel", EXPAND),
        (
            "increment_authorization",
            {"amount": TEN, "merchant_authorization_id": "a_2", "description": "and a gift"},
            f"payment_intents/{PI}/increment_authorization",
            {
                "amount": "1000",
                "description": "and a gift",
                "metadata": {"merchant_authorization_id": "a_2"},
                **EXPAND,
            },
        ),
        (
            "refund",
            {},
            "refunds",
            {"payment_intent": PI, "metadata": {"merchant_refund_id": "refund_1"}},
        ),
        (
            "refund",
            {"amount": TEN, "metadata": {"a": "1"}, "reason": "it broke"},
            "refunds",
            {
                "payment_intent": PI,
                "amount": "1000",
                "metadata": {"a": "1", "merchant_refund_id": "refund_1"},
            },
        ),
        ("void", {"connector_transaction_id": "../x"}, "payment_intents/..%2Fx/cancel", EXPAND),
    ],
)
def test_a_change_goes_out_whole(
    what: str, fields: dict[str, Any], path: str, form: dict[str, Any]
) -> None:
    """Each change is one POST with what was given in its place, and no amount if none was."""
    sent = changing(what, **fields, idempotency_key="key-1")
    assert (sent.method, sent.url) == ("POST", f"https://api.stripe.com/v1/{path}")
    assert read_form(sent.body.decode()) == form
    assert sent.headers["idempotency-key"] == "key-1"


@pytest.mark.parametrize("what", ["capture", "increment_authorization", "refund"])
@pytest.mark.parametrize(
    ("minor", "currency", "wire"), [(500, "ISK", "50000"), (500, "JPY", "500")]
)
def test_amounts_are_what_stripe_means_by_them(
    what: str, minor: int, currency: str, wire: str
) -> None:
    """Changes count money as authorizing does, and refuse a third decimal that is not 0."""
    sent = changing(what, currency.lower(), amount=Money(minor, currency))
    form = read_form(sent.body.decode())
    assert form.get("amount", form.get("amount_to_capture")) == wire
    with pytest.raises(InvalidRequest) as caught:
        changing(what, amount=Money(1234, "KWD"))
    assert caught.value.field == "amount"


@pytest.mark.parametrize("what", ["capture", "increment_authorization"])
def test_a_change_cannot_rename_the_payment(what: str) -> None:
    """Metadata of a change joins the payment's, so the key of the caller's own id is refused."""
    with pytest.raises(InvalidRequest) as caught:
        changing(what, amount=TEN, metadata={"merchant_transaction_id": "order_2"})
    assert caught.value.field == "metadata"


def test_what_has_no_place_is_said(prism: Prism, answering: Answering) -> None:
    """Cancelling has no words of one's own at Stripe: `not_sent` names what was not sent."""
    answering.answer(200, intent(status="canceled", amount_received=0))
    gone = prism.payments.void(connector_transaction_id=PI, reason="no", metadata={"a": "1"})
    assert (gone.status, gone.not_sent) == (S.VOIDED, ("metadata", "reason"))


@pytest.mark.parametrize(
    ("body", "status", "captured"),
    [
        (intent(), S.CHARGED, 1000),
        (intent(amount_received=700), S.PARTIAL_CHARGED, 700),
        (
            uncaptured(amount_received=700, amount_capturable=300),
            S.PARTIAL_CHARGED_AND_CHARGEABLE,
            700,
        ),
        (intent(status="processing", amount_received=0), S.PENDING, 0),
        (intent(status="levitating"), S.UNRESOLVED, 1000),
    ],
)
def test_a_capture_tells_what_was_taken(
    prism: Prism, answering: Answering, body: Any, status: PaymentStatus, captured: int
) -> None:
    """All, a part with the rest released, or a part with the rest still held: each has a status
    of its own, and the amount taken."""
    answering.answer(200, body)
    payment = prism.payments.capture(connector_transaction_id=PI)
    assert (payment.status, payment.captured_amount) == (status, Money(captured, "USD"))
    assert payment.merchant_transaction_id == "order_1001"


def card(**facts: Any) -> dict[str, Any]:
    """Facts about a charge's card."""
    return {"type": "card", "card": facts}


MULTI = card(multicapture={"status": "available"})


@pytest.mark.parametrize(
    ("changes", "of_charge", "refunded"),
    [
        ({}, {}, 0),
        ({}, {"amount_refunded": 400}, 400),
        ({"amount_received": 700}, {"amount_refunded": 300}, 0),
        ({"amount_received": 700}, {"amount_refunded": 700}, 400),
        ({"amount_received": 700}, {"amount_refunded": 200}, 200),
        ({"amount_received": 700}, {"amount_refunded": 0}, 0),
        ({"amount_received": 1200}, {"amount_refunded": 200}, 200),
        ({"amount_received": 700}, {"amount_refunded": 400, "payment_method_details": MULTI}, 400),
        ({"status": "canceled", "amount_received": 0}, {"amount_refunded": 1000}, 0),
        (
            {"status": "canceled", "amount_received": 0},
            {"amount_refunded": 1000, "payment_method_details": MULTI},
            0,
        ),
        ({"amount_received": None}, {"amount_captured": None}, None),
    ],
)
def test_released_money_is_not_refunded(
    prism: Prism,
    answering: Answering,
    changes: dict[str, Any],
    of_charge: dict[str, Any],
    refunded: int | None,
) -> None:
    """`refunded_amount` is captured money that went back. Stripe counts a released hold in with
    it, except where a payment can be captured in several parts."""
    answering.answer(200, intent(**changes, latest_charge=charge(**of_charge)))
    payment = prism.payments.get(connector_transaction_id=PI)
    assert payment.refunded_amount == (None if refunded is None else Money(refunded, "USD"))


def test_what_was_authorized_outlasts_a_partial_capture(prism: Prism, answering: Answering) -> None:
    """The issuer's amount is the charge's; after a release it is not guessed from the rest."""
    known = charge(payment_method_details=card(amount_authorized=1000))
    answering.answer(200, intent(amount_received=700, latest_charge=known))
    answering.answer(200, intent(amount_received=700))
    found = [prism.payments.get(connector_transaction_id=PI) for _ in range(2)]
    assert [payment.authorized_amount for payment in found] == [TEN, None]


@pytest.mark.parametrize(
    ("what", "code"),
    [
        ("capture", "amount_too_large"),
        ("void", "payment_intent_unexpected_state"),
        ("refund", "charge_already_refunded"),
    ],
)
def test_a_refusal_is_an_error_and_nothing_was_done(
    prism: Prism, answering: Answering, what: str, code: str
) -> None:
    """What Stripe's rules forbid is a ConnectorError with its code, rejected and not retryable."""
    if what != "void":
        answering.answer(200, uncaptured())
    answering.answer(400, error(code=code, payment_intent=intent()))
    request = {"capture": CAPTURE, "refund": REFUND}.get(
        what, VoidRequest(connector_transaction_id=PI)
    )
    with pytest.raises(ConnectorError) as caught:
        getattr(prism.payments, what)(request)
    assert (caught.value.outcome, caught.value.retryable) == ("rejected", False)
    assert caught.value.details.connector is not None
    assert caught.value.details.connector.code == code


def declined(held: Any) -> dict[str, Any]:
    """A 402 about a payment that stays as it is."""
    body = decline(decline_code="insufficient_funds")
    body["error"]["payment_intent"] = held
    return body


@pytest.mark.parametrize(
    ("what", "status"),
    [
        ("capture", S.CAPTURE_FAILED),
        ("void", S.VOID_FAILED),
        ("increment_authorization", S.AUTHORIZATION_FAILED),
    ],
)
@pytest.mark.parametrize("held", [uncaptured(latest_charge="ch_1"), None])
def test_a_declined_change_leaves_the_payment_as_it_was(
    prism: Prism, answering: Answering, what: str, status: PaymentStatus, held: Any
) -> None:
    """A decline is a result that names what failed and why, with the amounts still held."""
    if what != "void":
        answering.answer(200, uncaptured())
    answering.answer(402, declined(held))
    request: Any = {"capture": CAPTURE, "increment_authorization": RAISE}.get(
        what, VoidRequest(connector_transaction_id=PI)
    )
    payment: Payment = getattr(prism.payments, what)(request)
    assert payment.status is status
    assert payment.error is not None
    assert payment.error.unified is not None
    assert payment.error.unified.code is U.INSUFFICIENT_FUNDS
    assert payment.capturable_amount == (None if held is None else TEN)
    assert "status" not in [found.field for found in payment.discrepancies]


def test_a_raised_authorization_tells_the_new_total(prism: Prism, answering: Answering) -> None:
    """`authorized_amount` is all that is held now; the core compares it with what was asked."""
    for total in (1500, 1350):
        answering.answer(200, uncaptured())
        answering.answer(200, uncaptured(amount=total, amount_capturable=total))
    whole, part = (prism.payments.increment_authorization(RAISE) for _ in range(2))
    assert (whole.status, whole.authorized_amount) == (S.AUTHORIZED, Money(1500, "USD"))
    assert whole.discrepancies == ()
    assert part.discrepancies == (Discrepancy("authorized_amount", "15.00 USD", "13.50 USD"),)


@pytest.mark.parametrize(("asked", "word"), [(True, "if_available"), (False, "never")])
def test_an_authorization_that_can_be_raised_is_asked_for(
    prism: Prism, answering: Answering, asked: bool, word: str
) -> None:
    """Beside 3-D Secure, if both are given."""
    answering.answer(200, intent())
    request: AuthorizeRequest = payment_request(
        request_incremental_authorization=asked, auth_type="THREE_DS", billing_address=address()
    )
    prism.payments.authorize(request)
    assert answering.seen[0].form["payment_method_options"]["card"] == {
        "request_three_d_secure": "any",
        "request_incremental_authorization": word,
    }
