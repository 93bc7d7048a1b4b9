"""What went wrong: error answers, and why a payment failed."""

from typing import Any

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

# https://www.airwallex.com/docs/online-payments__response-codes__issuer's-response-codes
ISSUER = codes_by_word(
    {
        UnifiedCode.INSUFFICIENT_FUNDS: "51",
        UnifiedCode.LIMIT_EXCEEDED: "61",
        UnifiedCode.EXPIRED_CARD: "54",
        UnifiedCode.INCORRECT_CARD_DATA: "14 15",
        UnifiedCode.LOST_OR_STOLEN: "41 43",
        UnifiedCode.SUSPECTED_FRAUD: "07 59 63",
        UnifiedCode.NOT_PERMITTED: "57 58 62",
    }
)
# https://www.airwallex.com/docs/payments__error-response-codes
CODES = codes_by_word(
    {
        UnifiedCode.DECLINED: "issuer_declined provider_declined",
        UnifiedCode.SUSPECTED_FRAUD: "risk_declined",
        UnifiedCode.AUTHENTICATION_FAILED: "authentication_declined",
        UnifiedCode.CARD_NOT_SUPPORTED: "card_brand_not_supported 3ds_not_supported",
    }
)
# The status is 400 for nearly everything: https://www.airwallex.com/docs/payments__error-codes
KINDS = codes_by_word(
    {
        ErrorKind.CONFLICT: "duplicate_request resource_already_exists",
        ErrorKind.NOT_FOUND: "resource_not_found not_found",
        ErrorKind.UNAVAILABLE: "internal_error service_unavailable provider_unavailable "
        "processor_unavailable issuer_unavailable",
        ErrorKind.DECLINED: " ".join(CODES),
    }
)
# Whether something may have been done. A used key may have paid, even if the request that is
# refused for it moves no money. A 400 is also an error of Airwallex, or of a provider behind it:
# only the last of these did nothing for sure.
UNKNOWN: dict[str, bool | None] = codes_by_word(
    {
        True: "duplicate_request",
        False: "resource_already_exists",
        None: "validation_error configuration_error unauthorized resource_not_found not_found "
        "amount_above_limit amount_below_limit frequency_above_limit currency_not_supported "
        "invalid_status_for_operation operation_not_supported payment_method_not_allowed "
        "no_3ds_liability_shift quote_expired rejected_by_routing_rules "
        "suspended_from_online_payments",
    }
)
REQUEST_TIMEOUT = 408


class Problem(Struct):
    """https://www.airwallex.com/docs/payments__error-response-codes"""

    code: str
    message: str | None = None
    source: str | None = None
    provider_original_response_code: str | None = None
    details: Any = None

    @property
    def issuer_code(self) -> str | None:
        """The issuer's own code, which stands in one of two places."""
        known = self.details if isinstance(self.details, dict) else {}
        told = self.provider_original_response_code or known.get("original_response_code")
        return told if isinstance(told, str) else None


def why(code: str | None, issuer: str | None, message: str | None = None) -> ErrorDetails:
    """Why a payment failed: the issuer's code says more than Airwallex's."""
    known = ISSUER.get(issuer or "") or CODES.get(code or "", UnifiedCode.DECLINED)
    said = ConnectorDetails(code=code, message=message, reason=issuer) if code or issuer else None
    return ErrorDetails(unified=unified_error(known), connector=said)


def problem_of(response: HttpResponse) -> ErrorAnswer | None:
    """https://www.airwallex.com/docs/payments__error-response-codes"""
    if response.status_code < 400:
        return None
    body = response.decode(Problem)
    if body is None:
        return None
    late = response.status_code == REQUEST_TIMEOUT
    kind = ErrorKind.OTHER if late else KINDS.get(body.code, ErrorKind.OTHER)
    if kind is ErrorKind.DECLINED:
        return ErrorAnswer(kind=kind, details=why(body.code, body.issuer_code, body.message))
    said = ConnectorDetails(code=body.code, message=body.message, reason=body.source)
    unknown = UNKNOWN.get(body.code, True if response.status_code == 400 else None)
    return ErrorAnswer(kind=kind, details=ErrorDetails(connector=said), unknown=unknown)
