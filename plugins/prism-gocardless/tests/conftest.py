"""A GoCardless on this machine, and a judge: it answers what a test tells it, and no request
escapes the types of GoCardless's Node SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_gocardless
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "gocardless.openapi.json")
judge = judging_by_openapi(prism_gocardless, DOCUMENT)  # where it lies beside the repository


class GoCardless(Processor):
    """The answers that come next, and the requests that came."""

    def tells(self, name: str, body: dict[str, Any], status: int = 200) -> None:
        """Adds an answer: an object, inside the name of its resource."""
        self.answers.append(httpx.Response(status, json={name: body}))

    def told(self, name: str) -> dict[str, Any]:
        """The object of the last request."""
        found: dict[str, Any] = json.loads(self.requests[-1].content)[name]
        return found


@pytest.fixture
def gocardless() -> GoCardless:
    """The processor."""
    return GoCardless()


@pytest.fixture
def prism(gocardless: GoCardless) -> Iterator[Prism]:
    """The installed connector, speaking to `gocardless`."""
    transport = httpx.MockTransport(gocardless)
    with Prism("gocardless", access_token="token_example", transport=transport) as opened:
        yield opened


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        return {"id": "PM123", "status": "submitted", "amount": 1000, "currency": "EUR", **changes}

    return made
