"""A payment as this processor keeps it: how it starts, and how it stands after its customer, its
issuer or its bank has answered."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict

from prism_sandbox.server.errors import conflict
from prism_sandbox.server.methods import Means
from prism_sandbox.server.objects import Document, given, new_id
from prism_sandbox.server.rules import (
    AUTHENTICATION_FAILED,
    DO_NOT_HONOR,
    Decision,
    Decline,
    Status,
)

_KEPT = (
    *(
        "person",
        "order_reference",
        "statement_descriptor_suffix",
        "billing_address",
        "shipping_address",
    ),
    *("acceptance", "mit_category", "locale", "order_details", "off_session"),
    *("capture", "three_d_secure", "return_url", "cancel_url", "webhook_url", "sandbox"),
)
"""What a request tells of a payment's circumstances."""


def new_payment(request: Document, order: str | None = None) -> Document:
    """The payment that a checked request asks for, before it is tried."""
    return {
        "object": "payment",
        "id": new_id("pay"),
        "status": "requires_payment_method",
        "amount": request["amount"],
        "currency": request["currency"],
        "reference": request["reference"],
        "order": order,
        "customer": request["customer"],
        "amount_authorized": 0,
        "amount_captured": 0,
        "amount_capturable": 0,
        "amount_refunded": 0,
        "amount_charged_back": 0,
        "network_transaction_id": None,
        "decline": None,
        "next_action": None,
        "payment_method": None,
        "method": None,
        "outcome": None,
        "setup_future_usage": request.get("setup_future_usage"),
        "mandate": None,
        "initiator": "customer",
        "incremental": request.get("incremental"),
        "description": request["description"],
        "metadata": request["metadata"] or {},
        "changes": [],
        "created": int(time.time()),
        **given(request, *_KEPT),
        **_elsewhere(request),
    }


def tried(payment: Document, means: Means, decision: Decision) -> Document:
    """The payment after its customer, or the merchant, tried to pay it with this."""
    now = payment | {
        "method": means.method,
        "outcome": means.rule.token,
        "payment_method": means.stored,
        "customer": means.owner,
        "decline": None,
        "next_action": None,
    }
    if decision.decline is not None:
        return _refused(now, "declined", decision.decline)
    if decision.status == "requires_action":
        # Only the path is kept: after a restart the server may listen on another port.
        url = f"/{decision.page}/{secrets.token_urlsafe(24)}" if decision.page else None
        now["next_action"] = {"type": "redirect" if url else "wait", "url": url}
    return now | {"status": decision.status} | _amounts(decision.status, payment["amount"])


def after_action(
    payment: Document, *, approved: bool, decline: Decline = AUTHENTICATION_FAILED
) -> Document:
    """The payment once its customer has answered, to a challenge or at their bank."""
    _must_be(payment, "requires_action", "answered")
    now = payment | {"next_action": None}
    if approved:
        return _approved(now)
    return _refused(now, "failed" if decline is AUTHENTICATION_FAILED else "declined", decline)


def after_processing(payment: Document, *, decline: Decline | None) -> Document:
    """The payment once its issuer has decided about it, or the debit has settled or bounced."""
    _must_be(payment, "processing", "settled")
    if decline is None:
        return _approved(payment)
    status = "declined" if decline is DO_NOT_HONOR else "bounced"
    return payment | {"status": status, "decline": asdict(decline)}


def after_return(payment: Document) -> Document:
    """The payment of which the customer's bank took all back."""
    if not payment["amount_captured"] or payment["amount_charged_back"]:
        raise conflict("not_returnable", "This payment is not settled, or was returned before.")
    return payment | {"amount_charged_back": payment["amount_captured"]}


def ended(payment: Document, status: Status) -> Document:
    """An order's payment that nobody can make any more: canceled or expired."""
    if payment["status"] not in ("requires_payment_method", "requires_action"):
        raise conflict("order_not_open", f"The order is {payment['status']}.")
    return payment | {"status": status, "next_action": None}


def is_manual(payment: Document) -> bool:
    """Whether a payment is authorized only, and captured by a request of its own."""
    return payment.get("capture") == "manual"


def authenticated(payment: Document) -> bool | None:
    """What came of 3-D Secure that was done elsewhere; None where it was not."""
    found = payment.get("authentication")
    if found is None or not (found["cavv"] or found.get("trans_status")):
        return None
    return found.get("trans_status", "Y") in ("Y", "A")


def _elsewhere(request: Document) -> Document:
    """What is kept of what the browser and others told; of a secret only that there was one."""
    found: Document = {}
    for name, secret in (("authentication", "cavv"), ("browser", "device_data")):
        if request.get(name) is not None:
            sent = request[name]
            shown = {key: value for key, value in sent.items() if value is not None}
            found[name] = shown | {secret: sent[secret] is not None}
    if request.get("network_transaction_id") is not None:
        found["first_network_transaction_id"] = request["network_transaction_id"]
    return found


def _refused(payment: Document, status: Status, why: Decline) -> Document:
    """A try that failed: it ends a payment, but not an order, which can be tried again."""
    now = "requires_payment_method" if payment["order"] else status
    return payment | {"status": now, "decline": asdict(why)}


def _approved(payment: Document) -> Document:
    status: Status = "authorized" if is_manual(payment) else "captured"
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


def _must_be(payment: Document, status: Status, done: str) -> None:
    if payment["status"] != status:
        message = f"A payment in status {payment['status']} cannot be {done}."
        raise conflict(f"not_{status}", message)
