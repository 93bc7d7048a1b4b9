"""Webhooks: https://docs.adyen.com/development-resources/webhooks/webhook-types

Adyen signs eight fields of a webhook, and nothing else that is in it: nothing else is read.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from prism_adyen.account import AdyenAccount as Account
from prism_adyen.disputes import DISPUTES, dispute, taken_back
from prism_adyen.shapes import EXPONENTS
from prism_core import (
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
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
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

    @property
    def succeeded(self) -> bool:
        """What `success` says."""
        if self.success not in ("true", "false"):
            raise MalformedResponse("the event's success is neither true nor false")
        return self.success == "true"

    @property
    def original(self) -> str:
        """The payment that is changed."""
        if not self.original_reference:
            raise MalformedResponse("the event does not say which payment it changes")
        return self.original_reference

    @property
    def money(self) -> Money | None:
        """The amount; an event that cancels may have none."""
        amount = self.amount or _Amount()
        if amount.value is not None and amount.currency is not None:
            return Money.from_wire(amount.value, amount.currency, EXPONENTS)
        if self.event_code != "CANCELLATION" and self.event_code not in DISPUTES:
            raise MalformedResponse("the event has no amount")
        return None


class _Wrapped(msgspec.Struct, rename={"item": "NotificationRequestItem"}):
    item: Item


class _Notification(msgspec.Struct, rename="camel"):
    notification_items: list[_Wrapped]


# What an event says of a payment, if it succeeded and if it failed. CAPTURE_FAILED is an event
# that succeeded: https://docs.adyen.com/online-payments/capture#failed-capture. An adjustment that
# failed leaves the payment as it was before.
_S, _R = PaymentStatus, RefundStatus
_PAYMENTS = {
    "AUTHORISATION": {True: _S.AUTHORIZED, False: _S.AUTHORIZATION_FAILED},
    "AUTHORISATION_ADJUSTMENT": {True: _S.AUTHORIZED, False: _S.AUTHORIZED},
    "CAPTURE": {True: _S.CHARGED, False: _S.CAPTURE_FAILED},
    "CAPTURE_FAILED": {True: _S.CAPTURE_FAILED, False: _S.UNRESOLVED},
    "CANCELLATION": {True: _S.VOIDED, False: _S.VOID_FAILED},
}
# https://docs.adyen.com/online-payments/refund: a refund that succeeded may still fail.
_REFUNDS = {
    "REFUND": {True: _R.REFUND_SUCCESS, False: _R.REFUND_FAILURE},
    "REFUND_FAILED": {True: _R.REFUND_FAILURE, False: _R.REFUND_MANUAL_REVIEW},
    "REFUNDED_REVERSED": {True: _R.REFUND_FAILURE, False: _R.REFUND_MANUAL_REVIEW},
}
_KINDS = {
    **dict.fromkeys(_PAYMENTS, EventKind.PAYMENT),
    **dict.fromkeys(_REFUNDS, EventKind.REFUND),
    **dict.fromkeys(DISPUTES, EventKind.DISPUTE),
    # https://docs.adyen.com/api-explorer/Webhooks/1/post/RECURRING_CONTRACT
    "RECURRING_CONTRACT": EventKind.MANDATE,
}


class Events:
    """Webhooks, for the connector to inherit."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
        The signature stands in the body, beside what it signs: no more than these is decoded."""
        yield from ()
        keys, item = _keys(account), _item(request.body)
        given = (item.additional_data or _Signature()).hmac_signature or ""
        signatures.verify(keys, _message(item), [signatures.from_base64(given)])
        code, psp = item.event_code, item.psp_reference
        if not code or not psp:
            raise MalformedResponse("the event has no eventCode, or no pspReference")
        kind = _KINDS.get(code, EventKind.UNKNOWN)
        _check_colons(item, kind)
        if kind is not EventKind.UNKNOWN and item.merchant_account_code != account.merchant_account:
            raise EventRejected("the event is about another merchant account than the client's")
        about = item.original_reference or None
        is_dispute, is_stored = kind is EventKind.DISPUTE, kind is EventKind.MANDATE
        payment = _payment(item, code, psp, account) if kind is EventKind.PAYMENT else None
        return Event(
            kind=kind,
            event_type=code,
            # It has two colons more than pspReference has: no two events share it.
            connector_event_id=f"{psp}:{code}:{item.success or ''}",
            payment=taken_back(code, about, item.money) if is_dispute else payment,
            refund=_refund(item, code, psp) if kind is EventKind.REFUND else None,
            mandate=_mandate(item, psp) if is_stored else None,
            dispute=dispute(code, psp, about, item.money) if is_dispute else None,
            connector_dispute_id=psp if is_dispute else None,
            connector_payment_method_id=psp if is_stored and item.succeeded else None,
            connector_mandate_id=psp if is_stored and item.succeeded else None,
            connector_transaction_id=about if is_dispute or is_stored else None,
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """As Adyen does: the signature goes into the body."""
        key, *_ = _keys(account)
        try:
            signature = signatures.signed(key, _message(_item(request.body)))
            whole: Any = msgspec.json.decode(request.body)
        except (EventRejected, msgspec.MsgspecError, UnicodeDecodeError):
            raise InvalidRequest("the body is no webhook of Adyen's", field="body") from None
        inner = whole["notificationItems"][0]["NotificationRequestItem"]
        more = inner.get("additionalData") or {}
        inner["additionalData"] = {**more, "hmacSignature": b64encode(signature).decode()}
        return {"prism-signed-body": msgspec.json.encode(whole).decode()}


def _keys(account: Account) -> tuple[bytes, ...]:
    return signatures.keys_of(account.webhook_secret, "hex")


def _item(body: bytes) -> Item:
    """The one item that a webhook has. What is not read as one has no signature either."""
    decoded = HttpResponse(200, body=body).decode(_Notification)
    if decoded is None or len(decoded.notification_items) != 1:
        raise EventRejected("the event is no signed webhook of Adyen's: it is not believed")
    return decoded.notification_items[0].item


def _message(item: Item) -> bytes:
    """What is signed: the fields in Adyen's order with colons between them."""
    amount = item.amount or _Amount()
    value = "" if amount.value is None else str(amount.value)
    parts = (
        *(item.psp_reference, item.original_reference, item.merchant_account_code),
        *(item.merchant_reference, value, amount.currency, item.event_code, item.success),
    )
    return ":".join(part or "" for part in parts).encode("utf-8", "surrogatepass")


