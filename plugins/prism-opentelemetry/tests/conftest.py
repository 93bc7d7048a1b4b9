"""Shared by the tests of this plugin: a sandbox, and the SDK with exporters that keep all in
memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from prism_opentelemetry import OpenTelemetry
from prism_sandbox.server import running


class Telemetry:
    """The extension with an SDK of its own, and what it exported."""

    def __init__(self) -> None:
        self._exporter, self._reader = InMemorySpanExporter(), InMemoryMetricReader()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = self.provider.get_tracer("application")
        self.extension = OpenTelemetry(
            tracer_provider=self.provider, meter_provider=MeterProvider([self._reader])
        )

    @property
    def spans(self) -> list[ReadableSpan]:
        """Those that have ended, the first that began first."""
        return sorted(self._exporter.get_finished_spans(), key=lambda span: span.start_time or 0)

    def points(self, name: str) -> list[dict[str, Any]]:
        """The data points of a metric, as exporters write them."""
        scopes = self._exported()
        metrics = [one for scope in scopes for one in scope["metrics"] if one["name"] == name]
        return [point for one in metrics for point in one["data"]["data_points"]]

    def everything(self) -> str:
        """All that an exporter could send."""
        return json.dumps([span.to_json() for span in self.spans]) + json.dumps(self._exported())

    def _exported(self) -> list[dict[str, Any]]:
        data = self._reader.get_metrics_data()
        found = [] if data is None else json.loads(data.to_json())["resource_metrics"]
        return [scope for resource in found for scope in resource["scope_metrics"]]


@pytest.fixture
def telemetry() -> Telemetry:
    return Telemetry()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox of the test file's own."""
    with running(hang_seconds=5) as started:
        yield started


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
