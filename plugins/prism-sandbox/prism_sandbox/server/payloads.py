"""The test payloads of wallets: the texts that the wallets' own objects have, with the name of a
test token where the encrypted card would be."""

from __future__ import annotations

import base64
import json
from typing import Any

from prism_sandbox.server.errors import invalid
from prism_sandbox.server.rules import TOKENS


def apple_pay_token(text: str) -> str:
    """The test token in Apple Pay's `paymentData`: `data` is the token's name in base64."""
    payload = _object(text, "payment_method.payment_data")
    return _named(payload.get("data"), "payment_method.payment_data", "data")


def google_pay_token(text: str) -> str:
    """The test token in Google Pay's `tokenizationData.token`: in the JSON text `signedMessage`,
    `encryptedMessage` is the token's name in base64."""
    payload = _object(text, "payment_method.token")
    message = _object(payload.get("signedMessage"), "payment_method.token")
    return _named(message.get("encryptedMessage"), "payment_method.token", "encryptedMessage")


def _object(text: object, param: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise invalid(param, "Must be the text of the wallet's JSON object.", code="invalid_wallet")
    return found


def _named(value: object, param: str, where: str) -> str:
    try:
        name = base64.b64decode(value, validate=True).decode() if isinstance(value, str) else ""
    except ValueError:
        name = ""
    if name not in TOKENS:
        message = f"Its {where} must be the base64 of a test token's name, such as tok_approve."
        raise invalid(param, message, code="invalid_wallet")
    return name
