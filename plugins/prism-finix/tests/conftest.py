"""A Finix on this machine: it answers what a test tells it, and keeps what it was sent. Requests
are judged by the processor's own description, where that lies beside the repository."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_finix
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "finix.openapi.json")
judge = judging_by_openapi(prism_finix, DOCUMENT)  # where it lies beside the repository
ACCOUNT: dict[str, Any] = {
    "username": "USexample",
    "password": "password_example",
    "merchant": "MUshop",
}


class Finix(Processor):
    """The answers that come next, and the requests that came."""

    def tells(self, *bodies: dict[str, Any], status: int = 200) -> None:
        """Adds answers."""
        self.answers += [httpx.Response(status, json=body) for body in bodies]


@pytest.fixture
def finix() -> Finix:
    """The processor."""
    return Finix()


@pytest.fixture
def prism(finix: Finix) -> Iterator[Prism]:
    """The installed connector, speaking to `finix`."""
    transport = httpx.MockTransport(finix)
    with Prism("finix", **ACCOUNT, transport=transport, max_retries=0) as opened:
        yield opened


@pytest.fixture
def card() -> dict[str, Any]:
    """A payment instrument."""
    kind = {"instrument_type": "PAYMENT_CARD", "brand": "VISA", "last_four": "1111"}
    return {"id": "PIcard42", "identity": "IDbuyer42", "enabled": True, **kind}


@pytest.fixture
def transfer() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a transfer."""

    def made(**changes: Any) -> dict[str, Any]:
        paid = {"amount": 1000, "currency": "USD", "source": "PIcard42", "type": "DEBIT"}
        return {"id": "TRpaid1001", "state": "SUCCEEDED", **paid, **changes}

    return made


@pytest.fixture
def hold() -> Callable[..., dict[str, Any]]:
    """Makes an answer about an authorization."""

    def made(**changes: Any) -> dict[str, Any]:
        held = {"amount": 1000, "amount_requested": 1000, "currency": "USD", "source": "PIcard42"}
        state = {"state": "SUCCEEDED", "is_void": False, "void_state": "UNATTEMPTED"}
        return {"id": "AUheld1001", **held, **state, "transfer": None, **changes}

    return made
