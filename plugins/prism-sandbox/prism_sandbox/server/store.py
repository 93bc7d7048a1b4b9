"""What the sandbox remembers: one SQLite connection, its schema and every query."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prism_sandbox.server.objects import Document

_SCHEMA_VERSION = 2
_SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    "CREATE TABLE customers (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    """CREATE TABLE payments (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reference TEXT,
        challenge TEXT UNIQUE, manual INTEGER NOT NULL, return_url TEXT, body TEXT NOT NULL)""",
    "CREATE INDEX payments_by_reference ON payments (reference)",
    "CREATE TABLE refunds (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    """CREATE TABLE answers (
        scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
        body TEXT NOT NULL)""",
)


@dataclass(frozen=True)
class Challenge:
    """A payment's 3-D Secure challenge, and where its customer goes afterwards."""

    payment: Document
    manual: bool
    return_url: str | None


class Store:
    """Thread-safe access to one database: a file, or ":memory:"."""

    def __init__(self, database: str) -> None:
        self._lock = threading.RLock()
        try:
            self._connection = sqlite3.connect(
                database, check_same_thread=False, isolation_level=None
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
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                self._connection.rollback()
                raise

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with self._lock:
            return self._connection.execute(statement, values).fetchall()

    def _document(self, statement: str, *values: object) -> Document | None:
        rows = self._rows(statement, *values)
        return json.loads(rows[0][0]) if rows else None

    def add_customer(self, customer: Document) -> None:
        """Keep a new customer."""
        self._rows("INSERT INTO customers VALUES (?, ?)", customer["id"], json.dumps(customer))

    def customer(self, customer_id: str) -> Document | None:
        """The customer with this id."""
        return self._document("SELECT body FROM customers WHERE id = ?", customer_id)

    def add_payment(self, payment: Document, *, manual: bool, return_url: str | None) -> None:
        """Keep a new payment, and what its challenge will need."""
        action = payment["next_action"]
        self._rows(
            "INSERT INTO payments (id, reference, challenge, manual, return_url, body)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            *(payment["id"], payment["reference"]),
            *(action["url"] if action else None, manual, return_url, json.dumps(payment)),
        )

    def update_payment(self, payment: Document) -> None:
        """Keep the new state of a payment."""
        self._rows("UPDATE payments SET body = ? WHERE id = ?", json.dumps(payment), payment["id"])

    def payment(self, payment_id: str) -> Document | None:
        """The payment with this id."""
        return self._document("SELECT body FROM payments WHERE id = ?", payment_id)

    def payments(self, reference: str) -> list[Document]:
        """The newest hundred payments with this merchant reference, newest first."""
        rows = self._rows(
            "SELECT body FROM payments WHERE reference = ? ORDER BY position DESC LIMIT 100",
            reference,
        )
        return [json.loads(body) for (body,) in rows]

    def challenge(self, path: str) -> Challenge | None:
        """The challenge that lives at this path, answered or not."""
        rows = self._rows("SELECT body, manual, return_url FROM payments WHERE challenge = ?", path)
        if not rows:
            return None
        body, manual, return_url = rows[0]
        return Challenge(json.loads(body), bool(manual), return_url)

    def add_refund(self, refund: Document) -> None:
        """Keep a new refund."""
        self._rows("INSERT INTO refunds VALUES (?, ?)", refund["id"], json.dumps(refund))

    def refund(self, refund_id: str) -> Document | None:
        """The refund with this id."""
        return self._document("SELECT body FROM refunds WHERE id = ?", refund_id)

    def add_answer(self, scope: str, fingerprint: str, status: int, body: Document) -> None:
        """Keep the answer to the first request with an idempotency key."""
        self._rows(
            "INSERT INTO answers VALUES (?, ?, ?, ?)", scope, fingerprint, status, json.dumps(body)
        )

    def answer(self, scope: str) -> tuple[str, int, Document] | None:
        """The fingerprint, status and body kept for an idempotency key."""
        rows = self._rows("SELECT fingerprint, status, body FROM answers WHERE scope = ?", scope)
        return (rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else None
