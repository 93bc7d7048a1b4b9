"""Webhooks for the tests: as Adyen writes and signs them, and what the connector makes of them."""

from __future__ import annotations

import json
from typing import Any

from prism_adyen import AdyenAccount, connector
from prism_core import Event, HandleEventRequest, Prism, Secret

from .adyen_samples import KEY, MERCHANT, PSP

HMAC = "0011223344556677" * 4
MODIFIED = {"originalReference": PSP, "pspReference": "PRSM2001EXAMPL82"}


def account(secret: str | None = HMAC, merchant: str = MERCHANT) -> AdyenAccount:
    """The account with a webhook's key."""
    webhook = None if secret is None else Secret(secret)
    return AdyenAccount(api_key=Secret(KEY), merchant_account=merchant, webhook_secret=webhook)


def webhook(**fields: Any) -> dict[str, Any]:
    """A webhook of an authorised payment, not signed."""
    item = {
        "additionalData": {"authCode": "044925"},
        "amount": {"currency": "USD", "value": 1000},
        "eventCode": "AUTHORISATION",
        "eventDate": "2026-11-23T12:00:00+01:00",
        "merchantAccountCode": MERCHANT,
        "merchantReference": "order_1001",
        "pspReference": PSP,
        "reason": "044925:1111:12/2090",
        "success": "true",
    }
    return {
        "live": "false",
        "notificationItems": [{"NotificationRequestItem": {**item, **fields}}],
    }


def signed(whole: dict[str, Any], secret: str = HMAC) -> bytes:
    """The webhook as Adyen would send it."""
    request = HandleEventRequest(body=json.dumps(whole).encode(), headers={})
    return connector.sign_event(request, account(secret))["prism-signed-body"].encode()


def told(raw: bytes, by: AdyenAccount | None = None) -> Event:
    """What a client of that account makes of a body."""
    own = by or account()
    given = {"api_key": own.api_key, "webhook_secret": own.webhook_secret}
    with Prism("adyen", merchant_account=own.merchant_account, **given) as prism:
        return prism.events.handle(body=raw, headers={})
