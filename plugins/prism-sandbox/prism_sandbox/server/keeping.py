"""Keeping a payment that moved, with all that follows from it: a stored method, its mandate, its
order, and what happens to it later."""

from __future__ import annotations

import time

from prism_sandbox.server.accounts import DEBITS, NO_MONEY, NOT_AGREED, RULES, kept_as
from prism_sandbox.server.errors import not_found
from prism_sandbox.server.methods import stored
from prism_sandbox.server.objects import Document, new_dispute, new_mandate
from prism_sandbox.server.payments import after_action, after_processing, after_return, ended
from prism_sandbox.server.store import Store

_OPEN = ("requires_payment_method", "requires_action")
_WAITING = (*_OPEN, "pending")
_GIVEN = {
    "captured": "active",
    "authorized": "active",
    "failed": "declined",
    "processing": "pending",
    "canceled": "declined",
}


def keep(store: Store, payment: Document, *, new: bool = False) -> Document:
    """Keep a payment that moved; gives it as it is kept."""
    before = None if new else store.payment(payment["id"])
    payment = _with_mandate(store, stored(store, payment))
    if new:
        store.add_payment(payment)
    else:
        store.update_payment(payment)
    _follow(store, payment)
    _plan(store, payment)
    if before is not None and before["status"] in _OPEN and payment["status"] not in _OPEN:
        order = store.order(payment["order"]) if payment["order"] else None
        if order is not None:
            store.changed(order)
    return payment


def given_by(mandate: Document, payment: Document) -> Document:
    """The mandate as it stands when its first payment stands so. A debit's is given at once: the
    customer has agreed, whatever becomes of the first debit."""
    about = ("amount", "currency", "network_transaction_id", "decline", "next_action")
    status = _GIVEN.get(payment["status"], payment["status"])
    method, outcome = payment["method"], payment["outcome"]
    if method is not None:
        status = "active" if status == "pending" and method["type"] in DEBITS else status
        method, outcome = kept_as(method, outcome)
    now = mandate | {name: payment[name] for name in about}
    if status == "requires_payment_method" and mandate.get("page"):
        now["next_action"] = {"type": "redirect", "url": mandate["page"]}
    return now | {
        "status": status,
        "customer": payment["customer"],
        "payment_method": payment["payment_method"],
        "method": method,
        "outcome": outcome,
    }


def happen(store: Store, payment_id: str, what: str) -> Document:
    """Let happen what was planned for a payment, or what a person wants to happen now. Raises
    `ApiError` where it cannot happen any more."""
    payment = store.payment(payment_id)
    if payment is None:
        raise not_found("payment")
    rule = RULES.get(payment["outcome"] or "")
    if what == "return":
        return _returned(store, payment)
    if what == "expire":
        return keep(store, ended(payment, "expired"))
    if what == "confirm":
        return keep(store, after_action(payment, approved=True))
    bounce = (rule.bounce if rule else None) or NO_MONEY
    return keep(store, after_processing(payment, decline=bounce if what == "bounce" else None))


def _returned(store: Store, payment: Document) -> Document:
    """The customer's bank took a debit back: a dispute that is lost as soon as it is known."""
    rule = RULES.get(payment["outcome"] or "")
    moved = after_return(payment)
    store.update_payment(moved)
    why = (rule.returned if rule else None) or NOT_AGREED
    dispute = new_dispute(moved, moved["amount_charged_back"], why)
    store.add_dispute(dispute)
    return moved


def _plan(store: Store, payment: Document) -> None:
    rule = RULES.get(payment["outcome"] or "")
    if rule is None:
        return
    what = None
    if payment["status"] == "processing" and rule.outcome == "debit" and not rule.waits:
        what = "bounce" if rule.bounce else "settle"
    elif payment["status"] == "requires_action" and rule.outcome == "app":
        what = "confirm"
    elif payment["status"] == "captured" and rule.returned and payment["amount"]:
        what = "return"
    if what is not None:
        own = payment.get("sandbox") or {}
        seconds = own.get("settle_seconds")
        seconds = store.settle_seconds if seconds is None else seconds
        store.plan(payment["id"], what, time.time() + seconds)


def _with_mandate(store: Store, payment: Document) -> Document:
    """A debit's method that is kept for later needs a mandate; a payment by iDEAL or Bancontact
    leaves one."""
    if payment["setup_future_usage"] is None or payment["payment_method"] is None:
        return payment
    if payment["mandate"] or payment["status"] not in ("captured", "processing"):
        return payment
    if kept_as(payment["method"], payment["outcome"])[0]["type"] not in DEBITS:
        return payment
    about = {"reference": None, "description": None, "metadata": None}
    mandate = given_by(new_mandate(about | _circumstances(payment), payment), payment)
    store.add_mandate(mandate)
    return payment | {"mandate": mandate["id"]}


def _circumstances(payment: Document) -> Document:
    return {name: payment.get(name) for name in ("person", "acceptance", "locale", "webhook_url")}


def _follow(store: Store, payment: Document) -> None:
    """Let the mandate that waits for this first payment stand as the payment does now."""
    mandate = store.mandate(payment["mandate"]) if payment["mandate"] else None
    if mandate is not None and mandate["status"] in _WAITING and payment["initiator"] != "merchant":
        store.update_mandate(given_by(mandate, payment))
