"""The JSON objects this processor keeps: how a customer, a payment, a refund, a stored card and a
mandate start.

Only brand, last four digits and expiry of a card get in here.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from typing import Any

from prism_sandbox.server.rules import (
    AUTHENTICATION_FAILED,
    DO_NOT_HONOR,
    CardRule,
    Decision,
    RefundStatus,
    Status,
    brand_of,
)

Document = dict[str, Any]

REFUND_REFUSED = {"code": "account_closed", "message": "The card's account is closed."}


def new_id(prefix: str) -> str:
    """A fresh, unguessable id such as `pay_5f0c…`."""
    return f"{prefix}_{secrets.token_hex(12)}"


def new_customer(request: Document) -> Document:
    """The customer that a checked request asks for."""
    return {
        "object": "customer",
        "id": new_id("cus"),
        **request,
        "metadata": request["metadata"] or {},
        "created": int(time.time()),
    }


def new_card(number: str, exp_month: int, exp_year: int) -> Document:
    """What may be kept of a card."""
    return {
        "brand": brand_of(number),
        "last4": number[-4:],
        "exp_month": exp_month,
        "exp_year": exp_year,
    }


def new_payment(request: Document, card: Document, decision: Decision) -> Document:
    """The payment that a checked request asks for, as it was decided."""
    payment: Document = {
        "object": "payment",
        "id": new_id("pay"),
        "status": decision.status,
        "amount": request["amount"],
        "currency": request["currency"],
        "reference": request["reference"],
        "customer": request["customer"],
        "amount_authorized": 0,
        "amount_captured": 0,
        "amount_capturable": 0,
        "amount_refunded": 0,
        "network_transaction_id": None,
        "decline": asdict(decision.decline) if decision.decline else None,
        "next_action": None,
        "payment_method": stored_id(request.get("payment_method") or {}),
        "setup_future_usage": request.get("setup_future_usage"),
        "mandate": None,
        "initiator": "customer",
        "incremental": request.get("incremental"),
        "description": request["description"],
        "metadata": request["metadata"] or {},
        "card": card,
        "changes": [],
        "created": int(time.time()),
    }
    if decision.status == "requires_action":
        # Only the path is kept: after a restart the server may listen on another port.
        url = f"/challenge/{secrets.token_urlsafe(24)}"
        payment["next_action"] = {"type": "redirect", "url": url}
    return payment | _amounts(decision.status, request["amount"])


def stored_id(method: Document) -> str | None:
    """The id of the stored card that a payment method is, if it is one."""
    token = method.get("token")
    return token if token is not None and token.startswith("pm_") else None


def after_challenge(payment: Document, *, approved: bool, manual: bool) -> Document:
    """The payment once its customer has answered the challenge."""
    if not approved:
        decline = asdict(AUTHENTICATION_FAILED)
        return payment | {"status": "failed", "decline": decline, "next_action": None}
    return _approved(payment | {"next_action": None}, manual)


def after_processing(payment: Document, *, approved: bool, manual: bool) -> Document:
    """The payment once its issuer has decided about it."""
    if not approved:
        return payment | {"status": "declined", "decline": asdict(DO_NOT_HONOR)}
    return _approved(payment, manual)


def _approved(payment: Document, manual: bool) -> Document:
    status: Status = "authorized" if manual else "captured"
    return payment | {"status": status} | _amounts(status, payment["amount"])


def _amounts(status: Status, amount: int) -> Document:
    if status not in ("authorized", "captured"):
        return {}
    captured = amount if status == "captured" else 0
    return {
        "amount_authorized": amount,
        "amount_captured": captured,
        "amount_capturable": amount - captured,
        "network_transaction_id": f"{secrets.randbelow(10**15):015d}",
    }


def new_refund(payment: Document, request: Document, amount: int, status: RefundStatus) -> Document:
    """The refund that a checked request asks for, of this amount."""
    return {
        "object": "refund",
        "id": new_id("ref"),
        "status": status,
        "payment": payment["id"],
        "amount": amount,
        "currency": payment["currency"],
        "reference": request["reference"],
        "reason": request["reason"],
        "metadata": request["metadata"] or {},
        "failure": REFUND_REFUSED if status == "failed" else None,
        "created": int(time.time()),
    }


def new_payment_method(request: Document, card: Document, outcome: str) -> Document:
    """A card that is kept. What it will do is kept as a token's name, never as its number."""
    return {
        "object": "payment_method",
        "id": new_id("pm"),
        "customer": request["customer"],
        "reference": request["reference"],
        "card": card,
        "outcome": outcome,
        "metadata": request["metadata"] or {},
        "created": int(time.time()),
    }


def new_mandate(request: Document, payment: Document, rule: CardRule) -> Document:
    """The permission to charge again that a first payment gives, be it one of nothing."""
    mandate = {
        "object": "mandate",
        "id": new_id("man"),
        "status": "pending",
        "reference": request["reference"],
        "customer": payment["customer"],
        "payment": payment["id"],
        "payment_method": request["payment_method"].get("token"),
        "outcome": rule.token,
        "description": request["description"],
        "metadata": request["metadata"] or {},
        "created": int(time.time()),
    }
    return given_by(mandate, payment)


def given_by(mandate: Document, payment: Document) -> Document:
    """The mandate as it stands when its first payment stands so."""
    about = ("amount", "currency", "network_transaction_id", "decline", "next_action", "card")
    words = {"captured": "active", "failed": "declined", "processing": "pending"}
    status = words.get(payment["status"], payment["status"])
    return mandate | {name: payment[name] for name in about} | {"status": status}
