"""Fixtures for the core's tests: a server on loopback that answers by script, and a small
connector of our own that is found the way every connector is, through installed metadata."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from summaries import pytest_terminal_summary
from support import Install, Server, acme_source, install

from prism_core.discovery import index, loading

__all__ = ["pytest_terminal_summary"]


@pytest.fixture
def server() -> Iterator[Server]:
    started = Server()
    yield started
    started.close()


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a plugin for one test: `plugin(name, source, ...)` gives the folder it is in."""
    before = set(sys.modules)

    def add(name: str, source: str | Mapping[str, str], **how: Any) -> Path:
        folder = tmp_path / how.pop("folder", "site")
        install(folder, name, source, **how)
        if str(folder) not in sys.path:
            monkeypatch.syspath_prepend(str(folder))
        index.refresh()
        return folder

    yield add
    index.refresh()
    loading._loaded.clear()
    for name in set(sys.modules) - before:
        if name.startswith("plugin_"):
            del sys.modules[name]


@pytest.fixture
def acme(plugin: Install) -> str:
    """The test connector, installed; gives its name."""
    plugin("acme", acme_source())
    return "acme"


@pytest.fixture(autouse=True)
def no_extensions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is installed here observes no call of the tests; one that needs an extension gives it,
    or sets the variable."""
    monkeypatch.setenv("PRISM_EXTENSIONS", "")
