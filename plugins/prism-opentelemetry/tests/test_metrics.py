"""Metrics: durations of calls and of requests, by outcome."""

from __future__ import annotations

import pytest

from prism_core import Prism, PrismError
from prism_core.runtime import retries

from .conftest import Telemetry
from .test_spans import asked, opened


def test_calls_are_measured_by_outcome(url: str, telemetry: Telemetry) -> None:
    """With few values for each attribute, and no id: operation, status, why it was declined."""
    with opened(Prism, url, telemetry, timeout=0.3, max_retries=0) as prism:
        for number, token in enumerate(("tok_approve", "tok_approve", "tok_insufficient_funds")):
            prism.payments.authorize(**asked(token, f"order_{number}"))
        with pytest.raises(PrismError):
            prism.payments.authorize(**asked("tok_hang", "order_4"))
    found = {
        one["attributes"]["prism.outcome"]: one for one in telemetry.points("prism.call.duration")
    }
    usual = {"prism.connector": "sandbox", "prism.operation": "payments.authorize"}
    assert {outcome: point["count"] for outcome, point in found.items()} == {
        "ok": 2,
        "declined": 1,
        "unknown": 1,
    }
    assert found["ok"]["attributes"] == {**usual, "prism.outcome": "ok", "prism.status": "CHARGED"}
    assert found["declined"]["attributes"] == {
        **usual,
        "prism.outcome": "declined",
        "prism.status": "AUTHORIZATION_FAILED",
        "prism.unified_code": "INSUFFICIENT_FUNDS",
    }
    assert found["unknown"]["attributes"] == {
        **usual,
        "prism.outcome": "unknown",
        "error.type": "TransportError",
    }
    assert 0.25 < found["unknown"]["sum"] < 5
    assert found["ok"]["explicit_bounds"][:3] == [0.005, 0.01, 0.025]


def test_requests_are_measured_as_http_clients_are(
    url: str, telemetry: Telemetry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the convention: seconds, its buckets, method, server, status, and an error's type."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    with opened(Prism, url, telemetry) as prism:
        prism.payments.authorize(**asked("tok_error", "order_5"))
        prism.payments.authorize(**asked("tok_decline", "order_6"))
    points = telemetry.points("http.client.request.duration")
    told = {
        one["attributes"]["http.response.status_code"]: one["attributes"].get("error.type")
        for one in points
    }
    assert told == {500: "500", 201: None, 402: None}
    for point in points:
        needed = {"http.request.method", "server.address", "server.port"}
        assert needed <= set(point["attributes"])
        assert point["explicit_bounds"][-1] == 10
