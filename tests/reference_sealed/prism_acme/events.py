"""Acme with webhooks that are signed and looked up: a form with XML in base64 and its signature,
by the key with which the API is called. An endpoint is tested before it gets any.

The kit's mutants of these events are copies of it with one thing wrong.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from urllib.parse import urlencode

from prism_core import (
    Event,
    EventKind,
    EventRejected,
    Flow,
    HandleEventRequest,
    expect_same,
    hookimpl,
)
from prism_core.connector import signatures
from prism_core.connector.webhooks import form_of, xml_of

from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class Events:
    """The hooks of events."""

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: AcmeAccount) -> Flow[Event]:
        """https://acme.example/docs/events"""
        told = form_of(request.body)
        if "challenge" in told:
            return Event(
                kind=EventKind.UNKNOWN,
                event_type="challenge",
                reply=_answer(told["challenge"], account),
            )
        payload = told.get("payload", "")
        given = signatures.from_hex(told.get("signature", ""))
        signatures.verify([_key(account)], payload.encode(), [given], algorithm="sha1")
        news = xml_of(b64decode(payload))
        payment = news.findtext("payment/id")
        if payment is None:
            return Event(kind=EventKind.UNKNOWN, event_type=news.findtext("kind") or "")
        asked = account.get("/payments/{}", payment)
        body = yield from account.fetch(asked, PaymentBody)
        expect_same("connector_transaction_id", payment, body.id)
        return Event(
            kind=EventKind.PAYMENT,
            event_type=news.findtext("kind") or "",
            connector_event_id=news.findtext("id") or "",
            payment=payment_of(body),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: AcmeAccount) -> Mapping[str, str]:
        """https://acme.example/docs/events: the signature stands in the body"""
        payload = form_of(request.body).get("payload", "")
        signed = signatures.signed(_key(account), payload.encode(), algorithm="sha1")
        return {"prism-signed-body": urlencode({"signature": signed.hex(), "payload": payload})}


def _key(account: AcmeAccount) -> bytes:
    return signatures.hashed(account.api_key, algorithm="sha1")


def _answer(challenge: str, account: AcmeAccount) -> str:
    """The signature of a challenge, which is hexadecimal: no payload is, so none is signed."""
    if not re.fullmatch("[a-f0-9]{20,32}", challenge):
        raise EventRejected("the challenge is none of Acme's")
    signed = signatures.signed(_key(account), challenge.encode(), algorithm="sha1")
    return f"acme|{signed.hex()}"
