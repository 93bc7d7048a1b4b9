"""Makes the tables of a journal, once, also where several workers start at the same time."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from prism_batch.databases import first_line
from prism_batch.tables import metadata
from prism_core import ConfigurationError

_LOCK = 7_305_813_622
"""A number for PostgreSQL's advisory lock, chosen once."""


def make_tables(engine: Engine) -> None:
    """Makes the tables that are missing. Raises `ConfigurationError` if the database cannot be
    reached or written; the message says what to do."""
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            metadata.create_all(connection)
    except DBAPIError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise ConfigurationError(
            f"the journal {where} cannot be used: {first_line(error)}. Check the URL, that the "
            "database runs, and that you may make tables in it"
        ) from None
