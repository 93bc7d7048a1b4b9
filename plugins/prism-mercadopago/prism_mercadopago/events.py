"""Webhooks: signed, and the signature covers an id alone, so that what it names is looked up."""

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
    HttpResponse,
    Money,
    expect_same,
    hookimpl,
    whole_number,
)
from prism_core.connector import signatures
from prism_core.connector.values import unix_seconds

from .account import MercadoPagoAccount as Account
from .answers import payment_of
from .payments import PAYMENT
from .shapes import ChargebackBody, PaymentBody

# How long Mercado Pago tries to deliver is not told, nor whether it signs again; the payment is
# looked up each time, so that an old webhook tells what is true now.
TOLERANCE = 10 * 24 * 3600
MILLISECONDS = 10**11
"""A `ts` above is in milliseconds, as the text of the page says; its example is in seconds."""

UNDECIDED = ("pending", "review_pending")


class Named(Struct):
    """What an event is about."""

    id: str | int


class Notice(Struct):
    """https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks"""

    type: str
    data: Named


def manifest(notice: Notice, request_id: str | None, at: str) -> bytes:
    """What is signed: `id:...;request-id:...;ts:...;`, without what the webhook has not."""
    called = f"request-id:{request_id};" if request_id else ""
    return f"id:{notice.data.id};{called}ts:{at};".encode()


def seconds(at: str) -> str:
    """The signed time in seconds."""
    known = whole_number(at)
    return str(known // 1000) if known is not None and known > MILLISECONDS else at


def verified(request: HandleEventRequest, account: Account) -> Notice:
    """https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks#bookmark_2._validate_notification_origin"""
    secrets = signatures.secrets_of(account.webhook_secret)
    parts = (one.partition("=") for one in (request.header("x-signature") or "").split(","))
    given = {name.strip(): value.strip() for name, _, value in parts}
    at = given.get("ts", "")
    signatures.within(seconds(at), request.received_at, tolerance=TOLERANCE)
    notice = HttpResponse(200, body=request.body).decode(Notice)
    if notice is None:
        raise EventRejected("the body is no webhook of Mercado Pago")
    message = manifest(notice, request.header("x-request-id"), at)
    signatures.verify(secrets, message, [signatures.from_hex(given.get("v1", ""))])
    return notice


def standing(body: ChargebackBody) -> DisputeStatus:
    """https://www.mercadopago.com/developers/en/reference/chargebacks/_chargebacks_id/get: while
    documents are awaited or reviewed, no decision is taken, and `coverage_applied` may be false."""
    if body.coverage_applied:
        return DisputeStatus.DISPUTE_WON
    if body.coverage_applied is False and body.documentation_status not in UNDECIDED:
        return DisputeStatus.DISPUTE_LOST
    if body.documentation_status in ("review_pending", "valid"):
        return DisputeStatus.DISPUTE_CHALLENGED
    return DisputeStatus.DISPUTE_OPENED


def disputed(body: ChargebackBody) -> str | None:
    """The id of the payment, if it is about one alone."""
    known = [one.get("id") if isinstance(one, dict) else one for one in body.payments]
    return str(known[0]) if len(known) == 1 and isinstance(known[0], (int, str)) else None


def dispute_of(body: ChargebackBody) -> Dispute:
    """https://www.mercadopago.com/developers/en/reference/chargebacks/_chargebacks_id/get"""
    return Dispute(
        status=standing(body),
        stage=DisputeStage.ACTIVE_DISPUTE,
        connector_dispute_id=str(body.id),
        connector_transaction_id=disputed(body),
        amount=Money.from_decimal(body.amount, body.currency),
        reason_code=body.reason,
        respond_by=unix_seconds(body.date_documentation_deadline),
    )


def change(kind: str, known: str, at: str | None) -> str:
    """The id of an event: the same for each delivery about the same change. Empty, the core makes
    one."""
    return "" if at is None else f"{kind}-{known}-{at}"


class Events:
    """The operations on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks:
        the signature covers neither topic nor body, so that nothing of them is told."""
        notice = verified(request, account)
        known = str(notice.data.id)
        if notice.type == "topic_chargebacks_wh":
            asked = account.get("/v1/chargebacks/{}", known)
            chargeback = yield from account.fetch(asked, ChargebackBody)
            expect_same("id", known, str(chargeback.id))
            return Event(
                kind=EventKind.DISPUTE,
                event_type="chargeback",
                connector_event_id=change("chargeback", known, chargeback.date_last_updated),
                dispute=dispute_of(chargeback),
            )
        if notice.type != "payment":
            raise EventRejected("the event is about neither a payment nor a chargeback")
        body = yield from account.fetch(account.get(PAYMENT, known), PaymentBody)
        expect_same("id", known, str(body.id))
        return Event(
            kind=EventKind.PAYMENT,
            event_type=f"payment.{body.status}",
            connector_event_id=change("payment", known, body.date_last_updated),
            payment=payment_of(body),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> dict[str, str]:
        """https://www.mercadopago.com/developers/en/docs/your-integrations/notifications/webhooks"""
        secret, *_ = signatures.secrets_of(account.webhook_secret)
        notice = account.decode_body(request.body, Notice)
        at, request_id = f"{request.received_at}000", "prism"
        signed = signatures.signed(secret, manifest(notice, request_id, at))
        return {"x-signature": f"ts={at},v1={signed.hex()}", "x-request-id": request_id}
