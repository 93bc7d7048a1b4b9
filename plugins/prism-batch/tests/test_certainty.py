"""What is known of a row stays true: a row that may have been done is never sent again without its
key, and what nobody knows is neither done nor failed."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Callable

import pytest

from .conftest import Processor, Shell, ended, killed_in_flight
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
RUN = ("-c", "bulk", "--operation", "customers.create", "--json", "--timeout", "2")
CHARGE = ("-c", "bulk", "--operation", "recurring.charge", "--json")
SLOW = ("--in-flight", "5", "--chunk", "20")


def renewals(shell: Shell, *references: str, amount: str = "10.00") -> object:
    """A file of renewals."""
    file = shell.folder / "renewals.csv"
    rows = "".join(f"{one},{amount},EUR,m\n" for one in references)
    file.write_text(f"merchant_transaction_id,amount,currency,connector_mandate_id\n{rows}")
    return file


def wait_for(count: Callable[[], int], least: int) -> None:
    """Waits until something was counted so often."""
    deadline = time.monotonic() + 30
    while count() < least:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("trouble", ["a 429", "no connection", "refused credentials"])
def test_trouble_in_a_resume_does_not_make_a_row_new(
    processor: Start, shell: Shell, trouble: str
) -> None:
    """A run is killed, the next one cannot get its rows through, and then their keys die: what was
    under way in the first run may have been done all the same."""
    there = processor(seconds=0.05)
    shell.connector(source(info="key_hours=2"), there)
    file = shell.customers(60)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 20) > 0
    if trouble == "refused credentials":
        there.change(api_key="other")
        assert shell.run("run", file, *RUN, *SLOW).code == 4
        there.change(api_key="good")
    else:
        if trouble == "a 429":
            there.change(refuses="all")
        else:
            shell.environment["PRISM_BULK_BASE_URL"] = "http://127.0.0.1:9"
        run = shell.begin("run", file, *RUN, *SLOW)
        time.sleep(3)
        run.kill()
        run.communicate()
        there.change(refuses=None)
        shell.environment["PRISM_BULK_BASE_URL"] = there.url
    there.change(forget=True)
    shell.age(2 * 3600)
    end = shell.run("run", file, *RUN, *SLOW)
    assert (end.code, there.facts()["doubled"]) == (3, 0)
    assert end.facts["unknown"] + end.facts["done"] == 60


def test_a_row_that_was_refused_and_sent_again_at_once_is_sent(
    processor: Start, shell: Shell
) -> None:
    """A 429 asks for no pause: that it was refused and that it leaves again are written together.
    Without keys, what the killed run has sent must not look as if it were new."""
    there = processor(seconds=0.05, keys=False, refuses="once", retry_after=0)
    shell.connector(source(keys=False), there)
    file = shell.customers(60)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 20) > 0
    end = shell.run("run", file, *RUN, *SLOW)
    assert (end.code, there.facts()["doubled"]) == (3, 0)
    assert end.facts["unknown"] + end.facts["done"] == 60


def test_a_key_that_dies_while_its_row_waits_is_not_used(processor: Start, shell: Shell) -> None:
    """Rows of a killed run wait for their slots, longer than the processor keeps their keys."""
    there = processor(seconds=0.05)
    shell.connector(source(info=f"key_hours={6 / 3600}"), there)  # half of 6 s counts
    file = shell.customers(60)
    assert killed_in_flight(shell.begin("run", file, *RUN, *SLOW), there, 20) > 0
    with contextlib.closing(sqlite3.connect(shell.folder / "journal.db")) as journal:
        journal.execute("UPDATE prism_job SET next_slot = ?", [time.time() + 4])
        journal.commit()
    there.change(forget=True)
    end = shell.run("run", file, *RUN, *SLOW, "--rate", 1000)
    assert (end.code, there.facts()["doubled"]) == (3, 0)


def test_a_status_that_nobody_knows_is_not_done(processor: Start, shell: Shell) -> None:
    """The payment exists: its id is listed for the person who must look it up."""
    shell.connector(source(), processor())
    end = shell.run("run", renewals(shell, "r_1", "odd_2"), *CHARGE)
    assert (end.code, end.facts["done"], end.facts["unknown"]) == (3, 1, 1)
    listed = shell.run("unknown").out
    assert "odd_2" in listed
    assert "c_2_0" in listed
    assert "its status is UNRESOLVED; look it up at the processor" in listed


def test_an_amount_that_the_processor_changed_is_told(processor: Start, shell: Shell) -> None:
    """It was done, and not as it was asked: scripts see it in the exit code."""
    shell.connector(source(), processor())
    end = shell.run("run", renewals(shell, "r_1", amount="12.00"), *CHARGE)
    assert (end.code, end.facts["done"], end.facts["differing"]) == (1, 1, 1)
    assert "amount is 10.00 EUR, not 12.00 EUR" in shell.run("report", "--differences").out


def test_a_payment_that_a_lookup_finds_with_another_amount_is_told(
    processor: Start, shell: Shell
) -> None:
    """Without keys, a killed run's payments are looked up; your own id alone proves no amount."""
    there = processor(seconds=0.05, keys=False)
    shell.connector(source(keys=False, lookups=True), there)
    names = [f"r_{number}" for number in range(40)]
    file = renewals(shell, *names, amount="12.00")
    assert killed_in_flight(shell.begin("run", file, *CHARGE, *SLOW), there, 10) > 0
    end = shell.run("run", file, *CHARGE, *SLOW)
    assert there.facts()["looked_up"] > 0
    assert end.facts["differing"] == end.facts["done"] > 0


