"""Inputs that could pay a wrong amount, leave a field out, or show a secret; what reports and
messages must not hold."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import event

from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.loading import load
from prism_batch.mapping import Columns
from prism_batch.operations import Operation
from prism_batch.sources import CsvFile
from prism_core import InvalidRequest

from .conftest import Processor, Shell
from .connector import source

pytestmark = pytest.mark.once
CREATE = ("-c", "bulk", "--operation", "customers.create", "--json")
CHARGE = ("-c", "bulk", "--operation", "recurring.charge", "--json")


@pytest.fixture
def there(processor: Callable[..., Processor], shell: Shell) -> Processor:
    """The processor, with the connector installed for it."""
    found = processor()
    shell.connector(source(lookups=True), found)
    return found


HEAD = "merchant_transaction_id,connector_mandate_id,"
PAYMENTS = {
    "an exponent": (f"{HEAD}amount,currency\na,m,1e3,EUR\n", "needs a decimal number"),
    "a comma": (f'{HEAD}amount,currency\na,m,"12,90",EUR\n', "needs a decimal number"),
    "a part of a cent": (f"{HEAD}amount,currency\na,m,10.001,EUR\n", "more decimals than EUR"),
    "a part of a yen": (f"{HEAD}amount,currency\na,m,10.5,JPY\n", "more decimals than JPY"),
    "minor units with decimals": (f"{HEAD}minor_amount,currency\na,m,12.00,EUR\n", "plain digits"),
    "minor units with an exponent": (f"{HEAD}minor_amount,currency\na,m,1e3,EUR\n", "plain digits"),
    "parts of an amount": (
        f"{HEAD}amount.minor_amount,amount.currency\na,m,12.00,EUR\n",
        "plain digits",
    ),
    "a column twice": (f"{HEAD}amount,amount,currency\na,m,1,2,EUR\n", "names a column twice"),
    "two columns for a field": (
        f"{HEAD}amount,currency,price\na,m,1,EUR,2\n",
        "column amount and column price both give amount",
    ),
    "a column and --set": (
        f"{HEAD}amount,currency,description\na,m,1,EUR,x\n",
        "--set and column description both give description",
    ),
    "a column that is not there": (
        f"{HEAD}amount,currency\na,m,1,EUR\n",
        "has no column note, which --map names",
    ),
    "an id that is a control character": (f"{HEAD}amount,currency\na\0,m,1,EUR\n", "must be an id"),
    "an id with space around it": (f"{HEAD}amount,currency\n a,m,1,EUR\n", "must be an id"),
}


@pytest.mark.parametrize("name", PAYMENTS)
def test_a_payment_that_is_not_plain_is_refused(there: Processor, shell: Shell, name: str) -> None:
    """Nothing is guessed, and nothing is silently left out."""
    text, said = PAYMENTS[name]
    file = shell.folder / "renewals.csv"
    file.write_text(text)
    more = {
        "two columns for a field": ("--map", "price=amount"),
        "a column and --set": ("--set", "description=all"),
        "a column that is not there": ("--map", "note=description"),
    }.get(name, ())
    end = shell.run("run", file, *CHARGE, *more)
    assert (end.code, there.facts().get("asked")) == (2, None)
    assert said in end.err


CARDS = {
    "in a list": ('{"merchant_customer_id":"a","metadata":{"x":["4111111111111111"]}}', ()),
    "as a number": ('{"merchant_customer_id":"a","metadata":{"x":4111111111111111}}', ()),
    "in --set": ('{"merchant_customer_id":"a"}', ("--set", "description=4111 1111 1111 1111")),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_card_number_is_found_wherever_it_is(there: Processor, shell: Shell, name: str) -> None:
    """Not only in the cells of a CSV file."""
    text, more = CARDS[name]
    file = shell.folder / "customers.jsonl"
    file.write_text(f"{text}\n")
    end = shell.run("run", file, *CREATE, *more)
    assert (end.code, there.facts().get("asked")) == (2, None)
    assert "holds a card number" in end.err
    assert "4111" not in end.err + end.out


def test_blank_lines_and_a_byte_order_mark_are_no_rows(there: Processor, shell: Shell) -> None:
    """As spreadsheets and editors on Windows leave them."""
    file = shell.folder / "customers.csv"
    file.write_bytes(b"\xef\xbb\xbfmerchant_customer_id,name,\r\na,Ada,\r\n\r\nb,Bob,\r\n\r\n")
    end = shell.run("run", file, *CREATE)
    assert (end.code, end.facts["rows"]) == (0, 2)


class _Account:
    """What a client must have for a fingerprint."""

    class _engine:
        class connector:
            name = "bulk"

        class account:
            __struct_fields__ = ()


def loaded(journal: Journal, file: CsvFile) -> Job:
    """The job of a file of customers."""
    what = Operation("customers.create")
    return load(journal, file, Columns(what, {}, {}), what, _Account(), "bulk")[0]


def test_a_file_that_changes_while_it_is_read_is_not_loaded(shell: Shell) -> None:
    """Its rows would have the keys of other content, and the next run would not know the job."""
    file = shell.customers(5)

    class Written(CsvFile):
        def rows(self):  # type: ignore[no-untyped-def]
            yield from super().rows()
            with file.open("a") as more:
                more.write("late,Ada,ada@example.com\n")

    with contextlib.closing(Journal(shell.journal)) as journal:
        with pytest.raises(InvalidRequest, match="changed while it was read"):
            loaded(journal, Written(file))
        assert journal.jobs() == []


def test_a_journal_with_old_jobs_takes_new_ones_as_fast(shell: Shell) -> None:
    """The rows of tonight are looked for among those of all nights: four times the rows take four
    times the steps of the database, not sixteen times."""
    steps = []
    for rows in (1000, 4000):
        url = f"sqlite:///{shell.folder}/{rows}.db"
        with contextlib.closing(Journal(url)) as journal:
            loaded(journal, CsvFile(shell.customers(rows)))
            with journal.writing() as connection:
                connection.exec_driver_sql("UPDATE prism_item SET state = 'done'")
            journal.engine.dispose()
            steps.append(0)

            def count() -> None:
                steps[-1] += 1

            def listen(connection: sqlite3.Connection, _: object, count=count) -> None:  # type: ignore[no-untyped-def]
                connection.set_progress_handler(count, 1000)

            event.listen(journal.engine, "connect", listen)
            new = shell.folder / "new.csv"
            new.write_text("merchant_customer_id\n" + "".join(f"n_{n}\n" for n in range(rows)))
            loaded(journal, CsvFile(new))
    assert steps[1] < 8 * steps[0]


def test_no_cell_of_the_csv_report_is_a_formula(there: Processor, shell: Shell) -> None:
    """A spreadsheet that opens the report runs nothing."""
    file = shell.folder / "customers.csv"
    file.write_text('merchant_customer_id\n"=HYPERLINK(""https://x.example"")"\n@SUM(A1)\n-1\n')
    assert shell.run("run", file, *CREATE).code == 0
    rows = list(csv.DictReader(io.StringIO(shell.run("report", "--csv").out)))
    assert [row["reference"][:2] for row in rows] == ["'=", "'@", "'-"]


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:topsecret@127.0.0.1:1/db?password=topsecret",
        "postgresql://u:topsecret@127.0.0.1:port/db",
        "topsecret",
    ],
)
def test_the_password_of_a_journal_is_in_no_message(
    there: Processor, shell: Shell, url: str
) -> None:
    """Nor that of a query's database."""
    file = shell.customers(1)
    query = ("--query", "SELECT 1", "--database", url)
    journal = ("run", file, *CREATE, "--journal", url)
    for words, code in ((journal, 5), (("run", *query, *CREATE), 2)):
        end = shell.run(*words)
        assert end.code == code
        assert "topsecret" not in end.out + end.err


