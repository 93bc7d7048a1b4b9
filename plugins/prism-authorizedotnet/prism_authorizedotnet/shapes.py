"""The shapes of Authorize.Net's answers: the fields used, and no others.

They are those of https://developer.authorize.net/api/reference/index.html. Ids, codes and amounts
are JSON numbers in some answers and texts in others. Amounts are decimals, never floats; ids
are read in `values.py`.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET

from prism_core import PlainDecimal, Told

Id = str | int
"""An id or a code."""


class Message(msgspec.Struct):
    """One message about a request."""

    code: str = ""
    text: str = ""


class Note(msgspec.Struct):
    """One message about a transaction that was approved."""

    code: Id = ""
    description: str = ""


class Messages(msgspec.Struct, rename="camel"):
    """What became of a request."""

    result_code: Literal["Ok", "Error"]
    message: list[Message] = []


class Answer(msgspec.Struct, rename="camel", kw_only=True):
    """Every answer; `ref_id` is the request's."""

    messages: Messages
    ref_id: Told[str] = UNSET


class Reason(msgspec.Struct, rename="camel"):
    """Why a transaction was not approved."""

    error_code: Id = ""
    error_text: str = ""


class PrePaidCard(msgspec.Struct, rename="camel"):
    """What of the amount a prepaid card approved."""

    requested_amount: PlainDecimal
    approved_amount: PlainDecimal


class Profile(msgspec.Struct, rename="camel"):
    """The profile that a transaction belongs to."""

    customer_profile_id: Told[Id] = UNSET
    customer_payment_profile_id: Told[Id] = UNSET


class ProfileMade(msgspec.Struct, rename="camel"):
    """The profile that a transaction's card was put in, or why it was not."""

    messages: Messages | None = None
    customer_profile_id: Told[Id] = UNSET
    customer_payment_profile_id_list: list[Id] | None = None


class TransactionResponse(msgspec.Struct, rename="camel"):
    """A transaction that was made, or not."""

    response_code: Id = ""
    trans_id: Id | None = None
    ref_trans_id: Told[Id] = msgspec.field(name="refTransID", default=UNSET)
    avs_result_code: str | None = None
    cvv_result_code: str | None = None
    network_trans_id: str | None = None
    messages: list[Note] | None = None
    errors: list[Reason] | None = None
    pre_paid_card: PrePaidCard | None = None
    profile: Profile | None = None


class AnyAnswer(Answer):
    """An answer to any request, to see whether it is an error."""

    transaction_response: TransactionResponse | None = None
    customer_payment_profile_id: Id | None = None
    validation_direct_response: str | None = None
    direct_response: str | None = None


class TransactionAnswer(Answer):
    """createTransactionResponse"""

    transaction_response: TransactionResponse
    profile_response: ProfileMade | None = None


class OkMessages(msgspec.Struct, rename="camel"):
    """That a request was carried out."""

    result_code: Literal["Ok"]


class Order(msgspec.Struct, rename="camel"):
    """Of a transaction's order, the caller's id."""

    invoice_number: str | None = None


class MaskedCard(msgspec.Struct, rename="camel"):
    """A card number without its middle: "XXXX1111"."""

    card_number: Annotated[str, msgspec.Meta(pattern=r"[0-9]{4}\Z")]


class MaskedPayment(msgspec.Struct, rename="camel"):
    """What a transaction was paid with."""

    credit_card: MaskedCard


class TransactionDetails(msgspec.Struct, rename="camel", kw_only=True):
    """A transaction as it stands now."""

    trans_id: Id
    transaction_status: str
    transaction_type: str | None = None
    ref_trans_id: Id | None = None
    response_reason_code: Id | None = None
    response_reason_description: str | None = None
    avs_response: str | None = msgspec.field(name="AVSResponse", default=None)
    card_code_response: str | None = None
    order: Order | None = None
    requested_amount: PlainDecimal | None = None
    auth_amount: PlainDecimal | None = None
    settle_amount: PlainDecimal | None = None
    profile: Profile | None = None
    network_trans_id: str | None = None


class TransactionFound(msgspec.Struct):
    """getTransactionDetailsResponse"""

    messages: OkMessages
    transaction: TransactionDetails


class Authorized(msgspec.Struct, rename="camel"):
    """Of a transaction that shall be captured in part, which one it is, and the whole."""

    trans_id: Id
    auth_amount: PlainDecimal


class AuthorizedFound(msgspec.Struct):
    """getTransactionDetailsResponse of a transaction to capture."""

    messages: OkMessages
    transaction: Authorized


class Paid(msgspec.Struct, rename="camel"):
    """Of a transaction that shall be refunded: which one it is, where it stands, how much it was,
    on which card."""

    trans_id: Id
    transaction_status: str
    settle_amount: PlainDecimal
    payment: MaskedPayment


class PaidFound(msgspec.Struct):
    """getTransactionDetailsResponse of a transaction to refund."""

    messages: OkMessages
    transaction: Paid
