"""Webhooks: signed XML with the ids of the older API, so that what they name is looked up."""

import re
from base64 import b64decode
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from prism_core import (
    Dispute,
    DisputeStage,
    DisputeStatus,
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    InvalidRequest,
    expect_same,
    hookimpl,
)
from prism_core.connector import signatures
from prism_core.connector.webhooks import form_of, xml_of

from . import documents
from .account import BraintreeAccount
from .answers import money, payment_of, refund_of
from .shapes import DisputeBody, RefundBody, TransactionBody

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# Where the id of a transaction stands, by the kind of a webhook:
# https://developer.paypal.com/braintree/docs/reference/general/webhooks/transaction, and
# .../local-payment-methods
TRANSACTIONS = {
    "transaction_disbursed": "subject/transaction/id",
    "transaction_retried": "subject/transaction/id",
    "transaction_reviewed": "subject/transaction-review/transaction-id",
    "transaction_settled": "subject/transaction/id",
    "transaction_settlement_declined": "subject/transaction/id",
    "local_payment_completed": "subject/local-payment/transaction/id",
    "local_payment_funded": "subject/local-payment-funded/transaction/id",
}
# https://developer.paypal.com/braintree/graphql/reference/types/dispute-status
DISPUTES = {
    "OPEN": DisputeStatus.DISPUTE_OPENED,
    "DISPUTED": DisputeStatus.DISPUTE_CHALLENGED,
    "UNDER_REVIEW": DisputeStatus.DISPUTE_CHALLENGED,
    "ACCEPTED": DisputeStatus.DISPUTE_ACCEPTED,
    "AUTO_ACCEPTED": DisputeStatus.DISPUTE_ACCEPTED,
    "EXPIRED": DisputeStatus.DISPUTE_EXPIRED,
    "LOST": DisputeStatus.DISPUTE_LOST,
    "WON": DisputeStatus.DISPUTE_WON,
}
STAGES = {
    "RETRIEVAL": DisputeStage.PRE_DISPUTE,
    "CHARGEBACK": DisputeStage.ACTIVE_DISPUTE,
    "PRE_ARBITRATION": DisputeStage.PRE_ARBITRATION,
}


def challenged(challenge: str, account: BraintreeAccount) -> Event:
    """https://developer.paypal.com/braintree/docs/guides/webhooks/create: Braintree tests an
    endpoint. Webhooks are signed with the same key, so nothing else is signed."""
    if not re.fullmatch("[a-f0-9]{20,32}", challenge):
        raise EventRejected("the challenge has not the form of Braintree's")
    key = signatures.hashed(account.private_key, algorithm="sha1")
    signed = signatures.signed(key, challenge.encode(), algorithm="sha1").hex()
    reply = f"{account.public_key}|{signed}"
    return Event(kind=EventKind.UNKNOWN, event_type="challenge", reply=reply)


def verified(form: Mapping[str, str], account: BraintreeAccount) -> bytes:
    """https://developer.paypal.com/braintree/docs/guides/webhooks/parse: `bt_signature` has pairs
    of a public key and a signature of `bt_payload`, the XML in base64."""
    payload = form.get("bt_payload", "").encode()
    pairs = [one.partition("|") for one in form.get("bt_signature", "").split("&")]
    given = [signatures.from_hex(one) for key, _, one in pairs if key == account.public_key]
    key = signatures.hashed(account.private_key, algorithm="sha1")
    signatures.verify([key], payload, given, algorithm="sha1")
    return b64decode(payload)


def seconds(text: str | None) -> int | None:
    """A time, as Unix seconds."""
    return None if not text else int(datetime.fromisoformat(text).timestamp())


