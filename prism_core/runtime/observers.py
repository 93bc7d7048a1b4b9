"""Tells the extensions of a client what happens in a call. An extension that raises changes
nothing: its exception is logged once, and the call goes on."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from prism_core.connector.extensions import (
    INTERRUPTED,
    AnswerInfo,
    CallInfo,
    CallOutcome,
    EndInfo,
    RequestInfo,
)
from prism_core.connector.http import Declined, HttpRequest, HttpResponse, TokenRequest, path_in
from prism_core.discovery.extensions import Hooks, Implementation
from prism_core.errors import PrismError
from prism_core.errors.interruptions import raise_if_interruption
from prism_core.runtime import logs
from prism_core.runtime.bugs import place_of
from prism_core.runtime.ends import ids_of
from prism_core.schema.base import Attempt

if TYPE_CHECKING:
    from prism_core.runtime.call import Call

_reported: set[tuple[str, str]] = set()
"""The extensions and hooks whose failure is in the log."""


class Observers:
    """The extensions of a client, for one call."""

    def __init__(self, hooks: Hooks, call: Call) -> None:
        self._hooks = hooks
        self._base_path = path_in(call.account.base_url or "")
        self._requests: list[HttpRequest] = []
        """Those that were sent, also for an account that sends one again with a new token."""
        self._request: RequestInfo | None = None
        self._sent_at: float | None = None
        """When the request was sent that has no answer yet."""
        self._call = CallInfo(
            connector=call.connector.name,
            operation=call.method,
            ids=ids_of(call.request),
            idempotency_key=getattr(call.request, "idempotency_key", None),
        )

    def started(self) -> None:
        """The call begins."""
        self._tell(self._hooks["call_started"])

    def ready(self, request: HttpRequest) -> None:
        """A request is sent next."""
        before = sum(one is request for one in self._requests)
        self._requests.append(request)
        scheme, host, port = _server(request.url)
        template = request.template
        self._request = RequestInfo(
            number=len(self._requests),
            resend_count=before,
            is_token_request=isinstance(request, TokenRequest),
            method=request.method,
            scheme=scheme,
            host=host,
            port=port,
            path_template=None if template is None else self._base_path + template,
        )
        self._sent_at = time.monotonic()
        self._tell(self._hooks["request_ready"], request=self._request)

    def answered(self, answer: HttpResponse | Declined | PrismError, attempt: Attempt) -> None:
        """The request has an answer, or will get none."""
        error: str | None = None
        outcome: CallOutcome = "declined" if isinstance(answer, Declined) else "ok"
        if isinstance(answer, PrismError):
            error, outcome = type(answer).__name__, answer.outcome
        self._answered(outcome, attempt.status_code, error, attempt.seconds)

    def retrying(self, pause: float) -> None:
        """The request will be sent again."""
        self._tell(self._hooks["retry"], request=self._request, pause=pause)

    def ended(self, end: EndInfo) -> None:
        """The call is over. A request that has no answer yet was interrupted."""
        if self._sent_at is not None:
            self._answered("unknown", None, INTERRUPTED, time.monotonic() - self._sent_at)
        self._tell(reversed(self._hooks["call_ended"]), end=end)

    def _answered(
        self, outcome: CallOutcome, status_code: int | None, error: str | None, seconds: float
    ) -> None:
        self._sent_at = None
        answer = AnswerInfo(outcome=outcome, status_code=status_code, error=error, seconds=seconds)
        # Backwards, as at the end of the call: what began last is ended first.
        ends = reversed(self._hooks["answer_received"])
        self._tell(ends, request=self._request, answer=answer)

    def _tell(self, implementations: Iterable[Implementation], **given: Any) -> None:
        values = {"call": self._call, **given}
        for one in implementations:
            try:
                one.function(*[values[name] for name in one.arguments])
            except Exception as error:
                raise_if_interruption(error)
                _report(one, error)


def _report(one: Implementation, error: Exception) -> None:
    if (one.extension, one.hook) not in _reported:
        _reported.add((one.extension, one.hook))
        shown = (one.extension, one.hook, type(error).__name__, place_of(error))
        logs.warn("extension '%s' failed in %s with %s%s; the call goes on", *shown)


@lru_cache(maxsize=256)
def _server(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a URL. One that cannot be read is not sent."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return parts.scheme, parts.hostname or "", port
    except ValueError:
        return "", "", 0
