"""Makes the tables of a journal, once, also where several workers start at the same time."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from prism_batch.databases import first_line, shown
from prism_batch.tables import metadata
from prism_core import ConfigurationError

_LOCK = 7_305_813_622
"""A number for PostgreSQL's advisory lock, chosen once."""


def make_tables(engine: Engine) -> None:
    """Makes the tables that are missing. Raises `ConfigurationError` if the database cannot be
    reached or written, or has tables of another version; the message says what to do."""
    try:
        if not _are_there(engine):
            with engine.begin() as connection:
                if engine.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
                metadata.create_all(connection)
    except (DBAPIError, sqlite3.Error) as error:
        said = first_line(error) if isinstance(error, DBAPIError) else str(error)
        raise ConfigurationError(
            f"the journal {shown(engine.url)} cannot be used: {said}. Check the URL, that the "
            "database runs, and that you may make tables in it"
        ) from None


def _are_there(engine: Engine) -> bool:
    """Whether the tables are there. It only reads: another process may load a job meanwhile."""
    with engine.connect().execution_options(prism_reads=True) as connection:
        found = inspect(connection)
        there = [one for one in metadata.sorted_tables if found.has_table(one.name)]
        for table in there:
            if {*table.columns.keys()} != {one["name"] for one in found.get_columns(table.name)}:
                raise ConfigurationError(
                    f"the journal {shown(engine.url)} was made by another version of "
                    "prism-payments-batch: end its jobs with that version, or give another journal"
                )
        return len(there) == len(metadata.sorted_tables)
