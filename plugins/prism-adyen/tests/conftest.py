"""Fixtures of the Adyen connector's tests, and the judge that no request of theirs escapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prism_contract_tests.judging import judging
from prism_core import Prism

from .adyen_description import document, violations
from .adyen_loopback import StandIn
from .adyen_samples import KEY, MERCHANT

judge = judging("prism-adyen", "adyen.openapi.json", violations if document() else None)


@pytest.fixture(scope="session")
def opened() -> Iterator[tuple[Prism, StandIn]]:
    """The installed Adyen connector, and the server on loopback that it speaks to."""
    server = StandIn()
    url = server.url
    with Prism("adyen", api_key=KEY, merchant_account=MERCHANT, base_url=url) as prism:
        yield prism, server
    server.close()


@pytest.fixture
def standing_in(opened: tuple[Prism, StandIn]) -> StandIn:
    """The server with an empty script."""
    _, server = opened
    server.begin()
    return server


@pytest.fixture
def adyen(opened: tuple[Prism, StandIn], standing_in: StandIn) -> Prism:
    """The installed Adyen connector, speaking to `standing_in`."""
    return opened[0]


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """Async tests run on both event loops."""
    return str(request.param)
