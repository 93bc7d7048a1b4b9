"""The sandbox's account: any key that begins with `sandbox_`, and where the sandbox listens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from prism_core import Account, HttpResponse, MalformedResponse, Secret, bearer

PORT = 8642
T = TypeVar("T")


class SandboxAccount(Account, frozen=True, kw_only=True):
    """An account is any key that begins with `sandbox_`; nothing is registered anywhere."""

    api_key: Secret
    webhook_secret: Secret | None = None
    """What signs events; several with spaces between them while they are rotated."""

    urls = {"SANDBOX": f"http://127.0.0.1:{PORT}"}
    idempotency_header = "Idempotency-Key"
    request_id_header = "X-Request-Id"

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)

    def decode(self, response: HttpResponse, shape: type[T]) -> T:
        """The answer as `shape`. The sandbox answers what it has done with 200 or 201."""
        if response.error is None and response.status_code not in (200, 201):
            status = response.status_code
            raise MalformedResponse(f"the answer has HTTP {status} instead of 200 or 201")
        return super().decode(response, shape)
