"""A Shift4 on this machine that answers what a test tells it; each request is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_shift4
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

# The description lies beside the repository, not in it.
DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "shift4.openapi.json")
judge = judging_by_openapi(prism_shift4, DOCUMENT)  # where it lies beside the repository


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
