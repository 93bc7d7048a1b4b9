"""Events: read if their signature holds, and signed as Acme signs them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from prism_core import (
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    hookimpl,
)
from prism_core.connector import signatures

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class EventBody(msgspec.Struct):
    """An event's body."""

    id: str
    type: str
    payment: PaymentBody | None = None


class Events:
    """The hooks of events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: AcmeAccount) -> Flow[Event]:
        """https://acme.example/docs/events: Acme-Signature is time.hex of an HMAC of time.body"""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, _, given = (request.header("acme-signature") or "").partition(".")
        signatures.within(at, request.received_at)
        message = at.encode() + b"." + request.body
        signatures.verify(secrets, message, [signatures.from_hex(given)])
        body = account.decode(HttpResponse(200, body=request.body), EventBody)
        kind = EventKind.PAYMENT if body.payment is not None else EventKind.UNKNOWN
        return Event(
            kind=kind,
            event_type=body.type,
            connector_event_id=body.id,
            payment=None if body.payment is None else payment_of(body.payment),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: AcmeAccount) -> Mapping[str, str]:
        """https://acme.example/docs/events"""
        (secret, *_), at = signatures.secrets_of(account.webhook_secret), str(request.received_at)
        signed = signatures.signed(secret, at.encode() + b"." + request.body)
        return {"acme-signature": f"{at}.{signed.hex()}"}
