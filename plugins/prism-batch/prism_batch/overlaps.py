"""Rows that are in more than one job of a journal: each job has its own keys, and would do them."""

from __future__ import annotations

from sqlalchemy import Connection, and_, func, or_, select, text

from prism_batch.items import CANCELLED
from prism_batch.operations import Operation
from prism_batch.problems import SHOWN, InvalidInput
from prism_batch.tables import OPEN, State, is_one_of, items, jobs

_LOCK = 7_305_813_623
"""A number for PostgreSQL's advisory lock, chosen once."""
_MAY_BE_DONE = [state.value for state in (State.SENT, State.DONE, State.UNKNOWN)]


def one_at_a_time(connection: Connection) -> None:
    """Lets one transaction at a time load a job: two would not see each other's rows. (In SQLite,
    only one writes anyway.)"""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def refuse_doubles(connection: Connection, number: int, connector: str, operation: str) -> None:
    """Refuses the open rows of a job that another job of the same connector and operation did, may
    have done, or will do. Raises `InvalidInput`."""
    what = Operation(operation)
    if not what.changes:
        return
    one_at_a_time(connection)
    same = and_(
        jobs.c.connector == connector, jobs.c.operation == operation, jobs.c.number != number
    )
    # So locked, a worker of a cancelled job that has not noticed sends nothing more (see _verdict).
    cancelled = select(jobs.c.number).where(same, jobs.c.halted == CANCELLED)
    connection.execute(cancelled.with_for_update()).all()
    others = list(connection.scalars(select(jobs.c.number).where(same)))
    if not others:
        return
    before = items.alias("before")
    will = and_(before.c.state == State.NEW.value, func.coalesce(jobs.c.halted, "") != CANCELLED)
    # Not a join: SQLite would compare each row with each.
    own = select(items.c.reference).where(items.c.job == number, is_one_of(*OPEN))
    found = connection.execute(
        select(before.c.reference, before.c.state, jobs.c.id)
        .join(jobs, jobs.c.number == before.c.job)
        .where(
            before.c.job.in_(others),
            or_(before.c.state.in_(_MAY_BE_DONE), will),
            before.c.reference.in_(own),
        )
        .limit(SHOWN)
    ).all()
    if found:
        told = ", ".join(f"{reference} ({state} in job {job})" for reference, state, job in found)
        raise InvalidInput(
            f"these rows are in another job, too, and would be done twice: {told}. Nothing was "
            "sent. Resume that job with --job; or take its rows out of the input; or give what is "
            f"new a new {what.reference_field}; or cancel that job, if its rows are new there"
        )
