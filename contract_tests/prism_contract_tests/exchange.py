"""Exchanges: what a processor was asked and answered, as JSON files in a connector's package.

`exchanges/<operation>/<name>.json` holds a request in our schema, the wire requests it must become,
the wire answers, and the result or error it must come to. `exchanges/errors.json` holds the answers
that say what went wrong, each once, and `exchanges/defaults.json` what the others have in common.
`reading.load` reads them all.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from prism_core import HttpRequest, HttpResponse
from prism_core.connector.operations import request_type
from prism_core.schema.base import Request
from prism_core.schema.secrets import from_text

Kind = Literal[
    "success",
    "decline",
    "pending",
    "authentication_required",
    "validation_error",
    "authentication_error",
    "other",
]
_WAITING: dict[str, Kind] = {
    "AUTHENTICATION_PENDING": "authentication_required",
    "PENDING": "pending",
}
CORE_FIELDS = {
    *("status_code", "request_id", "idempotency_key"),
    *("attempts", "discrepancies", "not_sent"),
}
"""The fields of a result that the core fills in, and that an exchange need not list."""
SCHEMA_URL = "https://prism-payments.example/exchange.schema.json"


class WireRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A request on the wire. The body is `form` (decoded names to values, as sent), `json`, or
    `text` if it is of another kind; `headers` names those that must be there, in lower case,
    credentials as in `account`."""

    method: str
    path: str
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    form: dict[str, str] | None = None
    json: Any = None
    text: str | None = None


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


class NamedResponse(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An answer that another exchange has: `like` names it, and `changes` is a JSON Merge Patch
    (RFC 7396) of its JSON body. `authorize/success` is the last answer of that exchange,
    `authorize/success#0` its first."""

    like: str
    changes: Any = None
    status: int | None = None
    headers: dict[str, str] | None = None


class NamedStep(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A step that another exchange has; what is given here stands in place of the other's."""

    like: str
    request: WireRequest | None = None
    response: WireResponse | None = None


class ExpectedError(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The error that an exchange must end in: class name, outcome, the processor's own code."""

    type: str
    outcome: Literal["not_sent", "rejected", "unknown"]
    code: str | None = None


class ExpectedDecline(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The decline that an answer must become, a result with a failed status: the unified code and
    the processor's own."""

    unified: str
    code: str


class Exchange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One exchange. `result` lists the fields that the result must have; those of the core
    (attempts, status_code, idempotency_key) may be left out. `grants` are the steps for what
    calls share, such as an access token; without them, those of a success stand in.

    Four fields say, with a reason, what the processor documents and a check would take for wrong.
    They are red where they are not needed. `optional`: the values that an answer may lack (by their
    place, `steps[0].response.json.reason`), so that the status is another then. `no_status`: the
    answers have no status. `no_key`: the processor honours no idempotency key here, though
    elsewhere. `public`: long values that look like secrets and are none, by their place."""

    operation: str
    kind: Kind
    documentation: str
    account: dict[str, str] = {}
    request: dict[str, Any]
    steps: list[Step]
    grants: list[Step] = []
    result: dict[str, Any] | None = None
    error: ExpectedError | None = None
    optional: dict[str, str] = {}
    no_status: str | None = None
    no_key: str | None = None
    public: dict[str, str] = {}
    recorded: str | None = None
    """Where it was recorded and when, such as "localstripe 1.15, 2026-11-23"; None: by hand."""
    schema: str | None = msgspec.field(name="$schema", default=None)
    name: str = msgspec.field(name="$name", default="")
    """Set by `load`: operation and file name."""
    error_answer: str | None = msgspec.field(name="$error_answer", default=None)
    """Set by `load`: the name in errors.json, where this was made of an error answer."""
    decline: ExpectedDecline | None = msgspec.field(name="$decline", default=None)
    """Set by `load`: what an error answer must become that is neither a result nor an error."""

    @property
    def shows(self) -> Kind:
        """What it shows: the success of a processor that can do no better than send the customer to
        a page, or answer later, shows that, too."""
        status = (self.result or {}).get("status") if self.kind == "success" else None
        return _WAITING.get(str(status), self.kind)

    def build(self) -> Request:
        """The request in our schema. Raises `InvalidRequest` or `msgspec.ValidationError`."""
        request = dict(self.request)
        if isinstance(request.get("body"), str):  # an event's, which is bytes
            request["body"] = request["body"].encode()
        return msgspec.convert(request, request_type(self.operation), dec_hook=from_text)


class KnownAnswer(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """An answer that says what went wrong, and the `error` or the `decline` that it must become.
    It is tried on each of `operations`, or on all that send requests, in place of the answer to the
    request that `at` names: the last of the operation's success, the first, the one with that
    number (from 0), each of them, or the request for an access token. Its `kind` follows from the
    error, unless it is given."""

    documentation: str
    answer: WireResponse
    error: ExpectedError | None = None
    decline: ExpectedDecline | None = None
    operations: list[str] | None = None
    at: Literal["last", "first", "each", "token"] | int = "last"
    kind: Kind | None = None
    recorded: str | None = None

    @property
    def shows(self) -> Kind:
        """What it shows, as exchanges call it."""
        if self.kind is not None:
            return self.kind
        if self.error is None:
            return "decline"
        if self.error.type == "AuthenticationError":
            return "authentication_error"
        is_refused = self.error.outcome == "rejected" and self.error.type != "RateLimited"
        return "validation_error" if is_refused else "other"


class Defaults(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What every exchange has that does not say otherwise. A field of `account` that an exchange
    gives itself comes before the one here, and so do its `grants`."""

    account: dict[str, str] = {}
    grants: list[Step] = []
    schema: str | None = msgspec.field(name="$schema", default=None)


def looks_like_graphql(body: Any) -> bool:
    """Whether a JSON body is a GraphQL request's: it has a document, and not the words of a
    search, which have no braces."""
    query = body.get("query") if isinstance(body, dict) else None
    return isinstance(query, str) and "{" in query


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
        try:
            made.json = msgspec.json.decode(request.body)
        except msgspec.DecodeError:
            made.text = request.body.decode("utf-8", "replace")
    return made


def json_schema() -> dict[str, Any]:
    """The JSON Schema of an exchange file, for editors; `#/$defs/Errors` is that of errors.json,
    and `#/$defs/Defaults` that of defaults.json."""
    kinds = [Exchange, KnownAnswer, Defaults, NamedStep, NamedResponse]
    (schema, *_), components = msgspec.json.schema_components(kinds)
    defined: dict[str, Any] = {name: _or_named(one) for name, one in components.items()}
    for name in ("$name", "$error_answer", "$decline"):
        del defined["Exchange"]["properties"][name]
    defined["Errors"] = {
        "description": "The error answers of a connector, by a name for each.",
        "type": "object",
        "properties": {"$schema": {"type": "string"}},
        "additionalProperties": {"$ref": "#/$defs/KnownAnswer"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_URL,
        **schema,
        "$defs": defined,
    }


_NAMED = {
    f"#/$defs/{of}": f"#/$defs/{by}"
    for of, by in (("Step", "NamedStep"), ("WireResponse", "NamedResponse"))
}


def _or_named(schema: Any) -> Any:
    """A schema in which a step or an answer may stand by the name of another's."""
    if isinstance(schema, list):
        return [_or_named(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") in _NAMED:
        return {"anyOf": [schema, {"$ref": _NAMED[schema["$ref"]]}]}
    return {name: _or_named(one) for name, one in schema.items()}
