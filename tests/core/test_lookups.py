"""Lookups before money moves: what is refused then, and what is true of it."""

from __future__ import annotations

from typing import Any

import pytest
from support import Server

from prism_core import InvalidRequest, MalformedResponse, Money, Prism, PrismError, TransportError

from .samples import GOOD


def _capture(prism: Prism, currency: str = "USD") -> PrismError:
    with pytest.raises(PrismError) as caught:
        prism.payments.capture(connector_transaction_id="pay_1", amount=Money(400, currency))
    return caught.value


def test_money_is_not_taken_from_another_payment(prism: Prism, server: Server) -> None:
    """A lookup that is answered with another payment ends the call before anything is changed."""
    server.answer(200, {**GOOD, "id": "pay_2"})
    error = _capture(prism)
    assert isinstance(error, MalformedResponse)
    assert error.outcome == "not_sent"
    assert [seen.method for seen in server.seen] == ["GET"]


def test_money_in_another_currency_does_not_move(prism: Prism, server: Server) -> None:
    """400 yen of a payment in dollars are refused, in words that say what to change."""
    server.answer(200, GOOD)
    error = _capture(prism, "JPY")
    assert isinstance(error, InvalidRequest)
    assert (error.field, error.outcome) == ("amount", "not_sent")
    assert "JPY, and the payment is in USD" in error.message
    assert [seen.method for seen in server.seen] == ["GET"]


def test_an_id_that_was_not_given_is_not_compared() -> None:
    """Where the caller looks up by another id, the one that is found is the answer."""
    from prism_core import expect_same

    expect_same("connector_transaction_id", None, "pay_1")
    with pytest.raises(MalformedResponse):
        expect_same("connector_transaction_id", "pay_1", None)


@pytest.mark.parametrize(("status", "body"), [(500, None), (200, b"<html>"), (302, None)])
def test_a_failed_lookup_means_that_nothing_was_done(
    prism: Prism, server: Server, status: int, body: Any
) -> None:
    """No change was asked for yet, so nothing is unknown."""
    server.answer(status, body)
    assert _capture(prism).outcome == "not_sent"


def test_silence_after_a_lookup_is_unknown(prism: Prism, server: Server) -> None:
    """Once the change itself was sent, silence means that it may have been done."""
    server.answer(200, GOOD).answer(200, GOOD, delay=2)
    with pytest.raises(TransportError) as caught:
        prism.payments.capture(connector_transaction_id="pay_1", timeout=0.5)
    assert caught.value.outcome == "unknown"


def test_an_answer_that_cannot_be_is_not_the_callers_mistake(prism: Prism, server: Server) -> None:
    """Money in no currency, in a lookup's answer, is the answer's fault."""
    server.answer(200, {**GOOD, "currency": "XXX"})
    error = _capture(prism)
    assert isinstance(error, MalformedResponse)
    assert error.outcome == "not_sent"
