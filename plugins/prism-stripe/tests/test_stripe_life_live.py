"""The life of a payment against localstripe, a Stripe that runs here; Stripe's SDK reads back.

localstripe knows no metadata of a capture, reports no `amount_received`, `amount_capturable` or
`amount_captured`, so that a partial capture looks like a whole one, and refuses no refund that is
too large. Without an amount it refunds the whole charge, not what is left of it. It cannot raise
an authorization. `test_stripe_life.py` has these from Stripe's documentation.
"""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from prism_core import (
    AsyncPrism,
    AuthorizeRequest,
    ConnectorError,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Prism,
    RefundStatus,
    SdkToken,
)

from .conftest import MakeToken
from .samples import KEY

S, R = PaymentStatus, RefundStatus


def euros(minor: int) -> Money:
    """That many cents."""
    return Money(minor, "EUR")


def holding(token: SdkToken) -> AuthorizeRequest:
    """12.34 euros to hold."""
    return AuthorizeRequest(
        merchant_transaction_id="order_1001",
        amount=euros(1234),
        payment_method=token,
        capture_method="MANUAL",
    )


@pytest.fixture
def held(live: Prism, token: MakeToken) -> Payment:
    """A payment that is authorized and not captured."""
    return live.payments.authorize(holding(token("4242424242424242")))


def stored(official: stripe.StripeClient, payment: Payment) -> tuple[Any, Any]:
    """The PaymentIntent and its charge as Stripe's SDK reads them."""
    found = official.v1.payment_intents.retrieve(
        payment.connector_transaction_id or "", {"expand": ["latest_charge"]}
    )
    return found, found.latest_charge


def test_a_part_is_captured_and_the_rest_released(
    live: Prism, official: stripe.StripeClient, held: Payment
) -> None:
    """10.00 of 12.34 are taken; the rest is free again, which Stripe stores as refunded."""
    captured = live.payments.capture(
        connector_transaction_id=held.connector_transaction_id, amount=euros(1000)
    )
    assert captured.connector_transaction_id == held.connector_transaction_id
    assert (captured.status, captured.discrepancies) == (S.CHARGED, ())
    assert captured.refunded_amount is None  # not what was released, and no guess
    intent, charge = stored(official, held)
    assert (intent.status, charge.captured, charge.amount_refunded) == ("succeeded", True, 234)


def test_all_is_captured_without_an_amount(
    live: Prism, official: stripe.StripeClient, held: Payment
) -> None:
    """A capture without an amount takes everything, and a lookup says so."""
    captured = live.payments.capture(connector_transaction_id=held.connector_transaction_id)
    found = live.payments.get(connector_transaction_id=held.connector_transaction_id)
    assert (captured.status, found.status) == (S.CHARGED, S.CHARGED)
    _, charge = stored(official, held)
    assert (charge.captured, charge.amount_refunded) == (True, 0)


def test_a_payment_is_refunded_in_parts(
    live: Prism, official: stripe.StripeClient, held: Payment
) -> None:
    """Two refunds of one payment are stored with their amounts and the caller's ids, and each is
    found again."""
    intent = held.connector_transaction_id or ""
    live.payments.capture(connector_transaction_id=intent)
    for number, amount in (("refund_1", euros(400)), ("refund_2", euros(300))):
        made = live.payments.refund(
            connector_transaction_id=intent,
            merchant_refund_id=number,
            amount=amount,
            metadata={"ticket": "77"},
        )
        found = live.refunds.get(connector_refund_id=made.connector_refund_id)
        for refund in (made, found):
            assert (refund.status, refund.amount) == (R.REFUND_SUCCESS, amount)
            assert (refund.merchant_refund_id, refund.error) == (number, None)
            assert (refund.connector_transaction_id, refund.discrepancies) == (intent, ())
        kept = official.v1.refunds.retrieve(made.connector_refund_id or "")
        assert (kept.amount, kept.currency) == (amount.minor_amount, "eur")
        assert kept.metadata is not None
        assert kept.metadata.to_dict() == {"ticket": "77", "merchant_refund_id": number}
    _, charge = stored(official, held)
    assert charge.amount_refunded == 700


def test_a_void_frees_the_money(live: Prism, official: stripe.StripeClient, held: Payment) -> None:
    """A voided payment is canceled at Stripe and never captured."""
    gone = live.payments.void(
        connector_transaction_id=held.connector_transaction_id, reason="out of stock"
    )
    assert (gone.status, gone.not_sent) == (S.VOIDED, ("reason",))
    intent, charge = stored(official, held)
    assert (intent.status, charge.captured) == ("canceled", False)


@pytest.mark.parametrize("what", ["capture", "void"])
def test_captured_money_cannot_be_captured_or_voided(live: Prism, held: Payment, what: str) -> None:
    """What is captured is captured: another capture, or a void, is rejected with nothing done."""
    live.payments.capture(connector_transaction_id=held.connector_transaction_id)
    with pytest.raises(ConnectorError) as caught:
        getattr(live.payments, what)(connector_transaction_id=held.connector_transaction_id)
    assert (caught.value.status_code, caught.value.outcome) == (400, "rejected")


def test_unknown_ids_are_not_found(live: Prism) -> None:
    """A refund or payment that Stripe does not know is NotFound."""
    with pytest.raises(NotFound):
        live.refunds.get(connector_refund_id="re_unknown")
    for what in ("capture", "void"):
        with pytest.raises(NotFound):
            getattr(live.payments, what)(connector_transaction_id="pi_unknown")


def test_an_authorization_can_be_raised(live: Prism, held: Payment) -> None:
    """After an increment, all of the new amount is held; localstripe has no such operation yet."""
    try:
        raised = live.payments.increment_authorization(
            connector_transaction_id=held.connector_transaction_id, amount=euros(1500)
        )
    except NotFound:
        pytest.skip("localstripe has no /v1/payment_intents/{intent}/increment_authorization")
    assert (raised.status, raised.amount) == (S.AUTHORIZED, euros(1500))


@pytest.mark.anyio
async def test_the_async_client_does_the_same(localstripe: str, token: MakeToken) -> None:
    """On asyncio and trio: a part captured, a part refunded and looked up, another voided."""
    method = token("4242424242424242")
    async with AsyncPrism("stripe", api_key=KEY, base_url=localstripe) as live:
        kept, spare = [await live.payments.authorize(holding(method)) for _ in range(2)]
        taken = await live.payments.capture(
            connector_transaction_id=kept.connector_transaction_id, amount=euros(1000)
        )
        back = await live.payments.refund(
            connector_transaction_id=kept.connector_transaction_id,
            merchant_refund_id="refund_1",
            amount=euros(400),
        )
        found = await live.refunds.get(connector_refund_id=back.connector_refund_id)
        gone = await live.payments.void(connector_transaction_id=spare.connector_transaction_id)
    assert (taken.status, gone.status) == (S.CHARGED, S.VOIDED)
    assert (found.status, found.amount) == (R.REFUND_SUCCESS, euros(400))
