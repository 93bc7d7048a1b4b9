"""The pytest fixture `prism_sandbox`: a running sandbox for the tests of an application.

pytest imports this in every run of an environment that has it, so it imports nothing of Prism
until a test asks for the fixture.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from prism_sandbox.testing import SandboxServer


@pytest.fixture(scope="session")
def prism_sandbox_server() -> Iterator[SandboxServer]:
    """One sandbox on a free port of 127.0.0.1 for the whole session, for fixtures that live longer
    than a test; `prism_sandbox` empties it for each test."""
    missing = _missing()
    if missing is not None:
        pytest.fail(
            f"prism_sandbox: {missing} is missing: pip install 'prism-payments-sandbox[server]'",
            pytrace=False,
        )
    from prism_sandbox.testing import serving

    with serving() as server:
        yield server


@pytest.fixture
def prism_sandbox(prism_sandbox_server: SandboxServer) -> Iterator[SandboxServer]:
    """A running sandbox that has seen nothing yet: `base_url`, `options` for a client, a ready
    `prism`, and the `webhooks` that it sends."""
    prism_sandbox_server.reset()
    yield prism_sandbox_server
    prism_sandbox_server.reset()


def _missing() -> str | None:
    """The package that the sandbox's server needs and that is not installed."""
    try:
        import prism_sandbox.testing  # noqa: F401 - asks whether it can be imported
    except ModuleNotFoundError as missing:
        return str(missing.name)
    return None
