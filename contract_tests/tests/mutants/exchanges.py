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
]
