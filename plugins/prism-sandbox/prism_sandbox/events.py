"""Webhooks from the sandbox: verified, then read; and signed as the sandbox does, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
from prism_sandbox.answers import dispute, mandate, order, ordered_mandate, payment, refund
from prism_sandbox.shapes import (
    DisputeEvent,
    EventBody,
    MandateEvent,
    OrderEvent,
    PaymentEvent,
    RefundEvent,
    SetupOrderEvent,
)

HEADER = "Prism-Signature"


class Events:
    """What the connector does with events, which it has with its operations."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: SandboxAccount) -> Flow[Event]:
        """Prism-Signature is `t=<Unix seconds>,v1=<hex>`: the HMAC-SHA256 of time, full stop and
        body. The type is what it is about and its status: `payment.`, `order.`, `refund.`,
        `mandate.` or `dispute.`"""
        yield from ()
        _verify(request, account)
        answer = HttpResponse(200, body=request.body)
        head = account.decode(answer, EventBody)
        read = _READ.get(head.type.partition(".")[0], _unknown)
        return Event(
            event_type=head.type,
            connector_event_id=head.id,
            created_at=head.created,
            **read(answer, account),
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


def _payment(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    body = account.decode(answer, PaymentEvent).data
    return {"kind": EventKind.PAYMENT, "payment": payment(body)}


def _order(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    """An order that asks for a mandate is about that."""
    body = account.decode(answer, OrderEvent).data
    if body.mandate is None:
        return {"kind": EventKind.PAYMENT, "payment": order(body, account)}
    setup = account.decode(answer, SetupOrderEvent).data
    return {"kind": EventKind.MANDATE, "mandate": ordered_mandate(setup, account)}


def _refund(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    body = account.decode(answer, RefundEvent).data
    return {"kind": EventKind.REFUND, "refund": refund(body)}


def _mandate(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    body = account.decode(answer, MandateEvent).data
    return {"kind": EventKind.MANDATE, "mandate": mandate(body)}


def _dispute(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    body = account.decode(answer, DisputeEvent).data
    return {
        "kind": EventKind.DISPUTE,
        "dispute": dispute(body),
        "connector_dispute_id": body.id,
        "connector_transaction_id": body.payment,
    }


def _unknown(answer: HttpResponse, account: SandboxAccount) -> dict[str, Any]:
    return {"kind": EventKind.UNKNOWN}


_READ = {
    "payment": _payment,
    "order": _order,
    "refund": _refund,
    "mandate": _mandate,
    "dispute": _dispute,
}
