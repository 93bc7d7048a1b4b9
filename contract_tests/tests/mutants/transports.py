"""Mutants that the checks of failing networks kill."""

from __future__ import annotations

from lab import Mutant, around_authorize

_SENT = '"/payments", json=order, idempotency_key=request.idempotency_key'

_CAPTURING = """            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, PaymentBody))

    @hookimpl
    def parse_error"""

MUTANTS = [
    around_authorize(
        "makes a failed payment of a refused connection",
        "not-sent",
        "except TransportError as error:\n"
        '            if error.outcome == "unknown":\n'
        "                raise\n"
        "            return Payment(status=PaymentStatus.FAILURE)",
    ),
    around_authorize(
        "makes a pending payment of a lost answer",
        "timeout-unknown",
        "except TransportError as error:\n"
        '            if error.outcome == "not_sent":\n'
        "                raise\n"
        "            return Payment(status=PaymentStatus.PENDING)",
    ),
    Mutant(
        "sends another key than it gives back",
        "timeout-unknown",
        _SENT,
        _SENT.replace("request.idempotency_key", 'f"{request.idempotency_key}-1"'),
    ),
    Mutant(
        "says that a capture changes nothing",
        "changes-told",
        _CAPTURING,
        _CAPTURING.replace("        )", "            changes=False,\n        )", 1),
        case="capture/success",
    ),
    around_authorize(
        "makes a decline of refused credentials",
        "errors-reach-caller",
        "except AuthenticationError:\n"
        "            return Payment(status=PaymentStatus.AUTHORIZATION_FAILED)",
    ),
    around_authorize(
        "swallows whatever goes wrong",
        "errors-reach-caller",
        "except Exception:\n            return Payment(status=PaymentStatus.UNRESOLVED)",
    ),
]
