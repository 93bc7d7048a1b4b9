"""Fixtures of the Authorize.Net connector's tests, and the judge that no request escapes.

Every `HttpRequest` that any test builds, sent or not, is held against Authorize.Net's schema when
the test ends; the last line of the run says how many were, or that the schema is not installed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from prism_core import AsyncPrism, HttpRequest, Prism

from .authorizedotnet_schema import bindings, violations
from .authorizedotnet_server import Gateway

Ask = Callable[..., Any]
CREDENTIALS = {
    "api_login_id": "login_test",
    "transaction_key": "key_test_0000001",
    "currency": "USD",
}
TALLY = pytest.StashKey[dict[str, int]]()


class Judge:
    """Holds requests against the schema, each once, and counts."""

    def __init__(self, tally: dict[str, int]) -> None:
        self.built: list[HttpRequest] = []
        self._tally = tally

    def verdict(self) -> list[str]:
        """The violations of the requests built since the last verdict."""
        requests, self.built = self.built, []
        if bindings() is None:
            return []
        found: list[str] = []
        for request in requests:
            wrong = violations(request.body)
            self._tally["violations" if wrong else "valid"] += 1
            found += wrong
        return found


@pytest.fixture(autouse=True)
def judge(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Judge]:
    """Fails a test that built a request which the schema does not allow."""
    made = Judge(request.config.stash[TALLY])
    build: Callable[..., None] = HttpRequest.__init__

    def building(self: HttpRequest, *args: Any, **kwargs: Any) -> None:
        build(self, *args, **kwargs)
        made.built.append(self)

    monkeypatch.setattr(HttpRequest, "__init__", building)
    yield made
    wrong = made.verdict()
    assert not wrong, "not valid by AnetApiSchema.xsd: " + "; ".join(wrong)


@pytest.fixture(scope="session")
def serving() -> Iterator[Gateway]:
    """A server on loopback, for all tests."""
    server = Gateway()
    yield server
    server.close()


@pytest.fixture
def gateway(serving: Gateway) -> Gateway:
    """The server, which has seen nothing yet and answers by the test's script."""
    serving.seen.clear()
    serving.script.clear()
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


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TALLY] = {"valid": 0, "violations": 0}


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    tally = config.stash[TALLY]
    said = f"{tally['valid']} requests valid by AnetApiSchema.xsd, {tally['violations']} violations"
    if bindings() is None:
        said = "no request was held against AnetApiSchema.xsd: authorizenet is not installed"
    terminalreporter.write_line(f"prism-authorizedotnet: {said}")