def test_wrong_values_are_sentences(there: Processor, shell: Shell) -> None:
    """Numbers that are none, files that are none, a page that cannot be written."""
    file = shell.customers(1)
    (shell.folder / "x.parquet").write_bytes(b"PAR1 and no more")
    with contextlib.closing(sqlite3.connect(shell.folder / "old.db")) as old:
        old.execute("CREATE TABLE prism_job (number INTEGER PRIMARY KEY, id TEXT)")
    for words, code, said in (
        (("run", file, *CREATE, "--rate", "nan"), 2, "nan is no number"),
        (("run", file, *CREATE, "--rate", "inf"), 2, "inf is no number"),
        (("run", file, *CREATE, "--timeout", "100000"), 2, "is not in the range"),
        (("run", shell.folder / "x.parquet", *CREATE), 2, "x.parquet cannot be read"),
        (("run", file, *CREATE, "--journal", f"sqlite:///{file}"), 5, "file is not a database"),
        (
            ("status", "--journal", f"sqlite:///{shell.folder}/old.db"),
            5,
            "was made by another version",
        ),
        (("run", "--query", "DROP TABLE x", "--database", "sqlite://", *CREATE), 2, "--query"),
    ):
        end = shell.run(*words)
        assert end.code == code, words
        assert said in end.err, words
    assert shell.run("run", file, *CREATE).code == 0
    end = shell.run("report", "--html", shell.folder / "no" / "report.html")
    assert (end.code, "cannot be written" in end.err) == (2, True)


def test_exit_codes_tell_rows_that_are_left_and_rows_that_differ(
    there: Processor, shell: Shell
) -> None:
    """A script that goes on with 0 goes on only when all is well."""
    assert shell.run("run", shell.customers(3), *CREATE, "--only-load").code == 0
    assert shell.run("status").code == 4
    file = shell.folder / "renewals.csv"
    file.write_text(f"{HEAD}amount,currency\nr_1,m,10.00,EUR\n")
    assert shell.run("run", file, *CHARGE).code == 0
    table = shell.folder / "table.csv"
    table.write_text("merchant_transaction_id,minor_amount,currency\nr_1,900,EUR\n")
    end = shell.run("reconcile", table, "-c", "bulk", "--json")
    assert (end.code, end.facts["done"], end.facts["differing"]) == (1, 1, 1)
    again = shell.run("reconcile", table, "-c", "bulk", "--json")
    assert "all its rows were settled before" in again.err
    table.write_text("merchant_transaction_id,status\nr_1,paid\n")
    end = shell.run("reconcile", table, "-c", "bulk")
    assert (end.code, "the expected status is none of Prism's" in end.err) == (2, True)


def test_what_the_processor_does_not_get_is_told(there: Processor, shell: Shell) -> None:
    """A column for which it has no field."""
    file = shell.folder / "customers.csv"
    file.write_text("merchant_customer_id,description\na,x\nb,y\n")
    end = shell.run("run", file, *CREATE)
    assert end.code == 0
    assert end.err.count("Bulk has no field for description: left out") == 1
