"""The extension: a span for each call, one below it for each HTTP request, and their durations."""

from __future__ import annotations

from contextlib import suppress
from contextvars import Token
from importlib.metadata import version
from typing import NamedTuple

from opentelemetry import context, metrics, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from prism_core import hookimpl
from prism_core.connector.extensions import AnswerInfo, CallInfo, EndInfo, RequestInfo
from prism_opentelemetry import attributes

_NAME = "prism_opentelemetry"
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0)
"""The seconds that the convention advises for HTTP requests."""


class _Open(NamedTuple):
    """A span under way, and what makes it the current one."""

    span: Span
    token: Token[context.Context]


class OpenTelemetry:
    """Observes calls. Without arguments it uses the global providers; with providers of your own,
    give it to a client: `Prism(..., extensions=[OpenTelemetry(tracer_provider=...)])`."""

    def __init__(
        self,
        *,
        tracer_provider: trace.TracerProvider | None = None,
        meter_provider: metrics.MeterProvider | None = None,
    ) -> None:
        about = (_NAME, version("prism-payments-opentelemetry"))
        self._tracer = trace.get_tracer(*about, tracer_provider, attributes.SCHEMA)
        meter = metrics.get_meter(*about, meter_provider, attributes.SCHEMA)
        self._calls = meter.create_histogram(
            "prism.call.duration",
            unit="s",
            description="Duration of calls, with their repetitions.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )
        self._requests = meter.create_histogram(
            "http.client.request.duration",
            unit="s",
            description="Duration of HTTP client requests.",
            explicit_bucket_boundaries_advisory=_BUCKETS,
        )

    @hookimpl
    def call_started(self, call: CallInfo) -> None:
        """Begins the span of the call."""
        self._begin(call, call.operation, SpanKind.INTERNAL, attributes.of_call(call))

    @hookimpl
    def request_ready(self, call: CallInfo, request: RequestInfo) -> None:
        """Begins the span of a request, which is current while it is sent."""
        about = attributes.of_request(request)
        self._begin(call, attributes.name_of(request), SpanKind.CLIENT, about)

    @hookimpl
    def answer_received(self, call: CallInfo, request: RequestInfo, answer: AnswerInfo) -> None:
        """Ends it, and measures it."""
        found = attributes.of_answer(answer)
        self._requests.record(answer.seconds, {**attributes.of_server(request), **found})
        outcome = {"prism.outcome": answer.outcome}
        self._end(call, {**outcome, **found}, attributes.is_error(answer.outcome))

    @hookimpl
    def call_ended(self, call: CallInfo, end: EndInfo) -> None:
        """Ends the span of the call, and measures the call."""
        where = {"prism.connector": call.connector, "prism.operation": call.operation}
        self._calls.record(end.seconds, {**where, **attributes.of_outcome(end)})
        while self._opened(call):  # after an interruption, a request's span may be open, too
            self._end(call, attributes.of_end(end), attributes.is_error(end.outcome))

    def _opened(self, call: CallInfo) -> list[_Open]:
        opened: list[_Open] = call.state.setdefault(self, [])
        return opened

    def _begin(
        self, call: CallInfo, name: str, kind: SpanKind, about: attributes.Attributes
    ) -> None:
        span = self._tracer.start_span(name, kind=kind, attributes=about)
        token = context.attach(trace.set_span_in_context(span))
        self._opened(call).append(_Open(span, token))

    def _end(self, call: CallInfo, about: attributes.Attributes, is_error: bool) -> None:
        span, token = self._opened(call).pop()
        span.set_attributes(about)
        if is_error:
            span.set_status(Status(StatusCode.ERROR))
        span.end()
        # Not `context.detach`: it logs an error if a call that is given up ends in another context.
        with suppress(ValueError):
            token.var.reset(token)
