"""What went wrong: error answers, and why a payment was declined."""

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

# The codes whose meaning the pages tell; another one of 40000 to 49999 is a risk rule's:
# https://www.checkout.com/docs/developer-resources/testing/codes/response-codes
# https://support.checkout.com/hc/en-us/articles/24416729620626-Common-response-codes-to-test
# https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details/recurring-payments-with-stored-card-details
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "20005 20179 20182 20183",
        UnifiedCode.INCORRECT_CARD_DATA: "20014",
        UnifiedCode.INSUFFICIENT_FUNDS: "20051",
        UnifiedCode.EXPIRED_CARD: "20054",
        UnifiedCode.NOT_PERMITTED: "20057 20062 20078",
        UnifiedCode.SUSPECTED_FRAUD: "20059",
        UnifiedCode.LIMIT_EXCEEDED: "20061",
        UnifiedCode.AUTHENTICATION_REQUIRED: "20154",
    }
)
# These answers have no body, and a header that only Checkout.com sends:
# https://api-reference.checkout.com; https://github.com/checkout/checkout-sdk-python, exception.py
EMPTY = {401, 403, 404, 409, 429}


class Problem(Struct):
    """https://www.checkout.com/docs/developer-resources/testing/codes/response-codes"""

    error_type: str
    error_codes: list[str] = []


class NotRaised(Struct):
    """An increment that was declined: no payment's id, and not approved."""

    action_id: str
    approved: bool
    status: str
    response_code: str | None = None
    response_summary: str | None = None
    id: str | None = None


def why(code: str | None, summary: str | None) -> ErrorDetails:
    """Why a payment was declined; a code that is not in the table is a decline, too."""
    risky = code is not None and len(code) == 5 and code.startswith("4")
    other = UnifiedCode.SUSPECTED_FRAUD if risky else UnifiedCode.DECLINED
    return decline_details(DECLINES, code, summary, other=other)


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://www.checkout.com/docs/developer-resources/testing/codes/response-codes"""
    status = response.status_code
    if status < 400:
        return not_raised(response)
    body = response.decode(Problem)
    named = "cko-request-id" in response.headers
    if body is None and (response.body or status not in EMPTY or not named):
        return None
    said = None
    if body is not None:
        code = body.error_codes[0] if body.error_codes else body.error_type
        said = ConnectorDetails(code=code, reason=body.error_type)
    # A 403 is a state that forbids the change. A 409 says that the first request with this key is
    # still being worked on, and so did a 429 before:
    # https://support.checkout.com/hc/en-us/articles/24570669653010
    return ErrorAnswer(
        kind=ErrorKind.CONFLICT if status == 403 else ErrorKind.OTHER,
        details=ErrorDetails(connector=said),
        unknown={403: False, 429: True}.get(status),
    )


def not_raised(response: HttpResponse) -> ErrorAnswer | None:
    """https://www.checkout.com/docs/payments/manage-payments/authorize-a-payment/adjust-an-estimated-authorization"""
    body = response.decode(NotRaised)
    if body is None or body.id is not None or body.approved or body.status != "Declined":
        return None
    details = why(body.response_code, body.response_summary)
    return ErrorAnswer(kind=ErrorKind.DECLINED, details=details)
