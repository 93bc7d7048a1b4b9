"""Workers on PostgreSQL: none hangs, none ends with a traceback, and each says why it left rows."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from .conftest import PostgreSQL, Processor, Shell, ended
from .connector import source
from .test_failures import SCRIPT

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
RUN = ("-c", "bulk", "--operation", "customers.create", "--json", "--timeout", "2")
WORK = ("work", "--no-wait", "--timeout", "2")


@pytest.fixture
def there(processor: Start, shell: Shell, postgresql: PostgreSQL) -> Processor:
    """The processor, with the connector installed for it, and an empty database."""
    found = processor(seconds=0.01)
    shell.connector(source(), found)
    return found


def test_everything_at_once_on_an_empty_database(there: Processor, shell: Shell) -> None:
    """Workers and coordinators of one file begin in the same second; each row is done once."""
    file = shell.customers(200)
    runs = [shell.begin("run", file, *RUN, "--chunk", 20) for _ in range(2)]
    workers = [shell.begin(*WORK) for _ in range(2)]
    for one in [*runs, *workers]:
        end = ended(one)
        assert (end.code, "Traceback" in end.err) == (0, False), end.err
    assert ended(shell.begin(*WORK)).code == 0
    assert (there.facts()["made"], there.facts()["doubled"]) == (200, 0)


def test_two_files_with_the_same_rows_at_once(there: Processor, shell: Shell) -> None:
    """Neither load sees the other's rows before it is written: only one of them is a job."""
    files = [shell.customers(2000, "one.csv"), shell.customers(2001, "two.csv")]
    ends = [ended(one) for one in [shell.begin("run", f, *RUN, "--only-load") for f in files]]
    assert sorted(end.code for end in ends) == [0, 2]
    assert "would be done twice" in ends[0].err + ends[1].err


def test_a_worker_without_the_right_credentials_says_so(there: Processor, shell: Shell) -> None:
    """It does not wait for ever for rows that it cannot send; the job is not halted for others."""
    shell.run("run", shell.customers(20), *RUN, "--only-load")
    shell.environment["PRISM_BULK_API_KEY"] = "another"
    end = ended(shell.begin(*WORK))
    assert (end.code, "loaded with other credentials" in end.err) == (4, True)
    del shell.environment["PRISM_BULK_API_KEY"]
    end = ended(shell.begin(*WORK))
    assert (end.code, "set PRISM_BULK_API_KEY" in end.err) == (4, True)
    shell.environment["PRISM_BULK_API_KEY"] = "good"
    assert ended(shell.begin(*WORK)).code == 0
    assert there.facts()["made"] == 20


def test_a_worker_waits_for_a_database_that_restarts(
    there: Processor, shell: Shell, postgresql: PostgreSQL
) -> None:
    """It goes on by itself, and tells it in sentences."""
    shell.run("run", shell.customers(150), *RUN, "--only-load", "--rate", 25, "--chunk", 20)
    worker = shell.begin("work", "--timeout", "2")
    while there.facts().get("asked", 0) < 20:
        time.sleep(0.05)
    postgresql.stop("immediate")
    time.sleep(1)
    postgresql.start()
    deadline = time.monotonic() + 120
    while there.facts()["made"] < 150:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    worker.send_signal(signal.SIGTERM)
    end = ended(worker)
    assert (end.code, "Traceback" in end.err) == (0, False), end.err
    assert "waiting for the journal; nothing is sent" in end.err
    assert there.facts()["doubled"] == 0


def test_a_database_that_stays_away_ends_the_run(
    there: Processor, shell: Shell, postgresql: PostgreSQL
) -> None:
    """The counts cannot be read any more either; the exit code says that it ended early."""
    command = [sys.executable, "-c", SCRIPT, "batch", "run", str(shell.customers(200)), *RUN]
    run = subprocess.Popen(
        [*command, "--in-flight", "5", "--rate", "50", "--journal", shell.journal],
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while there.facts().get("asked", 0) < 20:
        time.sleep(0.05)
    postgresql.stop("immediate")
    try:
        end = ended(run)
    finally:
        postgresql.start()
    assert (end.code, "Traceback" in end.err) == (4, False), end.err
    assert "start the database" in end.err
    assert shell.run("run", shell.folder / "customers.csv", *RUN).code == 0
    assert (there.facts()["made"], there.facts()["doubled"]) == (200, 0)
