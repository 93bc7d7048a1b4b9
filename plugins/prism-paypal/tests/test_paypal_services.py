"""Events: what is believed, and what PayPal is asked before."""

from __future__ import annotations

import json
from contextlib import nullcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    CompletePaymentRequest,
    ConfigurationError,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    Secret,
)
from prism_paypal import PayPalAccount, connector
from prism_paypal.completing import COMPLETING
from prism_paypal.events import _HEADERS, _question
from prism_paypal.parts import SECOND_CALL

from .paypal_samples import ACCOUNT

WITH_HOOK = PayPalAccount(client_id="client_1", client_secret=Secret("s"), webhook_id="WEBHOOK1")
SENT = 1795424407
HEADERS = {
    **dict.fromkeys(_HEADERS.values(), "value"),
    "PayPal-Transmission-Time": "2026-11-23T09:00:07Z",
}


def _event(
    body: bytes, headers: dict[str, str] = HEADERS, received_at: int = SENT
) -> HandleEventRequest:
    return HandleEventRequest(body=body, headers=headers, received_at=received_at)


@pytest.mark.parametrize("days", [-5, 5])
def test_an_event_of_another_time_is_not_asked_about(days: int) -> None:
    """One sent long ago may be a recorded one, and PayPal would say that it is its own."""
    with pytest.raises(EventRejected):
        _question(_event(b"{}", received_at=SENT + days * 24 * 3600), WITH_HOOK)
    assert _question(_event(b"{}", received_at=SENT + 3 * 24 * 3600), WITH_HOOK)


def test_a_key_too_long_to_complete_with_is_refused_before_anything_is_sent() -> None:
    """A key that fits authorizing fits completing, and one that fits neither is refused at once."""
    for length, fits in ((100, True), (101, False)):
        request = CompletePaymentRequest(
            connector_transaction_id="5O190127TN364715T",
            returned={},
            idempotency_key="k" * length,
        )
        flow = connector.complete(request, ACCOUNT)
        with nullcontext() if fits else pytest.raises(InvalidRequest):
            assert next(flow)
        flow.close()
    assert len(COMPLETING) <= len(SECOND_CALL)


def test_an_order_is_completed_by_its_id_alone() -> None:
    """PayPal has no lookup by the caller's own id: without its own one, nothing is sent."""
    request = CompletePaymentRequest(merchant_transaction_id="order_1001")
    with pytest.raises(InvalidRequest) as caught:
        next(connector.complete(request, ACCOUNT))
    assert caught.value.field == "connector_transaction_id"


@given(st.text(max_size=40))
def test_nothing_can_be_written_over_the_question(more: str) -> None:
    """A body that is more than one JSON object never reaches PayPal."""
    body = b'{"id":"WH-1"},"webhook_id":"OTHER' + json.dumps(more)[1:].encode()
    with pytest.raises(EventRejected):
        _question(_event(body), WITH_HOOK)


def test_an_event_goes_to_paypal_byte_for_byte() -> None:
    asked: Any = _question(_event(b'{ "id" : "WH-1" }'), WITH_HOOK)
    assert bytes(asked["webhook_event"]) == b'{ "id" : "WH-1" }'


def test_without_signature_or_webhook_id_nothing_is_sent() -> None:
    """Nobody is asked about an event that is not signed, or without the id of the webhook."""
    with pytest.raises(EventRejected):
        next(connector.handle_event(_event(b"{}", {}), WITH_HOOK))
    with pytest.raises(ConfigurationError):
        next(connector.handle_event(_event(b"{}"), ACCOUNT))
