"""The commands: what an input may be, what is refused before anything is sent, and the reports."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import stat
from collections.abc import Callable

import pytest

from .conftest import Processor, Shell
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
CREATE = ("-c", "bulk", "--operation", "customers.create", "--json")
CHARGE = ("-c", "bulk", "--operation", "recurring.charge", "--json")


def test_declines_are_listed_with_what_to_do(there: Processor, shell: Shell) -> None:
    """By Prism's codes, for dunning; wrong rows are listed apart from them."""
    file = shell.folder / "renewals.csv"
    file.write_text(
        "merchant_transaction_id,amount,currency,connector_mandate_id,plan\n"
        "r_1,10.00,EUR,m_1,basic\npoor_2,10.00,EUR,m_2,basic\nbad_3,10.00,EUR,m_3,basic\n"
        "r_4,10.001,EUR,m_4,basic\n"
    )
    wrong = shell.run("run", file, *CHARGE, "--map", "plan=")
    assert (wrong.code, there.facts().get("asked")) == (2, None)
    assert "row 4: Money.minor_amount has more decimals than EUR" in wrong.err
    file.write_text(file.read_text().replace("10.001", "10.00"))
    end = shell.run("run", file, *CHARGE, "--map", "plan=")
    assert end.code == 1
    assert [end.facts[one] for one in ("done", "declined", "rejected")] == [2, 1, 1]
    report = shell.run("report").out
    assert "INSUFFICIENT_FUNDS" in report
    rows = csv.DictReader(io.StringIO(shell.run("report", "--csv").out))
    assert [(row["reference"], row["state"], row["status"]) for row in rows] == [
        ("r_1", "done", "CHARGED"),
        ("poor_2", "declined", "AUTHORIZATION_FAILED"),
        ("bad_3", "rejected", ""),
        ("r_4", "done", "CHARGED"),
    ]
    page = shell.folder / "report.html"
    assert shell.run("report", "--html", page).code == 0
    text = page.read_text()
    assert "Ask for another card, or later. Dunning: try again in some days." in text
    assert "<svg" in text
    assert "<script" not in text


def test_a_customer_that_exists_already_has_its_id_in_the_report(
    there: Processor, shell: Shell
) -> None:
    """The processor refuses another one and names the one that it has: the row needs no search."""
    file = shell.folder / "customers.csv"
    file.write_text("merchant_customer_id\nuser_1\nknown_2\n")
    assert shell.run("run", file, *CREATE).code == 1
    rows = csv.DictReader(io.StringIO(shell.run("report", "--csv").out))
    assert [(row["reference"], row["state"], row["result"]) for row in rows] == [
        ("user_1", "done", "c_1_0"),
        ("known_2", "rejected", "c_known"),
    ]


def test_no_personal_data_is_left_in_the_journal(there: Processor, shell: Shell) -> None:
    """Once a row is settled, its fields are gone from the file; nobody else may read it before."""
    assert shell.run("run", shell.customers(50), *CREATE).code == 0
    path = shell.folder / "journal.db"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = b"".join(one.read_bytes() for one in shell.folder.glob("journal.db*"))
    assert b"user_49" in found
    assert b"ada49@example.com" not in found


def test_a_rate_below_the_limit_is_never_refused(processor: Start, shell: Shell) -> None:
    """The processor answers 429 above 60 calls in a second; the job sends 50."""
    there = processor(most_per_second=60, seconds=0.02)
    shell.connector(source(), there)
    assert shell.run("run", shell.customers(150), *CREATE, "--rate", 50).facts["done"] == 150
    assert there.facts().get("limited", 0) == 0


def test_the_rate_counts_every_request(processor: Start, shell: Shell) -> None:
    """A row needs two requests: half as many rows are sent, and none is refused."""
    there = processor(most_per_second=60, seconds=0.02)
    shell.connector(source(asks_first=True), there)
    assert shell.run("run", shell.customers(75), *CREATE, "--rate", 50).facts["done"] == 75
    assert there.facts().get("limited", 0) == 0


