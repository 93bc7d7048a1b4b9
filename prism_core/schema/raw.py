"""A request of the caller's own to the processor, where the schema ends (`prism.request`)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from prism_core.schema.base import Request, Result
from prism_core.schema.checks import IdempotencyKey, JsonObject
from prism_core.schema.secrets import Secret


class HttpMethod(StrEnum):
    """The method of an HTTP request. All but GET may change something."""

    GET = "GET"
    POST = "POST"
    PUT = "PUT"
    PATCH = "PATCH"
    DELETE = "DELETE"


class RawRequest(Request, frozen=True, kw_only=True):
    """A request by the processor's own documentation: `path` is what follows the account's base
    URL, and the `ids` replace the `{}` in it."""

    method: HttpMethod
    path: str
    ids: tuple[str | Secret, ...] = ()
    query: Mapping[str, str] | None = None
    json: JsonObject | None = None
    form: JsonObject | None = None
    headers: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    makes_key = False
    reference_field = "merchant_transaction_id"  # it has none

    def __post_init__(self) -> None:
        super().__post_init__()
        bodies = [name for name in ("json", "form") if getattr(self, name) is not None]
        if len(bodies) > 1:
            raise self._invalid("form", "and json cannot both be given")
        if bodies and self.method is HttpMethod.GET:
            raise self._invalid(bodies[0], "cannot be given with GET; give a query")
        if self.idempotency_key is not None and self.method is HttpMethod.GET:
            raise self._invalid(
                "idempotency_key", "cannot be given with GET, which changes nothing"
            )


class RawResult(Result, frozen=True, kw_only=True):
    """That the processor has answered; `response` is what."""
