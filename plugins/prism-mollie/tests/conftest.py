"""A Mollie on this machine: it answers what a test tells it, and keeps what it was sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from prism_contract_tests.processor import Processor
from prism_core import Prism


@pytest.fixture
def mollie() -> Processor:
    """The processor."""
    return Processor()


@pytest.fixture
def prism(mollie: Processor) -> Iterator[Prism]:
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
