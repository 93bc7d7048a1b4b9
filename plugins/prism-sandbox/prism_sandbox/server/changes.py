"""What is done to a payment after it was made: each change is checked, and gives the payment as
it stands then, or raises. Whoever calls these holds the store's transaction, so that what was
checked still holds when the change is kept."""

from __future__ import annotations

import time
from typing import Any

from prism_sandbox.server.accounts import DEBITS, RULES
from prism_sandbox.server.errors import conflict, invalid
from prism_sandbox.server.objects import Document, new_refund
from prism_sandbox.server.rules import Status

_OPEN: tuple[Status, ...] = ("authorized", "partially_captured")


def captured(payment: Document, request: Document) -> Document:
    """The payment with more of it captured: the amount asked for, or all that is left."""
    _must_be(payment, _OPEN, "captured", "not_capturable")
    left = payment["amount_capturable"]
    amount = _part(payment, request, left)
    return _changed(
        payment,
        "capture",
        {**request, "amount": amount},
        status="captured" if amount == left else "partially_captured",
        amount_captured=payment["amount_captured"] + amount,
        amount_capturable=left - amount,
    )


def voided(payment: Document, request: Document) -> Document:
    """The payment with all that can still be captured given up, or an order's that nobody has paid
    yet canceled."""
    if payment["order"] and payment["status"] in ("requires_payment_method", "requires_action"):
        nothing = {**request, "amount": 0}
        return _changed(payment, "void", nothing, status="canceled", next_action=None)
    _must_be(payment, _OPEN, "voided", "not_voidable")
    return _changed(
        payment,
        "void",
        {**request, "amount": payment["amount_capturable"]},
        status="partially_voided" if payment["amount_captured"] else "voided",
        amount_capturable=0,
    )


def incremented(payment: Document, request: Document) -> Document:
    """The payment with the amount asked for authorized in all."""
    _must_be(payment, ("authorized",), "raised", "not_incrementable")
    if payment["incremental"] is False:
        raise conflict("not_incrementable", "The payment was made with incremental false.")
    _same_currency(payment, request)
    total, before = request["amount"], payment["amount_authorized"]
    if total <= before:
        message = f"Must be more than the {before} that are authorized."
        raise invalid("amount", message, code="amount_too_small")
    return _changed(
        payment,
        "increment",
        request,
        amount=total,
        amount_authorized=total,
        amount_capturable=total,
    )


def refunded(payment: Document, request: Document) -> tuple[Document, Document]:
    """The payment with captured money given back, the amount asked for or all that is left; and
    the refund. One that fails leaves the payment as it was."""
    if not payment["amount_captured"]:
        raise conflict("not_refundable", "Nothing of this payment is captured.")
    left = payment["amount_captured"] - payment["amount_refunded"]
    if not left:
        raise conflict("already_refunded", "All that was captured is refunded.")
    amount = _part(payment, request, left)
    status = RULES[payment["outcome"]].refunds
    if status == "succeeded" and payment["method"]["type"] in DEBITS:
        status = "pending"
    refund = new_refund(payment, request, amount, status)
    given_back = 0 if status == "failed" else amount
    return payment | {"amount_refunded": payment["amount_refunded"] + given_back}, refund


def _must_be(payment: Document, statuses: tuple[Status, ...], done: str, code: str) -> None:
    if payment["status"] not in statuses:
        raise conflict(code, f"A payment in status {payment['status']} cannot be {done}.")


def _part(payment: Document, request: Document, left: int) -> int:
    _same_currency(payment, request)
    amount: int = left if request["amount"] is None else request["amount"]
    if amount > left:
        raise invalid("amount", f"Must be at most the {left} that are left.", "amount_too_large")
    return amount


def _same_currency(payment: Document, request: Document) -> None:
    if request["currency"] not in (None, payment["currency"]):
        raise invalid("currency", "Must be the payment's currency.", code="currency_mismatch")


def _changed(payment: Document, kind: str, request: Document, **now: Any) -> Document:
    """The payment as it is now, with what was asked kept among its changes."""
    about = {**request, "currency": payment["currency"], "metadata": request["metadata"] or {}}
    change = {"type": kind, **about, "created": int(time.time())}
    return payment | now | {"changes": [*payment["changes"], change]}
