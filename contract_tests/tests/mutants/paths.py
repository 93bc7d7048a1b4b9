"""Mutants that the checks of where requests go kill."""

from __future__ import annotations

from lab import Mutant

MUTANTS = [
    Mutant(
        "looks up whatever path an id leads to",
        "ids-quoted",
        'segment(request.connector_transaction_id or "")',
        'request.connector_transaction_id or ""',
        case="get_payment",
    ),
    Mutant(
        "captures whatever path an id leads to",
        "ids-quoted",
        '{segment(payment)}/capture"',
        '{payment}/capture"',
        case="capture",
    ),
]
