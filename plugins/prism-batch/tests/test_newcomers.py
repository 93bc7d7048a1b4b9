"""What somebody sees who uses the commands for the first time: help, mistakes, and what is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from prism_core.cli.app import prism

from .conftest import Processor, Shell
from .connector import source

pytestmark = pytest.mark.once
Start = Callable[..., Processor]
CREATE = ("-c", "bulk", "--operation", "customers.create", "--json")


@pytest.fixture
def there(processor: Start, shell: Shell) -> Processor:
    """The processor, with the connector installed for it."""
    found = processor()
    shell.connector(source(lookups=True), found)
    return found


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
