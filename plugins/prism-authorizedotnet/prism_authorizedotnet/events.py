"""Webhooks: verified by the Signature Key, then read.

https://developer.authorize.net/api/reference/features/webhooks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.errors import declined
from prism_authorizedotnet.shapes import Profile, Reason, Shape
from prism_authorizedotnet.values import Id, check_code, id_of, money, response_code
from prism_core import (
    Event,
    EventKind,
    Flow,
    HandleEventRequest,
    HttpResponse,
    Nullable,
    Payment,
    PaymentStatus,
    PlainDecimal,
    Refund,
    RefundStatus,
    hookimpl,
)
from prism_core.connector import signatures

# Event types by what is after "net.authorize.", with what an approval (response code 1) means.
# Of a payment approved after a review nothing says whether it is captured.
_PAYMENTS = {
    "payment.authcapture.created": PaymentStatus.CHARGED,
    "payment.authorization.created": PaymentStatus.AUTHORIZED,
    "payment.capture.created": PaymentStatus.CHARGED,
    "payment.priorAuthCapture.created": PaymentStatus.CHARGED,
    "payment.void.created": PaymentStatus.VOIDED,
    "payment.fraud.held": PaymentStatus.UNRESOLVED,
    "payment.fraud.approved": PaymentStatus.UNRESOLVED,
    "payment.fraud.declined": PaymentStatus.AUTHORIZATION_FAILED,
}
_DECLINED = "payment.fraud.declined"
_MADE = ("payment.authcapture.created", "payment.authorization.created")
_CHANGES = ("created", "updated", "deleted")
_KINDS = {
    **dict.fromkeys(_PAYMENTS, EventKind.PAYMENT),
    "payment.refund.created": EventKind.REFUND,
    **{f"customer.{word}": EventKind.CUSTOMER for word in _CHANGES},
    **{f"customer.paymentProfile.{word}": EventKind.PAYMENT_METHOD for word in _CHANGES},
}


class Notification(Shape, kw_only=True):
    """A webhook, whatever it is about."""

    notification_id: str = ""
    event_type: str
    event_date: datetime | None = None
    payload: msgspec.Raw = msgspec.Raw(b"{}")


class Transacted(Shape):
    """The payload of a webhook about a transaction."""

    id: Id
    response_code: Id
    auth_amount: PlainDecimal | None = None
    auth_code: str | None = None
    avs_response: str | None = None
    merchant_reference_id: str | None = None
    invoice_number: str | None = None


class Named(Profile):
    """The payload of a webhook about a customer, a payment profile or a subscription: whose it
    is. The first two are what `id` names; a subscription has its profile."""

    id: Id | None = None
    profile: Profile | None = None


class Events:
    """The webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """The header X-ANET-Signature holds an HMAC-SHA512 of the body. Its key is the text of the
        Signature Key, and not the bytes that the text stands for. No time is signed but the
        event's own, and deliveries are tried again for days."""
        yield from ()
        algorithm, _, digest = (request.header("x-anet-signature") or "").partition("=")
        given = [signatures.from_hex(digest)] if algorithm.lower() == "sha512" else []
        secrets = signatures.secrets_of(account.webhook_secret)
        signatures.verify(secrets, request.body, given, algorithm="sha512")
        told = account.decode_body(request.body, Notification)
        about = HttpResponse(200, body=bytes(told.payload))
        word = told.event_type.removeprefix("net.authorize.")
        kind = _KINDS.get(word, EventKind.UNKNOWN)
        return Event(
            kind=kind,
            event_type=told.event_type,
            connector_event_id=told.notification_id,
            created_at=_seconds(told.event_date),
            **_about(kind, word, about, account),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """As `handle_event` verifies, in capitals."""
        (secret, *_) = signatures.secrets_of(account.webhook_secret)
        made = signatures.signed(secret, request.body, algorithm="sha512")
        return {"x-anet-signature": f"sha512={made.hex().upper()}"}


def _seconds(date: datetime | None) -> int | None:
    """A date in Unix seconds; one without an offset is in UTC."""
    return int(date.replace(tzinfo=date.tzinfo or UTC).timestamp()) if date is not None else None


def _about(kind: EventKind, word: str, about: HttpResponse, account: Account) -> dict[str, Any]:
    """The payment or refund that an event is about; or the customer's profile and the payment
    profile. The id of a subscription is neither: nothing in Prism is done by it."""
    if kind is EventKind.PAYMENT:
        return {"payment": _payment(word, account.decode(about, Transacted), account)}
    if kind is EventKind.REFUND:
        return {"refund": _refund(account.decode(about, Transacted), account)}
    named = about.decode(Named) if word.startswith("customer.") else None
    if named is None:
        return {}
    ids: tuple[Nullable[Id], Nullable[Id]] = (named.id, None)
    if word.startswith("customer.paymentProfile."):
        ids = named.customer_profile_id, named.id
    elif word.startswith("customer.subscription."):
        whose = named.profile or Profile()
        ids = whose.customer_profile_id, whose.customer_payment_profile_id
    return {"connector_customer_id": id_of(ids[0]), "connector_payment_method_id": id_of(ids[1])}


def _payment(word: str, done: Transacted, account: Account) -> Payment:
    """The payment that an event is about: what the event says, if the transaction was made and
    approved (1); held (4) it waits. Its amount is the authorized one where it was authorized with
    it, and the captured one where it was captured."""
    code, is_made = response_code(done.response_code, done.id), word in _MADE
    status = PaymentStatus.PENDING if code == "4" else PaymentStatus.UNRESOLVED
    if code == "1" or (word == _DECLINED and id_of(done.id) is not None):
        status = _PAYMENTS[word]
    if status is PaymentStatus.CHARGED and not done.auth_code:
        status = PaymentStatus.PENDING  # no issuer authorized it: it is a debit, and no money yet
    amount = money(done.auth_amount, account.currency)
    own_id = done.invoice_number or (done.merchant_reference_id if is_made else None)
    return Payment(
        status=status,
        connector_transaction_id=id_of(done.id),
        merchant_transaction_id=own_id or None,
        amount=amount if is_made else None,
        authorized_amount=amount if status is PaymentStatus.AUTHORIZED else None,
        captured_amount=amount if status is PaymentStatus.CHARGED else None,
        avs_code=check_code(done.avs_response),
        error=declined(Reason(code=f"net.authorize.{word}")) if word == _DECLINED else None,
    )


def _refund(done: Transacted, account: Account) -> Refund:
    """The refund that an event is about; approved, it waits to be settled. The Merchant Interface
    makes refunds, too: without a reference id, and with the payment's invoice number."""
    approved = response_code(done.response_code, done.id) == "1"
    return Refund(
        status=RefundStatus.REFUND_PENDING if approved else RefundStatus.REFUND_MANUAL_REVIEW,
        connector_refund_id=id_of(done.id),
        merchant_refund_id=done.merchant_reference_id or None,
        amount=money(done.auth_amount, account.currency),
    )
