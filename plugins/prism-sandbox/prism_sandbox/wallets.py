"""Test payloads of Apple Pay and Google Pay: the texts that the wallets give, with the name of a
test token (`tok_approve`, `tok_decline`) where the encrypted card would be."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from prism_core import ApplePay, GooglePay


def apple_pay(token: str = "tok_approve") -> ApplePay:  # noqa: S107 - a name, no secret
    """Pays with a test token, as Apple Pay's `paymentData` does with a card."""
    payload = {"version": "EC_v1", "data": _hidden(token), "signature": "", "header": {}}
    return ApplePay(payment_data=_text(payload))


def google_pay(token: str = "tok_approve") -> GooglePay:  # noqa: S107 - a name, no secret
    """Pays with a test token, as Google Pay's `tokenizationData.token` does with a card."""
    message = _text({"encryptedMessage": _hidden(token), "tag": ""})
    payload = {"protocolVersion": "ECv2", "signature": "", "signedMessage": message}
    return GooglePay(token=_text(payload))


def _hidden(token: str) -> str:
    return base64.b64encode(token.encode()).decode()


def _text(payload: Mapping[str, object]) -> str:
    return json.dumps(payload, separators=(",", ":"))
