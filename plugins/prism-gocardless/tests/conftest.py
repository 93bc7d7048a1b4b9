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
from prism_contract_tests.judging import judging
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "gocardless.openapi.json")
"""The document lies beside the repository, not in it."""
SETTINGS = read_settings(Path(prism_gocardless.__file__).parent)
found = (
    Description(json.loads(DOCUMENT.read_text("utf-8")), SETTINGS.openapi)
    if DOCUMENT.is_file()
    else None
)
judge = judging("prism-gocardless", DOCUMENT.name, found.violations if found else None)


class GoCardless:
    """The answers that come next, and the requests that came."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.answers.pop(0)

    def says(self, name: str, body: dict[str, Any], status: int = 200) -> None:
        """Adds an answer: an object, inside the name of its resource."""
        self.answers.append(httpx.Response(status, json={name: body}))

    def sent(self, name: str) -> dict[str, Any]:
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
