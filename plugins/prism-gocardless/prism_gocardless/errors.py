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
    decline_details,
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


def why(details: Details, action: str) -> ErrorDetails:
    """Why a bank refused a debit; a cause that is not in the table is a decline, too."""
    code = details.cause or action
    return decline_details(CAUSES, code, details.description, details.reason_code)


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://developer.gocardless.com/api-reference/#api-usage-errors: `invalid_state` says that
    the object's state does not allow it."""
    error = response.decode(Problem, member="error") if response.status_code >= 400 else None
    if error is None:
        return None
    first = error.errors[0] if error.errors else Reason()
    made = next(filter(None, first.links.values()), None)
    detail = first.message if first.message != error.message else None
    said = ConnectorDetails(
        code=first.reason or error.type,
        message=" ".join(filter(None, (error.message, first.field, detail))),
        reason=made if response.status_code == 409 else None,
    )
    conflict = response.status_code == 409 or error.type == "invalid_state"
    # What a key made before is looked up in calls.py. Another state than the call needs is no
    # unknown outcome.
    return ErrorAnswer(
        kind=ErrorKind.CONFLICT if conflict else ErrorKind.OTHER,
        details=ErrorDetails(connector=said),
        unknown=response.status_code == 409 if conflict else None,
    )
