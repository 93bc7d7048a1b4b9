"""Exchanges: what a processor was asked and answered, as JSON files in a connector's package.

A file holds a request in our schema, the wire requests it must become, the wire answers, and the
result or error it must come to. `exchanges/<operation>/<name>.json`, read with `load`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

from prism_core import HttpRequest, HttpResponse, Secret
from prism_core.connector.hookspecs import request_type
from prism_core.schema.base import Request

Kind = Literal[
    "success",
    "decline",
    "pending",
    "authentication_required",
    "validation_error",
    "authentication_error",
    "other",
]
FOLDER = "exchanges"
CORE_FIELDS = {
    *("status_code", "request_id", "idempotency_key"),
    *("attempts", "discrepancies", "not_sent"),
}
"""The fields of a result that the core fills in, and that an exchange need not list."""
SCHEMA_URL = "https://prism-payments.example/exchange.schema.json"


class WireRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request on the wire. The body is `form` (decoded names to values, as sent) or `json`;
    `headers` names those that must be there, in lower case, credentials as in `account`."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    form: dict[str, str] | None = None
    json: Any = None


class WireResponse(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An answer on the wire: `json`, or `text` for a body of another kind."""

    status: int
    headers: dict[str, str] = {}
    json: Any = None
    text: str | None = None

    def body(self) -> bytes:
        """The body's bytes; none where neither is given. A null alone is `text`."""
        if self.text is not None:
            return self.text.encode()
        return b"" if self.json is None else msgspec.json.encode(self.json)

    def answer(self) -> HttpResponse:
        """The answer as a flow is sent it."""
        return HttpResponse(
            self.status, {k.lower(): v for k, v in self.headers.items()}, self.body()
        )


class Step(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One request and its answer; a flow that yields twice has two steps."""

    request: WireRequest
    response: WireResponse


class ExpectedError(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The error that an exchange must end in: class name, outcome, the processor's own code."""

    type: str
    outcome: Literal["not_sent", "rejected", "unknown"]
    code: str | None = None


class Exchange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One exchange. `result` lists the fields that the result must have; those of the core
    (attempts, status_code, idempotency_key) may be left out. `grants` are the steps for what
    calls share, such as an access token; without them, those of a success stand in."""

    operation: str
    kind: Kind
    documentation: str
    account: dict[str, str]
    request: dict[str, Any]
    steps: list[Step]
    grants: list[Step] = []
    result: dict[str, Any] | None = None
    error: ExpectedError | None = None
    recorded: str | None = None
    """Where it was recorded and when, such as "localstripe 1.15, 2026-11-23"; None: by hand."""
    schema: str | None = msgspec.field(name="$schema", default=None)
    name: str = msgspec.field(name="$name", default="")
    """Set by `load`: operation and file name."""

    def build(self) -> Request:
        """The request in our schema. Raises `InvalidRequest` or `msgspec.ValidationError`."""
        request = dict(self.request)
        if isinstance(request.get("body"), str):  # an event's, which is bytes
            request["body"] = request["body"].encode()
        return msgspec.convert(request, request_type(self.operation), dec_hook=_secret)


def _secret(kind: type, value: Any) -> Any:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    if kind is Secret:
        raise ValueError(f"Expected `str`, got `{type(value).__name__}`")
    raise NotImplementedError(f"no {kind} in an exchange")


class BadExchange(Exception):
    """A file that is no exchange; the text says which and why, on one line."""

    def __init__(self, said: str) -> None:
        super().__init__(" ".join(said.split()))


def load(package: Path) -> list[Exchange]:
    """Every exchange in a connector's package, by operation and name. Raises `BadExchange`."""
    return [_load(path) for path in sorted((package / FOLDER).glob("*/*.json"))]


def _load(path: Path) -> Exchange:
    name = f"{path.parent.name}/{path.stem}"
    try:
        found = msgspec.json.decode(path.read_bytes(), type=Exchange)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as reason:
        raise BadExchange(f"{name}.json is no exchange: {reason}") from None
    if found.operation != path.parent.name:
        raise BadExchange(f"{name}.json is about {found.operation}; put it in that folder")
    if (found.result is None) == (found.error is None):
        raise BadExchange(f"{name}.json must have a result or an error, and not both")
    found.name = name
    return found


def wire_request(request: HttpRequest) -> WireRequest:
    """A request that a flow built, read back from its bytes."""
    from urllib.parse import parse_qsl, urlsplit

    parts = urlsplit(request.url)
    kind = request.headers.get("content-type", "")
    made = WireRequest(
        method=request.method,
        path=parts.path,
        query=dict(parse_qsl(parts.query, keep_blank_values=True)),
        headers=dict(request.headers),
    )
    if "form" in kind:
        made.form = dict(parse_qsl(request.body.decode(), keep_blank_values=True))
    elif request.body:
        made.json = msgspec.json.decode(request.body)
    return made


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an exchange file, for editors."""
    (schema,), components = msgspec.json.schema_components([Exchange])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_URL,
        **schema,
        "$defs": components,
    }
