"""Every fault of the table, met by every kind of client: the end is the one that is true."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import pytest
from faults.asking import CLIENTS, SECRETS, End, leaks, opened
from faults.conftest import Measure
from faults.servers import Seen
from faults.table import TABLE, Row


class Met(NamedTuple):
    """What came of a row: the call's end, what an error tracker finds in it, and what arrived."""

    end: End
    leaks: list[str]
    seen: list[Seen]


pytestmark = pytest.mark.usefixtures("quick")


@cache
def _met_by_all(row: Row) -> dict[str, Met]:
    """Runs a row once for all its tests, with every client at the same time."""

    def meet(client: str) -> Met:
        with row.place() as server:
            options = {"timeout": row.timeout, "max_retries": row.retries}
            with opened(client, server.url, **options, **row.options(client, server)) as ask:
                end = ask(row.method, **dict(row.changes))
            return Met(end, [] if end.error is None else leaks(end.error), list(server.seen))

    with ThreadPoolExecutor(len(CLIENTS)) as pool:
        return dict(zip(CLIENTS, pool.map(meet, CLIENTS), strict=True))


def met(row: Row, client: str) -> Met:
    """What came of a row for one client."""
    return _met_by_all(row)[client]


rows = pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.name}, {row.method}")


def told(end: End) -> str:
    """An end in a few words, for the report."""
    kind = "result" if end.error is None else type(end.error).__name__
    return f"{kind} {end.outcome or ''} attempts={end.attempts}"


@rows
def test_every_fault_ends_as_the_table_says(row: Row, client: str, measure: Measure) -> None:
    """Whatever a processor or a network does, a call ends in time in the error (or result) that
    is true, and shows every attempt; the server got exactly the requests that it says."""
    end, _, seen = met(row, client)
    measure(
        "row",
        fault=row.name,
        method=row.method,
        client=client,
        end=told(end),
        seconds=end.seconds,
        timeout=row.timeout,
    )
    kind = None if end.error is None else type(end.error)
    assert (kind, end.attempts, len(seen)) == (row.error, row.attempts, row.requests)
    assert end.outcome in row.outcomes
    assert getattr(end.error, "reason", None) in row.reasons(end.outcome)
    assert end.seconds < row.timeout + 0.5


@rows
def test_a_key_is_stable_and_given_back(row: Row, client: str) -> None:
    """However a POST ends, the caller has the key that went with every attempt, and the attempts
    are the same to the byte; a GET carries none."""
    end, _, seen = met(row, client)
    assert (end.key is None) == (row.method == "get")
    assert {request.key for request in seen} <= {end.key}
    assert len({(request.method, request.path, request.body) for request in seen}) <= 1


@rows
def test_no_error_shows_a_secret(row: Row, client: str) -> None:
    """An error tracker that stores a failure with every local variable of every frame, and of
    every error it is chained to, stores no credential, card number, CVC or name."""
    found = met(row, client)
    assert found.leaks == []
    if found.end.error is not None:
        assert found.end.error.__cause__ is found.end.error.__context__ is None


FOREIGN = """
def fail(body):
    try:
        raise ValueError("no")
    except ValueError:
        raise KeyError("x") from None
"""


def test_what_would_leak_is_found() -> None:
    """The search above sees a secret in a local variable of a hidden error of foreign code."""
    space: dict[str, Any] = {}
    exec(compile(FOREIGN, "elsewhere.py", "exec"), space)
    with pytest.raises(KeyError) as caught:
        space["fail"]({"form": [f"number={SECRETS[1]}".encode()]})
    assert f"{SECRETS[1]} in elsewhere.py:fail (body)" in leaks(caught.value)
