"""The connectors under fuzz, found by their folders, each with open clients that answer from
memory."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from prism_contract_tests.check import Failed
from prism_contract_tests.exchange import Exchange
from prism_contract_tests.replay import Desk, Ended
from prism_contract_tests.target import Target, open_target

_ROOT = Path(__file__).parents[2]


def _names() -> list[str]:
    projects = sorted(_ROOT.glob("plugins/*/pyproject.toml"))
    tables = [tomllib.loads(path.read_text("utf-8"))["project"] for path in projects]
    points = [table.get("entry-points", {}) for table in tables]
    return [name for one in points for name in one.get("prism.connectors", {})]


CONNECTORS = _names()

opened = lru_cache(open_target)
"""A connector's target, read once."""


_LONGEST = 60.0
"""Seconds after which a call is stopped: other work on the machine can delay one by some."""
_LONGEST_AT_WORK = 2.0
"""Seconds of its own work that no call may need."""


class _Desk(Desk):
    """An open client that judges a call by its own work, not by what else the machine does."""

    def __init__(self, target: Target, account: Mapping[str, Any]) -> None:
        super().__init__(target, account)
        self._longest = _LONGEST

    def call(self, operation: str, *given: Any) -> Ended:
        """As the kit's. Raises `Failed`."""
        started = time.process_time()
        ended = super().call(operation, *given)
        if time.process_time() - started > _LONGEST_AT_WORK:
            raise Failed(f"{operation} worked for more than {_LONGEST_AT_WORK} s")
        return ended


class Desks:
    """Open clients of one connector, one for each account that its exchanges use."""

    def __init__(self, name: str) -> None:
        self.target: Target = opened(name)
        self._stack = ExitStack()
        self._open: dict[str, Desk] = {}

    def of(self, exchange: Exchange) -> Desk:
        """The client for an exchange's account."""
        key = repr(sorted(exchange.account.items()))
        if key not in self._open:
            self._open[key] = self._stack.enter_context(_Desk(self.target, exchange.account))
        return self._open[key]

    def close(self) -> None:
        """Closes them all."""
        self._stack.close()


@pytest.fixture(params=CONNECTORS)
def desks(request: pytest.FixtureRequest) -> Iterator[Desks]:
    found = Desks(request.param)
    yield found
    found.close()
