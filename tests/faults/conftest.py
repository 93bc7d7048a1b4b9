"""The fault tests' fixtures; what they measure is shown by summaries.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from faults.asking import CLIENTS
from faults.secure import trusting

from prism_core.runtime import retries
from prism_core.transport import tls

Measure = Callable[..., None]


@pytest.fixture
def measure(record_property: Callable[[str, object], None]) -> Measure:
    """Keeps what a test measured for the end of the run: `measure("kind", name=value, ...)`."""
    return lambda kind, **values: record_property(f"fault {kind}", values)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorter pauses between attempts; test_retries.py measures how long they really are."""
    monkeypatch.setattr(retries, "FIRST_PAUSE", 0.002)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process trusts the tests' authority, named as any system's would be."""
    for name, value in trusting(tmp_path).items():
        monkeypatch.setenv(name, value)
    tls.trusted.cache_clear()
    yield
    tls.trusted.cache_clear()


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> str:
    """Each kind of client."""
    return str(request.param)
