"""Opens the database of a journal by its URL, and says what to do where that fails."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from prism_core import ConfigurationError

EXAMPLES = "sqlite:///renewals.db or postgresql://user@host/database"
_UNREACHABLE = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""A server that is gone without a word must be noticed: libpq waits two hours by itself."""


@contextmanager
def explained() -> Iterator[None]:
    """Makes a database's error a `ConfigurationError` that says what to do."""
    try:
        yield
    except DBAPIError as error:
        raise ConfigurationError(advice(error)) from None


def advice(error: DBAPIError) -> str:
    """What to do after an error of the journal's database."""
    said = first_line(error)
    if not isinstance(error, (OperationalError, InterfaceError)):
        return f"the journal's database refuses a statement: {said}. Nothing more was sent"
    what = "start the database, or free its lock"
    if "full" in said or "No space" in said:
        what = "free space on its disk"
    return (
        f"the journal cannot be written: {said}. Nothing more was sent: {what}, and run the same "
        "command again; it goes on where it stopped"
    )


def first_line(error: DBAPIError) -> str:
    """What the database said, without the statement and its values, which may be personal."""
    return str(error.orig).strip().partition("\n")[0]


def journal_url(text: str) -> URL:
    """The URL with its driver. Raises `ConfigurationError`."""
    try:
        url = _url(text)
    except (ArgumentError, ValueError):  # the latter for a port that is no number
        raise ConfigurationError(f"--journal must be a URL, such as {EXAMPLES}") from None
    name = url.get_backend_name()
    if name not in ("sqlite", "postgresql"):
        raise ConfigurationError(f"a journal is in SQLite or PostgreSQL: {EXAMPLES}")
    if name == "sqlite" and url.database in (None, "", ":memory:"):
        raise ConfigurationError(
            "a journal in memory would be lost with the process: give a file, such as "
            "sqlite:///renewals.db"
        )
    return url.set(drivername="sqlite" if name == "sqlite" else "postgresql+psycopg")


def _url(text: str) -> URL:
    """The URL. Raises `ValueError`, SQLAlchemy's `ArgumentError`, or `ConfigurationError` for the
    old name that SQLAlchemy does not know any more."""
    url = make_url(text)
    if url.get_backend_name() == "postgres":
        raise ConfigurationError("write postgresql:// in place of postgres://")
    return url


def shown(url: URL) -> str:
    """A URL for a message: no password, and no options, which may have one."""
    return url.set(query={}).render_as_string(hide_password=True)


def with_driver(text: str) -> URL:
    """The URL of another database. Raises `ValueError` or SQLAlchemy's `ArgumentError`."""
    url = _url(text)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def open_engine(text: str, *, is_new: bool = True) -> Engine:
    """The engine of a journal, whose file is made if it `is_new`. Raises `ConfigurationError`."""
    url = journal_url(text)
    if not is_new and url.get_backend_name() == "sqlite" and not os.path.exists(str(url.database)):
        raise ConfigurationError(f"there is no journal {url.database}: prism batch run makes one")
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url)
    try:
        engine = create_engine(
            url, pool_pre_ping=True, hide_parameters=True, connect_args=_UNREACHABLE
        )
    except ModuleNotFoundError as missing:
        raise ConfigurationError(
            f"{missing.name} is missing: pip install 'prism-payments-batch[postgresql]'"
        ) from None
    # Without it, a million rows are inserted one by one.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def _open_sqlite(url: URL) -> Engine:
    _make_private(Path(str(url.database)))
    engine = create_engine(
        url, connect_args={"timeout": 30, "isolation_level": None}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_private(path: Path) -> None:
    """Makes the file: it holds personal data until its rows are settled."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise ConfigurationError(
            f"the journal {path} cannot be opened: {error.strerror}. Give another file with "
            "--journal, or free it"
        ) from None


def _prepare(connection: sqlite3.Connection, _: Any) -> None:
    for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}").close()


def _begin(connection: Any) -> None:
    # A transaction that reads first and then writes could otherwise not wait for another one.
    reads = connection.get_execution_options().get("prism_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
