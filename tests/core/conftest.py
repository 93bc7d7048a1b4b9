"""Fixtures of the core's tests: a client of Acme, and a processor with access tokens."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from support import Install, Server, acme_source

from prism_core import Prism
from prism_core.runtime import retries

from .granting import CHANGES, Processor


@pytest.fixture
def prism(acme: str, server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Prism]:
    """A client of the test connector at the scripted server, with short pauses."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.001)
    with Prism(acme, api_key="key_secret", base_url=server.url, timeout=5) as client:
        yield client


@pytest.fixture
def processor(server: Server, plugin: Install) -> Processor:
    """The test connector with access tokens, and its processor."""
    plugin("acme", acme_source(*CHANGES))
    return Processor(server)
