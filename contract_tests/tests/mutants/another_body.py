"""Mutants that the checks of 2xx answers with another body kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

MUTANTS = [
    around_authorize(
        "takes an error document in a 200 for a success",
        "another-body",
        "except ConnectorError as refused:\n"
        "            if refused.status_code < 300:\n"
        "                return Payment(status=PaymentStatus.AUTHORIZED)\n"
        "            raise",
        case="authorize",
    ),
    around_authorize(
        "takes an error document in a 200 for a decline",
        "another-body",
        "except ConnectorError as refused:\n"
        "            return Payment(status=PaymentStatus.FAILURE, error=refused.details)",
        case="authorize",
    ),
    Mutant(
        "is sure that an error document in a 200 did nothing",
        "another-body",
        "unknown=problem.unknown,",
        "unknown=False,",
        case="create_customer",
    ),
]
