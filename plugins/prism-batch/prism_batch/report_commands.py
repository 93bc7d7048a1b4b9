"""`prism batch status`, `report`, `unknown` and `cancel`: what a journal says afterwards."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, fields
from pathlib import Path

import click

from prism_batch.databases import explained
from prism_batch.ending import code_of, facts
from prism_batch.items import CANCELLED, Job
from prism_batch.journal import Journal
from prism_batch.options import JOB, JOURNAL, JSON
from prism_batch.problems import InvalidInput
from prism_batch.progress import summary
from prism_batch.report import Line, lines, reasons, statuses
from prism_batch.tables import OPEN, State
from prism_core import ConfigurationError
from prism_core.cli.exit_codes import UNKNOWN
from prism_core.cli.show import harmless, print_json, print_table


@contextmanager
def _opened(url: str, name: str | None) -> Iterator[tuple[Journal, Job]]:
    with closing(Journal(url, is_new=False)) as journal, explained():
        if name is None and not (found := journal.jobs()):
            raise ConfigurationError("this journal has no job yet: prism batch run")
        yield journal, journal.job(name) if name is not None else found[0]


@click.command("status")
@JOURNAL
@JOB
@JSON
def status_command(journal: str, job_name: str | None, as_json: bool) -> None:
    """The counts of a job. Ends as the run would, with 4 while rows are left."""
    with _opened(journal, job_name) as (opened, job):
        counts, differing = opened.counts(job), opened.differing(job)
    if as_json:
        print_json(facts(job, counts))
    else:
        click.echo(summary(job, counts))
        if job.halted is not None:
            click.echo(harmless(job.halted))
    reason = "rows are left" if any(counts.get(state) for state in OPEN) else None
    sys.exit(code_of(counts, job.halted or reason, differing))


@click.command("report")
@JOURNAL
@JOB
@click.option("--csv", "as_csv", is_flag=True, help="Every row as CSV: reference, result, state.")
@click.option("--html", type=click.Path(path_type=Path), help="Write one HTML page.")
@click.option("--differences", is_flag=True, help="The rows that a reconciliation finds different.")
@click.option("--state", type=click.Choice([state.value for state in State]))
@JSON
def report_command(
    journal: str,
    job_name: str | None,
    as_csv: bool,
    html: Path | None,
    differences: bool,
    state: str | None,
    as_json: bool,
) -> None:
    """What became of a job: its counts, reasons and rows.

    Rows are listed with --csv, --state or --differences.
    """
    with _opened(journal, job_name) as (opened, job):
        if html is not None:
            from prism_batch.page import page

            try:
                html.write_text(page(opened, job), encoding="utf-8")
            except OSError as error:
                raise InvalidInput(f"{html} cannot be written: {error.strerror}") from None
        elif as_csv or state is not None or differences:
            states = () if state is None else (State(state),)
            _rows(lines(opened, job, *states, differing=differences), as_csv, as_json)
        else:
            _overview(opened, job, as_json)


@click.command("unknown")
@JOURNAL
@JOB
@click.option("--csv", "as_csv", is_flag=True, help="As CSV.")
@JSON
def unknown_command(journal: str, job_name: str | None, as_csv: bool, as_json: bool) -> None:
    """The rows of which nobody knows whether they were done.

    Look each up at the processor. Each has your reference and the idempotency key that was sent.
    Ends with 3 if there are any.
    """
    with _opened(journal, job_name) as (opened, job):
        _rows(lines(opened, job, State.UNKNOWN), as_csv, as_json)
        sys.exit(UNKNOWN if opened.counts(job).get(State.UNKNOWN) else 0)


@click.command("cancel")
@JOURNAL
@JOB
@click.option("--undo", is_flag=True, help="Let a cancelled job go on.")
def cancel_command(journal: str, job_name: str | None, undo: bool) -> None:
    """Send nothing more of a job, on any machine. What is under way ends."""
    with _opened(journal, job_name) as (opened, job):
        if undo:
            opened.release(job)
        else:
            opened.halt(job, CANCELLED)
        click.echo(f"job {job.id}: {'it can go on' if undo else 'cancelled'}")


def _rows(found: Iterator[Line], as_csv: bool, as_json: bool) -> None:
    if as_csv:
        writer = csv.DictWriter(sys.stdout, [one.name for one in fields(Line)])
        writer.writeheader()
        for line in found:
            writer.writerow({name: _cell(value) for name, value in asdict(line).items()})
        return
    for line in found:
        if as_json:
            print_json(asdict(line))
        else:
            told = (line.reference, line.state, line.result, line.status, line.error)
            click.echo("  ".join(harmless(text) for text in told if text))


def _cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula: a quote is put before one."""
    is_formula = isinstance(value, str) and value[:1] in tuple("=+-@\t\r\n")
    return f"'{value}" if is_formula else value


def _overview(journal: Journal, job: Job, as_json: bool) -> None:
    counts, said = journal.counts(job), statuses(journal, job)
    why, left_out = reasons(journal, job)
    if as_json:
        reported = [{**asdict(one), "state": one.state.value} for one in why]
        values = {"statuses": said, "reasons": reported, "rows_with_other_reasons": left_out}
        print_json({**facts(job, counts), **values})
        return
    click.echo(summary(job, counts))
    if said:
        print_table([{"rows": f"{count:,}", "status": status} for status, count in said.items()])
    if why:
        print_table(
            [
                {
                    "rows": f"{one.count:,}",
                    "state": one.state.value,
                    "reason": one.text
                    + (f" (and {one.texts - 1:,} like it)" if one.texts > 1 else ""),
                    "what to do": one.advice,
                }
                for one in why
            ]
        )
    if left_out:
        click.echo(f"{left_out:,} rows have other reasons: --csv lists every row")
