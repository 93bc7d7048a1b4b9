"""Webhooks: https://docs.adyen.com/development-resources/webhooks/webhook-types

Adyen signs eight fields of a webhook, and nothing else that is in it: nothing else is read.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from prism_adyen.account import AdyenAccount
from prism_adyen.amounts import EXPONENTS
from prism_core import (
    ConfigurationError,
    ConnectorDetails,
    ErrorDetails,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    Secret,
    hookimpl,
)
from prism_core.connector import signatures


class _Amount(msgspec.Struct):
    currency: str | None = None
    value: int | None = None


class _Signature(msgspec.Struct, rename="camel"):
    hmac_signature: str | None = None


class Item(msgspec.Struct, rename="camel"):
    """The signed fields of
    https://docs.adyen.com/api-explorer/Webhooks/1/post/AUTHORISATION, and the signature."""

    psp_reference: str | None = None
    original_reference: str | None = None
    merchant_account_code: str | None = None
    merchant_reference: str | None = None
    amount: _Amount | None = None
    event_code: str | None = None
    success: str | None = None
    additional_data: _Signature | None = None


class _Wrapped(msgspec.Struct, rename={"item": "NotificationRequestItem"}):
    item: Item


class _Notification(msgspec.Struct, rename="camel"):
    notification_items: list[_Wrapped]


# What an event says of a payment, if it succeeded and if it failed. CAPTURE_FAILED is an event
# that succeeded: https://docs.adyen.com/online-payments/capture#failed-capture
_PAYMENTS = {
    ("AUTHORISATION", True): PaymentStatus.AUTHORIZED,
    ("AUTHORISATION", False): PaymentStatus.AUTHORIZATION_FAILED,
    ("AUTHORISATION_ADJUSTMENT", True): PaymentStatus.AUTHORIZED,
    ("AUTHORISATION_ADJUSTMENT", False): PaymentStatus.AUTHORIZED,  # as it was before
    ("CAPTURE", True): PaymentStatus.CHARGED,
    ("CAPTURE", False): PaymentStatus.CAPTURE_FAILED,
    ("CAPTURE_FAILED", True): PaymentStatus.CAPTURE_FAILED,
    ("CANCELLATION", True): PaymentStatus.VOIDED,
    ("CANCELLATION", False): PaymentStatus.VOID_FAILED,
}
# https://docs.adyen.com/online-payments/refund: a refund that succeeded may still fail.
_REFUNDS = {
    ("REFUND", True): RefundStatus.REFUND_SUCCESS,
    ("REFUND", False): RefundStatus.REFUND_FAILURE,
    ("REFUND_FAILED", True): RefundStatus.REFUND_FAILURE,
    ("REFUNDED_REVERSED", True): RefundStatus.REFUND_FAILURE,
}
# https://docs.adyen.com/risk-management/disputes-api/dispute-notifications
_DISPUTES = (
    *("REQUEST_FOR_INFORMATION", "NOTIFICATION_OF_CHARGEBACK", "NOTIFICATION_OF_FRAUD"),
    *("CHARGEBACK", "CHARGEBACK_REVERSED", "SECOND_CHARGEBACK", "INFORMATION_SUPPLIED"),
    *("ISSUER_COMMENTS", "ISSUER_RESPONSE_TIMEFRAME_EXPIRED", "DISPUTE_DEFENSE_PERIOD_ENDED"),
    *("PREARBITRATION_WON", "PREARBITRATION_LOST"),
)
_KINDS = {
    **dict.fromkeys((code for code, _ in _PAYMENTS), EventKind.PAYMENT),
    **dict.fromkeys((code for code, _ in _REFUNDS), EventKind.REFUND),
    **dict.fromkeys(_DISPUTES, EventKind.DISPUTE),
    # https://docs.adyen.com/api-explorer/Webhooks/1/post/RECURRING_CONTRACT
    "RECURRING_CONTRACT": EventKind.PAYMENT_METHOD,
}
_FAILED = frozenset(
    {
        *(PaymentStatus.AUTHORIZATION_FAILED, PaymentStatus.CAPTURE_FAILED),
        PaymentStatus.VOID_FAILED,
    }
)


