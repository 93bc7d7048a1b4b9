"""A payment's life through the connector: captured, raised, voided, refunded, over real HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from prism_core import (
    AsyncPrism,
    Card,
    Conflict,
    ConnectorError,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    RefundStatus,
    UnifiedCode,
)

TEN, SIX, FOUR = Money(1000, "USD"), Money(600, "USD"), Money(400, "USD")


def authorized(prism: Prism, number: str = "4242424242424242", **more: Any) -> str:
    """The processor's id of a payment of 10.00."""
    made = prism.payments.authorize(
        merchant_transaction_id="order_1",
        amount=TEN,
        payment_method=Card(number, 12, 2090, "123"),
        **{"capture_method": "MANUAL", **more},
    )
    return str(made.connector_transaction_id)


def monies(payment: Payment) -> tuple[Money | None, ...]:
    return payment.captured_amount, payment.capturable_amount, payment.refunded_amount


def test_capture_in_parts_and_give_up_the_rest(prism: Prism) -> None:
    """A part leaves the rest capturable, voiding gives that up, and a lookup says the same."""
    payment = authorized(prism)
    part = prism.payments.capture(connector_transaction_id=payment, amount=SIX)
    assert part.status is PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE
    assert monies(part) == (SIX, FOUR, Money(0, "USD"))
    rest = prism.payments.void(connector_transaction_id=payment)
    assert rest.status is PaymentStatus.PARTIAL_CHARGED
    assert not rest.status.can_still_change
    found = prism.payments.get(connector_transaction_id=payment)
    assert (found.status, monies(found)) == (rest.status, monies(rest))
    assert part.discrepancies == rest.discrepancies == found.discrepancies == ()


def test_capture_everything_or_void_everything(prism: Prism) -> None:
    """Without an amount all is captured; an authorization that is voided is VOIDED."""
    all_of_it = prism.payments.capture(connector_transaction_id=authorized(prism))
    assert (all_of_it.status, all_of_it.captured_amount) == (PaymentStatus.CHARGED, TEN)
    void = prism.payments.void(connector_transaction_id=authorized(prism))
    assert (void.status, void.capturable_amount) == (PaymentStatus.VOIDED, Money(0, "USD"))


def test_refund_in_parts(prism: Prism) -> None:
    """Refunds have ids of both sides, are looked up, and add up in the payment."""
    payment = authorized(prism, capture_method="AUTOMATIC")
    first = prism.payments.refund(
        connector_transaction_id=payment, merchant_refund_id="back_1", amount=FOUR, reason="torn"
    )
    assert (first.status, first.amount) == (RefundStatus.REFUND_SUCCESS, FOUR)
    assert first.connector_transaction_id == payment
    rest = prism.payments.refund(connector_transaction_id=payment, merchant_refund_id="back_2")
    assert rest.amount == SIX
    given: dict[str, Any] = {"connector_refund_id": first.connector_refund_id}
    for more in ({}, {"connector_transaction_id": payment, "merchant_refund_id": "back_1"}):
        found = prism.refunds.get(**given, **more)
        assert (found.status, found.amount, found.merchant_refund_id) == (
            *(RefundStatus.REFUND_SUCCESS, FOUR, "back_1"),
        )
    with pytest.raises(NotFound):
        prism.refunds.get(**given, connector_transaction_id="pay_other")
    after = prism.payments.get(connector_transaction_id=payment)
    assert (after.status, after.refunded_amount) == (PaymentStatus.CHARGED, TEN)


def test_refunds_that_wait_or_fail(prism: Prism) -> None:
    """A pending refund is seen to end; a failed one is a result that says why."""
    numbers = ("4000000000007726", "4000000000005126")
    pending, failed = (
        prism.payments.refund(
            connector_transaction_id=authorized(prism, number, capture_method="AUTOMATIC"),
            merchant_refund_id="back_1",
        )
        for number in numbers
    )
    assert pending.status is RefundStatus.REFUND_PENDING
    ended = prism.refunds.get(connector_refund_id=str(pending.connector_refund_id))
    assert ended.status is RefundStatus.REFUND_SUCCESS
    assert failed.status is RefundStatus.REFUND_FAILURE
    assert failed.error is not None
    assert failed.error.connector is not None
    assert failed.error.connector.code == "account_closed"


