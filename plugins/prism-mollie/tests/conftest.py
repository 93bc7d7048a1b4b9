"""A Mollie on this machine: it answers what a test tells it, and keeps what it was sent. Requests
are judged by Mollie's own description, where that lies beside the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_mollie
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

# https://github.com/mollie/openapi, as JSON.
DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "mollie.openapi.json")
judge = judging_by_openapi(prism_mollie, DOCUMENT)  # where it lies beside the repository


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
