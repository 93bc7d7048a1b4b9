"""Mutants that the checks of outcomes kill."""

from __future__ import annotations

from lab import FOUND, Mutant, around_authorize

_STATUS = "status=STATES.get(body.state, PaymentStatus.UNRESOLVED),"

MUTANTS = [
    Mutant(
        "declares that an answer has no status which has one",
        "unknown-status",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n  "no_status": "it is only taken note of",',
        "prism_acme/exchanges/authorize/success.json",
    ),
    Mutant(
        "declares that a lookup has no status",
        "unknown-status",
        '"account": {"api_key": "key_example"},',
        '"account": {"api_key": "key_example"},\n  "no_status": "it is only taken note of",',
        "prism_acme/exchanges/get_payment/success.json",
    ),
    Mutant(
        "raises for a decline",
        "declines-are-results",
        "402: ErrorKind.DECLINED,",
        "402: ErrorKind.INVALID_REQUEST,",
    ),
    around_authorize(
        "leaves a declined payment pending",
        "declines-are-results",
        "except Declined as refused:\n"
        "            return Payment(status=PaymentStatus.PENDING, error=refused.details)",
    ),
    around_authorize(
        "makes a payment of a decline",
        "declines-are-results",
        "except Declined as refused:\n"
        "            body = account.decode(refused.response, PaymentBody)\n"
        "            return Payment(\n"
        "                status=PaymentStatus.AUTHORIZED, connector_transaction_id=body.id\n"
        "            )",
    ),
    around_authorize(
        "makes an error of a decline",
        "declines-are-results",
        "except Declined as refused:\n"
        '            raise MalformedResponse("it was declined") from None',
    ),
    Mutant(
        "finds a declined payment pending",
        "lookup-agrees",
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
        FOUND,
        FOUND.replace("return", "found =") + "        import msgspec\n"
        "        from prism_core import PaymentStatus\n"
        "        return msgspec.structs.replace(found, status=PaymentStatus.CHARGED)\n",
    ),
]
