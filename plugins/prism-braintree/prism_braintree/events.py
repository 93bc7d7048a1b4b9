"""Webhooks: signed XML with the ids of the older API, so that what they name is looked up."""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from msgspec.structs import replace

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
    codes_by_word,
    expect_same,
    hookimpl,
)
from prism_core.connector import signatures
from prism_core.connector.values import unix_seconds
from prism_core.connector.webhooks import form_of, xml_of

from . import documents
from .account import BraintreeAccount as Account
from .answers import payment_of, refund_of
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
    "refund_failed": "subject/transaction/id",
}
FOUND: dict[str, tuple[str, Any]] = {
    "TRANSACTION": (documents.FIND_TRANSACTION, TransactionBody),
    "REFUND": (documents.FIND_REFUND, RefundBody),
    "DISPUTE": (documents.FIND_DISPUTE, DisputeBody),
}
# https://developer.paypal.com/braintree/graphql/reference/types/dispute-status
DISPUTES = codes_by_word(
    {
        DisputeStatus.DISPUTE_OPENED: "OPEN",
        DisputeStatus.DISPUTE_CHALLENGED: "DISPUTED UNDER_REVIEW",
        DisputeStatus.DISPUTE_ACCEPTED: "ACCEPTED AUTO_ACCEPTED",
        DisputeStatus.DISPUTE_EXPIRED: "EXPIRED",
        DisputeStatus.DISPUTE_LOST: "LOST",
        DisputeStatus.DISPUTE_WON: "WON",
    }
)
STAGES = {
    "RETRIEVAL": DisputeStage.PRE_DISPUTE,
    "CHARGEBACK": DisputeStage.ACTIVE_DISPUTE,
    "PRE_ARBITRATION": DisputeStage.PRE_ARBITRATION,
}


def signed(text: str, account: Account) -> str:
    """https://developer.paypal.com/braintree/docs/guides/webhooks/parse: the public key and an
    HMAC-SHA1 by the SHA-1 of the private one."""
    key = signatures.hashed(account.private_key, algorithm="sha1")
    found = signatures.signed(key, text.encode(), algorithm="sha1")
    return f"{account.public_key}|{found.hex()}"


def challenged(challenge: str, account: Account) -> Event:
    """https://developer.paypal.com/braintree/docs/guides/webhooks/create: Braintree tests an
    endpoint. Webhooks are signed with the same key, so nothing else is signed."""
    if not re.fullmatch("[a-f0-9]{20,32}", challenge):
        raise EventRejected("the challenge has not the form of Braintree's")
    reply = signed(challenge, account)
    return Event(kind=EventKind.UNKNOWN, event_type="challenge", reply=reply)


def verified(form: Mapping[str, str], account: Account) -> bytes:
    """https://developer.paypal.com/braintree/docs/guides/webhooks/parse: `bt_signature` has pairs
    of a public key and a signature of `bt_payload`, the XML in base64."""
    payload = form.get("bt_payload", "").encode()
    pairs = [one.partition("|") for one in form.get("bt_signature", "").split("&")]
    given = [signatures.from_hex(one) for key, _, one in pairs if key == account.public_key]
    key = signatures.hashed(account.private_key, algorithm="sha1")
    signatures.verify([key], payload, given, algorithm="sha1")
    try:
        return b64decode(payload)
    except ValueError:
        raise EventRejected("bt_payload is not in base64") from None


def dispute_of(body: DisputeBody) -> Dispute:
    """https://developer.paypal.com/braintree/graphql/reference/types/dispute"""
    return Dispute(
        status=DISPUTES.get(body.status or "", DisputeStatus.DISPUTE_UNRESOLVED),
        stage=STAGES.get(body.type or "", DisputeStage.ACTIVE_DISPUTE),
        connector_dispute_id=body.id,
        connector_transaction_id=body.transaction.id,
        amount=body.amount_disputed.money if body.amount_disputed else None,
        reason_code=body.processor_response.reason_code if body.processor_response else None,
        respond_by=unix_seconds(body.response_deadline),
    )


def looked_up(legacy: str, kind: str, account: Account) -> Flow[Any]:
    """What a webhook names, as it is now.
    https://developer.paypal.com/braintree/graphql/reference/queries/id-from-legacy-id"""
    document, shape = FOUND[kind]
    asked = account.query(documents.FIND_ID, {"id": legacy, "type": kind})
    known = yield from account.fetch(asked, str)
    body: Any = yield from account.fetch(account.query(document, {"id": known}), shape)
    expect_same("id", legacy, body.legacy_id)
    return body


def named(news: "Element", kind: str) -> tuple[str, str | None]:
    """What a webhook is about, and its id. Refunds are transactions in the older API."""
    if kind.startswith("dispute_"):
        return "DISPUTE", news.findtext("subject/dispute/id")
    legacy = news.findtext(TRANSACTIONS.get(kind, "none"))
    is_refund = kind == "refund_failed" or news.findtext("subject/transaction/type") == "credit"
    return "REFUND" if is_refund else "TRANSACTION", legacy


class Events:
    """The operation on webhooks."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """https://developer.paypal.com/braintree/docs/guides/webhooks/parse: a form, or the query
        of the GET with which Braintree tests an endpoint."""
        form = form_of(request.body)
        if "bt_challenge" in form:
            yield from ()
            return challenged(form["bt_challenge"], account)
        news = xml_of(verified(form, account))
        name = news.findtext("kind") or ""
        kind, legacy = named(news, name)
        event = Event(
            kind=EventKind.UNKNOWN,
            event_type=name,
            created_at=unix_seconds(news.findtext("timestamp")),
        )
        if not legacy:
            return event
        body = yield from looked_up(legacy, kind, account)
        if kind == "REFUND":
            return replace(event, kind=EventKind.REFUND, refund=refund_of(body))
        if kind == "TRANSACTION":
            return replace(event, kind=EventKind.PAYMENT, payment=payment_of(body))
        return replace(
            event,
            kind=EventKind.DISPUTE,
            payment=payment_of(body.transaction),
            dispute=dispute_of(body),
            connector_dispute_id=body.id,
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: Account) -> Mapping[str, str]:
        """As Braintree does: the signature stands in the form, beside what is signed."""
        try:
            payload = form_of(request.body)["bt_payload"]
        except (EventRejected, KeyError):
            raise InvalidRequest("the body is no webhook of Braintree's", field="body") from None
        form = urlencode({"bt_signature": signed(payload, account), "bt_payload": payload})
        return {"prism-signed-body": form}