def test_one_row_that_is_forbidden_does_not_stop_the_others(processor: Start, shell: Shell) -> None:
    """A 403 is about its row where the credentials are good for others."""
    there = processor()
    shell.connector(source(), there)
    names = [f"r_{number}" for number in range(30)]
    end = shell.run("run", renewals(shell, *names[:10], "forbidden_1", *names[10:]), *CHARGE)
    assert (end.code, end.facts["done"], end.facts["rejected"]) == (1, 30, 1)
    assert "AuthenticationError" in shell.run("report", "--state", "rejected").out


def test_a_long_pause_is_told_and_ctrl_c_ends_it(processor: Start, shell: Shell) -> None:
    """The processor asks for years: nothing hangs without a word."""
    import signal

    there = processor(refuses="all", retry_after=10**8)
    shell.connector(source(), there)
    run = shell.begin("run", shell.customers(20), *RUN)
    wait_for(lambda: there.facts().get("limited", 0), 1)
    time.sleep(0.5)
    run.send_signal(signal.SIGTERM)
    end = ended(run)
    assert (end.code, end.facts["new"]) == (130, 20)
    assert "nothing is sent for 3,600 s" in end.err


def test_rows_in_two_jobs_are_done_by_one(processor: Start, shell: Shell) -> None:
    """A file was loaded, corrected, and loaded again: both jobs have its rows, none is sent yet."""
    there = processor()
    shell.connector(source(), there)
    first = shell.run("run", shell.customers(5), *RUN, "--only-load").facts["job"]
    more = shell.customers(6, "more.csv")
    end = shell.run("run", more, *RUN)
    assert (end.code, there.facts().get("asked")) == (2, None)
    assert f"user_0 (new in job {first})" in end.err
    assert shell.run("cancel", "--job", first).code == 0
    assert shell.run("run", more, *RUN).code == 0
    undone = shell.run("cancel", "--undo", "--job", first)
    assert undone.code == 2
    assert "would be done twice: user_0 (done in job" in undone.err
    assert shell.run("run", "--job", first, "--json").code == 5
    assert (there.facts()["made"], there.facts()["doubled"]) == (6, 0)


def test_a_cancelled_job_stays_cancelled(processor: Start, shell: Shell) -> None:
    """Its worker finds that the credentials are refused just then."""
    there = processor(seconds=1)
    shell.connector(source(), there)
    file = shell.customers(20)
    run = shell.begin("run", file, *RUN, *SLOW)
    wait_for(lambda: there.facts()["in_flight"], 1)
    shell.run("cancel")
    there.change(api_key="other", seconds=0)
    ended(run)
    again = shell.run("run", file, *RUN)
    assert again.code == 5
    assert "cancel --undo" in again.err


def test_another_rate_holds_at_once(processor: Start, shell: Shell) -> None:
    """A run that is under way takes the rate that a second command gives."""
    there = processor()
    shell.connector(source(), there)
    file = shell.customers(60)
    run = shell.begin("run", file, *RUN, "--rate", 2)
    wait_for(lambda: there.facts().get("asked", 0), 2)
    begin = time.monotonic()
    assert shell.run("run", file, *RUN, "--rate", 200).code == 0
    assert ended(run).code == 0
    assert time.monotonic() - begin < 20  # 30 seconds at the old rate
    assert there.facts()["doubled"] == 0
