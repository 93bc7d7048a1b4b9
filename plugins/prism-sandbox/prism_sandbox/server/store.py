"""What the sandbox remembers: one SQLite connection, its schema and every query."""

from __future__ import annotations

import json
import secrets
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prism_sandbox.server.objects import Document

_SCHEMA_VERSION = 4
_SCHEMA = (
    "CREATE TABLE settings (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    """CREATE TABLE customers (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reference TEXT,
        body TEXT NOT NULL)""",
    "CREATE INDEX customers_by_reference ON customers (reference)",
    """CREATE TABLE payments (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, reference TEXT,
        challenge TEXT UNIQUE, manual INTEGER NOT NULL, return_url TEXT, body TEXT NOT NULL)""",
    "CREATE INDEX payments_by_reference ON payments (reference)",
    "CREATE TABLE refunds (id TEXT PRIMARY KEY, body TEXT NOT NULL)",
    """CREATE TABLE payment_methods (
        position INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, customer TEXT,
        body TEXT NOT NULL)""",
    "CREATE INDEX payment_methods_by_customer ON payment_methods (customer)",
    """CREATE TABLE mandates (
        id TEXT PRIMARY KEY, customer TEXT, payment_method TEXT, body TEXT NOT NULL)""",
    """CREATE TABLE answers (
        scope TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
        about TEXT NOT NULL, body TEXT NOT NULL)""",
    "CREATE INDEX answers_by_about ON answers (about)",
)


@dataclass(frozen=True)
class Challenge:
    """A payment's 3-D Secure challenge, and where its customer goes afterwards."""

    payment: Document
    manual: bool
    return_url: str | None


class Store:
    """Thread-safe access to one database: a file, or ":memory:".

    `tell` is called with each payment, refund and mandate that was changed, once that is certain.
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

    def add_customer(self, customer: Document) -> None:
        """Keep a new customer."""
        self._rows(
            "INSERT INTO customers (id, reference, body) VALUES (?, ?, ?)",
            *(customer["id"], customer["reference"], json.dumps(customer)),
        )

    def update_customer(self, customer: Document) -> None:
        """Keep the new state of a customer."""
        self._rows(
            "UPDATE customers SET reference = ?, body = ? WHERE id = ?",
            *(customer["reference"], json.dumps(customer), customer["id"]),
        )

    def delete_customer(self, customer_id: str) -> None:
        """Forget a customer, their cards, and what was answered about them: it tells of them,
        and the key that made them may make them again."""
        self._rows("DELETE FROM answers WHERE about = ?", customer_id)
        self._rows(
            "DELETE FROM answers WHERE about IN"
            " (SELECT id FROM payment_methods WHERE customer = ?)",
            customer_id,
        )
        self._rows("DELETE FROM payment_methods WHERE customer = ?", customer_id)
        self._rows("DELETE FROM customers WHERE id = ?", customer_id)

    def customers(self, reference: str) -> list[Document]:
        """The first hundred customers with this merchant reference, oldest first."""
        return self._documents(
            "SELECT body FROM customers WHERE reference = ? ORDER BY position LIMIT 100",
            reference,
        )

    def newest_customers(self, limit: int) -> tuple[int, list[Document]]:
        """How many customers there are, and the newest of them, newest first."""
        newest = "SELECT body FROM customers ORDER BY position DESC LIMIT ?"
        return self._rows("SELECT COUNT(*) FROM customers")[0][0], self._documents(newest, limit)

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
        self._changed.append(payment)

    def update_payment(self, payment: Document) -> None:
        """Keep the new state of a payment."""
        self._rows("UPDATE payments SET body = ? WHERE id = ?", json.dumps(payment), payment["id"])
        self._changed.append(payment)

    def payment(self, payment_id: str) -> Document | None:
        """The payment with this id."""
        return self._document("SELECT body FROM payments WHERE id = ?", payment_id)

    def payments(self, reference: str) -> list[Document]:
        """The newest hundred payments with this merchant reference, newest first."""
        return self._documents(
            "SELECT body FROM payments WHERE reference = ? ORDER BY position DESC LIMIT 100",
            reference,
        )

    def newest_payments(self, limit: int) -> tuple[int, list[Document]]:
        """How many payments there are, and the newest of them, newest first."""
        newest = "SELECT body FROM payments ORDER BY position DESC LIMIT ?"
        return self._rows("SELECT COUNT(*) FROM payments")[0][0], self._documents(newest, limit)

    def is_manual(self, payment_id: str) -> bool:
        """Whether a payment is to be authorized only, and captured by a request of its own."""
        rows = self._rows("SELECT manual FROM payments WHERE id = ?", payment_id)
        return bool(rows and rows[0][0])

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
        self._changed.append(refund)

    def refund(self, refund_id: str) -> Document | None:
        """The refund with this id."""
        return self._document("SELECT body FROM refunds WHERE id = ?", refund_id)

    def add_payment_method(self, method: Document) -> None:
        """Keep a new card."""
        self._rows(
            "INSERT INTO payment_methods (id, customer, body) VALUES (?, ?, ?)",
            *(method["id"], method["customer"], json.dumps(method)),
        )

    def payment_method(self, method_id: str) -> Document | None:
        """The stored card with this id."""
        return self._document("SELECT body FROM payment_methods WHERE id = ?", method_id)

    def payment_methods(self, customer: str, limit: int) -> list[Document]:
        """The newest cards kept for a customer, newest first."""
        return self._documents(
            "SELECT body FROM payment_methods WHERE customer = ? ORDER BY position DESC LIMIT ?",
            *(customer, limit),
        )

    def give_payment_method(self, method_id: str, customer: str) -> None:
        """Keep a card for this customer from now on."""
        method = self.payment_method(method_id)
        if method is not None:
            self._rows(
                "UPDATE payment_methods SET customer = ?, body = ? WHERE id = ?",
                *(customer, json.dumps(method | {"customer": customer}), method_id),
            )

    def delete_payment_method(self, method_id: str) -> None:
        """Forget a card, and what was answered about it."""
        self._rows("DELETE FROM answers WHERE about = ?", method_id)
        self._rows("DELETE FROM payment_methods WHERE id = ?", method_id)

    def add_mandate(self, mandate: Document) -> None:
        """Keep a new mandate."""
        self._rows(
            "INSERT INTO mandates VALUES (?, ?, ?, ?)",
            *(mandate["id"], mandate["customer"], mandate["payment_method"], json.dumps(mandate)),
        )
        self._changed.append(mandate)

    def update_mandate(self, mandate: Document) -> None:
        """Keep the new state of a mandate."""
        self._rows("UPDATE mandates SET body = ? WHERE id = ?", json.dumps(mandate), mandate["id"])
        self._changed.append(mandate)

    def mandate(self, mandate_id: str) -> Document | None:
        """The mandate with this id."""
        return self._document("SELECT body FROM mandates WHERE id = ?", mandate_id)

    def mandates_on(self, owner: str) -> list[Document]:
        """Every mandate of a customer, or on a stored card."""
        return self._documents(
            "SELECT body FROM mandates WHERE customer = ? OR payment_method = ?", owner, owner
        )

    def add_answer(self, scope: str, fingerprint: str, status: int, body: Document) -> None:
        """Keep the answer to the first request with an idempotency key."""
        self._rows(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?)",
            *(scope, fingerprint, status, body["id"], json.dumps(body)),
        )

    def answer(self, scope: str) -> tuple[str, int, Document] | None:
        """The fingerprint, status and body kept for an idempotency key."""
        rows = self._rows("SELECT fingerprint, status, body FROM answers WHERE scope = ?", scope)
        return (rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else None
