"""Mutants that the checks of the exchanges kill."""

from __future__ import annotations

from lab import FOUND, LOOKS_UP, Mutant, lookup

MUTANTS = [
    Mutant(
        "has no exchange of a decline",
        "exchanges-complete",
        file="prism_acme/exchanges/authorize/decline.json",
        new=None,
    ),
    Mutant(
        "sends the name under another key",
        "exchange-request",
        '"name": request.name,',
        '"full_name": request.name,',
    ),
    Mutant(
        "maps a held payment to CHARGED",
        "exchange-result",
        '"ok": PaymentStatus.AUTHORIZED,',
        '"ok": PaymentStatus.CHARGED,',
    ),
    Mutant(
        "declares another header for the key",
        "exchange-request",
        'idempotency_header = "Acme-Key"',
        'idempotency_header = "Idempotency-Key"',
        case="authorize/success",
    ),
    Mutant(
        "declares less room than its exchange needs",
        "exchange-request",
        "exponents=EXPONENTS,",
        'exponents=EXPONENTS,\n        limits={"name": 5},',
        case="create_customer/success",
    ),
    Mutant(
        "sends what nobody asked for",
        "exchange-request",
        '"name": request.name,',
        '"name": request.name,\n                "source": "prism",',
        case="create_customer/success",
    ),
    Mutant(
        "loses the id of a declined payment",
        "exchange-result",
        ", connector_transaction_id=refused.id)",
        ")",
        case="authorize/decline",
    ),
    Mutant(
        "behaves otherwise in an event loop",
        "exchange-async",
        LOOKS_UP,
        lookup(
            "import asyncio",
            "try:",
            "    asyncio.get_running_loop()",
            '    payment = "other"',
            "except RuntimeError:",
            "    pass",
        ),
    ),
    Mutant(
        "takes a key that is refused for a payment that is not there",
        "error-answers",
        "401: ErrorKind.AUTHENTICATION",
        "401: ErrorKind.NOT_FOUND",
        case="capture/errors:key-invalid#0",
    ),
    Mutant(
        "takes a refused lookup for a payment under way",
        "error-answers",
        FOUND,
        "        from prism_core import NotFound, PaymentStatus\n"
        f"        try:\n    {FOUND}"
        "        except NotFound:\n"
        "            return Payment(status=PaymentStatus.PENDING)\n",
        case="get_payment/errors:unknown-payment",
    ),
    Mutant(
        "reads another reason into a decline",
        "error-answers",
        '{"no_funds": UnifiedCode.INSUFFICIENT_FUNDS}',
        '{"no_funds": UnifiedCode.EXPIRED_CARD}',
        case="capture/errors:no-funds",
    ),
]
