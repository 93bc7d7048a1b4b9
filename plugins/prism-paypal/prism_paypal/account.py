"""An account at PayPal, and the header that asks for whole answers."""

from __future__ import annotations

from prism_core import OAuthAccount

WHOLE = {"prefer": "return=representation"}
"""Answers with the whole object: https://developer.paypal.com/api/rest/requests/#prefer"""


class PayPalAccount(OAuthAccount, frozen=True, kw_only=True):
    """A REST app's client id and secret. https://developer.paypal.com/api/rest/authentication/"""

    webhook_id: str | None = None
    """The id of the webhook at PayPal, which its events are verified by."""

    urls = {"SANDBOX": "https://api-m.sandbox.paypal.com", "PRODUCTION": "https://api-m.paypal.com"}
    token_path = "/v1/oauth2/token"  # noqa: S105 - a path
    idempotency_header = "PayPal-Request-Id"
    request_id_header = "PayPal-Debug-Id"
    successes = frozenset({200, 201})  # https://developer.paypal.com/api/rest/responses/
