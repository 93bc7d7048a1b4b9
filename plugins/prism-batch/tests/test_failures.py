"""What breaks around a run: the database, a clock, the disk, the credentials, a second coordinator.
Each time nothing is done twice or lost, and a sentence says what to do."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from .conftest import Ended, PostgreSQL, Processor, Shell, ended, killed_in_flight
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
RUN = ("-c", "bulk", "--operation", "customers.create", "--json", "--timeout", "2")
SLOW = ("--in-flight", "5", "--chunk", "20")
CLOCK = """
import time
_right = time.time
time.time = lambda: _right() + 3600
"""


def whole(end: Ended, there: Processor, rows: int) -> None:
    """Every row is done once."""
    facts = there.facts()
    assert (end.code, end.facts["done"]) == (0, rows), end.err
    assert (facts["doubled"], facts["made"]) == (0, rows)


def until(there: Processor, asked: int) -> None:
    """Waits until the processor was asked so often."""
    deadline = time.monotonic() + 30
    while there.facts().get("asked", 0) < asked:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_database_that_restarts_is_waited_for(
    processor: Start, shell: Shell, postgresql: PostgreSQL
) -> None:
    """It crashes while rows are under way; the run goes on by itself when it is back."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    run = shell.begin("run", shell.customers(200), *RUN, *SLOW)
    until(there, 30)
    postgresql.stop("immediate")
    time.sleep(0.5)
    postgresql.start()
    end = ended(run)
    whole(end, there, 200)
    assert "waiting for the journal; nothing is sent" in end.err
    assert "the journal is back" in end.err


def test_a_database_that_is_frozen_is_told(
    processor: Start, shell: Shell, postgresql: PostgreSQL
) -> None:
    """It keeps its connections and does not answer; the run says so, and goes on when it does."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    (shell.site / "sitecustomize.py").write_text("from prism_batch import writer; writer.SLOW = 1")
    run = shell.begin("run", shell.customers(100), *RUN, *SLOW)
    until(there, 30)
    with postgresql.frozen():
        time.sleep(2)
    end = ended(run)
    whole(end, there, 100)
    assert end.err.count("database has not answered for 1 s") == 1


def test_a_worker_whose_clock_is_an_hour_ahead_takes_nothing_from_others(
    processor: Start, shell: Shell, postgresql: PostgreSQL
) -> None:
    """Leases and the age of keys are by the database's clock."""
    there = processor(seconds=0.02)
    shell.connector(source(info="key_hours=2"), there)
    file = shell.customers(100)
    flying = killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 30)
    assert flying > 0
    right = shell.begin("run", file, *RUN, *SLOW)
    (shell.site / "sitecustomize.py").write_text(CLOCK)
    wrong = shell.begin("run", file, *RUN, *SLOW)
    ends = [ended(right), ended(wrong)]
    for end in ends:
        whole(end, there, 100)


def test_a_key_whose_age_is_not_known_is_not_used(processor: Start, shell: Shell) -> None:
    """The machine's clock was an hour ahead when the rows were sent, and is right now."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    file = shell.customers(60)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 20) > 0
    shell.age(-3600)
    end = shell.run("run", file, *RUN, *SLOW)
    assert (end.code, there.facts()["doubled"]) == (3, 0)
    assert end.facts["done"] + end.facts["unknown"] == 60
    assert "look it up at the processor" in shell.run("unknown").out


def test_a_full_disk_ends_the_run_and_more_space_lets_it_go_on(
    processor: Start, shell: Shell
) -> None:
    """Nothing more is sent once nothing can be written, and the sentence says to free space."""
    there = processor(seconds=0.01)
    shell.connector(source(), there)
    file = shell.customers(300)
    assert shell.run("run", file, *RUN, *SLOW, "--only-load").code == 0
    end = filled(shell, file)
    assert end.code == 4, end.err
    assert "free space on its disk, and run the same command again" in end.facts["ended_early"]
    made = there.facts()["made"]
    assert made < 300
    whole(shell.run("run", file, *RUN, *SLOW), there, 300)


SCRIPT = """
import sys
from prism_batch import writer
import prism_batch.worker as worker
writer.PATIENCE = 1.0
worker.run_all.__kwdefaults__["patience"] = 1.0
from prism_core.cli import main
main()
"""


def filled(shell: Shell, file: object) -> Ended:
    """Runs with the journal on a file system that has next to no space left."""
    disk = shell.folder / "disk"
    disk.mkdir()
    journal = shell.folder / "journal.db"
    size = journal.stat().st_size
    words = ["run", str(file), *RUN, *SLOW, "--journal", f"sqlite:///{disk}/journal.db"]
    command = [sys.executable, "-c", SCRIPT, "batch", *words]
    steps = (
        f"mount -t tmpfs -o size={size + 300_000} tmpfs {disk} && cp {journal} {disk}/ && "
        f'"$@"; code=$?; cp {disk}/journal.db* {shell.folder}/; exit $code'
    )
    apart = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
    probe = subprocess.run([*apart, "mount", "-t", "tmpfs", "tmpfs", disk], capture_output=True)
    if shutil.which("unshare") is None or probe.returncode:
        pytest.skip("a small file system cannot be mounted here")
    process = subprocess.Popen(
        [*apart, "sh", "-c", steps, "sh", *command],
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return ended(process)


def test_two_coordinators_share_the_rows(processor: Start, shell: Shell) -> None:
    """The same command twice at the same time: one job, each row once."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    file = shell.customers(200)
    both = [shell.begin("run", file, *RUN, *SLOW) for _ in range(2)]
    for end in [ended(one) for one in both]:
        whole(end, there, 200)
    assert len(shell.run("status", "--json").out.splitlines()) == 1


