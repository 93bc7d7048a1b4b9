"""A Square on this machine: it answers what a test tells it. Square's own description judges what
it was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_square
from prism_contract_tests.judging import judging
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "square.openapi.json")
AMENDED = read_settings(Path(prism_square.__file__).parent).openapi
found = Description(json.loads(DOCUMENT.read_text()), AMENDED) if DOCUMENT.is_file() else None
judge = judging("prism-square", DOCUMENT.name, found and found.violations)

URL = "https://shop.example/webhooks/square"


class Square:
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

    def sent(self, index: int = -1) -> dict[str, Any]:
        """The body of a request: the last one, or another."""
        body: dict[str, Any] = json.loads(self.requests[index].content)
        return body


@pytest.fixture
def square() -> Square:
    """The processor."""
    return Square()


@pytest.fixture
def prism(square: Square) -> Iterator[Prism]:
    """The installed connector, speaking to `square`."""
    with Prism(
        "square",
        access_token="token_example",
        location_id="L88917AVBK2S5",
        webhook_secret="signature_key_example",
        webhook_url=URL,
        transport=httpx.MockTransport(square),
    ) as opened:
        yield opened


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        amount = {"amount": 1000, "currency": "USD"}
        body = {"id": "pay_1001", "status": "COMPLETED", "amount_money": amount, **changes}
        return {"payment": body}

    return made
