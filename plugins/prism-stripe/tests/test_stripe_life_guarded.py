"""What ends a change before or after money moves: another currency, an answer about something
else, garbage. https://docs.stripe.com/api/payment_intents/retrieve
"""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from prism_core import (
    AsyncPrism,
    CaptureRequest,
    Discrepancy,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Prism,
    RefundRequest,
)

from .loopback import Answering
from .samples import CUS, KEY, PM, intent, uncaptured
from .test_stripe_life import CAPTURE, PI, RAISE, REFUND


@pytest.mark.parametrize("kind", [CAPTURE, RAISE, REFUND])
def test_money_in_another_currency_does_not_move(
    prism: Prism, answering: Answering, kind: Any
) -> None:
    """Stripe is sent no currency: 1000 yen would be 10.00 dollars of a payment in dollars. The
    payment is looked up, the amount refused, and nothing else leaves."""
    answering.answer(200, uncaptured())
    request = structs.replace(kind, amount=Money(400, "JPY"))
    with pytest.raises(InvalidRequest, match="JPY") as caught:
        changing(prism, request)
    assert (caught.value.field, caught.value.outcome) == ("amount", "not_sent")
    assert [seen.method for seen in answering.seen] == ["GET"]


@pytest.mark.parametrize("kind", [CAPTURE, RAISE, REFUND])
@pytest.mark.parametrize("found", [uncaptured(id="pi_another"), b"<html>", {}, uncaptured(id="")])
def test_a_lookup_of_something_else_moves_nothing(
    prism: Prism, answering: Answering, kind: Any, found: Any
) -> None:
    """An answer about another payment, or about none, ends the call before money moves."""
    answering.answer(200, found)
    with pytest.raises(MalformedResponse) as caught:
        changing(prism, kind)
    assert caught.value.outcome == "not_sent"
    assert [seen.method for seen in answering.seen] == ["GET"]


@pytest.mark.anyio
async def test_the_async_client_moves_no_other_currency(answering: Answering) -> None:
    answering.answer(200, uncaptured())
    async with AsyncPrism("stripe", api_key=KEY, base_url=answering.url) as prism:
        for what, request in (("capture", CAPTURE), ("refund", REFUND)):
            with pytest.raises(InvalidRequest):
                await getattr(prism.payments, what)(
                    structs.replace(request, amount=Money(400, "JPY"))
                )
    assert [seen.method for seen in answering.seen] == ["GET", "GET"]


def changing(prism: Prism, request: Any) -> Any:
    """What becomes of a change, by the kind of its request."""
    made = {
        CaptureRequest: prism.payments.capture,
        IncrementAuthorizationRequest: prism.payments.increment_authorization,
        RefundRequest: prism.payments.refund,
    }
    return made[type(request)](request)


@pytest.mark.parametrize("ask", ["capture", "void", "get", "complete"])
def test_a_change_of_another_payment_is_no_result(
    prism: Prism, answering: Answering, ask: str
) -> None:
    """An answer about another payment than asked for says nothing of ours."""
    answering.answer(200, intent(id="pi_another", status="canceled"))
    with pytest.raises(MalformedResponse) as caught:
        getattr(prism.payments, ask)(connector_transaction_id=PI)
    assert caught.value.outcome == "unknown"


@pytest.mark.parametrize("kind", ["capture", "increment"])
def test_a_change_has_the_callers_id(prism: Prism, answering: Answering, kind: str) -> None:
    """The answer to a change names the caller's id of it; with another one it is about another
    change, and without any the result says so."""
    field = "merchant_capture_id" if kind == "capture" else "merchant_authorization_id"
    base = CAPTURE if kind == "capture" else RAISE
    request = structs.replace(base, **{field: "c_1"})
    done = intent() if kind == "capture" else uncaptured(amount=1500, amount_capturable=1500)

    def answered(**metadata: str) -> Any:
        answering.seen.clear()
        answering.answers.clear()
        answering.answer(200, uncaptured()).answer(200, {**done, "metadata": metadata})
        return changing(prism, request)

    assert answered(**{field: "c_1"}).discrepancies == ()
    assert answered().discrepancies == (Discrepancy(field, "c_1", "null"),)
    with pytest.raises(MalformedResponse) as caught:
        answered(**{field: "c_2"})
    assert caught.value.outcome == "unknown"


GARBAGE = [
    (200, b"<html>Welcome</html>"),
    (200, {}),
    (200, ["detail-not-found"]),
    (200, b'""'),
    (200, b"null"),
    (200, b""),
    (202, intent(status="canceled")),
    (204, b""),
]


@pytest.mark.parametrize(("status", "body"), GARBAGE)
def test_no_success_comes_of_garbage(
    prism: Prism, answering: Answering, status: int, body: Any
) -> None:
    """A page of somebody in between is no void, deletion or revocation; nor is another 2xx than
    the 200 that Stripe answers with."""
    answering.answer(status, body)
    calls: tuple[Any, ...] = (
        lambda: prism.payments.void(connector_transaction_id=PI),
        lambda: prism.payments.capture(connector_transaction_id=PI),
        lambda: prism.customers.delete(connector_customer_id=CUS),
        lambda: prism.payment_methods.delete(connector_payment_method_id=PM),
        lambda: prism.recurring.revoke(connector_mandate_id=PM),
        lambda: prism.payments.refund(connector_transaction_id=PI, merchant_refund_id="refund_1"),
    )
    for call in calls:
        with pytest.raises(MalformedResponse) as caught:
            call()
        assert caught.value.outcome == "unknown"
