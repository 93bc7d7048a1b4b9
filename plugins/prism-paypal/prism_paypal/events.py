"""Events: how PayPal vouches for them, and what they are about.
https://developer.paypal.com/api/rest/webhooks/"""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    NotFound,
    hookimpl,
    needs_setting,
)
from prism_core.connector.signatures import within
from prism_core.connector.values import unix_seconds
from prism_paypal.account import PayPalAccount as Account
from prism_paypal.answers import payment
from prism_paypal.methods import Customer
from prism_paypal.orders import order_of, part_of
from prism_paypal.refunds import refund_alone
from prism_paypal.shapes import Amount, Made, Order, Part, PaymentToken

T = TypeVar("T")

# https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post
_SIGNED = ("auth_algo", "cert_url", "transmission_id", "transmission_sig", "transmission_time")
# It is delivered for three days: https://developer.paypal.com/api/rest/webhooks/rest/
_TOLERANCE = 4 * 24 * 3600
_NOT_BELIEVED = "the event is not believed: "


class Verification(Struct):
    """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post"""

    verification_status: str


class EventObject(Struct):
    """https://developer.paypal.com/docs/api/webhooks/v1/#definition-event; of a kind that is not
    known, no more than this is read."""

    id: str
    event_type: str
    create_time: str | None = None
    resource_type: str | None = None
    resource: msgspec.Raw = msgspec.Raw(b"null")


class Disputed(Struct):
    """A payment that a dispute is about, by its capture."""

    seller_transaction_id: str | None = None


class Outcome(Struct):
    """https://developer.paypal.com/api/customer-disputes/v1/definitions/dispute_outcome"""

    outcome_code: str | None = None


class Case(Struct):
    """A dispute: https://developer.paypal.com/api/customer-disputes/v1/disputes-get"""

    dispute_id: str | None = None
    disputed_transactions: list[Disputed] | None = None
    status: str | None = None
    dispute_life_cycle_stage: str | None = None
    dispute_outcome: Outcome | None = None
    dispute_amount: Amount | None = None
    reason: str | None = None
    seller_response_due_date: str | None = None


