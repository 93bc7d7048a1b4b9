"""A Razorpay on this machine, and a judge: it answers what a test tells it, and no request escapes
the types of Razorpay's Node SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_razorpay
from prism_contract_tests.judging import judging
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "razorpay.openapi.json")
"""The document lies beside the repository, not in it."""
SETTINGS = read_settings(Path(prism_razorpay.__file__).parent)
found = (
    Description(json.loads(DOCUMENT.read_text("utf-8")), SETTINGS.openapi)
    if DOCUMENT.is_file()
    else None
)
judge = judging("prism-razorpay", DOCUMENT.name, found and found.violations)


class Razorpay:
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
def razorpay() -> Razorpay:
    """The processor."""
    return Razorpay()


@pytest.fixture
def prism(razorpay: Razorpay) -> Iterator[Prism]:
    """The installed connector, speaking to `razorpay`."""
    with Prism(
        "razorpay",
        key_id="rzp_test_example",
        key_secret="secret_example",
        webhook_secret="whsec_example",
        business_name="Acme Corp",
        transport=httpx.MockTransport(razorpay),
        max_retries=0,
    ) as opened:
        yield opened


@pytest.fixture
def payment() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a payment."""

    def made(**changes: Any) -> dict[str, Any]:
        known = {"id": "pay_1", "entity": "payment", "amount": 1000, "currency": "INR"}
        return {**known, "status": "captured", "captured": True, "order_id": "order_1", **changes}

    return made


@pytest.fixture
def order() -> Callable[..., dict[str, Any]]:
    """Makes an answer about an order."""

    def made(**changes: Any) -> dict[str, Any]:
        known = {"id": "order_1", "entity": "order", "amount": 1000, "currency": "INR"}
        return {**known, "receipt": "order_1001", "status": "attempted", "notes": [], **changes}

    return made
