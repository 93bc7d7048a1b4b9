"""The sandbox's account: any key that begins with `sandbox_`, and where the sandbox listens."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core import Account, Secret, bearer

PORT = 8642


class SandboxAccount(Account, frozen=True, kw_only=True):
    """An account is any key that begins with `sandbox_`; nothing is registered anywhere."""

    api_key: Secret
    """Any text that begins with `sandbox_`. `prism sandbox` starts the server."""
    publishable_key: str = "pk_sandbox_page"
    """What a page uses (`/v1/tokens`): any key that begins with `pk_sandbox_`; it is public."""
    webhook_secret: Secret | None = None
    """What signs events; several with spaces between them while they are rotated."""

    urls = {"SANDBOX": f"http://127.0.0.1:{PORT}"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "X-Request-Id"
    successes = frozenset({200, 201})

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)
