"""Details of errors and declines: error kinds, unified codes, and what the processor said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec

T = TypeVar("T")


class ErrorKind(StrEnum):
    """The kind of an error answer; `parse_error` chooses one.

    DECLINED is not an error in Prism: the result of the call is a failed payment.
    """

    DECLINED = "DECLINED"
    INVALID_REQUEST = "INVALID_REQUEST"
    AUTHENTICATION = "AUTHENTICATION"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    RATE_LIMITED = "RATE_LIMITED"
    UNAVAILABLE = "UNAVAILABLE"
    OTHER = "OTHER"


class TryAgain(StrEnum):
    """Whether charging the same payment method once more can help, and when.

    Card networks limit how often a declined card may be tried, and charge fees for more: Visa
    allows 15 tries in 30 days. https://docs.stripe.com/declines/card
    """

    NEVER = "NEVER"
    """Only another payment method can help."""
    SOON = "SOON"
    """The reason is technical and passes: after some minutes."""
    LATER = "LATER"
    """The customer's money or limit may allow it on another day: a week later, say."""
    WITH_CUSTOMER = "WITH_CUSTOMER"
    """After the customer has corrected the data or authenticated."""


class UnifiedCode(StrEnum):
    """Prism's own codes for why a payment failed, the same for every processor."""

    DECLINED = "DECLINED"
    INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    EXPIRED_CARD = "EXPIRED_CARD"
    INCORRECT_CVC = "INCORRECT_CVC"
    INCORRECT_CARD_DATA = "INCORRECT_CARD_DATA"
    INCORRECT_ADDRESS = "INCORRECT_ADDRESS"
    LOST_OR_STOLEN = "LOST_OR_STOLEN"
    SUSPECTED_FRAUD = "SUSPECTED_FRAUD"
    NOT_PERMITTED = "NOT_PERMITTED"
    CARD_NOT_SUPPORTED = "CARD_NOT_SUPPORTED"
    AUTHENTICATION_REQUIRED = "AUTHENTICATION_REQUIRED"
    AUTHENTICATION_FAILED = "AUTHENTICATION_FAILED"
    DUPLICATE = "DUPLICATE"
    TRY_AGAIN_LATER = "TRY_AGAIN_LATER"
    PROCESSING_ERROR = "PROCESSING_ERROR"

    @property
    def try_again(self) -> TryAgain:
        """Whether another try with the same payment method can help, and when (dunning)."""
        return _TRIES.get(self, TryAgain.NEVER)


_U = UnifiedCode
_TRIES = {
    **dict.fromkeys((_U.DECLINED, _U.INSUFFICIENT_FUNDS, _U.LIMIT_EXCEEDED), TryAgain.LATER),
    **dict.fromkeys((_U.TRY_AGAIN_LATER, _U.PROCESSING_ERROR), TryAgain.SOON),
    **dict.fromkeys(
        (
            *(_U.INCORRECT_CVC, _U.INCORRECT_CARD_DATA, _U.INCORRECT_ADDRESS),
            *(_U.AUTHENTICATION_REQUIRED, _U.AUTHENTICATION_FAILED),
        ),
        TryAgain.WITH_CUSTOMER,
    ),
}
"""All others are NEVER."""
_WORDS: dict[UnifiedCode, tuple[str, str]] = {
    _U.DECLINED: ("The issuer declined the payment.", "Ask for another card."),
    _U.INSUFFICIENT_FUNDS: ("The account lacks the funds.", "Ask for another card, or later."),
    _U.LIMIT_EXCEEDED: ("A limit of the card is exceeded.", "Ask for another card, or later."),
    _U.EXPIRED_CARD: ("The card is expired.", "Ask for a card that is still valid."),
    _U.INCORRECT_CVC: ("The security code is wrong.", "Ask for the security code again."),
    _U.INCORRECT_CARD_DATA: ("The card data is wrong.", "Ask for the card data again."),
    _U.INCORRECT_ADDRESS: ("The billing address does not match.", "Ask for the address again."),
    _U.LOST_OR_STOLEN: ("The issuer blocked the card.", "Ask for another card; give no reason."),
    _U.SUSPECTED_FRAUD: ("The payment looks fraudulent.", "Ask for another card; give no reason."),
    _U.NOT_PERMITTED: ("The card may not make this payment.", "Ask for another card."),
    _U.CARD_NOT_SUPPORTED: ("This kind of card is not accepted.", "Ask for another card."),
    _U.AUTHENTICATION_REQUIRED: ("The cardholder must authenticate.", "Bring the customer back."),
    _U.AUTHENTICATION_FAILED: ("The cardholder was not authenticated.", "Let them try once more."),
    _U.DUPLICATE: ("The same payment was just made.", "Look the first payment up."),
    _U.TRY_AGAIN_LATER: ("The issuer cannot answer now.", "Try again later."),
    _U.PROCESSING_ERROR: ("The processor could not make the payment.", "Try again later."),
}


