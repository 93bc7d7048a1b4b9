"""A Shift4 on this machine that answers what a test tells it; each request is judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_shift4
from prism_contract_tests.judging import judging
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import Prism

# The description lies beside the repository, not in it.
DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "shift4.openapi.json")
AMENDED = read_settings(Path(prism_shift4.__file__).parent).openapi
found = Description(json.loads(DOCUMENT.read_text()), AMENDED) if DOCUMENT.is_file() else None
judge = judging("prism-shift4", DOCUMENT.name, found and found.violations)


class Processor:
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
        body: dict[str, Any] = json.loads(self.requests[-1].content)
        return body


@pytest.fixture
def shift4() -> Processor:
    """The processor."""
    return Processor()


@pytest.fixture
def prism(shift4: Processor) -> Iterator[Prism]:
    """The installed connector, speaking to `shift4`."""
    transport = httpx.MockTransport(shift4)
    with Prism("shift4", api_key="sk_test_example", transport=transport) as opened:
        yield opened


@pytest.fixture
def charge() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a charge."""

    def made(**changes: Any) -> dict[str, Any]:
        usual = {"id": "char_1", "status": "successful", "amount": 1000, "currency": "EUR"}
        return {**usual, "captured": True, "refunded": False, "objectType": "charge", **changes}

    return made
