"""What the sandbox remembers of pages: orders, tokens of a page, plans, disputes."""

from __future__ import annotations

import json

from prism_sandbox.server.database import Database
from prism_sandbox.server.objects import Document


class PageStore(Database):
    """The queries of orders, tokens, plans and disputes."""

    settle_seconds: float = 3
    """How long a debit takes to settle or bounce, and one more time until it is returned."""

    def add_order(self, order: Document, payment: str, mandate: str | None) -> None:
        """Keep a new order, with the ids of its payment and its mandate."""
        self._rows(
            "INSERT INTO orders VALUES (?, ?, ?, ?, ?)",
            *(order["id"], payment, mandate, order["url"], json.dumps(order)),
        )

    def order(self, order_id: str) -> Document | None:
        """The order with this id, with its payment and its mandate as they stand."""
        return self._order("o.id", order_id)

    def order_at(self, url: str) -> Document | None:
        """The order whose page has this path."""
        return self._order("o.url", url)

    def _order(self, column: str, value: str) -> Document | None:
        rows = self._rows(
            "SELECT o.body, p.body, m.body FROM orders o JOIN payments p ON p.id = o.payment"  # noqa: S608 - two words
            f" LEFT JOIN mandates m ON m.id = o.mandate WHERE {column} = ?",
            value,
        )
        if not rows:
            return None
        order, payment = json.loads(rows[0][0]), json.loads(rows[0][1])
        mandate = json.loads(rows[0][2]) if rows[0][2] else None
        return {**order, "status": _status(payment), "payment": payment, "mandate": mandate}

    def add_token(self, token: Document) -> None:
        """Keep a new token of a page."""
        self._rows("INSERT INTO tokens VALUES (?, ?)", token["id"], json.dumps(token))

    def token(self, token_id: str) -> Document | None:
        """The token with this id."""
        return self._document("SELECT body FROM tokens WHERE id = ?", token_id)

    def use_token(self, token: Document) -> None:
        """Keep that a token is used up."""
        used = json.dumps(token | {"used": True})
        self._rows("UPDATE tokens SET body = ? WHERE id = ?", used, token["id"])

    def plan(self, about: str, what: str, at: float) -> None:
        """Keep what will happen to a payment, and when."""
        self._rows("INSERT OR REPLACE INTO plans VALUES (?, ?, ?)", about, what, at)

    def due(self, now: float) -> list[tuple[str, str]]:
        """What is to happen by now: the payments' ids, and what."""
        found = "SELECT about, what FROM plans WHERE at <= ? ORDER BY at LIMIT 100"
        return [(about, what) for about, what in self._rows(found, now)]

    def is_planned(self, about: str, what: str) -> bool:
        """Whether it is still to happen."""
        return bool(self._rows("SELECT 1 FROM plans WHERE about = ? AND what = ?", about, what))

    def bring_forward(self, seconds: float) -> None:
        """Let all that is planned happen so much earlier."""
        self._rows("UPDATE plans SET at = at - ?", seconds)

    def done(self, about: str, what: str) -> None:
        """Forget a plan: it happened."""
        self._rows("DELETE FROM plans WHERE about = ? AND what = ?", about, what)

    def add_dispute(self, dispute: Document) -> None:
        """Keep a new dispute."""
        self._rows("INSERT INTO disputes VALUES (?, ?)", dispute["id"], json.dumps(dispute))
        self._changed.append(dispute)


def _status(payment: Document) -> str:
    """How an order stands: it is open for as long as it can be paid."""
    status: str = payment["status"]
    if status in ("requires_payment_method", "requires_action"):
        return "open"
    return status if status in ("expired", "canceled") else "complete"
