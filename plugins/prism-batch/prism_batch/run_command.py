"""`prism batch run`, `check` and `reconcile`: the commands that read an input."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click

from prism_batch import queue
from prism_batch.databases import explained
from prism_batch.ending import end
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.loading import CHUNK, check, load
from prism_batch.mapping import EXPECTED, Columns
from prism_batch.operations import Operation
from prism_batch.options import IN_FLIGHT, JOURNAL, JSON, KEY_HOURS, RATE, TIMEOUT, pairs
from prism_batch.progress import Shown
from prism_batch.resuming import changed, client_of, resume, run
from prism_batch.sources import Source, open_source
from prism_core.cli.show import print_json

Command = Callable[..., Any]
_OF_INPUT = ("file", "query", "database", "fixed", "plain", "usual")
_COMPARED = {
    name: f"{EXPECTED}.{name}" for name in ("status", "amount", "minor_amount", "currency")
}


def _with(options: Sequence[Callable[[Command], Command]]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


_INPUT = _with(
    [
        click.argument("file", type=click.Path(path_type=Path), required=False),
        click.option("--query", help="A SELECT in place of a file."),
        click.option(
            "--database",
            envvar="PRISM_BATCH_DATABASE",
            show_envvar=True,
            help="The URL of the query's database, as SQLAlchemy's.",
        ),
        click.option("--map", "renamed", multiple=True, help="COLUMN=FIELD, or COLUMN= for none."),
        click.option("--set", "fixed", multiple=True, help="FIELD=VALUE, the same in every row."),
        click.option("--plain", multiple=True, help="A column whose long numbers are no cards."),
    ]
)
_CONNECTOR = click.option("--connector", "-c", envvar="PRISM_CONNECTOR", show_envvar=True)
_RUN = _with(
    [
        JOURNAL,
        click.option("--job", "job_name", help="Resume this job, without its input."),
        RATE,
        IN_FLIGHT,
        TIMEOUT,
        click.option("--chunk", type=click.IntRange(1), default=CHUNK, help="Rows of a chunk."),
        KEY_HOURS,
        click.option("--new-key", is_flag=True, help="The account's credentials were replaced."),
        click.option("--only-load", is_flag=True, help="Load it for other workers; send nothing."),
        click.option("--dry-run", is_flag=True, help="As `prism batch check`; nothing is loaded."),
        JSON,
    ]
)


@click.command("run")
@_INPUT
@_CONNECTOR
@click.option("--operation", help="Such as customers.create or recurring.charge.")
@_RUN
def run_command(operation: str | None, renamed: Sequence[str], **given: Any) -> None:
    """Run an operation for every row of a file or a query.

    FILE is CSV, JSONL or Parquet. The same command again resumes. Columns have the names of fields
    (metadata.plan for a part), or are mapped; an amount is `amount` and `currency`, or
    `minor_amount` and `currency`.
    """
    _run(operation, pairs(renamed, "--map"), **given)


@click.command("reconcile")
@_INPUT
@_CONNECTOR
@_RUN
def reconcile_command(renamed: Sequence[str], **given: Any) -> None:
    """Look payments up, and tell where the processor differs.

    FILE is the shop's table: connector_transaction_id or merchant_transaction_id, and what it
    expects in status, amount and currency. `prism batch report --differences` lists what differs.
    """
    _run("payments.get", pairs(renamed, "--map"), usual=_COMPARED, **given)


@click.command("check")
@_INPUT
@click.option("--operation", required=True)
@JSON
def check_command(operation: str, as_json: bool, **given: Any) -> None:
    """Make the requests of all rows of FILE, and send nothing.

    It needs no journal, connector or credentials. `run` makes those of the first hundred rows
    before it sends; only `run` knows what other jobs of its journal have sent.
    """
    _check(_input(operation, pairs(given.pop("renamed"), "--map"), **given), as_json)


def _check(given: tuple[Source, Columns, Operation], as_json: bool) -> None:
    number = check(*given, None)
    if as_json:
        print_json({"rows": number, "problems": []})
    else:
        click.echo(f"{number:,} rows are right; nothing was sent")


def _input(
    operation: str,
    renamed: dict[str, str],
    file: Path | None,
    query: str | None,
    database: str | None,
    fixed: Sequence[str],
    plain: Sequence[str],
    usual: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Source, Columns, Operation]:
    what = Operation(operation)
    columns = Columns(what, renamed, pairs(fixed, "--set"), plain, usual)
    return open_source(file, query, database), columns, what


def _run(
    operation: str | None,
    renamed: dict[str, str],
    *,
    journal: str,
    as_json: bool,
    in_flight: int,
    timeout: float,
    only_load: bool,
    dry_run: bool,
    **given: Any,
) -> None:
    if dry_run:
        if operation is None:
            raise click.UsageError("give --operation")
        of_input = {name: given[name] for name in _OF_INPUT if name in given}
        _check(_input(operation, renamed, **of_input), as_json)
        return
    shown, opened = Shown(), Journal(journal, is_new=given["job_name"] is None)
    with closing(opened), explained():
        job = _job(opened, operation, renamed, shown, **given)
        queue.enqueue(opened, job, journal)
        reason = None if only_load else run(opened, job, shown, in_flight, timeout)
        end(opened, job, reason, as_json=as_json, loaded=only_load)


def _job(
    journal: Journal,
    operation: str | None,
    renamed: dict[str, str],
    shown: Shown,
    *,
    job_name: str | None,
    connector: str | None,
    rate: float | None,
    key_hours: float | None,
    new_key: bool,
    chunk: int,
    **given: Any,
) -> Job:
    """The job that the options mean: loaded now, or made ready to go on."""
    if job_name is not None:
        job, is_new = journal.job(job_name), False
        client = client_of(job.connector, Operation(job.operation))
    else:
        if connector is None or operation is None:
            raise click.UsageError("give --connector and --operation, or --job to resume one")
        source, columns, what = _input(operation, renamed, **given)
        client = client_of(connector, what)
        job, is_new = load(
            *(journal, source, columns, what, client, connector),
            rate=rate,
            key_hours=key_hours,
            chunk=chunk,
        )
    if not is_new:
        job = changed(journal, job, client, new_key=new_key, rate=rate, key_hours=key_hours)
        reopened = resume(journal, job, client)
        more = f"; {reopened} unknown rows again" if reopened else ""
        shown.tell(f"resuming job {job.id}{more}")
        job = journal.job(job.id)
        if journal.is_over(job):
            again = "" if Operation(job.operation).changes else "; another --journal looks again"
            shown.tell(f"all its rows were settled before, and nothing is sent{again}")
    return job
