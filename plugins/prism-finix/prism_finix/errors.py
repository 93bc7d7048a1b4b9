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

# https://docs.finix.com/additional-resources/developers/implementation-and-testing/error-codes
KINDS = codes_by_word(
    {
        ErrorKind.DECLINED: "DECLINED PAYMENT_DECLINED",
        # A 402, too: another company's system failed, and nobody says what it did before.
        ErrorKind.UNAVAILABLE: "UPSTREAM_PROCESSOR_ERROR",
        ErrorKind.NOT_FOUND: "NOT_FOUND",
        ErrorKind.CONFLICT: "CONFLICT",
        ErrorKind.INVALID_REQUEST: "INVALID_FIELD UNPROCESSABLE_ENTITY BAD_REQUEST",
    }
)
# https://docs.finix.com/additional-resources/developers/implementation-and-testing/failure-codes
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "CALL_ISSUER DO_NOT_HONOR GENERIC_DECLINE ISSUER_POLICY_VIOLATION",
        UnifiedCode.INSUFFICIENT_FUNDS: "INSUFFICIENT_FUNDS",
        UnifiedCode.LIMIT_EXCEEDED: (
            "EXCEEDS_APPROVAL_LIMIT EXCEEDS_WITHDRAWAL_FREQUENCY_LIMIT "
            "MAX_TRANSACTION_AMOUNT_EXCEEDED ACH_MAX_TRANSACTION_AMOUNT_EXCEEDED"
        ),
        UnifiedCode.EXPIRED_CARD: "EXPIRED_CARD",
        UnifiedCode.INCORRECT_CVC: "INVALID_CVV CVV_FAILED_RISK_RULES",
        UnifiedCode.INCORRECT_CARD_DATA: (
            "INVALID_ACCOUNT_NUMBER INVALID_CARD INVALID_CARD_NUMBER_OR_EXPIRED_CARD "
            "INVALID_BANK_ACCOUNT_NUMBER INVALID_ROUTING_NUMBER NO_BANK_ACCOUNT_FOUND ACH_INVALID"
        ),
        UnifiedCode.INCORRECT_ADDRESS: "ADDRESS_VERIFICATION_FAILED_RISK_RULES",
        UnifiedCode.LOST_OR_STOLEN: "LOST_OR_STOLEN_CARD PICK_UP_CARD",
        UnifiedCode.SUSPECTED_FRAUD: (
            "FRAUD_DETECTED FRAUD_DETECTED_BY_FINIX FRAUD_DETECTED_BY_ISSUER"
        ),
        UnifiedCode.CARD_NOT_SUPPORTED: "CARD_NOT_SUPPORTED",
        UnifiedCode.NOT_PERMITTED: (
            "BANK_ACCOUNT_CLOSED BANK_ACCOUNT_FROZEN CARD_ACCOUNT_CLOSED INACTIVE_CARD "
            "CARD_NOT_ACTIVATED_OR_BLOCKED CARDHOLDER_PREVENTED_RECURRING_TRANSACTION "
            "NON_TRANSACTION_ACCOUNT PAYMENT_STOPPED RESTRICTED_CARD TRANSACTION_NOT_PERMITTED"
        ),
        UnifiedCode.DUPLICATE: "DUPLICATE_TRANSACTION",
        UnifiedCode.PROCESSING_ERROR: "CARD_NETWORK_ERROR COMMUNICATION_ERROR RESUBMIT_TRANSACTION",
    }
)


# A CONFLICT in which nothing was done; about any other one, no page says so:
# https://docs.finix.com/guides/business/dashboard/disputes-dashboard
DISPUTED = "Reversals and refunds on transactions with disputes are not allowed"


class Problem(Struct):
    """One error; a declined payment has an id, and a failure code more exact than the code."""

    code: str
    message: str | None = None
    field: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    authorization: str | None = None


class Problems(Struct):
    """The errors of an answer."""

    errors: list[Problem]


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://docs.finix.com/additional-resources/developers/implementation-and-testing/error-codes"""
    body = response.decode(Problems, member="_embedded") if response.status_code >= 400 else None
    if body is None or not body.errors:
        return None
    first = body.errors[0]
    code = first.failure_code or first.code
    kind = KINDS.get(first.code, ErrorKind.OTHER)
    # Older answers have the reason itself as the code of a 402.
    declined = kind is ErrorKind.DECLINED or first.failure_code or code in DECLINES
    if response.status_code == 402 and declined:
        return ErrorAnswer(
            kind=ErrorKind.DECLINED,
            details=decline_details(DECLINES, code, first.failure_message or first.message),
            connector_transaction_id=first.authorization,
        )
    if "idempotency" in f"{first.field} {first.message}".lower():
        kind = ErrorKind.CONFLICT  # the first request with this key may be done
    said = ConnectorDetails(code=first.code, message=first.message, reason=first.field)
    # Nobody says what another reason of a 402 is: the payment may be made.
    unknown = True if response.status_code == 402 and kind is ErrorKind.OTHER else None
    return ErrorAnswer(
        kind=kind,
        details=ErrorDetails(connector=said),
        unknown=False if (first.message or "").startswith(DISPUTED) else unknown,
        connector_transaction_id=first.authorization,
    )
