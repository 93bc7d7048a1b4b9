"""Mutants that the checks of where requests go kill."""

from __future__ import annotations

from lab import Mutant

MUTANTS = [
    Mutant(
        "looks up whatever path an id leads to",
        "ids-quoted",
        'account.get("/payments/{}", request.connector_transaction_id)',
        'account.get(f"/payments/{request.connector_transaction_id}")',
        case="get_payment",
    ),
    Mutant(
        "captures whatever path an id leads to",
        "ids-quoted",
        'account.post("/payments/{}/capture", payment, json=order)',
        'account.post(f"/payments/{payment}/capture", json=order)',
        case="capture",
    ),
]
