"""Loads an input into the journal: one transaction, so that a job is there whole or not at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from prism_batch.accounts import fingerprint
from prism_batch.items import Job
from prism_batch.journal import Journal
from prism_batch.mapping import Columns
from prism_batch.operations import Operation
from prism_batch.overlaps import one_at_a_time, refuse_doubles
from prism_batch.problems import SHOWN, InvalidInput, Problems, Twice, refuse_twice
from prism_batch.sources import Source
from prism_batch.tables import State, chunks, clock, items, jobs
from prism_core import InvalidRequest, PrismError
from prism_core.cli.show import harmless
from prism_core.runtime.keys import derived_key

CHUNK = 500
"""Rows that one worker takes at once."""
CHECKED = 100
"""The first rows, whose requests are made before anything is written."""
_AT_ONCE = 1000


def job_id(source: Source, columns: Columns, operation: Operation, connector: str) -> str:
    """The id of a job: the same for the same input, mapping, operation and connector, so that the
    same command resumes."""
    parts = (source.digest().hex(), connector, operation.name, columns.identity())
    return derived_key("a batch", *parts).replace("-", "")[:12]


def check(source: Source, columns: Columns, operation: Operation, most: int | None) -> int:
    """Makes the requests of the first rows (None: of all) without sending anything. Returns their
    number; raises `InvalidInput` with what is wrong."""
    problems, number, twice = Problems(), 0, Twice()
    for number, row in enumerate(itertools.islice(source.rows(), most), 1):
        try:
            reference, fields = columns.read(row)
            twice.add(reference)
            operation.read(fields)
        except InvalidInput:
            raise
        except InvalidRequest as error:
            problems.add(number, error.message)
    twice.refuse()
    problems.refuse(f"{'the first ' if number == most else ''}{number:,} rows")
    if not number:
        raise InvalidInput(f"{source.name} has no rows")
    if most is None:
        columns.refuse_unused(source.name)
    return number


def load(
    journal: Journal,
    source: Source,
    columns: Columns,
    operation: Operation,
    client: Any,
    connector: str,
    *,
    rate: float | None = None,
    key_hours: float | None = None,
    chunk: int = CHUNK,
) -> tuple[Job, bool]:
    """The job of an input, and whether it was loaded now. Raises `InvalidInput` where a row
    is wrong in a way that could pay twice: a reference that is there twice, or was sent by another
    job."""
    name = job_id(source, columns, operation, connector)
    if known := journal.with_id(name):
        return known, False
    check(source, columns, operation, CHECKED)
    values = {
        "id": name,
        "connector": connector,
        "operation": operation.name,
        "account": fingerprint(client, name),
        "source": harmless(source.name),
        "rate": rate,
        "key_hours": key_hours,
        "rows": 0,
        "next_slot": 0.0,
    }
    made = insert(jobs).values(created=clock(), **values).returning(jobs.c.number)
    with journal.writing() as connection:
        one_at_a_time(connection)
        known = connection.scalar(select(jobs.c.number).where(jobs.c.id == name))
        if known is None:  # else another process has loaded it meanwhile
            number = connection.execute(made).scalar_one()
            count = _fill(connection, number, name, source, columns)
            if job_id(source, columns, operation, connector) != name:
                raise InvalidInput(
                    f"{source.name} changed while it was read. Nothing was sent: run it again when "
                    "nobody writes to it"
                )
            columns.refuse_unused(source.name)
            _chunks(connection, number, count, chunk)
            _refuse_twice(connection, number)
            refuse_doubles(connection, number, connector, operation.name)
            connection.execute(update(jobs).where(jobs.c.number == number).values(rows=count))
    return journal.job(name), known is None


def _fill(connection: Connection, number: int, name: str, source: Source, columns: Columns) -> int:
    count = 0
    made = _rows(number, name, source, columns)
    while found := list(itertools.islice(made, _AT_ONCE)):
        connection.execute(insert(items), found)
        count += len(found)
    return count


def _rows(number: int, name: str, source: Source, columns: Columns) -> Iterator[dict[str, Any]]:
    for row, values in enumerate(source.rows(), 1):
        try:
            reference, fields = columns.read(values)
        except PrismError as error:
            raise InvalidInput(f"nothing was sent. Row {row}: {error.message}") from None
        yield {
            "job": number,
            "row": row,
            "reference": reference,
            "state": State.NEW.value,
            "tries": 0,
            "key": bytes.fromhex(derived_key(f"batch {name}", reference).replace("-", "")),
            "fields": fields,
        }


def _chunks(connection: Connection, number: int, count: int, size: int) -> None:
    found = [
        {
            "job": number,
            "number": place,
            "first": first,
            "last": min(first + size - 1, count),
            "open": min(size, count - first + 1),
            "lease": 0.0,
        }
        for place, first in enumerate(range(1, count + 1, size))
    ]
    connection.execute(insert(chunks), found)


def _refuse_twice(connection: Connection, number: int) -> None:
    twice = (
        select(items.c.reference)
        .where(items.c.job == number)
        .group_by(items.c.reference)
        .having(func.count() > 1)
        .limit(SHOWN)
    )
    refuse_twice(list(connection.scalars(twice)))
