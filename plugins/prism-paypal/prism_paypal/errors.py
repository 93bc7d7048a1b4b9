"""What PayPal's errors mean: declines, interruptions, conflicts; and the id of the order so far."""

from __future__ import annotations

from typing import Annotated

import msgspec

from prism_core import (
    Account,
    ConnectorDetails,
    ConnectorError,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    InvalidRequest,
    MalformedResponse,
    Payment,
    PaymentStatus,
    PrismError,
    unified_error,
)
from prism_paypal.answers import redirection
from prism_paypal.declines import of_issue
from prism_paypal.shapes import ErrorDetail, Link


class PayPalError(msgspec.Struct):
    """https://developer.paypal.com/api/rest/responses/; the token endpoint's has `error` (RFC
    6749), as has the answer to a token that serves no more."""

    name: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z][A-Z0-9_]*\Z")] | None = None
    message: str | None = None
    details: list[ErrorDetail] | None = None
    links: list[Link] | None = None
    error: str | None = None
    error_description: str | None = None

    @property
    def issue(self) -> str | None:
        """The first thing that is wrong."""
        return self.details[0].issue if self.details else None

    @property
    def words(self) -> set[str | None]:
        """Everything that it says is wrong."""
        return {self.name, *(detail.issue for detail in self.details or ())}

    @property
    def is_paypals(self) -> bool:
        """Whether it is in PayPal's own format: anybody in between may answer with JSON, too."""
        named = self.name is not None and (self.message is not None or bool(self.details))
        return named or (self.error in _OAUTH and self.error_description is not None)


# https://www.rfc-editor.org/rfc/rfc6749#section-5.2 and
# https://www.rfc-editor.org/rfc/rfc6750#section-3.1
_OAUTH = frozenset(
    {
        *("invalid_request", "invalid_client", "invalid_grant", "unauthorized_client"),
        *("unsupported_grant_type", "invalid_scope", "invalid_token", "insufficient_scope"),
    }
)
# https://developer.paypal.com/api/rest/reference/orders/v2/errors/: what an earlier call with the
# same key has done or is doing.
_DONE_BEFORE = frozenset(
    {"ORDER_ALREADY_AUTHORIZED", "ORDER_ALREADY_CAPTURED", "ORDER_COMPLETED_OR_VOIDED"}
)
_UNDER_WAY = frozenset({"ORDER_COMPLETION_IN_PROGRESS", "PREVIOUS_REQUEST_IN_PROGRESS"})
# What was sent is known from before, so that it may have been done then:
# https://developer.paypal.com/api/payment-tokens/v3/errors/paypal_request_id_previously_used
# https://developer.paypal.com/api/payment-experience/v1/errors/duplicate_request_id
# https://developer.paypal.com/api/payments/v2/errors/duplicate_invoice_id
# https://developer.paypal.com/api/payments/v2/errors/duplicate_refund
# https://developer.paypal.com/api/errors/duplicate-transactions
_USED_BEFORE = frozenset(
    {
        *("PAYPAL_REQUEST_ID_PREVIOUSLY_USED", "DUPLICATE_REQUEST_ID", "DUPLICATE_INVOICE_ID"),
        *("DUPLICATE_REFUND", "DUPLICATE_TRANSACTION", "RESOURCE_CONFLICT"),
    }
)
_EARLIER = _DONE_BEFORE | _UNDER_WAY | _USED_BEFORE
_PAYER_ACTION = "PAYER_ACTION_REQUIRED"


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an error answer means; the status has the last word where the body says nothing."""
    if response.status_code < 400:
        return None
    error = response.decode(PayPalError)
    if error is None or not error.is_paypals:
        return None
    first = error.details[0] if error.details else None
    said = ConnectorDetails(
        code=error.issue or error.name or error.error,
        message=(first and first.description) or error.message or error.error_description,
        reason=error.name if error.issue else None,
    )
    declined = of_issue(error.issue) if response.status_code == 422 else None
    return ErrorAnswer(
        kind=_kind(response.status_code, error, declined is not None),
        details=ErrorDetails(
            unified=None if declined is None else unified_error(declined), connector=said
        ),
        retryable=True if error.words & _UNDER_WAY else None,
        unknown=True if error.words & _EARLIER else None,
    )


def _kind(status: int, error: PayPalError, is_declined: bool) -> ErrorKind:
    if error.words & _EARLIER:
        return ErrorKind.CONFLICT
    if is_declined or (status == 422 and error.issue == _PAYER_ACTION):
        return ErrorKind.DECLINED
    return ErrorKind.NOT_FOUND if "TOKEN_ID_NOT_FOUND" in error.words else ErrorKind.OTHER


def declined(error: ConnectorError) -> Payment:
    """The payment whose order PayPal declined to make; any other error stays one."""
    if error.kind is not ErrorKind.DECLINED or error.details.unified is None:
        raise error
    return Payment(status=PaymentStatus.AUTHORIZATION_FAILED, error=error.details)


def refused(account: Account, response: HttpResponse, order_id: str) -> Payment:
    """The payment that a 422 declines or interrupts for the customer to act:
    https://developer.paypal.com/api/orders-v2/expanded/3d-secure"""
    error = account.decode(response, PayPalError)
    if error.issue == _PAYER_ACTION:
        return Payment(
            status=PaymentStatus.AUTHENTICATION_PENDING,
            connector_transaction_id=order_id,
            redirection_data=redirection(error.links),
        )
    return Payment(
        status=PaymentStatus.AUTHORIZATION_FAILED,
        connector_transaction_id=order_id,
        error=response.error.details if response.error is not None else None,
    )


def unchanged(before: Payment, response: HttpResponse, status: PaymentStatus) -> Payment:
    """The payment that a 422 refuses to change for the payer's sake: it stands as before."""
    details = response.error.details if response.error is not None else None
    return msgspec.structs.replace(before, status=status, error=details)


def refusal(message: str) -> ConnectorError:
    """What the order, once looked up, shows to be impossible: nothing else was sent."""
    return ConnectorError(f"PayPal: {message}", kind=ErrorKind.INVALID_REQUEST)


def about(order_id: str, error: PrismError) -> PrismError:
    """The error of a payment's second call, with the order that the first one made."""
    if isinstance(error, InvalidRequest):  # what the answer holds: all was sent by then
        error = MalformedResponse(f"the answer holds what no payment can: {error.message}")
    error.connector_transaction_id = order_id
    return error
