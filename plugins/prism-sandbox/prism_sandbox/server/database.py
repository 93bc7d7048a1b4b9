"""The database of the sandbox: one SQLite connection, its schema, and its transactions."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from prism_sandbox.server.objects import Document

_SCHEMA_VERSION = 5
_SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE customers (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reference TEXT,
        body TEXT NOT NULL)""",
    "CREATE INDEX customers_by_reference ON customers (reference)",
    """CREATE TABLE payments (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reference TEXT,
        page TEXT UNIQUE, body TEXT NOT NULL)""",
    "CREATE INDEX payments_by_reference ON payments (reference)",
    "CREATE TABLE refunds (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    """CREATE TABLE orders (
        id TEXT PRIMARY KEY, payment TEXT NOT NULL, mandate TEXT, url TEXT UNIQUE,
        body TEXT NOT NULL)""",
    "CREATE TABLE tokens (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    "CREATE TABLE disputes (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    """CREATE TABLE plans (
        about TEXT NOT NULL, what TEXT NOT NULL, at REAL NOT NULL, PRIMARY KEY (about, what))""",
    "CREATE INDEX plans_by_time ON plans (at)",
    """CREATE TABLE payment_methods (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, customer TEXT,
        body TEXT NOT NULL)""",
    "CREATE INDEX payment_methods_by_customer ON payment_methods (customer)",
    """CREATE TABLE mandates (
        id TEXT PRIMARY KEY, customer TEXT, payment TEXT, reference TEXT, payment_method TEXT,
        body TEXT NOT NULL)""",
    """CREATE TABLE answers (
        scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
        about TEXT NOT NULL, body TEXT NOT NULL)""",
    "CREATE INDEX answers_by_about ON answers (about)",
)


class Database:
    """Thread-safe access to one database: a file, or ":memory:".

    `tell` is called with each payment, refund, mandate, order and dispute that was changed, once
    that is certain.
    """

    def __init__(self, database: str, tell: Callable[[Document], None] | None = None) -> None:
        self._lock = threading.RLock()
        self._tell = tell
        self._changed: list[Document] = []
        try:
            self._connection = sqlite3.connect(
                database, timeout=30, check_same_thread=False, isolation_level=None
            )
        except sqlite3.Error as error:
            raise ValueError(f"The database {database!r} cannot be opened: {error}") from error
        # An app used without a server has no moment of closing, so collection closes it.
        self.close = weakref.finalize(self, self._connection.close)
        try:
            with self.transaction():
                self._prepare(database)
            self.secret: bytes = self._rows("SELECT value FROM settings WHERE name = 'hmac'")[0][0]
        except sqlite3.Error as error:
            self.close()
            raise ValueError(f"{database!r} is no sandbox database: {error}") from error
        except ValueError:
            self.close()
            raise

    def _prepare(self, database: str) -> None:
        version = self._rows("PRAGMA user_version")[0][0]
        if version == _SCHEMA_VERSION:
            return
        if version != 0 or self._rows("SELECT 1 FROM sqlite_master"):
            raise ValueError(f"{database!r} holds something other than this version's sandbox data")
        for statement in _SCHEMA:
            self._rows(statement)
        self._rows("INSERT INTO settings VALUES ('hmac', ?)", secrets.token_bytes(32))
        self._rows(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens at once or not at all, and nothing else meanwhile."""
        with self._lock:
            # IMMEDIATE, so that two processes on one file cannot both find a key unused.
            self._connection.execute("BEGIN IMMEDIATE")
            self._changed.clear()
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise
            if self._tell is not None:
                for document in self._changed:
                    self._tell(document)

    def forget(self) -> None:
        """Forget everything but the secret, as if it were new."""
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'settings'"
        with self.transaction():
            for (name,) in self._rows(tables):
                self._rows(f"DELETE FROM {name}")  # noqa: S608 - the names of our own tables

    def changed(self, document: Document) -> None:
        """Let the receiver of events know of this once the transaction is certain."""
        self._changed.append(document)

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _document(self, statement: str, *values: object) -> Document | None:
        rows = self._rows(statement, *values)
        return json.loads(rows[0][0]) if rows else None

    def _documents(self, statement: str, *values: object) -> list[Document]:
        return [json.loads(body) for (body,) in self._rows(statement, *values)]

    def version(self) -> str:
        """Another one whenever something may have changed, by another process too."""
        other = self._rows("PRAGMA data_version")[0][0]
        return f"{other}.{self._connection.total_changes}"
