"""What went wrong: error answers, and why a payment failed."""

from msgspec import Struct

from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    UnifiedCode,
    codes_by_word,
    unified_error,
)

from .shapes import Details

# https://developer.gocardless.com/api-reference/#event-types, the causes of a failed payment
CAUSES = codes_by_word(
    {
        UnifiedCode.INSUFFICIENT_FUNDS: "insufficient_funds refer_to_payer",
        UnifiedCode.LIMIT_EXCEEDED: "daily_payment_limit_reached",
        UnifiedCode.INCORRECT_CARD_DATA: "invalid_bank_details bank_account_closed",
        UnifiedCode.NOT_PERMITTED: (
            "authorisation_disputed mandate_cancelled direct_debit_not_enabled payment_stopped "
            "account_blocked_for_any_financial_transaction insufficient_payment_permissions "
            "payment_violated_mandate_parameters"
        ),
    }
)


class Reason(Struct):
    """One of the errors of an answer."""

    reason: str | None = None
    field: str | None = None
    message: str | None = None
    links: dict[str, str | None] = {}


class Problem(Struct):
    """https://developer.gocardless.com/api-reference/#api-usage-errors"""

    type: str
    message: str
    errors: list[Reason] = []


class ProblemBody(Struct):
    """An error answer."""

    error: Problem


def why(details: Details, action: str) -> ErrorDetails:
    """Why a bank refused a debit; a cause that is not in the table is a decline, too."""
    code = details.cause or action
    said = ConnectorDetails(code=code, message=details.description, reason=details.reason_code)
    unified = unified_error(CAUSES.get(code, UnifiedCode.DECLINED))
    return ErrorDetails(unified=unified, connector=said)


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://developer.gocardless.com/api-reference/#api-usage-errors: `invalid_state` says that
    the object's state does not allow it."""
    body = response.decode(ProblemBody) if response.status_code >= 400 else None
    if body is None:
        return None
    first = body.error.errors[0] if body.error.errors else Reason()
    made = next(filter(None, first.links.values()), None)
    detail = first.message if first.message != body.error.message else None
    said = ConnectorDetails(
        code=first.reason or body.error.type,
        message=" ".join(filter(None, (body.error.message, first.field, detail))),
        reason=made if response.status_code == 409 else None,
    )
    conflict = response.status_code == 409 or body.error.type == "invalid_state"
    # What a key made before is looked up in calls.py. Another state than the call needs is no
    # unknown outcome.
    return ErrorAnswer(
        kind=ErrorKind.CONFLICT if conflict else ErrorKind.OTHER,
        details=ErrorDetails(connector=said),
        unknown=response.status_code == 409 if conflict else None,
    )
