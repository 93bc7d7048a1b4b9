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

# https://razorpay.com/docs/errors/payments/list and https://razorpay.com/docs/errors/payments/cards
DECLINES = codes_by_word(
    {
        UnifiedCode.DECLINED: "card_declined debit_declined payment_failed payment_cancelled "
        "payment_timed_out authorisation_declined_by_psp",
        UnifiedCode.INSUFFICIENT_FUNDS: "insufficient_funds funds_blocked_by_mandate",
        UnifiedCode.LIMIT_EXCEEDED: "transaction_limit_exceeded transaction_daily_limit_exceeded "
        "transaction_frequency_limit_exceeded credit_limit_exceeded",
        UnifiedCode.EXPIRED_CARD: "card_expired",
        UnifiedCode.INCORRECT_CVC: "incorrect_cvv",
        UnifiedCode.INCORRECT_CARD_DATA: "card_number_invalid incorrect_card_details invalid_vpa "
        "incorrect_card_expiry_date incorrect_cardholder_name bank_account_invalid",
        UnifiedCode.CARD_NOT_SUPPORTED: "card_type_invalid card_network_not_enabled",
        UnifiedCode.NOT_PERMITTED: "card_not_enrolled card_disabled_for_online_payments "
        "debit_instrument_blocked debit_instrument_inactive credit_not_permitted "
        "international_transaction_not_allowed",
        UnifiedCode.SUSPECTED_FRAUD: "payment_risk_check_failed",
        UnifiedCode.AUTHENTICATION_FAILED: "authentication_failed incorrect_otp invalid_otp "
        "otp_expired otp_attempts_exceeded incorrect_pin incorrect_atm_pin pin_attempts_exceeded",
        UnifiedCode.TRY_AGAIN_LATER: "bank_technical_error bank_not_available",
        UnifiedCode.PROCESSING_ERROR: "gateway_technical_error issuer_technical_error",
    }
)
# After these the bank may still say that it has paid, for days:
# https://razorpay.com/docs/payments/payments/late-authorisation; those of UPI:
# https://razorpay.com/docs/api/payments/recurring-payments/upi/create-subsequent-payments
IN_DOUBT = {
    *("payment_timed_out", "bank_technical_error", "gateway_technical_error"),
    *("issuer_technical_error", "server_error", "verification_failed", "request_timed_out"),
    *("payment_pending", "payment_pending_approval", "psp_timeout", "deemed_transaction"),
    "invalid_response_from_gateway",
}
# Codes of Razorpay and the bank, not of the request: https://razorpay.com/docs/errors
THEIRS = {"GATEWAY_ERROR", "SERVER_ERROR"}
# Razorpay has one code for nearly all errors, and these sentences instead; the pages of the
# operations list them: https://razorpay.com/docs/api/payments/fetch-with-id
EXISTS = "customer already exists"
SENTENCES = {
    "does not exist": ErrorKind.NOT_FOUND,
    "is not a valid id": ErrorKind.NOT_FOUND,
    "the api key": ErrorKind.AUTHENTICATION,
    "authentication failed": ErrorKind.AUTHENTICATION,
    # https://razorpay.com/docs/api/customers/create, `fail_existing`; the sentence is quoted in
    # https://github.com/razorpay/razorpay-php/issues/354
    EXISTS: ErrorKind.CONFLICT,
    # https://razorpay.com/docs/api/refunds/normal-refunds-idempotent: of the first refund with
    # this key, it says only that there was one.
    "different request with the same idempotency key": ErrorKind.CONFLICT,
}


class Metadata(Struct):
    """What a failed try was about."""

    payment_id: str | None = None


class Problem(Struct):
    """https://razorpay.com/docs/errors"""

    code: str
    description: str
    reason: str | None = None
    metadata: Metadata | list[str] | None = None


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://razorpay.com/docs/errors"""
    found = response.decode(Problem, member="error") if response.status_code >= 400 else None
    if found is None:
        return None
    said = found.description
    of = found.metadata.payment_id if isinstance(found.metadata, Metadata) else None
    if response.status_code == 400 and found.reason in DECLINES.keys() - IN_DOUBT:
        why = decline_details(DECLINES, found.reason, said)
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=why, connector_transaction_id=of)
    kinds = (kind for words, kind in SENTENCES.items() if words in said.lower())
    kind = next(kinds, ErrorKind.OTHER) if response.status_code == 400 else ErrorKind.OTHER
    details = ConnectorDetails(code=found.code, message=said, reason=found.reason)
    exists = EXISTS in said.lower()
    in_doubt = found.reason in IN_DOUBT or found.code in THEIRS
    return ErrorAnswer(
        kind=kind,
        details=ErrorDetails(connector=details),
        # The first request with this key is still being worked on.
        retryable=True if response.status_code == 409 and "in progress" in said else None,
        unknown=False if exists else in_doubt or None,
        connector_transaction_id=of,
    )
