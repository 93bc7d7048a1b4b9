"""A run that is killed with `kill -9` while calls are under way, at a processor that hangs, drops
answers and limits the rate: nothing is done twice, nothing is lost."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from .conftest import PostgreSQL, Processor, Shell, ended, killed_in_flight
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]

ROWS, KILLS = 300, 3
TROUBLES = {"hangs": 0.01, "drops": 0.005, "most_per_second": 120, "seconds": 0.02}
RUN = ("-c", "bulk", "--operation", "customers.create", "--json", "--timeout", "1")
SMALL = ("--in-flight", "20", "--chunk", "50")


def ids(shell: Shell) -> dict[str, str]:
    """The processor's ids in the report, by your id."""
    report = shell.run("report", "--csv", "--state", "done").out
    return {row["reference"]: row["result"] for row in csv.DictReader(io.StringIO(report))}


def killed_often(shell: Shell, processor: Processor, *more: str) -> int:
    """Runs with kills, each while calls are under way. Returns the number of those calls."""
    file, flying = shell.customers(ROWS), 0
    for _ in range(KILLS):
        run = shell.begin("run", file, *RUN, *SMALL, *more)
        cut = killed_in_flight(run, processor, ROWS // (KILLS + 2))
        assert cut > 0, "it must be killed while calls are under way"
        flying += cut
    return flying


def test_killed_and_resumed_each_row_is_done_once(processor: Start, shell: Shell) -> None:
    """The ids in the report are those that the processor has."""
    there = processor(**TROUBLES)
    shell.connector(source(), there)
    flying = killed_often(shell, there)
    end = shell.run("run", shell.folder / "customers.csv", *RUN, *SMALL)
    facts = there.facts()
    print(f"{KILLS} kills with {flying} calls under way: {facts}")  # noqa: T201
    assert (end.code, end.facts["done"]) == (0, ROWS)
    assert (facts["doubled"], facts["made"]) == (0, ROWS)
    assert facts["repeated"] > 0
    assert facts["limited"] > 0
    assert {own: [one] for own, one in ids(shell).items()} == there.made()


def test_two_workers_on_postgresql_do_each_row_once(
    processor: Start, shell: Shell, postgresql: PostgreSQL
) -> None:
    """Each is killed and begun again; Procrastinate brings the chunks, the journal decides."""
    there = processor(**TROUBLES)
    shell.connector(source(), there)
    loaded = shell.run("run", shell.customers(ROWS), *RUN, *SMALL, "--only-load")
    assert loaded.facts["new"] == ROWS, loaded.err
    words = ("work", "--no-wait", "--timeout", "1", "--in-flight", "10")
    flying = 0
    for worker in [shell.begin(*words), shell.begin(*words)]:
        flying += killed_in_flight(worker, there, ROWS // 5)
    assert flying > 0, "they must be killed while calls are under way"
    for worker in [shell.begin(*words), shell.begin(*words)]:
        assert ended(worker).code == 0
    status, facts = shell.run("status", "--json"), there.facts()
    print(f"2 kills with {flying} calls under way: {facts}")  # noqa: T201
    assert (status.code, status.facts["done"]) == (0, ROWS)
    assert (facts["doubled"], facts["made"]) == (0, ROWS)
    assert {own: [one] for own, one in ids(shell).items()} == there.made()


def test_keys_that_died_before_the_resume_are_not_used(processor: Start, shell: Shell) -> None:
    """What was under way is listed for a person: with a dead key it would be done twice."""
    there = processor(seconds=0.02)
    shell.connector(source(info="key_hours=2"), there)
    file = shell.customers(200)
    flying = killed_in_flight(shell.begin("run", file, *RUN, *SMALL), there, 60)
    assert flying > 0
    there.change(forget=True)
    shell.age(2 * 3600)
    end, facts = shell.run("run", file, *RUN, *SMALL), there.facts()
    assert (end.code, facts["doubled"]) == (3, 0)
    assert 0 < end.facts["unknown"] <= 20  # the calls that may be under way at once
    assert end.facts["unknown"] + end.facts["done"] == 200
    listed = shell.run("unknown")
    assert (listed.code, len(listed.out.splitlines())) == (3, end.facts["unknown"])


def test_a_processor_without_keys_does_nothing_twice(processor: Start, shell: Shell) -> None:
    """A row that may have been done is never sent again: these are at most the calls that were cut
    off by a kill, and those whose answers did not come."""
    there = processor(**TROUBLES, keys=False)
    shell.connector(source(keys=False), there)
    flying = killed_often(shell, there)
    end, facts = shell.run("run", shell.folder / "customers.csv", *RUN, *SMALL), there.facts()
    print(f"{KILLS} kills with {flying} calls under way: {facts}, {end.facts}")  # noqa: T201
    assert (end.code, facts["doubled"]) == (3, 0)
    assert end.facts["unknown"] + end.facts["done"] == ROWS
    assert end.facts["unknown"] <= KILLS * 20 + facts["hung"] + facts["dropped"]


def test_a_lookup_finds_what_was_cut_off(processor: Start, shell: Shell) -> None:
    """Without keys, a row that may have been done is looked up by your own id."""
    there = processor(seconds=0.02, keys=False)
    shell.connector(source(keys=False, lookups=True), there)
    file = shell.customers(200)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SMALL), there, 60) > 0
    end, facts = shell.run("run", file, *RUN, *SMALL), there.facts()
    assert facts["doubled"] == 0
    assert facts["looked_up"] > 0
    assert end.facts["done"] == facts["made"]
    assert end.facts["done"] + end.facts["unknown"] == 200
