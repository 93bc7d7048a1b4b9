"""Events: what is believed, and what PayPal is asked before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prism_core import (
    ConfigurationError,
    EventRejected,
    HandleEventRequest,
    InvalidRequest,
    Prism,
    Secret,
)
from prism_paypal import PayPalAccount, connector
from prism_paypal.events import _question

from .paypal_samples import ACCOUNT, HEADERS, SENT, order
from .paypal_server import PayPalServer

WITH_HOOK = PayPalAccount(client_id="client_1", client_secret=Secret("s"), webhook_id="WEBHOOK1")


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


def test_a_key_too_long_to_complete_with_is_refused_before_anything_is_sent(
    prism: Prism, server: PayPalServer
) -> None:
    """A key that fits authorizing fits completing, and one that fits neither is refused at once."""
    server.script("5ORDER", (200, order("APPROVED")))
    known = {"connector_transaction_id": "5ORDER", "returned": {}}
    assert prism.payments.complete(**known, idempotency_key="k" * 108).status == "CHARGED"
    sent = len(server.seen)
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.complete(**known, idempotency_key="k" * 109)
    assert (caught.value.field, len(server.seen)) == ("idempotency_key", sent)


def test_an_order_is_completed_by_its_id_alone(prism: Prism, server: PayPalServer) -> None:
    """PayPal has no lookup by the caller's own id: without its own one, nothing is sent."""
    with pytest.raises(InvalidRequest) as caught:
        prism.payments.complete(merchant_transaction_id="order_1001")
    assert (caught.value.field, server.seen) == ("connector_transaction_id", [])


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
