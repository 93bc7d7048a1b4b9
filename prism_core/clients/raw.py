"""`request`: the caller's own requests to the processor, where the schema ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.runtime import raw
from prism_core.schema.raw import RawRequest, RawResult
from prism_core.schema.secrets import Secret

HttpMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class _Sent(Method[Any, RawRequest, RawResult]):
    """Declares the call under `request`, which has its name in errors and log records."""

    def __set_name__(self, owner: Any, name: str) -> None:
        self.name = self.method = "request"


class RawClient(Client):
    """A client that sends requests of the caller's own, blocking."""

    _send: Any = _Sent(raw.request, RawRequest, "Send a request of your own.")

    def request(
        self,
        method: HttpMethod,
        path: str,
        *ids: str | Secret,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
    ) -> Any:
        """Sends a request by the processor's own documentation, with the account's credentials, and
        returns the JSON of the answer (None without a body; decimal numbers are `Decimal`).

        `path` is what follows the account's base URL; the ids replace the `{}` in it, quoted. A
        link of an answer may stand there, too. A GET is repeated as any lookup; everything else
        only if nothing was sent, or with an `idempotency_key`: give one only where the processor
        honours it. In `json`, None is null; neither it nor `form` takes floats.

        Raises `PrismError` as every call; an error answer is a `ConnectorError`, a decline that
        has no 2xx status among them.
        """
        given: dict[str, Any] = {"method": method, "path": path, "ids": ids}
        given |= {"query": query, "json": json, "form": form, "headers": headers}
        given |= {
            "idempotency_key": idempotency_key,
            "timeout": timeout,
            "max_retries": max_retries,
        }
        del path, ids, query, json, form, headers  # tracebacks can show local variables
        try:
            return raw.document_of(self._send(**given).response)
        finally:
            given.clear()


class AsyncRawClient(AsyncClient):
    """A client that sends requests of the caller's own, for asyncio and trio."""

    _send: Any = _Sent(raw.request, RawRequest, "Send a request of your own.")

    async def request(
        self,
        method: HttpMethod,
        path: str,
        *ids: str | Secret,
        query: Mapping[str, str] | None = None,
        json: Mapping[str, object] | None = None,
        form: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        max_retries: int | None = None,
    ) -> Any:
        """Sends a request by the processor's own documentation; as `Prism.request`."""
        given: dict[str, Any] = {"method": method, "path": path, "ids": ids}
        given |= {"query": query, "json": json, "form": form, "headers": headers}
        given |= {
            "idempotency_key": idempotency_key,
            "timeout": timeout,
            "max_retries": max_retries,
        }
        del path, ids, query, json, form, headers  # tracebacks can show local variables
        try:
            return raw.document_of((await self._send(**given)).response)
        finally:
            given.clear()
