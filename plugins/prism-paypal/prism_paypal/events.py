"""Events: how PayPal vouches for them, and what they are about.
https://developer.paypal.com/api/rest/webhooks/"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TypeVar

import msgspec

from prism_core import (
    ConfigurationError,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    HttpResponse,
    NotFound,
    Payment,
    hookimpl,
)
from prism_core.connector.signatures import within
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import payment
from prism_paypal.lookups import capture_of, order_id_of, order_of
from prism_paypal.refunds import refund_alone
from prism_paypal.shapes import (
    Customer,
    Link,
    Order,
    PaymentToken,
    RefundBody,
    Supplement,
    Verification,
)

T = TypeVar("T")

# https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post
_HEADERS = {
    "auth_algo": "PayPal-Auth-Algo",
    "cert_url": "PayPal-Cert-Url",
    "transmission_id": "PayPal-Transmission-Id",
    "transmission_sig": "PayPal-Transmission-Sig",
    "transmission_time": "PayPal-Transmission-Time",
}
# It is delivered for three days: https://developer.paypal.com/api/rest/webhooks/rest/
_TOLERANCE = 4 * 24 * 3600
_NOT_BELIEVED = "the event is not believed: "


class EventObject(msgspec.Struct):
    """https://developer.paypal.com/docs/api/webhooks/v1/#definition-event; of a kind that is not
    known, no more than this is read."""

    id: str
    event_type: str
    create_time: str | None = None
    resource_type: str | None = None
    resource: msgspec.Raw = msgspec.Raw(b"null")


class PartOfOrder(msgspec.Struct):
    """Of an authorization or a capture: where it belongs to."""

    supplementary_data: Supplement | None = None
    links: list[Link] | None = None


class Disputed(msgspec.Struct):
    """https://developer.paypal.com/api/customer-disputes/v1/disputes-get"""

    seller_transaction_id: str | None = None


class Dispute(msgspec.Struct):
    """https://developer.paypal.com/api/customer-disputes/v1/disputes-get"""

    dispute_id: str | None = None
    disputed_transactions: list[Disputed] | None = None


