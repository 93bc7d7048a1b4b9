"""Acme's account: its credentials, its addresses, and the headers that a request has."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core import Account, Secret, bearer


class AcmeAccount(Account, frozen=True, kw_only=True):
    """An account at Acme."""

    api_key: Secret
    merchant: str | None = None
    webhook_secret: Secret | None = None
    urls = {"SANDBOX": "https://sandbox.acme.example"}
    idempotency_header = "Acme-Key"
    request_id_header = "Acme-Request"

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)
