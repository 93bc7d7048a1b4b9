"""A Square on this machine: it answers what a test tells it. Square's own description judges what
it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_square
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "square.openapi.json")
judge = judging_by_openapi(prism_square, DOCUMENT)  # where it lies beside the repository

URL = "https://shop.example/webhooks/square"


@pytest.fixture
def square() -> Processor:
    """The processor."""
    return Processor()


@pytest.fixture
def prism(square: Processor) -> Iterator[Prism]:
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