_ANOTHER = "The payment was declined. Please use another payment method."
_TO_CUSTOMER = {
    _U.INSUFFICIENT_FUNDS: "The account lacks the funds. Please use another payment method.",
    _U.LIMIT_EXCEEDED: "A limit of the card is exceeded. Please use another payment method.",
    _U.EXPIRED_CARD: "The card has expired. Please use another card.",
    _U.INCORRECT_CVC: "The security code is wrong. Please check it and try again.",
    _U.INCORRECT_CARD_DATA: "The card details are wrong. Please check them and try again.",
    _U.INCORRECT_ADDRESS: "The billing address is not the card's. Please check it and try again.",
    _U.CARD_NOT_SUPPORTED: "This kind of card is not accepted. Please use another card.",
    _U.AUTHENTICATION_REQUIRED: "Your bank wants to know that it is you. Please try again.",
    _U.AUTHENTICATION_FAILED: "Your bank could not confirm that it is you. Please try again.",
    _U.DUPLICATE: "The same payment was just made. Please look at your orders first.",
    _U.TRY_AGAIN_LATER: "Your bank cannot answer now. Please try again in some minutes.",
    _U.PROCESSING_ERROR: "The payment could not be made. Please try again in some minutes.",
}
"""What a customer may read of a decline; all others are `_ANOTHER`, which gives no reason."""


class UnifiedError(msgspec.Struct, frozen=True, kw_only=True):
    """The reason in Prism's own codes and texts, the same for every processor."""

    code: UnifiedCode
    message: str
    description: str
    user_guidance_message: str


class NetworkError(msgspec.Struct, frozen=True, kw_only=True):
    """The card network's own codes, unchanged."""

    advice_code: str | None = None
    decline_code: str | None = None
    error_message: str | None = None


class IssuerError(msgspec.Struct, frozen=True, kw_only=True):
    """What the card's issuer said, if the processor passes it on."""

    code: str | None = None
    message: str | None = None
    network: NetworkError | None = None


class ConnectorDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The processor's own code, message and reason, unchanged."""

    code: str | None = None
    message: str | None = None
    reason: str | None = None


class ErrorDetails(msgspec.Struct, frozen=True, kw_only=True):
    """Why a payment failed or a request was refused: in Prism's own codes (`unified`), and as the
    issuer and the processor said it."""

    unified: UnifiedError | None = None
    issuer: IssuerError | None = None
    connector: ConnectorDetails | None = None

    @property
    def try_again(self) -> TryAgain:
        """Whether another try with the same payment method can help, and when (dunning); that of
        DECLINED if the reason is not known."""
        return (self.unified.code if self.unified is not None else UnifiedCode.DECLINED).try_again

    @property
    def customer_message(self) -> str:
        """What to tell the customer of a payment that failed, in English; for other languages,
        translate by `unified.code`. It tells no reason that a thief must not know."""
        code = self.unified.code if self.unified is not None else UnifiedCode.DECLINED
        return _TO_CUSTOMER.get(code, _ANOTHER)


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What an error answer means, as `parse_error` returns it.

    With OTHER, the HTTP status decides the kind; every 5xx is UNAVAILABLE. OTHER in a 2xx is an
    error that nobody knows, so its outcome is unknown. `retryable` says
    whether the same request with the same idempotency key can succeed later; with None, the kind
    (RATE_LIMITED, UNAVAILABLE) and the status (5xx) decide. `unknown` says whether the processor
    may have done something: for this request, or for an earlier one with the same key. With None,
    the core decides: a 5xx is unknown, and so is a CONFLICT that names no customer. A CONFLICT
    about an existing customer sets its `connector_customer_id`. `connector_transaction_id` is the
    payment that the answer names: of a decline's result, or of the error. `echoed` are the ids in
    the answer that repeat ids of the request: with an id that the request does not have, the answer
    belongs to another request. The same is true of `correlation_id` and that of the `HttpRequest`.
    """

    kind: ErrorKind = ErrorKind.OTHER
    details: ErrorDetails = ErrorDetails()
    retryable: bool | None = None
    unknown: bool | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    echoed: tuple[str, ...] = ()
    correlation_id: str | None = None


def codes_by_word(table: Mapping[T, str]) -> dict[str, T]:
    """A dict from a processor's codes to ours (of declines, statuses or error kinds). The table
    has our code as key, and the processor's codes as one text, separated by spaces."""
    return {word: code for code, words in table.items() for word in words.split()}


def unified_error(code: UnifiedCode) -> UnifiedError:
    """The unified error of a code, with its texts."""
    description, guidance = _WORDS[code]
    return UnifiedError(
        code=code,
        message=code.value.replace("_", " ").capitalize(),
        description=description,
        user_guidance_message=guidance,
    )


def decline_details(
    table: Mapping[str, UnifiedCode],
    code: str | None,
    message: str | None = None,
    reason: str | None = None,
    *,
    other: UnifiedCode = UnifiedCode.DECLINED,
) -> ErrorDetails:
    """Why a payment was declined: by a table of the processor's codes (`codes_by_word`), and in the
    processor's own words. A code that is not in the table is `other`."""
    return ErrorDetails(
        unified=unified_error(table.get(code or "", other)),
        connector=ConnectorDetails(code=code, message=message, reason=reason),
    )
