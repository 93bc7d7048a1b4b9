"""Events: how PayPal vouches for them, and what they are about.
https://developer.paypal.com/api/rest/webhooks/"""

from __future__ import annotations

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
    Payment,
    hookimpl,
)
from prism_core.signatures import within
from prism_paypal.account import PayPalAccount
from prism_paypal.answers import payment
from prism_paypal.payments import order_of
from prism_paypal.refunds import refund_of
from prism_paypal.shapes import Link, Order, RefundBody, Verification

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


class RelatedIds(msgspec.Struct):
    """What a payment's part belongs to."""

    order_id: str | None = None


class Supplement(msgspec.Struct):
    """What is told beside a payment's part."""

    related_ids: RelatedIds | None = None


class PartOfOrder(msgspec.Struct):
    """Of an authorization, a capture or a refund: where it belongs to."""

    supplementary_data: Supplement | None = None
    links: list[Link] | None = None


def _words(prefix: str, names: str) -> frozenset[str]:
    return frozenset(f"{prefix}.{name}" for name in names.split())


# https://developer.paypal.com/api/rest/webhooks/event-names/
_ORDERS = _words("CHECKOUT.ORDER", "SAVED APPROVED COMPLETED DECLINED VOIDED PROCESSED")
_PARTS = _words("PAYMENT.AUTHORIZATION", "CREATED VOIDED EXPIRED PARTIALLY_CAPTURED") | _words(
    "PAYMENT.CAPTURE", "COMPLETED DECLINED DENIED PENDING REVERSED"
)
_REFUNDS = _words("PAYMENT.REFUND", "PENDING FAILED COMPLETED") | {"PAYMENT.CAPTURE.REFUNDED"}
_OTHERS = {
    EventKind.PAYMENT_METHOD: _words("VAULT.PAYMENT-TOKEN", "CREATED DELETED"),
    EventKind.DISPUTE: _words("CUSTOMER.DISPUTE", "CREATED UPDATED RESOLVED"),
}


class Events:
    """The hook about events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: PayPalAccount) -> Flow[Event]:
        """https://developer.paypal.com/docs/api/webhooks/v1/#verify-webhook-signature_post: PayPal
        verifies what it signed. Of what an authorization or a capture belongs to, the order is
        looked up: the event tells only that part of it."""
        response = yield from account.authorized(
            account.post(
                "/v1/notifications/verify-webhook-signature",
                json=_question(request, account),
                changes=False,
            )
        )
        if account.decode(response, Verification).verification_status != "SUCCESS":
            raise EventRejected(f"{_NOT_BELIEVED}PayPal did not send it to this webhook")
        body = _read(account, request.body, EventObject)
        told = _told(body)
        if body.event_type in _ORDERS:
            return _with(told, payment(_read(account, bytes(body.resource), Order)))
        if body.event_type in _PARTS and body.resource_type != "refund":
            found = yield from _payment(_read(account, bytes(body.resource), PartOfOrder), account)
            return _with(told, found)
        if body.event_type in _REFUNDS:
            order_id = _order_of(_read(account, bytes(body.resource), PartOfOrder))
            made = refund_of(_read(account, bytes(body.resource), RefundBody), order_id)
            return msgspec.structs.replace(told, kind=EventKind.REFUND, refund=made)
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
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False


def _read(account: PayPalAccount, body: bytes, shape: type[T]) -> T:
    return account.decode(HttpResponse(200, body=body), shape)


def _told(body: EventObject) -> Event:
    kinds = (kind for kind, words in _OTHERS.items() if body.event_type in words)
    return Event(
        kind=next(kinds, EventKind.UNKNOWN),
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
    order_id = _order_of(part)
    if order_id is None:
        return None
    return payment((yield from order_of(account, order_id)))


def _order_of(part: PartOfOrder) -> str | None:
    """The id of the order, by name or by the link `up`."""
    ids = part.supplementary_data.related_ids if part.supplementary_data else None
    if ids is not None and ids.order_id is not None:
        return ids.order_id
    for link in part.links or ():
        before, _, order_id = link.href.rpartition("/")
        if link.rel == "up" and before.endswith("/v2/checkout/orders"):
            return order_id
    return None
