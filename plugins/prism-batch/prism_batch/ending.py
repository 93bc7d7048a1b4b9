"""How the commands end: the summary, and exit codes that scripts branch on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NoReturn

import click
from sqlalchemy.exc import DBAPIError

from prism_batch.databases import advice
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.progress import summary
from prism_batch.tables import OPEN, State
from prism_batch.worker import INTERRUPTED as INTERRUPT
from prism_core.cli.exit_codes import DONE, FAILED, INTERRUPTED, NOT_SENT, UNKNOWN
from prism_core.cli.show import harmless, print_json


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


def code_of(counts: dict[State, int], reason: str | None, differing: int) -> int:
    """The exit code of a run."""
    if reason is not None:
        return INTERRUPTED if reason == INTERRUPT else NOT_SENT
    if counts.get(State.UNKNOWN):
        return UNKNOWN
    if differing or counts.get(State.DECLINED) or counts.get(State.REJECTED):
        return FAILED
    return DONE


def end(
    journal: Journal, job: Job, reason: str | None, *, as_json: bool, loaded: bool = False
) -> NoReturn:
    """Prints what became of a job, and ends with its code; `loaded`: it was to be loaded only."""
    try:
        counts, differing = journal.counts(job), journal.differing(job)
    except DBAPIError as error:
        click.echo(harmless(reason or advice(error)), err=True)
        sys.exit(NOT_SENT)
    still = sum(counts.get(state, 0) for state in OPEN)
    if reason is None and still and not loaded:
        reason = "rows are left: run the same command again"
    if as_json:
        print_json({**facts(job, counts), "differing": differing, "ended_early": reason})
    else:
        click.echo(summary(job, counts))
        for sentence in _sentences(counts, reason, differing, still):
            click.echo(harmless(sentence), err=True)
    sys.exit(code_of(counts, reason, differing))


def _sentences(
    counts: dict[State, int], reason: str | None, differing: int, still: int
) -> Iterator[str]:
    """What a person should know beside the counts."""
    if reason is not None:
        yield reason
    elif still:
        yield f"{still:,} rows are left: run it without --only-load, or prism batch work"
    elif counts.get(State.UNKNOWN):
        yield "prism batch unknown lists the rows of which nobody knows"
    if differing:
        yield f"{differing:,} rows differ: prism batch report --differences lists them"
