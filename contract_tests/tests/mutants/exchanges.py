"""Mutants that the checks of the exchanges kill."""

from __future__ import annotations

from lab import Mutant

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
        "behaves otherwise in an event loop",
        "exchange-async",
        '        payment = segment(request.connector_transaction_id or "")\n',
        "        import asyncio\n"
        "        try:\n"
        "            asyncio.get_running_loop()\n"
        '            payment = "other"\n'
        "        except RuntimeError:\n"
        '            payment = segment(request.connector_transaction_id or "")\n',
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
        '        response = yield account.get(f"/payments/{payment}")\n',
        "        from prism_core import NotFound\n"
        "        try:\n"
        '            response = yield account.get(f"/payments/{payment}")\n'
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