def _words(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


# https://developer.paypal.com/api/rest/webhooks/event-names/
_ORDERS = _words("CHECKOUT.ORDER", "SAVED APPROVED COMPLETED DECLINED VOIDED PROCESSED")
_HELD = _words("PAYMENT.AUTHORIZATION", "CREATED VOIDED EXPIRED PARTIALLY_CAPTURED")
_TAKEN = _words("PAYMENT.CAPTURE", "COMPLETED DECLINED DENIED PENDING REVERSED")
_REFUNDS = _words("PAYMENT.REFUND", "PENDING FAILED COMPLETED") | {"PAYMENT.CAPTURE.REFUNDED"}
_STORED = _words("VAULT.PAYMENT-TOKEN", "CREATED DELETED")
_DISPUTES = _words("CUSTOMER.DISPUTE", "CREATED UPDATED RESOLVED")
# https://developer.paypal.com/api/customer-disputes/v1/disputes-get, of one that is not resolved
_OPEN = {
    **dict.fromkeys(
        ("OPEN", "WAITING_FOR_SELLER_RESPONSE", "WAITING_FOR_BUYER_RESPONSE"),
        DisputeStatus.DISPUTE_OPENED,
    ),
    "UNDER_REVIEW": DisputeStatus.DISPUTE_CHALLENGED,
}
# https://developer.paypal.com/api/customer-disputes/v1/definitions/dispute_outcome
_RESOLVED = {
    "RESOLVED_BUYER_FAVOUR": DisputeStatus.DISPUTE_LOST,
    "RESOLVED_SELLER_FAVOUR": DisputeStatus.DISPUTE_WON,
    "CANCELED_BY_BUYER": DisputeStatus.DISPUTE_CANCELLED,
    "ACCEPTED": DisputeStatus.DISPUTE_ACCEPTED,
    "DENIED": DisputeStatus.DISPUTE_WON,
}
# https://developer.paypal.com/docs/disputes/disputes-reference
_STAGES = {
    "INQUIRY": DisputeStage.PRE_DISPUTE,
    "PRE_ARBITRATION": DisputeStage.PRE_ARBITRATION,
    "ARBITRATION": DisputeStage.PRE_ARBITRATION,
}


class Events:
    """The hook about events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post: PayPal
        verifies what it signed."""
        path, question = "/v1/notifications/verify-webhook-signature", _question(request, account)
        asked = account.post(path, json=question, changes=False)
        verdict = yield from account.fetch(asked, Verification)
        if verdict.verification_status != "SUCCESS":
            raise EventRejected(f"{_NOT_BELIEVED}PayPal did not send it to this webhook")
        body = account.decode_body(request.body, EventObject)
        return Event(
            event_type=body.event_type,
            connector_event_id=body.id,
            created_at=unix_seconds(body.create_time),
            **(yield from _about(body, account)),
        )


def _about(body: EventObject, account: Account) -> Flow[dict[str, Any]]:
    """What an event is about, as fields of the result. Of an authorization or a capture, the order
    is looked up: the event tells only that part of it. Of a refund or a dispute, its capture is."""
    kind, resource = body.event_type, bytes(body.resource)
    if kind in _ORDERS:
        return {"kind": EventKind.PAYMENT, "payment": payment(account.decode_body(resource, Order))}
    if kind in _REFUNDS or (kind in _TAKEN and body.resource_type == "refund"):
        made = yield from refund_alone(account, account.decode_body(resource, Part))
        return {"kind": EventKind.REFUND, "refund": made}
    if kind in _HELD | _TAKEN:
        order_id = account.decode_body(resource, Made).order_id
        order = None if order_id is None else (yield from order_of(account, order_id))
        return {"kind": EventKind.PAYMENT, "payment": order and payment(order)}
    if kind in _STORED:
        token = account.decode_body(resource, PaymentToken)
        owner = token.customer.id if isinstance(token.customer, Customer) else None
        named = {"connector_payment_method_id": token.id, "connector_customer_id": owner}
        return {"kind": EventKind.PAYMENT_METHOD, **named}
    if kind in _DISPUTES:
        case = account.decode_body(resource, Case)
        order_id = yield from _disputed_order(case, account)
        named = {"connector_dispute_id": case.dispute_id, "connector_transaction_id": order_id}
        return {"kind": EventKind.DISPUTE, **named, "dispute": _dispute(case, order_id)}
    return {"kind": EventKind.UNKNOWN}


def _dispute(case: Case, order_id: str | None) -> Dispute:
    """A dispute as it stands."""
    said = case.dispute_outcome and case.dispute_outcome.outcome_code
    status = (
        _RESOLVED.get(said or "") if case.status == "RESOLVED" else _OPEN.get(case.status or "")
    )
    return Dispute(
        status=status or DisputeStatus.DISPUTE_UNRESOLVED,
        stage=_STAGES.get(case.dispute_life_cycle_stage or "", DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=case.dispute_id,
        connector_transaction_id=order_id,
        amount=case.dispute_amount.money if case.dispute_amount else None,
        reason_code=case.reason,
        respond_by=unix_seconds(case.seller_response_due_date),
    )


def _disputed_order(dispute: Case, account: Account) -> Flow[str | None]:
    """A dispute names captures; the order of the only one is its payment. PayPal has disputes of
    other payments, too, which have no order."""
    captures = [one.seller_transaction_id for one in dispute.disputed_transactions or ()]
    if len(captures) != 1 or captures[0] is None:
        return None
    try:
        return (yield from part_of(account, "captures", captures[0])).order_id
    except NotFound as unknown:
        if unknown.is_foreign:
            raise
        return None


def _question(request: HandleEventRequest, account: Account) -> dict[str, object]:
    """What PayPal is asked. The event goes into it byte for byte, so it must be JSON and nothing
    else: what is more than one value could write over the rest of the question."""
    webhook = needs_setting("webhook_id", account.webhook_id, "for events")
    given = {name: request.header(f"paypal-{name.replace('_', '-')}") for name in _SIGNED}
    if not all(given.values()):
        raise EventRejected(f"{_NOT_BELIEVED}it is not signed")
    sent = unix_seconds(given["transmission_time"])
    within("" if sent is None else str(sent), request.received_at, tolerance=_TOLERANCE)
    if not _is_object(request.body):
        raise EventRejected(f"{_NOT_BELIEVED}its body is no JSON object")
    return {**given, "webhook_id": webhook, "webhook_event": msgspec.Raw(request.body)}


def _is_object(body: bytes) -> bool:
    """Whether it is one JSON object that every reader reads alike. Where a name comes twice, PayPal
    may vouch for one value (RFC 8259, section 4, leaves open which), and the other be believed."""
    try:
        json.loads(body, object_pairs_hook=_once)
        return isinstance(msgspec.json.decode(body), dict)
    except (ValueError, RecursionError):  # what msgspec raises is a ValueError, too
        return False


def _once(pairs: list[tuple[str, object]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name comes twice")
