"""The attributes of spans and measurements. HTTP: OpenTelemetry's semantic conventions 1.44,
https://opentelemetry.io/docs/specs/semconv/http/http-spans/ and .../http-metrics/"""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.connector.extensions import AnswerInfo, CallInfo, EndInfo, RequestInfo

Attributes = dict[str, str | int | float | bool]
SCHEMA = "https://opentelemetry.io/schemas/1.44.0"
ERROR_TYPE = "error.type"
_KNOWN_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
_PORTS = {"http": 80, "https": 443}
_REDACTED = "REDACTED"


def of_call(call: CallInfo) -> Attributes:
    """What is known when a call begins; samplers see it."""
    found: Attributes = {
        "prism.connector": call.connector,
        "prism.operation": call.operation,
        **_ids(call.ids),
    }
    if call.idempotency_key is not None:
        found["prism.idempotency_key"] = call.idempotency_key
    return found


def of_end(end: EndInfo) -> Attributes:
    """What is known of a call when it has ended."""
    known = {
        "prism.request_id": end.request_id,
        "prism.idempotency_key": end.idempotency_key,
        "prism.attempts": end.attempts,
    }
    found = {name: value for name, value in known.items() if value is not None}
    return {**found, **_ids(end.ids), **of_outcome(end)}


def of_outcome(end: EndInfo) -> Attributes:
    """How a call ended, by few values: for spans, and for metrics."""
    known = {
        "prism.outcome": end.outcome,
        "prism.status": end.status,
        "prism.unified_code": end.unified_code,
    }
    found: Attributes = {name: value for name, value in known.items() if value is not None}
    if is_error(end.outcome):
        found[ERROR_TYPE] = end.error or end.status or end.outcome
    return found


def is_error(outcome: str) -> bool:
    """Whether an outcome is an error of a span. A decline is none: the processor did what it was
    asked, and the customer's bank refused."""
    return outcome not in ("ok", "declined")


def of_request(request: RequestInfo) -> Attributes:
    """The required attributes of an HTTP client span, and those of a repetition."""
    found: Attributes = {**of_server(request), "url.full": _url(request)}
    if request.path_template:
        found["url.template"] = request.path_template
    if request.method not in _KNOWN_METHODS:
        found["http.request.method_original"] = request.method
    if request.resend_count:
        found["http.request.resend_count"] = request.resend_count
    if request.is_token_request:
        found["prism.token_request"] = True
    return found


def of_server(request: RequestInfo) -> Attributes:
    """Method and server: the required attributes of the HTTP metrics."""
    is_known = request.method in _KNOWN_METHODS
    return {
        "http.request.method": request.method if is_known else "_OTHER",
        "server.address": request.host,
        "server.port": request.port,
    }


def of_answer(answer: AnswerInfo) -> Attributes:
    """What came of a request. The type of an error is the status, or the class if there is none."""
    found: Attributes = {}
    if answer.status_code is not None:
        found["http.response.status_code"] = answer.status_code
    if is_error(answer.outcome):
        is_status = answer.status_code is not None and answer.status_code >= 400
        found[ERROR_TYPE] = str(answer.status_code if is_status else answer.error)
    return found


def name_of(request: RequestInfo) -> str:
    """The name of an HTTP client span: method and template, no id."""
    method = request.method if request.method in _KNOWN_METHODS else "HTTP"
    return f"{method} {request.path_template}" if request.path_template else method


def _ids(ids: Mapping[str, str]) -> dict[str, str]:
    return {f"prism.{name}": value for name, value in ids.items()}


def _url(request: RequestInfo) -> str:
    """The URL without ids and query, which may be secret: the convention wants such content
    replaced by this word."""
    host = f"[{request.host}]" if ":" in request.host else request.host
    port = "" if _PORTS.get(request.scheme) == request.port else f":{request.port}"
    path = request.path_template
    shown = f"/{_REDACTED}" if path is None else path.replace("{}", _REDACTED)
    return f"{request.scheme}://{host}{port}{shown}"
