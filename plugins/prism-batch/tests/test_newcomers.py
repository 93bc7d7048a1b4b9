"""What somebody sees who uses the commands for the first time: help, mistakes, and what is told."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from prism_core.cli.app import prism

from .conftest import Processor, Shell, ended
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
CREATE = ("-c", "bulk", "--operation", "customers.create", "--json")


def test_the_list_of_commands_says_what_each_does() -> None:
    """No sentence is cut on a terminal of 80 columns."""
    told = CliRunner().invoke(prism, ["batch", "--help"], terminal_width=80).stdout
    assert "reconcile  Look payments up, and tell where the processor differs." in told
    assert "..." not in told.partition("Commands:")[2]


def test_a_mistyped_journal_is_not_made(shell: Shell) -> None:
    """Only a run makes one: a new empty file would look as if nothing had been sent."""
    for words in (
        *(("status",), ("report",), ("unknown",), ("cancel",), ("work",)),
        ("run", "--job", "f00"),
    ):
        end = shell.run(*words)
        assert end.code == 5, words
        assert "there is no journal" in end.err, words
        assert not (shell.folder / "journal.db").exists(), words


def test_the_journal_can_be_named_in_the_environment(there: Processor, shell: Shell) -> None:
    """Its URL can hold a password, and everybody on a machine sees the options of a command."""
    assert "PRISM_BATCH_JOURNAL; required]" in shell.run("status", "--help").out
    shell.environment["PRISM_BATCH_JOURNAL"], shell.journal = shell.journal, ""
    assert shell.run("run", shell.customers(1), *CREATE).facts["done"] == 1
    assert shell.run("status").code == 0
    shell.environment["PRISM_BATCH_JOURNAL"] = "postgres://batch:secret@db/batch"
    end = shell.run("status")
    assert "write postgresql:// in place of postgres://" in end.err
    assert "secret" not in end.err
    query = ("run", "--query", "SELECT 1", "--journal", f"sqlite:///{shell.folder}/new.db")
    shell.environment["PRISM_BATCH_DATABASE"] = "postgres://batch:secret@db/batch"
    assert "write postgresql:// in place" in shell.run(*query, *CREATE).err


def test_what_spreadsheets_add_to_a_file_is_no_row(there: Processor, shell: Shell) -> None:
    """A mark of the encoding before the first column, and blank lines after the last row."""
    file = shell.folder / "excel.csv"
    file.write_bytes(b"\xef\xbb\xbfmerchant_customer_id,name\r\nuser_1,Ada\r\n,\r\n  \r\n\r\n")
    assert shell.run("run", file, *CREATE).facts["rows"] == 1
    file = shell.folder / "lines.jsonl"
    file.write_bytes(b'\xef\xbb\xbf{"merchant_customer_id": "user_2"}\n\n')
    assert shell.run("run", file, *CREATE).facts["rows"] == 1


def test_no_id_of_the_processor_is_suggested_for_your_own(there: Processor, shell: Shell) -> None:
    """Who follows the suggestion would send the wrong id."""
    file = shell.folder / "refunds.csv"
    file.write_text("merchant_refund_id,merchant_transaction_id,amount,currency\nr,o,1.00,EUR\n")
    end = shell.run("check", file, "--operation", "payments.refund")
    assert "merchant_transaction_id is no field of payments.refund" in end.err
    assert "did you mean connector" not in end.err


def test_a_mistake_in_every_row_is_told_once(there: Processor, shell: Shell) -> None:
    """With the number of rows and the first one, so that one knows whether it is the whole file."""
    file = shell.folder / "customers.csv"
    rows = ["merchant_customer_id,email", "user_0,a@example.com"]
    rows += [f"user_{number},nobody" for number in range(1, 150)]
    file.write_text("\n".join([*rows, "user 151 ,a@example.com"]))
    end = shell.run("check", file, "--operation", "customers.create")
    assert "Of 151 rows, row 2 and 148 more: CreateCustomerRequest.email" in end.err
    assert "row 151: merchant_customer_id must be an id" in end.err
    assert end.err.count("CreateCustomerRequest.email") == 1
    end = shell.run("run", file, *CREATE)
    assert "Of the first 100 rows, row 2 and 98 more: CreateCustomerRequest.email" in end.err


def test_reasons_that_differ_in_numbers_alone_are_one(
    there: Processor, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand lookups that find nothing are one reason; what is left out is counted."""
    rows = [f"r_{number},10.00,EUR,m_1" for number in range(4)]
    file = shell.folder / "renewals.csv"
    head = "merchant_transaction_id,amount,currency"
    file.write_text("\n".join([f"{head},connector_mandate_id", *rows]))
    charge = ("-c", "bulk", "--operation", "recurring.charge")
    assert shell.run("run", file, *charge).code == 0
    table = shell.folder / "table.csv"
    amounts = [f"r_{number},1{number + 1}.00,EUR" for number in range(4)]
    table.write_text("\n".join([head, *amounts, "r_8,1.00,EUR", "r_9,1.00,EUR"]))
    assert shell.run("reconcile", table, "-c", "bulk").code == 1
    found = shell.run("report", "--json").facts["reasons"]
    assert [(one["count"], one["state"], one["texts"]) for one in found] == [
        (4, "done", 4),
        (2, "rejected", 1),
    ]
    assert found[0]["text"] == "amount is 10.00 EUR, not 11.00 EUR"
    monkeypatch.setattr("prism_batch.report._SHOWN", 1)
    assert "2 rows have other reasons" in shell.run("report").out
    page = shell.folder / "report.html"
    assert shell.run("report", "--html", page).code == 0
    text = page.read_text()
    assert "(and 3 like it)" in text
    assert "2 rows have other reasons" in text
    assert "payments.get at bulk, from table.csv, loaded 20" in text
    assert "Finished: every row is settled, as of 20" in text
    assert "width=device-width" in text


def test_a_log_has_the_progress(
    processor: Start, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no terminal, a line now and then; and one if the processor is silent."""
    monkeypatch.setattr("prism_batch.progress._LOGGED", 1)
    monkeypatch.setattr("prism_batch.rows.QUIET", 0.1)
    shell.connector(source(), processor(seconds=1.2))
    end = shell.run("run", shell.customers(4), *CREATE, "--in-flight", 2)
    assert end.code == 0
    assert " of 4 rows, " in end.err
    assert "Bulk has not answered for 0 s; Ctrl+C ends the run" in end.err


def test_a_processor_that_cannot_be_reached_is_told_at_once(there: Processor, shell: Shell) -> None:
    """Not only when the run gives up, after two minutes."""
    with socket.socket() as closed:  # bound and not listening: nothing answers there
        closed.bind(("127.0.0.1", 0))
        shell.environment["PRISM_BULK_BASE_URL"] = f"http://127.0.0.1:{closed.getsockname()[1]}"
        run = shell.begin("run", shell.customers(3), *CREATE)
        assert run.stderr is not None
        told = run.stderr.readline()
        run.send_signal(signal.SIGTERM)
        end = ended(run)
    assert "calls are tried again for two minutes" in told
    assert (end.code, end.facts["new"]) == (130, 3)
