"""A Mollie on this machine: it answers what a test tells it, and keeps what it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from prism_core import Prism


class Mollie:
    """The answers that come next, and the requests that came."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0)

    def says(self, body: dict[str, Any], status: int = 200) -> None:
        """Adds an answer."""
        self.answers.append(httpx.Response(status, json=body))

    def sent(self) -> dict[str, Any]:
        """The body of the last request."""
        found: dict[str, Any] = json.loads(self.requests[-1].content)
        return found


@pytest.fixture
def mollie() -> Mollie:
    """The processor."""
    return Mollie()


@pytest.fixture
def prism(mollie: Mollie) -> Iterator[Prism]:
    """The installed connector, speaking to `mollie`."""
    transport = httpx.MockTransport(mollie)
    with Prism("mollie", api_key="test_example", transport=transport) as opened:
        yield opened


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        amount = {"currency": "EUR", "value": "10.00"}
        return {"id": "tr_1001", "status": "open", "amount": amount, **changes}

    return made
