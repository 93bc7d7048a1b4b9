"""Shared by the sandbox's tests: a sandbox for each file, its client, and the event loops."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prism_core import Prism
from prism_sandbox.server import running


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A sandbox of the test file's own."""
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def prism(url: str) -> Iterator[Prism]:
    """A client of it."""
    with Prism("sandbox", api_key="sandbox_tests", base_url=url) as client:
        yield client


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)
