"""Fixtures of the Authorize.Net connector's tests, and the judge that no request escapes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prism_contract_tests.judging import judging
from prism_core import AsyncPrism, Prism

from .authorizedotnet_schema import bindings, judged
from .authorizedotnet_server import Gateway

Ask = Callable[..., Any]
CREDENTIALS = {
    "api_login_id": "login_test",
    "transaction_key": "key_test_0000001",
    "currency": "USD",
}
judge = judging("prism-authorizedotnet", "AnetApiSchema.xsd", judged if bindings() else None)


@pytest.fixture(scope="session")
def serving() -> Iterator[Gateway]:
    """A server on loopback, for all tests."""
    server = Gateway()
    yield server
    server.close()


@pytest.fixture
def gateway(serving: Gateway) -> Gateway:
    """The server, which has seen nothing yet and answers by the test's script."""
    serving.begin()
    return serving


@pytest.fixture(scope="session")
def prism(serving: Gateway) -> Iterator[Prism]:
    """The installed connector, speaking to the scripted server."""
    with Prism("authorizedotnet", **CREDENTIALS, base_url=serving.url) as opened:
        yield opened


@pytest.fixture(params=["sync", "async"])
def ask(request: pytest.FixtureRequest, prism: Prism, serving: Gateway) -> Ask:
    """Calls an operation by its name, such as "payments.void", with the blocking client and with
    the async one."""

    def blocking(name: str, **fields: Any) -> Any:
        service, method = name.split(".")
        return getattr(getattr(prism, service), method)(**fields)

    def awaiting(name: str, **fields: Any) -> Any:
        async def run() -> Any:
            service, method = name.split(".")
            async with AsyncPrism("authorizedotnet", **CREDENTIALS, base_url=serving.url) as opened:
                return await getattr(getattr(opened, service), method)(**fields)

        return asyncio.run(run())

    return blocking if request.param == "sync" else awaiting