def _check_colons(item: Item, kind: EventKind) -> None:
    """Refuses a colon where it would make one event's signature that of another, which has the same
    text in other fields. The caller's own reference may have some. Of an event that is not known,
    type and success alone, which stand at the end, are read: the pspReference of a REPORT_AVAILABLE
    is a file's name, with colons."""
    read = [item.event_code, item.success]
    if kind is not EventKind.UNKNOWN:
        read += [item.psp_reference, item.original_reference, item.merchant_account_code]
        read += [(item.amount or _Amount()).currency]
    if any(":" in text for text in read if text):
        raise EventRejected("the event has a colon where Adyen writes none: it is not believed")


def _payment(item: Item, code: str, psp: str, account: Account) -> Payment:
    """Of an authorization, pspReference is the payment; of what came later, originalReference.
    Whose reference merchantReference is then, the documentation leaves open."""
    status, money = _PAYMENTS[code][item.succeeded], item.money
    is_first, is_well = code == "AUTHORISATION", item.succeeded and code != "CAPTURE_FAILED"
    if is_first and status.is_failed and account.refused_status.can_still_change:
        status = account.refused_status  # an order, which has other tries
    return Payment(
        status=status,
        connector_transaction_id=psp if is_first else item.original,
        merchant_transaction_id=(item.merchant_reference or None) if is_first else None,
        amount=money if is_first else None,
        authorized_amount=money if is_well and status is _S.AUTHORIZED else None,
        captured_amount=money if status is _S.CHARGED else None,
        error=None if is_well or status is _S.UNRESOLVED else _error(code),
    )


def _mandate(item: Item, psp: str) -> Mandate:
    """https://docs.adyen.com/api-explorer/Webhooks/1/post/RECURRING_CONTRACT: pspReference is the
    stored method, merchantReference the first payment's, which `recurring.setup` was given."""
    stored = psp if item.succeeded else None
    return Mandate(
        status=MandateStatus.ACTIVE if stored else MandateStatus.MANDATE_INACTIVE,
        connector_mandate_id=stored,
        connector_payment_method_id=stored,
        merchant_mandate_id=item.merchant_reference or None,
        connector_transaction_id=item.original_reference or None,
        error=None if stored else _error("RECURRING_CONTRACT"),
    )


def _refund(item: Item, code: str, psp: str) -> Refund:
    status = _REFUNDS[code][item.succeeded]
    return Refund(
        status=status,
        connector_refund_id=psp,
        connector_transaction_id=item.original,
        amount=item.money,
        error=_error(code) if status is _R.REFUND_FAILURE else None,
    )


def _error(code: str) -> ErrorDetails:
    """Why is in the webhook, too, and not signed."""
    return ErrorDetails(connector=ConnectorDetails(code=code))
