"""A Razorpay on this machine, and a judge: it answers what a test tells it, and no request escapes
the types of Razorpay's Node SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_razorpay
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "razorpay.openapi.json")
judge = judging_by_openapi(prism_razorpay, DOCUMENT)  # where it lies beside the repository


@pytest.fixture
def razorpay() -> Processor:
    """The processor."""
    return Processor()


@pytest.fixture
def prism(razorpay: Processor) -> Iterator[Prism]:
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
