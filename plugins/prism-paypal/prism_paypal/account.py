"""An account at PayPal, and the header that asks for whole answers."""

from __future__ import annotations

from typing import TypeVar

from prism_core import HttpResponse, MalformedResponse, OAuthAccount

T = TypeVar("T")

WHOLE = {"prefer": "return=representation"}
"""Answers with the whole object: https://developer.paypal.com/api/rest/requests/#prefer"""


class PayPalAccount(OAuthAccount, frozen=True, kw_only=True):
    """A REST app's client id and secret. https://developer.paypal.com/api/rest/authentication/"""

    webhook_id: str | None = None
    """The id of the webhook at PayPal, which its events are verified by."""

    urls = {
        "SANDBOX": "https://api-m.sandbox.paypal.com",
        "PRODUCTION": "https://api-m.paypal.com",
    }
    idempotency_header = "PayPal-Request-Id"
    request_id_header = "PayPal-Debug-Id"

    def decode(self, response: HttpResponse, shape: type[T]) -> T:
        """As every account decodes, where the answer is one that PayPal documents: a success with
        a body is a 200 or a 201. https://developer.paypal.com/api/rest/responses/"""
        if response.status_code < 400 and response.status_code not in (200, 201):
            raise MalformedResponse(
                f"the answer is a {response.status_code}, and no documented 200 or 201"
            )
        return super().decode(response, shape)
