"""How the commands end: the summary, and exit codes that scripts branch on."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.progress import summary
from prism_batch.running import INTERRUPTED
from prism_batch.tables import OPEN, State
from prism_core.cli.show import harmless, print_json

DONE, DECLINED, UNKNOWN, STOPPED, INTERRUPT = 0, 3, 4, 5, 130
JOURNAL = click.option(
    "--journal", required=True, help="sqlite:///FILE.db, or postgresql://USER@HOST/DATABASE."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
JOB = click.option("--job", "job_name", help="The job's id, or its beginning; else the newest.")


def facts(job: Job, counts: dict[State, int]) -> dict[str, object]:
    """A job as JSON-ready values."""
    return {
        "job": job.id,
        "connector": job.connector,
        "operation": job.operation,
        "source": job.source,
        "rows": job.rows,
        "rate": job.rate,
        "halted": job.halted,
        **{state.value: counts.get(state, 0) for state in State},
    }


def code_of(counts: dict[State, int], reason: str | None) -> int:
    """The exit code of a run."""
    if reason is not None:
        return INTERRUPT if reason == INTERRUPTED else STOPPED
    if counts.get(State.UNKNOWN):
        return UNKNOWN
    if counts.get(State.DECLINED) or counts.get(State.REJECTED):
        return DECLINED
    return DONE


def end(journal: Journal, job: Job, reason: str | None, *, as_json: bool) -> NoReturn:
    """Prints what became of a job, and ends with its code."""
    counts = journal.counts(job)
    if as_json:
        print_json({**facts(job, counts), "ended_early": reason})
    else:
        click.echo(summary(job, counts))
        if reason is not None:
            click.echo(harmless(reason), err=True)
        elif counts.get(State.UNKNOWN):
            click.echo("prism batch unknown lists the rows of which nobody knows", err=True)
        still = sum(counts.get(state, 0) for state in OPEN)
        if reason is None and still:
            click.echo(f"{still:,} rows are left for workers: prism batch work", err=True)
    sys.exit(code_of(counts, reason))