def test_an_authorization_is_raised_or_declined(prism: Prism) -> None:
    """The amount is the new total; a declined increment leaves the authorization as it was."""
    payment = authorized(prism)
    more = prism.payments.increment_authorization(
        connector_transaction_id=payment, amount=Money(1500, "USD")
    )
    assert (more.status, more.authorized_amount) == (PaymentStatus.AUTHORIZED, Money(1500, "USD"))
    declined = prism.payments.increment_authorization(
        connector_transaction_id=payment, amount=Money(9000, "USD")
    )
    assert declined.status is PaymentStatus.AUTHORIZATION_FAILED
    assert declined.error is not None
    assert declined.error.unified is not None
    assert declined.error.unified.code is UnifiedCode.INSUFFICIENT_FUNDS
    assert declined.authorized_amount == Money(1500, "USD")
    found = prism.payments.get(connector_transaction_id=payment)
    assert (found.status, found.error) == (PaymentStatus.AUTHORIZED, None)


def test_the_callers_ids_and_words_are_kept(prism: Prism, url: str) -> None:
    """What is sent with each change stands in the payment at the processor."""
    payment = {"connector_transaction_id": authorized(prism)}
    prism.payments.increment_authorization(
        **payment, amount=Money(1500, "USD"), merchant_authorization_id="more_1", description="more"
    )
    prism.payments.capture(
        **payment, amount=SIX, merchant_capture_id="part_1", metadata={"parcel": "3"}
    )
    prism.payments.void(**payment, merchant_void_id="rest_1", reason="out of stock")
    path = f"{url}/v1/payments/{payment['connector_transaction_id']}"
    kept = httpx.get(path, headers={"authorization": "Bearer sandbox_tests"}).json()["changes"]
    assert [one["reference"] for one in kept] == ["more_1", "part_1", "rest_1"]
    assert (kept[0]["description"], kept[1]["metadata"]) == ("more", {"parcel": "3"})
    assert kept[2]["reason"] == "out of stock"


def test_business_rules_are_errors_of_their_kind(prism: Prism) -> None:
    """What the payment does not allow is a Conflict, a wrong amount a ConnectorError; nothing was
    done, and the processor's code says why."""
    held, paid = authorized(prism), authorized(prism, capture_method="AUTOMATIC")
    calls: list[tuple[type[ConnectorError], str, Any]] = [
        (Conflict, "not_capturable", lambda: prism.payments.capture(connector_transaction_id=paid)),
        (Conflict, "not_voidable", lambda: prism.payments.void(connector_transaction_id=paid)),
        (
            ConnectorError,
            "amount_too_large",
            lambda: prism.payments.capture(
                connector_transaction_id=held, amount=Money(1001, "USD")
            ),
        ),
        (
            ConnectorError,
            "currency_mismatch",
            lambda: prism.payments.capture(connector_transaction_id=held, amount=Money(600, "EUR")),
        ),
        (
            Conflict,
            "not_refundable",
            lambda: prism.payments.refund(connector_transaction_id=held, merchant_refund_id="b"),
        ),
        (NotFound, "not_found", lambda: prism.payments.void(connector_transaction_id="pay_x")),
    ]
    for kind, code, call in calls:
        with pytest.raises(kind) as caught:
            call()
        assert caught.value.outcome == "rejected"
        assert caught.value.details.connector is not None
        assert caught.value.details.connector.code == code


def test_a_repeated_refund_is_made_once(prism: Prism) -> None:
    """With the same idempotency key the same refund comes back."""
    payment = authorized(prism, capture_method="AUTOMATIC")
    first, again = (
        prism.payments.refund(
            connector_transaction_id=payment,
            merchant_refund_id="back_1",
            amount=FOUR,
            idempotency_key=f"back-{payment}",
        )
        for _ in range(2)
    )
    assert first.connector_refund_id == again.connector_refund_id
    assert prism.payments.get(connector_transaction_id=payment).refunded_amount == FOUR


@pytest.mark.anyio
async def test_the_async_client(prism: Prism, url: str) -> None:
    """The same flows from an event loop."""
    payment = authorized(prism)
    async with AsyncPrism("sandbox", api_key="sandbox_tests", base_url=url) as client:
        part = await client.payments.capture(connector_transaction_id=payment, amount=SIX)
        back = await client.payments.refund(
            connector_transaction_id=payment, merchant_refund_id="back_1"
        )
    assert (part.captured_amount, back.amount) == (SIX, SIX)
