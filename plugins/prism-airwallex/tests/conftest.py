"""An Airwallex on this machine, and a judge: it answers what a test tells it, and no request
escapes the types of Airwallex's Node SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_airwallex
from prism_contract_tests.judging import judging_by_openapi
from prism_contract_tests.processor import Processor
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "airwallex.openapi.json")
judge = judging_by_openapi(prism_airwallex, DOCUMENT)  # where it lies beside the repository


class Airwallex(Processor):
    """The answers that come next, and the requests that came; a login is always answered."""

    def __init__(self) -> None:
        super().__init__()
        self.logins = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            self.logins += 1
            return httpx.Response(201, json={"token": f"token_{self.logins}"})
        return super().__call__(request)

    def text(self) -> str:
        """The body of the last request, digit by digit."""
        return self.requests[-1].content.decode()


@pytest.fixture
def airwallex() -> Airwallex:
    """The processor."""
    return Airwallex()


@pytest.fixture
def prism(airwallex: Airwallex) -> Iterator[Prism]:
    """The installed connector, speaking to `airwallex`."""
    with Prism(
        "airwallex",
        client_id="client_example",
        api_key="key_example",
        webhook_secret="whsec_example",
        transport=httpx.MockTransport(airwallex),
        max_retries=0,
    ) as opened:
        yield opened


@pytest.fixture
def intent() -> Callable[..., dict[str, Any]]:
    """Makes an answer about an intent."""

    def made(**changes: Any) -> dict[str, Any]:
        known = {"id": "int_1", "status": "SUCCEEDED", "amount": 10.0, "currency": "EUR"}
        return {**known, "captured_amount": 10.0, "merchant_order_id": "order_1001", **changes}

    return made
