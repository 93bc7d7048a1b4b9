"""Fixtures of the Adyen connector's tests, and the count of what Adyen's document judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prism_core import Prism

from .adyen_description import JUDGE
from .adyen_loopback import StandIn
from .adyen_samples import KEY, MERCHANT


@pytest.fixture(scope="session")
def opened() -> Iterator[tuple[Prism, StandIn]]:
    """The installed Adyen connector, and the server on loopback that it speaks to."""
    server = StandIn()
    url = server.url
    with Prism("adyen", api_key=KEY, merchant_account=MERCHANT, base_url=url) as prism:
        yield prism, server
    server.close()


@pytest.fixture
def standing_in(opened: tuple[Prism, StandIn]) -> Iterator[StandIn]:
    """The server with an empty script; what it got is held against Adyen's document."""
    _, server = opened
    server.begin()
    yield server
    server.judge()


@pytest.fixture
def adyen(opened: tuple[Prism, StandIn], standing_in: StandIn) -> Prism:
    """The installed Adyen connector, speaking to `standing_in`."""
    return opened[0]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Async tests run on both event loops."""
    return str(request.param)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if JUDGE.valid or JUDGE.violations:
        terminalreporter.write_line(
            f"prism-adyen: {JUDGE.valid} requests valid by adyen.openapi.json, "
            f"{JUDGE.violations} violations"
        )