def dispute_of(body: DisputeBody) -> Dispute | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/dispute; None for a status
    that nobody knows."""
    status = DISPUTES.get(body.status or "")
    if status is None:
        return None
    return Dispute(
        status=status,
        stage=STAGES.get(body.type or "", DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=body.id,
        connector_transaction_id=body.transaction.id,
        amount=money(body.amount_disputed),
        reason_code=body.processor_response.reason_code if body.processor_response else None,
        respond_by=seconds(body.response_deadline),
    )


def global_id(legacy: str, kind: str, account: BraintreeAccount) -> Flow[str]:
    """https://developer.paypal.com/braintree/graphql/reference/queries/id-from-legacy-id"""
    asked = account.query(documents.GLOBAL_ID, {"id": legacy, "type": kind})
    return (yield from account.fetch(asked, str))


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: BraintreeAccount) -> Flow[Event]:
        """https://developer.paypal.com/braintree/docs/guides/webhooks/parse: a form, or the query
        of the GET with which Braintree tests an endpoint."""
        form = form_of(request.body)
        if "bt_challenge" in form:
            yield from ()
            return challenged(form["bt_challenge"], account)
        news = xml_of(verified(form, account))
        kind = news.findtext("kind") or ""
        if kind.startswith("dispute_"):
            return (yield from disputed(news, kind, account))
        place = "subject/transaction/id" if kind == "refund_failed" else TRANSACTIONS.get(kind)
        legacy = news.findtext(place) if place else None
        if not legacy:
            return Event(kind=EventKind.UNKNOWN, event_type=kind, created_at=at(news))
        credit = kind == "refund_failed" or news.findtext("subject/transaction/type") == "credit"
        return (yield from (refund if credit else payment)(news, kind, legacy, account))

    @hookimpl
    def sign_event(
        self, request: HandleEventRequest, account: BraintreeAccount
    ) -> Mapping[str, str]:
        """As Braintree does: the signature stands in the form, beside what is signed."""
        try:
            payload = form_of(request.body)["bt_payload"]
        except (EventRejected, KeyError):
            raise InvalidRequest("the body is no webhook of Braintree's", field="body") from None
        key = signatures.hashed(account.private_key, algorithm="sha1")
        signed = signatures.signed(key, payload.encode(), algorithm="sha1").hex()
        pair = f"{account.public_key}|{signed}"
        form = urlencode({"bt_signature": pair, "bt_payload": payload})
        return {"prism-signed-body": form}


def at(news: "Element") -> int | None:
    """When it happened."""
    return seconds(news.findtext("timestamp"))


def payment(news: "Element", kind: str, legacy: str, account: BraintreeAccount) -> Flow[Event]:
    """The transaction as it is now."""
    known = yield from global_id(legacy, "TRANSACTION", account)
    asked = account.query(documents.FIND_TRANSACTION, {"id": known})
    body = yield from account.fetch(asked, TransactionBody)
    expect_same("id", legacy, body.legacy_id)
    return Event(
        kind=EventKind.PAYMENT, event_type=kind, created_at=at(news), payment=payment_of(body)
    )


def refund(news: "Element", kind: str, legacy: str, account: BraintreeAccount) -> Flow[Event]:
    """The refund as it is now."""
    known = yield from global_id(legacy, "REFUND", account)
    asked = account.query(documents.FIND_REFUND, {"id": known})
    body = yield from account.fetch(asked, RefundBody)
    expect_same("id", legacy, body.legacy_id)
    return Event(
        kind=EventKind.REFUND, event_type=kind, created_at=at(news), refund=refund_of(body)
    )


def disputed(news: "Element", kind: str, account: BraintreeAccount) -> Flow[Event]:
    """The dispute as it is now, and its payment."""
    legacy = news.findtext("subject/dispute/id") or ""
    known = yield from global_id(legacy, "DISPUTE", account)
    asked = account.query(documents.FIND_DISPUTE, {"id": known})
    body = yield from account.fetch(asked, DisputeBody)
    expect_same("id", legacy, body.legacy_id)
    return Event(
        kind=EventKind.DISPUTE,
        event_type=kind,
        created_at=at(news),
        payment=payment_of(body.transaction),
        dispute=dispute_of(body),
        connector_dispute_id=body.id,
    )
