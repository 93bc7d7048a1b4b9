"""What went wrong: errors inside answers with status 200, and why a payment was declined."""

from msgspec import Struct
from msgspec.structs import replace

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

from .account import BraintreeAccount as Account
from .shapes import Response, VaultPayload

# https://developer.paypal.com/braintree/docs/reference/general/processor-responses/authorization-responses
# The reasons with letters are https://developer.paypal.com/braintree/graphql/reference/types/gateway-rejection-reason
DECLINES = codes_by_word(
    {
        UnifiedCode.INSUFFICIENT_FUNDS: "2001",
        UnifiedCode.LIMIT_EXCEEDED: "2002 2003 2086 2097 2098",
        UnifiedCode.EXPIRED_CARD: "2004",
        UnifiedCode.INCORRECT_CARD_DATA: "2005 2006 2007 2008 2009 2051 2102",
        UnifiedCode.INCORRECT_CVC: "2010 CVV",
        UnifiedCode.INCORRECT_ADDRESS: "2059 2060 AVS AVS_AND_CVV",
        UnifiedCode.LOST_OR_STOLEN: "2012 2013 2047 2053",
        UnifiedCode.SUSPECTED_FRAUD: "2014 2021 2077 FRAUD RISK_THRESHOLD PAYMENT_METHOD_BLOCKED",
        UnifiedCode.NOT_PERMITTED: (
            "2015 2017 2018 2019 2057 2070 2075 2076 2103 2107 2108 EXCESSIVE_RETRY "
            "APPLICATION_INCOMPLETE MANUAL_TRANSACTIONS_DISABLED"
        ),
        UnifiedCode.CARD_NOT_SUPPORTED: "2023 2024",
        UnifiedCode.AUTHENTICATION_REQUIRED: "2099 2101",
        UnifiedCode.AUTHENTICATION_FAILED: "THREE_D_SECURE",
        UnifiedCode.DUPLICATE: "2016 2069 DUPLICATE",
        UnifiedCode.TRY_AGAIN_LATER: "3000",
        UnifiedCode.PROCESSING_ERROR: "2025 2026 2027 2028 2029 2030 2031 2045 2079 FAILED",
    }
)
# https://developer.paypal.com/braintree/articles/guides/at-most-once#error-codes: the first request
# with the key may have paid.
UNDER_WAY = "915233"
KEY_IN_USE = {"915232", UNDER_WAY, "915234"}
UNVERIFIED = {"FAILED", "GATEWAY_REJECTED", "PROCESSOR_DECLINED"}


class Extensions(Struct, rename="camel", frozen=True):
    """What an error says about itself."""

    legacy_code: str | None = None
    input_path: tuple[str | int, ...] = ()


class Problem(Struct):
    """https://developer.paypal.com/braintree/graphql/guides/making_api_calls#errors"""

    extensions: Extensions = Extensions()


class Problems(Struct):
    """The errors of an answer."""

    errors: list[Problem]


class Vaulted(Struct):
    """The answer to one of the mutations that store a payment method."""

    data: dict[str, VaultPayload]


def why(status: str | None, said: Response | None, reason: str | None) -> ErrorDetails:
    """Why a transaction or a verification has failed: by the gateway's reason, else the bank's."""
    said = said or Response()
    return decline_details(DECLINES, reason or said.legacy_code or status, said.message)


def unverified(response: HttpResponse) -> ErrorAnswer | None:
    """https://developer.paypal.com/braintree/graphql/guides/payment_methods#payment-method-verification-failed:
    the payment method is not stored, and the verification says why. A bank account is stored all
    the same, and cannot be charged."""
    body = response.decode(Vaulted)
    (found, *_) = (*body.data.values(), None) if body else (None,)
    if found is None or found.verification is None:
        return None
    checked = found.verification
    reason = checked.gateway_rejection_reason
    details = why(checked.status, checked.processor_response, reason)
    if checked.status in UNVERIFIED:
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=details)
    return ErrorAnswer(details=details, unknown=True) if found.payment_method is None else None


def is_about_key(said: Extensions) -> bool:
    """Whether an error, in whatever place of the list, is about the idempotency key."""
    return said.legacy_code in KEY_IN_USE or "apiRequestKey" in said.input_path


def problem_of(response: HttpResponse, account: Account) -> ErrorAnswer | None:
    """https://developer.paypal.com/braintree/graphql/guides/making_api_calls#errors: the older code
    says more than the class."""
    answer = unverified(response) or account.error_of(response)
    body = response.decode(Problems)
    if answer is None or answer.kind is ErrorKind.DECLINED or not body or not body.errors:
        return answer
    said, first = answer.details.connector or ConnectorDetails(), body.errors[0].extensions
    field = ".".join(map(str, first.input_path)) or None
    more = ConnectorDetails(code=first.legacy_code or said.code, message=said.message, reason=field)
    answer = replace(answer, details=ErrorDetails(connector=more))
    told = [one.extensions for one in body.errors]
    if not any(map(is_about_key, told)):
        return answer
    again = True if any(one.legacy_code == UNDER_WAY for one in told) else None
    return replace(answer, kind=ErrorKind.CONFLICT, retryable=again)