def test_a_cancelled_job_sends_nothing_more_until_it_is_let_go_on(
    processor: Start, shell: Shell
) -> None:
    """Cancelled in another process, it ends after what is under way."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    file = shell.customers(200)
    run = shell.begin("run", file, *RUN, *SLOW, "--rate", 10)
    until(there, 10)
    assert shell.run("cancel").code == 0
    end = ended(run)
    assert (end.code, end.facts["sent"]) == (4, 0)
    assert "cancel --undo lets it go on" in end.facts["ended_early"]
    asked = there.facts()["asked"]
    again = shell.run("run", file, *RUN)
    assert (again.code, there.facts()["asked"]) == (5, asked)
    assert "cancel --undo" in again.err
    shell.run("cancel", "--undo")
    whole(shell.run("run", file, *RUN, "--rate", 1000), there, 200)


def test_refused_credentials_halt_the_job(processor: Start, shell: Shell) -> None:
    """The others would be refused, too. Nothing was done, so the right ones may follow."""
    there = processor(api_key="other")
    shell.connector(source(), there)
    file = shell.customers(100)
    end = shell.run("run", file, *RUN)
    assert (end.code, end.facts["new"]) == (4, 100)
    assert "refuses the credentials: correct them" in end.facts["ended_early"]
    assert shell.run("status").code == 4
    shell.environment["PRISM_BULK_API_KEY"] = "other"
    whole(shell.run("run", file, *RUN), there, 100)


def test_another_account_does_not_go_on_with_a_job(processor: Start, shell: Shell) -> None:
    """It would do what was under way once more, at the other account."""
    there = processor(seconds=0.02)
    shell.connector(source(), there)
    file = shell.customers(60)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 20) > 0
    asked = there.facts()["asked"]
    shell.environment["PRISM_BULK_API_KEY"] = "another"
    end = shell.run("run", file, *RUN)
    assert (end.code, there.facts()["asked"]) == (5, asked)
    assert "loaded with other credentials" in end.err
    there.change(api_key="another")
    whole(shell.run("run", file, *RUN, "--new-key"), there, 60)


def test_ctrl_c_ends_after_what_is_under_way(processor: Start, shell: Shell) -> None:
    """No row is left of which nobody knows, and the same command goes on."""
    there = processor(seconds=0.1)
    shell.connector(source(), there)
    file = shell.customers(100)
    run = shell.begin("run", file, *RUN, *SLOW)
    until(there, 10)
    run.send_signal(signal.SIGINT)
    end = ended(run)
    assert (end.code, end.facts["sent"]) == (130, 0), end.err
    assert 0 < end.facts["done"] == there.facts()["made"] < 100
    whole(shell.run("run", file, *RUN), there, 100)


def test_a_processor_that_cannot_be_reached_is_told(processor: Start, shell: Shell) -> None:
    """The calls did not leave: every row can still be sent."""
    there = processor()
    shell.connector(source(), there)
    shell.environment["PRISM_BULK_BASE_URL"] = "http://127.0.0.1:9"
    script = SCRIPT.replace("import sys", "import prism_batch.rows as s\ns.UNREACHABLE = 0.5")
    command = [sys.executable, "-c", script, "batch", "run", str(shell.customers(20)), *RUN]
    process = subprocess.Popen(
        [*command, "--journal", shell.journal],
        env=shell.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    end = ended(process)
    assert (end.code, end.facts["new"]) == (4, 20)
    assert "see whether the processor can be reached" in end.facts["ended_early"]
