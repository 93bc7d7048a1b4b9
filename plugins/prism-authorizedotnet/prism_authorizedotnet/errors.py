"""What Authorize.Net's error answers mean: refused transactions, refused requests, duplicates.

The codes are in `codes.py`. Its own answers have HTTP status 200, whatever happened.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import msgspec

from prism_authorizedotnet.codes import (
    APPROVED,
    DONE_ALREADY,
    DUPLICATES,
    is_decline,
    kind_of_message,
    kind_of_reason,
    unified_code,
)
from prism_authorizedotnet.shapes import AnyAnswer, Message, Messages, Reason, TransactionResponse
from prism_authorizedotnet.values import id_of
from prism_core import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    unified_error,
)

_DUPLICATE = re.compile(r"A duplicate record with ID ([0-9]+) already exists\.")
_DIRECT = re.compile(r"(\W?)([0-9])\1(\W)\1[0-9]+\1\3\1([0-9]+)\1\3(.*)", re.DOTALL)
_UNSUCCESSFUL = "E00027"
"""An approval was not returned: why, only a reason beside it says."""


class Checked(NamedTuple):
    """What the issuer said of a card: response code, reason code, and whether it was asked."""

    code: str
    reason: str
    was_asked: bool


def error_answer(response: HttpResponse) -> ErrorAnswer | None:
    """What an answer means, if it is an error: one about the transaction, or about the request.
    An error beside a transaction that was approved or is held is no such answer: the flow tells
    it with the transaction."""
    answer = response.decode(AnyAnswer) if response.status_code == 200 else None
    if answer is None:
        return None
    found = _error(answer)
    if found is None:
        return None
    ref_id = answer.ref_id if isinstance(answer.ref_id, str) else None
    return msgspec.structs.replace(
        found, echoed=_echoed(answer, found), correlation_id=ref_id or None
    )


def _echoed(answer: AnyAnswer, found: ErrorAnswer) -> tuple[str, ...]:
    """The transaction that the answer refers to, which the request names. A duplicate refers to
    the first transaction, which the request does not name."""
    done = answer.transaction_response
    referred = (
        None if done is None or found.kind is ErrorKind.CONFLICT else id_of(done.ref_trans_id)
    )
    return () if referred is None else (referred,)


def _error(answer: AnyAnswer) -> ErrorAnswer | None:
    """The error that an answer is, if it is one."""
    done = answer.transaction_response or TransactionResponse()
    code, made = str(done.response_code), id_of(done.trans_id) is not None
    if code in ("2", "3"):
        return _refused(done, answer)
    if not has_failed(answer.messages) or (made and code in ("1", "4")):
        return _done_already(done)
    return _failed(answer, unsure=bool(code) or made)


def has_failed(messages: Messages) -> bool:
    """Whether the messages about a request say that it failed: by their result, or by a code."""
    return messages.result_code == "Error" or any(
        said.code.startswith("E") for said in messages.message
    )


def first_error(messages: Messages) -> Message:
    """The message that says what went wrong."""
    errors = [said for said in messages.message if said.code.startswith("E")]
    return (errors or messages.message or [Message()])[0]


def _failed(answer: AnyAnswer, *, unsure: bool) -> ErrorAnswer:
    """A request that was refused whole; `unsure` where there is a transaction all the same:
    whoever says both does not know."""
    said = first_error(answer.messages)
    checked = checks(answer.validation_direct_response or answer.direct_response)
    if said.code == _UNSUCCESSFUL and checked is not None and checked.code in ("2", "3"):
        reason = Reason(error_code=checked.reason, error_text=said.text)
        return _refused(TransactionResponse(response_code=checked.code, errors=[reason]), answer)
    existing = _DUPLICATE.fullmatch(said.text) if said.code == "E00039" else None
    kind = kind_of_message(said.code)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=details_of(said.code, said.text, _kept_already(said, answer)),
        unknown=True if unsure or kind is None or answer.messages.result_code == "Ok" else None,
        connector_customer_id=id_of(existing[1]) if existing is not None else None,
    )


def _kept_already(said: Message, answer: AnyAnswer) -> str | None:
    """Which payment profile holds the card already: E00039 has its id beside the message."""
    known = id_of(answer.customer_payment_profile_id) if said.code == "E00039" else None
    return f"customerPaymentProfileId {known}" if known else None


def checks(direct: str | None) -> Checked | None:
    """What a direct response says, which is values with a delimiter that the merchant chooses, and
    maybe a mark around each. The seventh is the id of the transaction that asked the issuer, and
    0 where none did (an account in test mode):
    https://developer.authorize.net/api/reference/index.html#customer-profiles-validate-customer-payment-profile"""
    found = _DIRECT.match(direct or "")
    if found is None:
        return None
    mark, code, delimiter, reason, rest = found.groups()
    values = rest.split(delimiter)
    transaction = values[3].strip(mark) if len(values) > 3 else None
    return Checked(code, reason, not transaction or id_of(transaction) is not None)


def _done_already(done: TransactionResponse) -> ErrorAnswer | None:
    """The approval of a capture or void that was made before: nothing was done this time."""
    for note in done.messages or ():
        if str(note.code) in DONE_ALREADY:
            said = details_of(str(note.code), note.description)
            return ErrorAnswer(kind=ErrorKind.CONFLICT, details=said)
    return None


def _refused(done: TransactionResponse, answer: AnyAnswer) -> ErrorAnswer:
    """What became of a transaction with response code 2 or 3."""
    reason = done.errors[0] if done.errors else Reason()
    code = str(reason.error_code)
    if any(str(note.code) in APPROVED for note in done.messages or ()):
        # Refused by its code and approved by its message: nobody knows.
        return ErrorAnswer(details=details_of(code, reason.error_text), unknown=True)
    if is_decline(str(done.response_code), code):
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=declined(code, reason.error_text))
    kind = kind_of_reason(code)
    # Authorize.Net gives every transaction that it makes an id: 0 says that it made none.
    made_none = done.trans_id in ("0", 0)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=declined(code, reason.error_text)
        if code in DUPLICATES
        else details_of(code, reason.error_text),
        unknown=True if kind is None and not made_none else None,
    )


def declined(reason: str, text: str) -> ErrorDetails:
    """Why a transaction was declined."""
    found = details_of(reason, text)
    return ErrorDetails(unified=unified_error(unified_code(reason)), connector=found.connector)


def details_of(code: str, text: str, reason: str | None = None) -> ErrorDetails:
    """What Authorize.Net said."""
    said = ConnectorDetails(code=code or None, message=text or None, reason=reason)
    return ErrorDetails(connector=said)
