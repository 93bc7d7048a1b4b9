"""A try to pay a payment with what was sent, by the rules of the test cards and accounts."""

from __future__ import annotations

from prism_sandbox.server.methods import Means
from prism_sandbox.server.objects import Document
from prism_sandbox.server.payments import authenticated, is_manual, tried
from prism_sandbox.server.rules import decide


def try_to_pay(payment: Document, means: Means, request: Document) -> Document:
    """The payment after this try. A payment that the merchant starts with a card that was stored
    elsewhere, and the network's id of its first payment, needs no challenge."""
    known = request.get("mit_category") is not None and request.get("network_transaction_id")
    decision = decide(
        means.rule,
        challenge=request.get("three_d_secure") == "required",
        authenticated=True if known else authenticated(payment),
        off_session=bool(request.get("off_session")),
        manual=is_manual(payment),
    )
    return tried(payment, means, decision)