@pytest.mark.parametrize(("longest_untold", "times"), [(0.5, 1), (10.0, 0)])
def test_a_long_pause_is_told(
    processor: Start,
    shell: Shell,
    monkeypatch: pytest.MonkeyPatch,
    longest_untold: float,
    times: int,
) -> None:
    """The processor asks for a second, once for each row: a run that stands still says why."""
    monkeypatch.setattr("prism_batch.pace.TOLD", longest_untold)
    shell.connector(source(), processor(refuses="once", retry_after=1))
    end = shell.run("run", shell.customers(2), *CREATE, "--in-flight", "2")
    assert (end.code, end.err.count("nothing is sent for 1 s")) == (0, times)


REFUSED = {
    "twice": ("merchant_customer_id\nuser_1\nuser_1\n", "more than one row: user_1"),
    "a card number": (
        "merchant_customer_id,note\nuser_1,4111 1111 1111 1111\n",
        "column note holds a card number",
    ),
    "an unknown column": (
        "merchant_customer_id,mail\nuser_1,x\n",
        "mail is no field of customers.create; did you mean email? Map it with --map mail=FIELD",
    ),
    "a wrong value": (
        "merchant_customer_id,email\nuser_1,nobody\n",
        "row 1: CreateCustomerRequest.email",
    ),
    "no reference": ("email\nada@example.com\n", "merchant_customer_id is missing"),
    "no rows": ("merchant_customer_id\n", "has no rows"),
    "semicolons": (
        "merchant_customer_id;email\nuser_1;ada@example.com\n",
        "wrong.csv has semicolons between its columns: save it with commas",
    ),
    "your own id mistyped": (
        "merchant_transaction_id\nuser_1\n",
        "merchant_transaction_id is no field of customers.create; did you mean "
        "merchant_customer_id? Map it",
    ),
    "a ragged line": ("merchant_customer_id,name\nuser_1\n", "has not as many cells"),
    "a key of its own": ("merchant_customer_id,idempotency_key\na,b\n", "no field of"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_is_refused_before_anything_is_sent(
    there: Processor, shell: Shell, name: str
) -> None:
    """And no job is left of it."""
    text, said = REFUSED[name]
    file = shell.folder / "wrong.csv"
    file.write_text(text)
    more = ("--map", "note=description") if "note" in text else ()
    end = shell.run("run", file, *CREATE, *more)
    assert end.code == 2
    assert said in end.err
    assert "4111" not in end.err
    assert there.facts().get("asked") is None
    assert "no job" in shell.run("status").err


def test_rows_that_another_job_sent_are_refused(there: Processor, shell: Shell) -> None:
    """A changed file is another job: its old rows would be done twice."""
    assert shell.run("run", shell.customers(5), *CREATE).code == 0
    end = shell.run("run", shell.customers(6, "more.csv"), *CREATE)
    assert (end.code, there.facts()["made"]) == (2, 5)
    assert (
        "these rows are in another job, too, and would be done twice: user_0 (done in job"
        in end.err
    )


def test_a_job_goes_on_without_its_file(there: Processor, shell: Shell) -> None:
    """By the beginning of its id; loading sends nothing."""
    loaded = shell.run("run", shell.customers(30), *CREATE, "--only-load")
    assert (loaded.code, loaded.facts["new"]) == (0, 30)
    (shell.folder / "customers.csv").unlink()
    end = shell.run("run", "--job", loaded.facts["job"][:6], "--json")
    assert (end.code, end.facts["done"], there.facts()["made"]) == (0, 30, 30)


def test_a_check_reads_every_row(there: Processor, shell: Shell) -> None:
    """Beyond the first hundred, which every run checks; and it finds ids that are there twice."""
    file = shell.customers(200)
    check = ("check", file, "--operation", "customers.create", "--json")
    assert shell.run(*check).facts == {"rows": 200, "problems": []}
    assert shell.run("run", file, *CREATE, "--dry-run").facts == {"rows": 200, "problems": []}
    assert not (shell.folder / "journal.db").exists()
    right = file.read_text()
    file.write_text(f"{right}user_7,Ada,ada@example.com\n")
    end = shell.run(*check)
    assert (end.code, "in more than one row: user_7. Each" in end.err) == (2, True)
    file.write_text(f"{right}user_200,Ada,nobody\n")
    end = shell.run(*check)
    assert end.code == 2
    assert "row 201: CreateCustomerRequest.email" in end.err
    late = shell.run("run", file, *CREATE)
    assert (late.code, late.facts["done"], late.facts["rejected"]) == (1, 200, 1)


def test_json_lines_parquet_and_a_query_are_inputs(there: Processor, shell: Shell) -> None:
    """Objects inside name parts of fields; whole numbers of the database are texts of the API."""
    lines = shell.folder / "a.jsonl"
    lines.write_text('{"merchant_customer_id": "json_1", "metadata": {"plan": "basic"}}\n')
    assert shell.run("run", lines, *CREATE).facts["done"] == 1
    from pyarrow import parquet, table

    parquet.write_table(table({"own": [7, 8]}), shell.folder / "b.parquet")
    named = ("--map", "own=merchant_customer_id", "--set", "metadata.plan=basic")
    assert shell.run("run", shell.folder / "b.parquet", *CREATE, *named).facts["done"] == 2
    database = sqlite3.connect(shell.folder / "shop.db")
    database.execute("CREATE TABLE users (id TEXT, mail TEXT)")
    database.execute("INSERT INTO users VALUES ('sql_1', 'ada@example.com')")
    database.commit()
    database.close()
    query = ("--query", "SELECT id, mail AS email FROM users", "--database")
    named = ("--map", "id=merchant_customer_id")
    end = shell.run("run", *query, f"sqlite:///{shell.folder}/shop.db", *CREATE, *named)
    assert end.facts["done"] == 1
    assert set(there.made()) == {"json_1", "7", "8", "sql_1"}


def test_a_reconciliation_lists_what_differs(there: Processor, shell: Shell) -> None:
    """A payment is at the processor with another amount or status than in the shop's table."""
    file = shell.folder / "renewals.csv"
    head = "merchant_transaction_id,amount,currency"
    rows = "".join(f"r_{number},10.00,EUR,m\n" for number in range(4))
    file.write_text(f"{head},connector_mandate_id\n{rows}")
    assert shell.run("run", file, *CHARGE).code == 0
    table = shell.folder / "table.csv"
    table.write_text(
        f"{head},status\nr_0,10.00,EUR,CHARGED\nr_1,9.00,EUR,charged\nr_2,10.00,USD,CHARGED\n"
        "r_3,10.00,EUR,VOIDED\nr_9,10.00,EUR,CHARGED\n"
    )
    end = shell.run("reconcile", table, "-c", "bulk", "--json")
    assert (end.code, end.facts["done"], end.facts["rejected"]) == (1, 4, 1)
    found = shell.run("report", "--differences", "--json").out.splitlines()
    told = {row["reference"]: row["error"] for row in map(json.loads, found)}
    assert told.pop("r_9").startswith("NotFound")
    assert told == {
        "r_1": "amount is 10.00 EUR, not 9.00 EUR",
        "r_2": "amount is 10.00 EUR, not 10.00 USD",
        "r_3": "status is CHARGED, not VOIDED",
    }


def test_a_wrong_option_is_told_in_a_sentence(there: Processor, shell: Shell) -> None:
    """Which operation and which input: 2. Which journal: 5, as it is set up wrongly."""
    file = shell.customers(1)
    for words, code, said in (
        (("run", file, "-c", "bulk", "--operation", "customers.list"), 2, "cannot be done in bulk"),
        (("run", file, "-c", "bulk", "--operation", "refunds.get"), 2, "Bulk has no refunds.get"),
        (("run", file, *CREATE, "--journal", "mysql://x"), 5, "in SQLite or PostgreSQL"),
        (("run", file, *CREATE, "--journal", "sqlite://"), 5, "would be lost with the process"),
        (("run", *CREATE), 2, "give a file, or --query"),
        (("run", shell.folder / "none.csv", *CREATE), 2, "there is no file"),
        (("work",), 5, "prism batch work is for a journal in PostgreSQL"),
        (("status", "--job", "f00"), 2, "no job of this journal begins with 'f00'"),
    ):
        end = shell.run(*words)
        assert end.code == code, words
        assert said in end.err, words
