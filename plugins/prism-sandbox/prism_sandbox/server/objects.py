"""The JSON objects this processor keeps besides payments: how a customer, a refund, a stored
method, a mandate, an order, a token of a page and a dispute start.

Only brand, last four digits and expiry of a card get in here, and the last four of an account.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from prism_sandbox.server.rules import Decline, RefundStatus, brand_of

Document = dict[str, Any]

REFUND_REFUSED = {"code": "account_closed", "message": "The card's account is closed."}
TOKEN_SECONDS = 15 * 60
ORDER_SECONDS = 24 * 60 * 60


def new_id(prefix: str) -> str:
    """A fresh, unguessable id such as `pay_5f0c…`."""
    return f"{prefix}_{secrets.token_hex(12)}"


def given(request: Document, *names: str) -> Document:
    """Those of a request's properties that were sent."""
    return {name: request[name] for name in names if request.get(name) is not None}


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
        "type": "card",
        "brand": brand_of(number),
        "last4": number[-4:],
        "exp_month": exp_month,
        "exp_year": exp_year,
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
        **given(payment, "webhook_url"),
    }


def new_payment_method(request: Document, method: Document, outcome: str) -> Document:
    """A method that is kept. What it will do is kept as a token's name, never as its number."""
    return {
        "object": "payment_method",
        "id": new_id("pm"),
        "customer": request["customer"],
        "reference": request["reference"],
        "method": method,
        "outcome": outcome,
        "metadata": request["metadata"] or {},
        "created": int(time.time()),
    }


def new_token(method: Document, outcome: str, customer: str | None, stored: str | None) -> Document:
    """What stands for a method that a page collected: for one use, and for some minutes."""
    return {
        "object": "token",
        "id": new_id("sdk"),
        "customer": customer,
        "payment_method": stored,
        "method": method,
        "outcome": outcome,
        "used": False,
        "expires_at": int(time.time()) + TOKEN_SECONDS,
        "created": int(time.time()),
    }


def new_mandate(request: Document, payment: Document) -> Document:
    """The permission to charge again that a first payment gives, be it one of nothing."""
    return {
        "object": "mandate",
        "id": new_id("man"),
        "status": "pending",
        "reference": request["reference"],
        "customer": payment["customer"],
        "payment": payment["id"],
        "order": payment["order"],
        "description": request["description"],
        "metadata": request["metadata"] or {},
        "created": int(time.time()),
        **given(request, "person", "acceptance", "locale", "webhook_url"),
    }


def new_order(request: Document, payment: Document) -> Document:
    """Something to pay on a page: the sandbox's own (`url`), or the shop's (`client_secret`)."""
    hosted = request["hosted"] is not False
    seconds = (request["sandbox"] or {}).get("expires_seconds") or ORDER_SECONDS
    return {
        "object": "order",
        "id": payment["order"],
        "hosted": hosted,
        # Only the path is kept: after a restart the server may listen on another port.
        "url": f"/pay/{secrets.token_urlsafe(24)}" if hosted else None,
        "client_secret": None if hosted else f"{payment['order']}_secret_{secrets.token_hex(16)}",
        "payment_method_types": request["payment_method_types"],
        "expires_at": int(time.time() + seconds),
        "created": int(time.time()),
        **given(payment, "webhook_url"),
    }


def new_dispute(payment: Document, amount: int, why: Decline) -> Document:
    """A debit that the customer's bank took back."""
    return {
        "object": "dispute",
        "id": new_id("dsp"),
        "status": "lost",
        "payment": payment["id"],
        "amount": amount,
        "currency": payment["currency"],
        "reason": why.code,
        "message": why.message,
        "created": int(time.time()),
        **given(payment, "webhook_url"),
    }
