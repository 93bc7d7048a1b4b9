"""Acme with webhooks that are fetched back: the body is a form with an id, and nothing is signed.

The kit's mutants of these events are copies of it with one thing wrong.
"""

from __future__ import annotations

from prism_core import (
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    expect_same,
    hookimpl,
)
from prism_core.connector.webhooks import form_of

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class Events:
    """The hook of events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: AcmeAccount) -> Flow[Event]:
        """https://acme.example/docs/events: `id=pay_1&state=paid`; the state is a hint"""
        told = form_of(request.body)
        if not told.get("id", "").startswith("pay_"):
            raise EventRejected("the event names no payment")
        asked = account.get("/payments/{}", told["id"])
        body = yield from account.fetch(asked, PaymentBody)
        expect_same("connector_transaction_id", told["id"], body.id)
        return Event(
            kind=EventKind.PAYMENT, event_type=f"payment.{body.state}", payment=payment_of(body)
        )