class Events:
    """Webhooks, for the connector to inherit."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: AdyenAccount) -> Flow[Event]:
        """https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
        The signature stands in the body, beside what it signs: no more than these is decoded."""
        yield from ()
        keys = _keys(account)
        item = _item(request.body)
        _verify(keys, item)
        code, psp = item.event_code, item.psp_reference
        if not code or not psp:
            raise MalformedResponse("the event has no eventCode, or no pspReference")
        kind = _KINDS.get(code, EventKind.UNKNOWN)
        _check_colons(item, kind)
        if kind is not EventKind.UNKNOWN and item.merchant_account_code != account.merchant_account:
            raise EventRejected("the event is about another merchant account than the client's")
        try:
            return _event(item, kind, code, psp)
        except InvalidRequest:  # the schema's word for an id or an amount that cannot be
            pass
        raise MalformedResponse("the event has an id or an amount that cannot be")

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: AdyenAccount) -> Mapping[str, str]:
        """As Adyen does: the signature goes into the body."""
        key, *_ = _keys(account)
        try:
            whole: Any = msgspec.json.decode(request.body)
            item = _item(request.body)
            inner = whole["notificationItems"][0]["NotificationRequestItem"]
            more = inner.get("additionalData") or {}
            signature = b64encode(_hmac(key, item)).decode()
        except (EventRejected, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raise InvalidRequest("the body is no webhook of Adyen's", field="body") from None
        inner["additionalData"] = {**more, "hmacSignature": signature}
        return {"prism-signed-body": msgspec.json.encode(whole).decode()}


def _keys(account: AdyenAccount) -> list[bytes]:
    return [_key(secret) for secret in signatures.secrets_of(account.webhook_secret)]


def _key(secret: Secret) -> bytes:
    found = signatures.from_hex(secret.reveal())
    if not found:
        raise ConfigurationError("webhook_secret is Adyen's HMAC key, in hexadecimal")
    return found


def _item(body: bytes) -> Item:
    """The one item that a webhook has. What is not read as one has no signature either."""
    decoded = HttpResponse(200, body=body).decode(_Notification)
    if decoded is None or len(decoded.notification_items) != 1:
        raise EventRejected("the event is no signed webhook of Adyen's: it is not believed")
    return decoded.notification_items[0].item


def _verify(keys: list[bytes], item: Item) -> None:
    """Every key is tried, each compared in constant time."""
    more = item.additional_data or _Signature()
    given = signatures.from_base64(more.hmac_signature or "")
    matching = [hmac.compare_digest(_hmac(key, item), given) for key in keys]
    if not any(matching):
        raise EventRejected("the event's signature is missing or wrong: it is not believed")


def _hmac(key: bytes, item: Item) -> bytes:
    """The fields in Adyen's order with colons between them."""
    amount = item.amount or _Amount()
    value = "" if amount.value is None else str(amount.value)
    parts = (
        *(item.psp_reference, item.original_reference, item.merchant_account_code),
        *(item.merchant_reference, value, amount.currency, item.event_code, item.success),
    )
    message = ":".join(part or "" for part in parts)
    return hmac.new(key, message.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()


def _check_colons(item: Item, kind: EventKind) -> None:
    """Refuses a colon where it would make one event's signature that of another, which has the same
    text in other fields. The caller's own reference may have some. Of an event that is not known,
    type and success alone, which stand at the end, are read: the pspReference of a REPORT_AVAILABLE
    is a file's name, with colons."""
    amount = item.amount or _Amount()
    read = [item.event_code, item.success]
    if kind is not EventKind.UNKNOWN:
        read += [item.psp_reference, item.original_reference, item.merchant_account_code]
        read += [amount.currency]
    if any(":" in text for text in read if text):
        raise EventRejected("the event has a colon where Adyen writes none: it is not believed")


def _event(item: Item, kind: EventKind, code: str, psp: str) -> Event:
    """The event. Its id has two colons more than pspReference has: no two events share it."""
    told: dict[str, Any] = {}
    if kind is EventKind.PAYMENT:
        told = {"payment": _payment(item, code, psp)}
    elif kind is EventKind.REFUND:
        told = {"refund": _refund(item, code, psp)}
    elif kind is EventKind.DISPUTE:
        told = {"connector_dispute_id": psp, "connector_transaction_id": _of(item)}
    elif kind is EventKind.PAYMENT_METHOD:
        stored = psp if _succeeded(item) else None
        told = {"connector_payment_method_id": stored, "connector_transaction_id": _of(item)}
    return Event(
        kind=kind,
        event_type=code,
        connector_event_id=f"{psp}:{code}:{item.success or ''}",
        **told,
    )


def _of(item: Item) -> str | None:
    """The payment that an event is about, where it says so."""
    return item.original_reference or None


def _payment(item: Item, code: str, psp: str) -> Payment:
    """Of an authorization, pspReference is the payment; of what came later, originalReference.
    Whose reference merchantReference is then, the documentation leaves open."""
    status = _PAYMENTS.get((code, _succeeded(item)), PaymentStatus.UNRESOLVED)
    is_first = code == "AUTHORISATION"
    amount = _money(item)
    refused = code == "AUTHORISATION_ADJUSTMENT" and not _succeeded(item)
    authorized = code != "CAPTURE" and status is PaymentStatus.AUTHORIZED and not refused
    return Payment(
        status=status,
        connector_transaction_id=psp if is_first else _original(item),
        merchant_transaction_id=(item.merchant_reference or None) if is_first else None,
        amount=amount if is_first else None,
        authorized_amount=amount if authorized else None,
        captured_amount=amount if status is PaymentStatus.CHARGED else None,
        error=_error(code) if status in _FAILED or refused else None,
    )


def _refund(item: Item, code: str, psp: str) -> Refund:
    status = _REFUNDS.get((code, _succeeded(item)), RefundStatus.REFUND_MANUAL_REVIEW)
    is_failed = status is RefundStatus.REFUND_FAILURE
    return Refund(
        status=status,
        connector_refund_id=psp,
        connector_transaction_id=_original(item),
        amount=_money(item),
        error=_error(code) if is_failed else None,
    )


def _error(code: str) -> ErrorDetails:
    """Why is in the webhook, too, and not signed."""
    return ErrorDetails(connector=ConnectorDetails(code=code))


def _succeeded(item: Item) -> bool:
    if item.success not in ("true", "false"):
        raise MalformedResponse("the event's success is neither true nor false")
    return item.success == "true"


def _original(item: Item) -> str:
    if not item.original_reference:
        raise MalformedResponse("the event does not say which payment it changes")
    return item.original_reference


def _money(item: Item) -> Money | None:
    """The amount; an event that cancels may have none."""
    amount = item.amount
    if amount is None or amount.value is None or amount.currency is None:
        if item.event_code == "CANCELLATION":
            return None
        raise MalformedResponse("the event has no amount")
    return Money.from_wire(amount.value, amount.currency, EXPONENTS)
