"""What the sandbox remembers: every query, but for `page_store`'s."""

from __future__ import annotations

import json

from prism_sandbox.server.objects import Document
from prism_sandbox.server.page_store import PageStore


class Store(PageStore):
    """Thread-safe access to one database: a file, or ":memory:"."""

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

    def add_payment(self, payment: Document) -> None:
        """Keep a new payment."""
        self._rows(
            "INSERT INTO payments (id, reference, page, body) VALUES (?, ?, ?, ?)",
            *(payment["id"], payment["reference"], _page(payment), json.dumps(payment)),
        )
        self._changed.append(payment)

    def update_payment(self, payment: Document) -> None:
        """Keep the new state of a payment; the last page of its customer's stays its own."""
        self._rows(
            "UPDATE payments SET page = COALESCE(?, page), body = ? WHERE id = ?",
            *(_page(payment), json.dumps(payment), payment["id"]),
        )
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

    def payment_at(self, page: str) -> Document | None:
        """The payment whose customer answers at this page, or has answered there."""
        return self._document("SELECT body FROM payments WHERE page = ?", page)

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
            "INSERT INTO mandates VALUES (?, ?, ?, ?, ?, ?)",
            *(mandate["id"], mandate["customer"], mandate["payment"], mandate["reference"]),
            *(mandate["payment_method"], json.dumps(mandate)),
        )
        self._changed.append(mandate)

    def update_mandate(self, mandate: Document) -> None:
        """Keep the new state of a mandate."""
        self._rows(
            "UPDATE mandates SET customer = ?, payment_method = ?, body = ? WHERE id = ?",
            *(mandate["customer"], mandate["payment_method"], json.dumps(mandate), mandate["id"]),
        )
        self._changed.append(mandate)

    def mandate(self, mandate_id: str) -> Document | None:
        """The mandate with this id."""
        return self._document("SELECT body FROM mandates WHERE id = ?", mandate_id)

    def mandates(
        self,
        id: str | None = None,
        order: str | None = None,
        payment: str | None = None,
        reference: str | None = None,
    ) -> list[Document]:
        """The mandate with this id, those that this order or payment began, or with this merchant
        reference."""
        return self._documents(
            "SELECT body FROM mandates WHERE id = ? OR payment = ? OR reference = ?"
            " OR id = (SELECT mandate FROM orders WHERE orders.id = ?) LIMIT 100",
            *(id, payment, reference, order),
        )

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


def _page(payment: Document) -> str | None:
    action = payment["next_action"]
    return action["url"] if action else None
