"""Recording: one call to a real server, made into an exchange with nothing private in it.

What was sent and answered is never written. The request in our schema and the answers are
scrubbed, and the connector is replayed over them: its wire requests and its end go into the file,
so that all parts fit together and no credential was ever in one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from prism_contract_tests import scrub
from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import (
    CORE_FIELDS,
    SCHEMA_URL,
    Defaults,
    Exchange,
    ExpectedError,
    Kind,
    Step,
    WireRequest,
    WireResponse,
    wire_request,
)
from prism_contract_tests.formatting import formatted
from prism_contract_tests.replay import METHODS, Ended, call
from prism_contract_tests.scrubbed import (
    known_private,
    scrubbed_answer,
    scrubbed_grant,
    scrubbed_request,
)
from prism_contract_tests.target import Target
from prism_core import HttpResponse, Prism, PrismError
from prism_core.schema.base import Request
from prism_core.transport.own_httpx import SHARED

# What an HTTP client adds by itself.
_USUAL = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent"}


class RecordingRefused(Exception):
    """An exchange that will not be written; the text says why."""


class Recorder(httpx.BaseTransport):
    """httpx's own transport, keeping what it is answered."""

    def __init__(self) -> None:
        self.answers: list[HttpResponse] = []
        self.grants: list[HttpResponse] = []
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sends the request for real."""
        response = self._real.handle_request(request)
        try:
            body = b"".join(response.iter_raw())
        finally:
            response.close()
        kept = self.grants if request.extensions.get(SHARED) else self.answers
        kept.append(HttpResponse(response.status_code, _headers(response), body))
        return httpx.Response(response.status_code, headers=response.headers.raw, content=body)

    def close(self) -> None:
        """Closes the connections."""
        self._real.close()


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def record(
    target: Target,
    operation: str,
    kind: Kind,
    request: Mapping[str, Any],
    account: Mapping[str, Any],
    *,
    documentation: str,
    recorded: str,
) -> Exchange:
    """Runs one operation against the server that `account` names, and makes it an exchange.

    Raises `RecordingRefused` where nothing was answered, the end is not of that kind, or
    scrubbing changed what the connector makes of it. Ids stay as the server gave them.
    """
    made = Exchange(
        operation=operation,
        kind=kind,
        documentation=documentation,
        account=placeholders(target),
        request=dict(request),
        steps=[],
        recorded=recorded,
        schema=next((one.schema for one in target.exchanges if one.schema), SCHEMA_URL),
        name=f"{operation}/{kind}",
    )
    live, recorder = _call(target, operation, made.build(), account)
    _must_fit(kind, live)
    scrubber = scrub.Scrubber(
        known_private(account, scrub.secret_names(target.connector.info.account), made)
    )
    made.request = scrubbed_request(target, made.request, scrubber, operation)
    header = (target.connector.info.account.request_id_header or "").lower()
    answers = [scrubbed_answer(one, scrubber, header) for one in recorder.answers]
    grants = [scrubbed_grant(one, scrubber, header) for one in recorder.grants]
    _replay(target, made, answers, grants, live)
    found = list(scrub.leaks(msgspec.to_builtins(made), made.account.values()))
    if found:
        raise RecordingRefused("scrubbing left " + ", ".join(found))
    return made


def placeholders(target: Target) -> dict[str, str]:
    """The account that the plugin's exchanges use; one of the kit's making for the first."""
    for exchange in target.exchanges:
        return dict(exchange.account)
    fields = msgspec.structs.fields(target.connector.info.account)
    return {
        field.name: f"{field.name}_example"
        for field in fields
        if field.name not in ("environment", "base_url") and field.required
    }


def _call(
    target: Target, operation: str, request: Request, account: Mapping[str, Any]
) -> tuple[Ended, Recorder]:
    recorder = Recorder()
    service, method = METHODS[operation]
    options: dict[str, Any] = {"timeout": 30.0, **account, "max_retries": 0}
    ended = Ended()
    try:
        with Prism(target.name, transport=recorder, **options) as prism:
            ended.result = getattr(getattr(prism, service), method)(request)
    except PrismError as error:
        ended.error = error
    finally:
        options.clear()
        recorder.close()
    if not recorder.answers and not recorder.grants:
        raise RecordingRefused(f"nothing was answered: {ended.said()}")
    return ended, recorder


def _must_fit(kind: Kind, ended: Ended) -> None:
    """The end is of the kind that the author asked for."""
    status, error = ended.status or "", getattr(ended.result, "error", None)
    fits = {
        "success": ended.result is not None and error is None,
        "decline": error is not None,
        "pending": status in ("PENDING", "AUTHORIZING", "CAPTURE_INITIATED"),
        "authentication_required": status == "AUTHENTICATION_PENDING",
        "validation_error": ended.error is not None,
        "authentication_error": type(ended.error).__name__ == "AuthenticationError",
    }
    if not fits.get(kind, True):
        raise RecordingRefused(f"asked for a {kind}, and the call came to {ended.said()}")


def _replay(
    target: Target,
    made: Exchange,
    answers: list[WireResponse],
    grants: list[WireResponse],
    live: Ended,
) -> None:
    """Fills in the wire requests and the end, as the connector makes them of scrubbed data."""
    given, granted = ([one.answer() for one in each] for each in (answers, grants))
    try:
        ended = call(target, made.operation, made.build(), given, made.account, granted)
    except (Failed, PrismError) as problem:
        raise RecordingRefused(f"the scrubbed exchange does not replay: {problem}") from None
    if _fate(ended) != _fate(live) or len(ended.tape.wire) != len(answers):
        raise RecordingRefused(
            f"scrubbing changed the end from {_fate(live)} to {_fate(ended)}; "
            "write this exchange by hand"
        )
    made.steps = [
        Step(request=_shown(wire), response=answer)
        for wire, answer in zip(ended.tape.wire, answers, strict=True)
    ]
    made.grants = [
        Step(request=_shown(wire_request(request)), response=answer)
        for request, answer in zip(ended.tape.granted, grants, strict=True)
    ]
    made.result, made.error = _end(ended)


def _fate(ended: Ended) -> tuple[str, str | None]:
    if ended.error is not None:
        return type(ended.error).__name__, ended.error.outcome
    return type(ended.result).__name__, ended.status


def _shown(wire: WireRequest) -> WireRequest:
    kept = {name: value for name, value in wire.headers.items() if name not in _USUAL}
    return msgspec.structs.replace(wire, headers=kept)


def _end(ended: Ended) -> tuple[dict[str, Any] | None, ExpectedError | None]:
    error = ended.error
    if error is None:
        fields = ended.result.to_dict().items()
        return {name: value for name, value in fields if name not in CORE_FIELDS}, None
    details = getattr(error, "details", None)
    said = details.connector if details is not None else None
    code = said.code if said is not None else None
    return None, ExpectedError(type=type(error).__name__, outcome=error.outcome, code=code)


def as_json(exchange: Exchange, defaults: Defaults | None = None) -> str:
    """The exchange as its file holds it: what is left at its default is left out."""
    kept = {
        name: value
        for name, value in msgspec.to_builtins(exchange).items()
        if name not in ("$name", "$error_answer", "$decline") and value is not None
    }
    usual = defaults or Defaults()
    for part in ("account", "grants"):
        if getattr(exchange, part) == getattr(usual, part):
            kept.pop(part, None)
    ordered = {"$schema": kept.pop("$schema", None), **kept}
    for step in (*ordered.get("grants", ()), *ordered["steps"]):
        for part in ("request", "response"):
            bare = ("headers", "query")
            step[part] = {
                name: value
                for name, value in step[part].items()
                if value is not None and not (name in bare and not value)
            }
    return formatted(msgspec.json.encode(ordered))
