"""Mutants that the checks of outcomes kill."""

from __future__ import annotations

from lab import Mutant

_STATUS = "status=STATES.get(body.state, PaymentStatus.UNRESOLVED),"
_LOOKED_UP = (
    'response = yield account.get(f"/payments/{payment}")\n'
    "        return payment_of(account.decode(response, PaymentBody))"
)

MUTANTS = [
    Mutant(
        "raises for a decline",
        "declines-are-results",
        "402: ErrorKind.DECLINED,",
        "402: ErrorKind.INVALID_REQUEST,",
    ),
    Mutant(
        "leaves a declined payment pending",
        "declines-are-results",
        '"refused": PaymentStatus.AUTHORIZATION_FAILED,',
        '"refused": PaymentStatus.PENDING,',
    ),
    Mutant(
        "does not say why in Prism's words",
        "declines-are-results",
        "unified=unified_error(REASONS.get(code, UnifiedCode.DECLINED)),",
        "unified=None,",
    ),
    Mutant(
        "drops the processor's own code",
        "declines-are-results",
        "connector=ConnectorDetails(code=code),",
        "connector=None,",
    ),
    Mutant(
        "takes an unknown status for a success",
        "unknown-status",
        _STATUS,
        "status=STATES.get(body.state, PaymentStatus.CHARGED),",
    ),
    Mutant(
        "takes an unknown status for a failure",
        "unknown-status",
        _STATUS,
        "status=STATES.get(body.state, PaymentStatus.FAILURE),",
    ),
    Mutant(
        "takes a status for one that it begins like",
        "unknown-status",
        _STATUS,
        "status=next((STATES[one] for one in STATES if body.state.startswith(one)),\n"
        "            PaymentStatus.UNRESOLVED),",
    ),
    Mutant(
        "takes a status for one that it ends like",
        "unknown-status",
        _STATUS,
        "status=next((STATES[one] for one in STATES if body.state.endswith(one)),\n"
        "            PaymentStatus.UNRESOLVED),",
    ),
    Mutant(
        "never reads the status",
        "unknown-status",
        _STATUS,
        "status=PaymentStatus.AUTHORIZED if body.authorized else PaymentStatus.PENDING,",
    ),
    Mutant(
        "takes a waiting payment for a charged one",
        "pending-not-final",
        '"waiting": PaymentStatus.PENDING,',
        '"waiting": PaymentStatus.CHARGED,',
    ),
    Mutant(
        "does not say where to authenticate",
        "pending-not-final",
        "redirection_data=None if body.page is None else RedirectionData(uri=body.page),",
        "",
    ),
    Mutant(
        "finds every payment charged",
        "lookup-agrees",
        _LOOKED_UP,
        _LOOKED_UP.replace("return", "found =") + "\n        import msgspec\n"
        "        return msgspec.structs.replace(found, status=PaymentStatus.CHARGED)",
    ),
]
