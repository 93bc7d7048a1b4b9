"""The shapes of Authorize.Net's answers: the fields used, and no others.

They are those of https://developer.authorize.net/api/reference/index.html. Ids, codes and amounts
are JSON numbers in some answers and texts in others. Amounts are decimals, never floats; ids
are read in `values.py`.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from prism_authorizedotnet.values import Id, response_code
from prism_core import Nullable, PlainDecimal


class Shape(msgspec.Struct, rename="camel"):
    """What all shapes share: names like `refId`."""


class Message(Shape):
    """One message about a request."""

    code: str = ""
    text: str = ""


class Note(Shape):
    """One message about a transaction that was approved."""

    code: Id = ""
    text: str = msgspec.field(name="description", default="")


class Reason(Shape):
    """Why a transaction was not approved."""

    code: Id = msgspec.field(name="errorCode", default="")
    text: str = msgspec.field(name="errorText", default="")


Said = Message | Note | Reason


class Messages(Shape):
    """What became of a request."""

    result_code: Literal["Ok", "Error"]
    message: list[Message] = []


class OkMessages(Shape):
    """That a request was carried out."""

    result_code: Literal["Ok"]


class Answer(Shape):
    """What names its request."""

    ref_id: Nullable[str] = UNSET


class OkAnswer(Answer, kw_only=True):
    """The answer to a request that was carried out."""

    messages: OkMessages


class PrePaidCard(Shape):
    """What of the amount a prepaid card approved."""

    requested_amount: PlainDecimal
    approved_amount: PlainDecimal


class Profile(Shape):
    """The profile that a transaction or subscription belongs to."""

    customer_profile_id: Nullable[Id] = UNSET
    customer_payment_profile_id: Nullable[Id] = UNSET


class ProfileMade(Shape):
    """The profile that a transaction's card was put in, or why it was not."""

    messages: Messages | None = None
    customer_profile_id: Nullable[Id] = UNSET
    customer_payment_profile_id_list: list[Id] | None = None


class TransactionResponse(Shape):
    """A transaction that was made, or not."""

    response_code: Id = ""
    trans_id: Id | None = None
    ref_trans_id: Nullable[Id] = msgspec.field(name="refTransID", default=UNSET)
    avs_result_code: str | None = None
    cvv_result_code: str | None = None
    network_trans_id: str | None = None
    account_type: str | None = None
    account_number: str | None = None
    messages: list[Note] | None = None
    errors: list[Reason] | None = None
    pre_paid_card: PrePaidCard | None = None
    profile: Profile | None = None

    @property
    def code(self) -> str:
        """Whether it was approved."""
        return response_code(self.response_code, self.trans_id)


class TransactionAnswer(Answer, kw_only=True):
    """createTransactionResponse"""

    messages: Messages
    transaction_response: TransactionResponse
    profile_response: ProfileMade | None = None


class AnyAnswer(Answer, kw_only=True):
    """An answer to any request, to see whether it is an error."""

    messages: Messages
    transaction_response: TransactionResponse | None = None
    customer_payment_profile_id: Id | None = None
    validation_direct_response: str | None = None
    direct_response: str | None = None


class MaskedCard(Shape):
    """A card number without its middle ("XXXX1111"), and an expiry where that was asked for."""

    card_number: str = ""
    expiration_date: str = ""
    card_type: str | None = None


class MaskedBankAccount(Shape):
    """A bank account, its numbers without their beginning ("XXXX1111")."""

    account_type: str | None = None
    routing_number: str | None = None
    account_number: str | None = None
    name_on_account: str | None = None
    bank_name: str | None = None


class MaskedPayment(Shape):
    """What was paid with, or what a payment profile holds: a card, or a bank account."""

    credit_card: MaskedCard | None = None
    bank_account: MaskedBankAccount | None = None


class Order(Shape):
    """Of a transaction's order, the caller's id."""

    invoice_number: str | None = None


class Returned(Shape):
    """Why a customer's bank returned a debit."""

    code: str = ""
    description: str = ""


class Transaction(Shape):
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
    payment: MaskedPayment | None = None
    returned_items: list[Returned] | None = None
    profile: Profile | None = None
    network_trans_id: str | None = None

    @property
    def own_id(self) -> str | None:
        """The caller's id."""
        return self.order.invoice_number or None if self.order is not None else None

    @property
    def reason(self) -> Reason:
        """Why it was not approved."""
        code, text = self.response_reason_code, self.response_reason_description
        return Reason(code=code or "", text=text or "")

    @property
    def is_debit(self) -> bool:
        """Whether a bank account was debited."""
        return self.payment is not None and self.payment.bank_account is not None

    @property
    def returned(self) -> Reason | None:
        """Why the customer's bank returned it, if it is a debit and was returned."""
        items = (self.returned_items or []) if self.is_debit else []
        return Reason(code=items[0].code, text=items[0].description) if items else None


class TransactionFound(OkAnswer, kw_only=True):
    """getTransactionDetailsResponse"""

    transaction: Transaction


class Done(OkAnswer):
    """An answer that names nothing but its request: what names more is the answer to another
    request, a lookup say, which has no refId to tell them apart by."""

    customer_profile_id: UnsetType | None = UNSET
    customer_payment_profile_id: UnsetType | None = UNSET
    profile: UnsetType | None = UNSET
    payment_profile: UnsetType | None = UNSET
    transaction: UnsetType | None = UNSET
    transaction_response: UnsetType | None = UNSET


class Validated(Done):
    """validateCustomerPaymentProfileResponse"""

    direct_response: str | None = None


class CustomerMade(OkAnswer, kw_only=True):
    """createCustomerProfileResponse"""

    customer_profile_id: Id
    customer_payment_profile_id: UnsetType | None = UNSET
    """Where there is one, it is the answer to another request, for a card."""


class PaymentProfileMade(OkAnswer, kw_only=True):
    """createCustomerPaymentProfileResponse"""

    customer_profile_id: Nullable[Id] = UNSET
    customer_payment_profile_id: Id
    validation_direct_response: str | None = None


class PaymentProfile(Shape):
    """A payment profile."""

    customer_payment_profile_id: Id
    payment: MaskedPayment | None = None


class StoredProfile(PaymentProfile):
    """A payment profile that was looked up, with its customer's."""

    customer_profile_id: Nullable[Id] = UNSET
    original_network_trans_id: str | None = None


class CustomerProfile(Shape):
    """A customer, with the payment profiles."""

    customer_profile_id: Id
    merchant_customer_id: Nullable[str] = UNSET
    description: str | None = None
    email: str | None = None
    payment_profiles: list[PaymentProfile] | None = None


class CustomerFound(OkAnswer, kw_only=True):
    """getCustomerProfileResponse"""

    profile: CustomerProfile


class PaymentProfileFound(OkAnswer, kw_only=True):
    """getCustomerPaymentProfileResponse"""

    payment_profile: StoredProfile


class HostedPage(OkAnswer, kw_only=True):
    """getHostedPaymentPageResponse, getHostedProfilePageResponse"""

    token: str


class MerchantDetails(OkAnswer, kw_only=True):
    """getMerchantDetailsResponse"""

    client_key: str | None = msgspec.field(name="publicClientKey", default=None)
