"""The tables of the journal, for SQLite and PostgreSQL by one code; the database's own clock."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement


class State(StrEnum):
    """What is known of a row."""

    NEW = "new"
    """Nothing was done: never sent, or certainly refused for now (a 429, no connection)."""
    SENT = "sent"
    """It may have left. A worker is waiting for its answer, or died while it did."""
    DONE = "done"
    """The processor did it."""
    DECLINED = "declined"
    """The processor, or the customer's bank, declined it."""
    REJECTED = "rejected"
    """The request is wrong: it was refused before or by the processor. Nothing was done."""
    UNKNOWN = "unknown"
    """Nobody knows, and it is not safe to send it again: a person must look."""


OPEN = (State.NEW, State.SENT)

metadata = MetaData()


class Bytes(LargeBinary):
    """Bytes, given to both drivers as they are: SQLAlchemy would wrap each."""

    cache_ok = True

    def bind_processor(self, dialect: Any) -> None:
        """None: nothing is done to a value."""
        return


jobs = Table(
    "prism_job",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("connector", Text, nullable=False),
    Column("operation", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("rate", Float),
    Column("next_slot", Float, nullable=False, default=0.0),
    Column("key_hours", Float),
    Column("created", Float, nullable=False),
    Column("halted", Text),
)
"""`account` tells accounts apart and holds nothing of their credentials; `next_slot` is the time
before which nothing may be sent; `halted` says why nothing is sent any more."""

chunks = Table(
    "prism_chunk",
    metadata,
    Column("job", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("open", Integer, nullable=False),
    Column("owner", Text),
    Column("lease", Float, nullable=False, default=0.0),
    sqlite_with_rowid=False,
)
"""Rows that one worker works on: `owner`, until its `lease` ends. `open` rows are not settled."""

items = Table(
    "prism_item",
    metadata,
    Column("job", Integer, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("reference", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", SmallInteger, nullable=False),
    Column("first_try", BigInteger),
    Column("key", Bytes, nullable=False),
    Column("fields", Bytes),
    Column("result", Text),
    Column("status", Text),
    Column("error", Text),
    sqlite_with_rowid=False,
)
"""`fields` is the request as JSON, until the row is settled: then no personal data is left of it.
`key` is the idempotency key (16 bytes), `first_try` the second in which it was first used."""


def is_one_of(*states: State) -> ColumnElement[bool]:
    """Whether a row is in one of these states. An IN cannot be executed for many rows at once."""
    return or_(*(items.c.state == state.value for state in states))


class clock(FunctionElement[float]):
    """Seconds since 1970 by the database's clock: those of the workers may be wrong."""

    type = Float()
    inherit_cache = True


@compiles(clock)
def _clock(element: clock, compiler: Any, **options: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) AS double precision)"


@compiles(clock, "sqlite")
def _sqlite_clock(element: clock, compiler: Any, **options: Any) -> str:
    return "((julianday('now') - 2440587.5) * 86400.0)"
