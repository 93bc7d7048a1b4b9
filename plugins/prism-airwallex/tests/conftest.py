"""An Airwallex on this machine, and a judge: it answers what a test tells it, and no request
escapes the types of Airwallex's Node SDK."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_airwallex
from prism_contract_tests.judging import judging
from prism_contract_tests.openapi import Description
from prism_contract_tests.target import read_settings
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "airwallex.openapi.json")
"""The document lies beside the repository, not in it."""
SETTINGS = read_settings(Path(prism_airwallex.__file__).parent)
found = (
    Description(json.loads(DOCUMENT.read_text("utf-8")), SETTINGS.openapi)
    if DOCUMENT.is_file()
    else None
)
judge = judging("prism-airwallex", DOCUMENT.name, found and found.violations)


class Airwallex:
    """The answers that come next, and the requests that came; a login is always answered."""

    def __init__(self) -> None:
        self.answers: list[httpx.Response] = []
        self.requests: list[httpx.Request] = []
        self.logins = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/login"):
            self.logins += 1
            return httpx.Response(201, json={"token": f"token_{self.logins}"})
        self.requests.append(request)
        return self.answers.pop(0)

    def says(self, body: dict[str, Any], status: int = 200) -> None:
        """Adds an answer."""
        self.answers.append(httpx.Response(status, json=body))

    def sent(self) -> str:
        """The body of the last request."""
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
