"""Webhooks from the sandbox: verified, then read; and signed as the sandbox does, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core import (
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    hookimpl,
)
from prism_core.connector import signatures
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import mandate, payment, refund
from prism_sandbox.shapes import (
    EventBody,
    MandateEvent,
    PaymentEvent,
    RefundEvent,
)

HEADER = "Prism-Signature"


class Events:
    """What the connector does with events, which it has with its operations."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: SandboxAccount) -> Flow[Event]:
        """Prism-Signature is `t=<Unix seconds>,v1=<hex>`: the HMAC-SHA256 of time, full stop and
        body. The type is `payment.`, `refund.` or `mandate.` and the status."""
        yield from ()
        _verify(request, account)
        answer = HttpResponse(200, body=request.body)
        head = account.decode(answer, EventBody)
        about, kind = head.type.partition(".")[0], EventKind.UNKNOWN
        paid = returned = given = None
        if about == "payment":
            kind, paid = EventKind.PAYMENT, payment(account.decode(answer, PaymentEvent).data)
        elif about == "refund":
            kind, returned = EventKind.REFUND, refund(account.decode(answer, RefundEvent).data)
        elif about == "mandate":
            kind, given = EventKind.MANDATE, mandate(account.decode(answer, MandateEvent).data)
        return Event(
            kind=kind,
            event_type=head.type,
            connector_event_id=head.id,
            created_at=head.created,
            payment=paid,
            refund=returned,
            mandate=given,
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: SandboxAccount) -> Mapping[str, str]:
        """As the sandbox signs, with the first of the secrets."""
        secret, *_ = signatures.secrets_of(account.webhook_secret)
        at = str(request.received_at)
        signed = signatures.signed(secret, _message(at, request.body))
        return {HEADER: f"t={at},v1={signed.hex()}"}


def _verify(request: HandleEventRequest, account: SandboxAccount) -> None:
    """Raises `EventRejected` for a body that the sandbox did not sign, or not just now."""
    secrets = signatures.secrets_of(account.webhook_secret)
    parts = [part.strip().partition("=") for part in (request.header(HEADER) or "").split(",")]
    at = next((value for name, _, value in parts if name == "t"), "")
    signatures.within(at, request.received_at)
    given = [signatures.from_hex(value) for name, _, value in parts if name == "v1"]
    signatures.verify(secrets, _message(at, request.body), given)


def _message(at: str, body: bytes) -> bytes:
    return at.encode() + b"." + body