def _words(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


# https://developer.paypal.com/api/rest/webhooks/event-names/
_ORDERS = _words("CHECKOUT.ORDER", "SAVED APPROVED COMPLETED DECLINED VOIDED PROCESSED")
_PARTS = _words("PAYMENT.AUTHORIZATION", "CREATED VOIDED EXPIRED PARTIALLY_CAPTURED") | _words(
    "PAYMENT.CAPTURE", "COMPLETED DECLINED DENIED PENDING REVERSED"
)
_REFUNDS = _words("PAYMENT.REFUND", "PENDING FAILED COMPLETED") | {"PAYMENT.CAPTURE.REFUNDED"}
_KEPT = _words("VAULT.PAYMENT-TOKEN", "CREATED DELETED")
_DISPUTES = _words("CUSTOMER.DISPUTE", "CREATED UPDATED RESOLVED")


class Events:
    """The hook about events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: PayPalAccount) -> Flow[Event]:
        """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post: PayPal
        verifies what it signed. Of what an authorization or a capture belongs to, the order is
        looked up: the event tells only that part of it. Of a refund or a dispute, its capture
        is."""
        response = yield from account.authorized(
            account.post(
                "/v1/notifications/verify-webhook-signature",
                json=_question(request, account),
                changes=False,
            )
        )
        if account.decode(response, Verification).verification_status != "SUCCESS":
            raise EventRejected(f"{_NOT_BELIEVED}PayPal did not send it to this webhook")
        return (yield from _event(_read(account, request.body, EventObject), account))


def _event(body: EventObject, account: PayPalAccount) -> Flow[Event]:
    """The event that PayPal vouched for."""
    told, kind, resource = _told(body), body.event_type, bytes(body.resource)
    if kind in _ORDERS:
        return _with(told, payment(_read(account, resource, Order)))
    if kind in _REFUNDS or (kind in _PARTS and body.resource_type == "refund"):
        made = yield from refund_alone(account, _read(account, resource, RefundBody))
        return msgspec.structs.replace(told, kind=EventKind.REFUND, refund=made)
    if kind in _PARTS:
        found = yield from _payment(_read(account, resource, PartOfOrder), account)
        return _with(told, found)
    if kind in _KEPT:
        return _kept(told, _read(account, resource, PaymentToken))
    if kind in _DISPUTES:
        return (yield from _disputed(told, _read(account, resource, Dispute), account))
    return told


def _question(request: HandleEventRequest, account: PayPalAccount) -> dict[str, object]:
    """What PayPal is asked. The event goes into it byte for byte, so it must be JSON and nothing
    else: what is more than one value could write over the rest of the question."""
    if account.webhook_id is None:
        raise ConfigurationError("webhook_id is needed to verify events; give it to the client")
    given = {name: request.header(header) for name, header in _HEADERS.items()}
    if not all(given.values()):
        raise EventRejected(f"{_NOT_BELIEVED}it is not signed")
    sent = _seconds(given["transmission_time"])
    within("" if sent is None else str(sent), request.received_at, tolerance=_TOLERANCE)
    if not _is_object(request.body):
        raise EventRejected(f"{_NOT_BELIEVED}its body is no JSON object")
    return {**given, "webhook_id": account.webhook_id, "webhook_event": msgspec.Raw(request.body)}


def _is_object(body: bytes) -> bool:
    """Whether it is one JSON object that every reader reads alike. Where a name comes twice, PayPal
    may vouch for one value (RFC 8259, section 4, leaves open which), and the other be believed."""
    try:
        is_object = isinstance(msgspec.json.decode(body), dict)
        json.loads(body, object_pairs_hook=_once)
    except (ValueError, RecursionError):  # what msgspec raises is a ValueError, too
        return False
    return is_object


def _once(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a name comes twice")


def _read(account: PayPalAccount, body: bytes, shape: type[T]) -> T:
    return account.decode(HttpResponse(200, body=body), shape)


def _told(body: EventObject) -> Event:
    return Event(
        kind=EventKind.UNKNOWN,
        event_type=body.event_type,
        connector_event_id=body.id,
        created_at=_seconds(body.create_time),
    )


def _seconds(time: str | None) -> int | None:
    """A time (RFC 3339) in Unix seconds."""
    try:
        at = msgspec.convert(time, datetime)
    except msgspec.ValidationError:
        return None
    return int(at.timestamp()) if at.tzinfo else None


def _with(told: Event, found: Payment | None) -> Event:
    return msgspec.structs.replace(told, kind=EventKind.PAYMENT, payment=found)


def _payment(part: PartOfOrder, account: PayPalAccount) -> Flow[Payment | None]:
    """The payment that a part belongs to; None where PayPal does not tell it."""
    order_id = order_id_of(part.supplementary_data, part.links)
    if order_id is None:
        return None
    return payment((yield from order_of(account, order_id)))


def _kept(told: Event, token: PaymentToken) -> Event:
    """https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-payment_token_response"""
    return msgspec.structs.replace(
        told,
        kind=EventKind.PAYMENT_METHOD,
        connector_payment_method_id=token.id,
        connector_customer_id=token.customer.id if isinstance(token.customer, Customer) else None,
    )


def _disputed(told: Event, dispute: Dispute, account: PayPalAccount) -> Flow[Event]:
    """A dispute names captures; the order of the only one is its payment. PayPal has disputes of
    other payments, too, which have no order."""
    about = msgspec.structs.replace(
        told, kind=EventKind.DISPUTE, connector_dispute_id=dispute.dispute_id
    )
    captures = dispute.disputed_transactions or []
    if len(captures) != 1 or captures[0].seller_transaction_id is None:
        return about
    try:
        capture = yield from capture_of(account, captures[0].seller_transaction_id)
    except NotFound as unknown:
        if unknown.is_foreign:
            raise
        return about
    order_id = order_id_of(capture.supplementary_data, capture.links)
    return msgspec.structs.replace(about, connector_transaction_id=order_id)
