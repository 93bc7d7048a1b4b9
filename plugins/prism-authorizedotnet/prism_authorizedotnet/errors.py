"""What Authorize.Net's error answers mean: refused transactions, refused requests, duplicates.

The codes are in `declines.py`. Its own answers have HTTP status 200, whatever happened.
"""

from __future__ import annotations

import re

import msgspec

from prism_authorizedotnet import declines, shapes
from prism_authorizedotnet.values import REFUSED, id_of
from prism_core import (
    Account,
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    UnifiedCode,
    hookimpl,
    unified_error,
)

_DUPLICATE = re.compile(r"A duplicate record with ID ([0-9]+) already exists\.")
_DIRECT = re.compile(r"(\W?)([0-9])\1(\W)\1[0-9]+\1\3\1([0-9]+)\1\3(.*)", re.DOTALL)
_EXISTS, _UNSUCCESSFUL = "E00039", "E00027"
"""A duplicate of a profile; and an approval that was not returned: why, only a reason beside it
says."""


class Errors:
    """The hook that every answer goes through."""

    @hookimpl
    def parse_error(self, response: HttpResponse, account: Account) -> ErrorAnswer | None:
        """https://developer.authorize.net/api/reference/responseCodes.html: an error is one about
        the transaction, or about the request. One beside a transaction that was approved or is held
        is none: the flow tells it with the transaction.

        Its refId and the transaction that it refers to are those of the request; but a duplicate
        refers to the first transaction, which the request does not name."""
        answer = response.decode(shapes.AnyAnswer) if response.status_code == 200 else None
        if answer is None or (found := _error(answer)) is None:
            return None
        done, is_conflict = answer.transaction_response, found.kind is ErrorKind.CONFLICT
        referred = id_of(done.ref_trans_id) if done and not is_conflict else None
        echoed, correlation_id = (referred,) if referred else (), answer.ref_id or None
        return msgspec.structs.replace(found, echoed=echoed, correlation_id=correlation_id)


def _error(answer: shapes.AnyAnswer) -> ErrorAnswer | None:
    """The error that an answer is, if it is one."""
    done = answer.transaction_response or shapes.TransactionResponse()
    if done.code in REFUSED:
        return _refused(done)
    if has_failed(answer.messages) and done.code not in ("1", "4"):
        made = id_of(done.trans_id) is not None
        return _failed(answer, unsure=str(done.response_code) != "" or made)
    for note in done.messages or ():
        if str(note.code) in declines.DONE_ALREADY:  # an approval that did nothing this time
            return ErrorAnswer(kind=ErrorKind.CONFLICT, details=details_of(note))
    return None


_UNKNOWN = {ErrorKind.OTHER: False}
"""Codes of this kind are known, and say that nothing was done, as those of other kinds do."""


def _refused(done: shapes.TransactionResponse) -> ErrorAnswer:
    """What became of a transaction with response code 2 or 3."""
    reason = done.errors[0] if done.errors else shapes.Reason()
    code, details = str(reason.code), details_of(reason)
    if any(str(note.code) == "1" for note in done.messages or ()):
        # Refused by its code and approved by its message: nobody knows.
        return ErrorAnswer(details=details, unknown=True)
    if declines.is_decline(done.code, code):
        return ErrorAnswer(kind=ErrorKind.DECLINED, details=declined(reason))
    kind = declines.REASONS.get(code)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=declined(reason) if declines.is_duplicate(code) else details,
        # Authorize.Net gives every transaction that it makes an id: 0 says that it made none.
        unknown=_UNKNOWN.get(kind) if kind else done.trans_id not in ("0", 0),
    )


def _failed(answer: shapes.AnyAnswer, *, unsure: bool) -> ErrorAnswer:
    """A request that was refused whole; `unsure` where there is a transaction all the same:
    whoever says both does not know. A duplicate of a customer's profile is named in the text, and
    one of a payment profile beside it."""
    said = first_error(answer.messages)
    code, reason, _ = checks(answer.validation_direct_response or answer.direct_response)
    if said.code == _UNSUCCESSFUL and code in REFUSED:
        refused = [shapes.Reason(code=reason, text=said.text)]
        return _refused(shapes.TransactionResponse(response_code=code, errors=refused))
    customer, card = _DUPLICATE.fullmatch(said.text), id_of(answer.customer_payment_profile_id)
    exists, kind = said.code == _EXISTS, declines.MESSAGES.get(said.code)
    return ErrorAnswer(
        kind=kind or ErrorKind.OTHER,
        details=details_of(said, f"customerPaymentProfileId {card}" if exists and card else None),
        unknown=True
        if unsure or kind is None or answer.messages.result_code == "Ok"
        else _UNKNOWN.get(kind),
        connector_customer_id=id_of(customer[1]) if exists and customer is not None else None,
    )


def has_failed(messages: shapes.Messages) -> bool:
    """Whether the messages about a request say that it failed: by their result, or by a code."""
    return messages.result_code == "Error" or first_error(messages).code.startswith("E")


def first_error(messages: shapes.Messages) -> shapes.Message:
    """The message that says what went wrong."""
    errors = [said for said in messages.message if said.code.startswith("E")]
    return (errors or messages.message or [shapes.Message()])[0]


def checks(direct: str | None) -> tuple[str, str, bool]:
    """What the issuer said of a card: response code, reason code, and whether it was asked. A
    direct response is values with a delimiter that the merchant chooses, and
    maybe a mark around each. The seventh is the id of the transaction that asked the issuer, and
    0 where none did (an account in test mode):
    https://developer.authorize.net/api/reference/index.html#customer-profiles-validate-customer-payment-profile"""
    found = _DIRECT.match(direct or "")
    if found is None:
        return "", "", False
    mark, code, delimiter, reason, rest = found.groups()
    values = rest.split(delimiter)
    transaction = values[3].strip(mark) if len(values) > 3 else None
    return code, reason, not transaction or id_of(transaction) is not None


def declined(reason: shapes.Reason) -> ErrorDetails:
    """Why a transaction was declined."""
    unified = declines.UNIFIED.get(str(reason.code), UnifiedCode.DECLINED)
    return ErrorDetails(unified=unified_error(unified), connector=details_of(reason).connector)


def details_of(said: shapes.Said, reason: str | None = None) -> ErrorDetails:
    """What Authorize.Net said."""
    code, message = str(said.code) or None, said.text or None
    return ErrorDetails(connector=ConnectorDetails(code=code, message=message, reason=reason))
