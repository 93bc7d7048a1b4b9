"""A Braintree on this machine: it answers what a test tells it, and its schema judges what it was
sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import prism_braintree
from prism_contract_tests.graphql_schema import Schema
from prism_contract_tests.judging import judging
from prism_contract_tests.target import read_settings
from prism_core import Prism

DOCUMENT = Path(__file__).parents[3].joinpath("..", "shared", "specs", "braintree.graphql")
ADDED = read_settings(Path(prism_braintree.__file__).parent).graphql
schema = Schema(f"{DOCUMENT.read_text()}\n{ADDED}") if DOCUMENT.is_file() else None
judge = judging("prism-braintree", DOCUMENT.name, schema and schema.violations)

ACCOUNT = {
    "public_key": "integration_public_key",
    "private_key": "integration_private_key",
    "merchant_accounts": "USD=shop_usd EUR=shop_eur JPY=shop_jpy KWD=shop_kwd",
}


class Braintree:
    """The answers that come next, and the requests that came."""

    def __init__(self) -> None:
        self.answers: list[dict[str, Any]] = []
        self.requests: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(json.loads(request.content))
        return httpx.Response(200, json=self.answers.pop(0))

    def says(self, field: str, value: object) -> None:
        """Adds an answer."""
        self.answers.append({"data": {field: value}})

    def refuses(self, **extensions: Any) -> None:
        """Adds an error."""
        self.answers.append({"errors": [{"message": "No", "extensions": extensions}]})

    def sent(self) -> dict[str, Any]:
        """The input of the last request."""
        found: dict[str, Any] = self.requests[-1]["variables"]["input"]
        return found


@pytest.fixture
def braintree() -> Braintree:
    """The processor."""
    return Braintree()


@pytest.fixture
def prism(braintree: Braintree) -> Iterator[Prism]:
    """The installed connector, speaking to `braintree`."""
    transport = httpx.MockTransport(braintree)
    with Prism("braintree", transport=transport, max_retries=0, **ACCOUNT) as opened:
        yield opened


@pytest.fixture
def transaction() -> Callable[..., dict[str, Any]]:
    """Makes an answer about a transaction."""

    def made(status: str = "AUTHORIZED", value: str = "10.00", **changes: Any) -> dict[str, Any]:
        amount = {"value": value, "currencyCode": changes.pop("currency", "USD")}
        return {
            "id": "transaction_1",
            "legacyId": "1a2b3c4d",
            "status": status,
            "orderId": "order_1001",
            "amount": amount,
            "initialRequestedAuthorizationAmount": amount,
            "customer": None,
            "paymentMethod": None,
            "paymentMethodSnapshot": {"__typename": changes.pop("kind", "VenmoAccountDetails")},
            "statusHistory": [{"status": status}],
            "refunds": [],
            "disputes": [],
            **changes,
        }

    return made
