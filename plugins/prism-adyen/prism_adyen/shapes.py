"""Shapes of Adyen's JSON: amounts, there and back, and the fields of answers that are used."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET

from prism_core import InvalidRequest, Money, Nullable

# The rows of https://docs.adyen.com/development-resources/currency-codes#minor-units which are
# marked as other than the standard. All other currencies there have the decimals of ISO 4217.
EXPONENTS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}
_LARGEST = 2**63 - 1


class Amount(msgspec.Struct):
    """An amount in an answer: `value` counts Adyen's own minor units."""

    currency: str
    value: int


def amount_of(amount: Money | None) -> dict[str, Any] | None:
    """The amount as a request has it; one that Adyen cannot count is refused."""
    if amount is None:
        return None
    value = amount.to_wire(EXPONENTS)
    if value > _LARGEST:
        raise InvalidRequest("amount is more than Adyen can count", field="amount")
    return {"currency": amount.currency, "value": value}


def money_of(amount: Amount | None) -> Money | None:
    """The money that an answer tells of, in the answer's own currency."""
    return None if amount is None else Money.from_wire(amount.value, amount.currency, EXPONENTS)


class MethodBody(msgspec.Struct):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#responses-200-paymentMethod"""

    type: str | None = None
    brand: str | None = None


class PaymentBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments#responses-200"""

    result_code: str
    psp_reference: Nullable[str] = UNSET
    merchant_reference: Nullable[str] = UNSET
    amount: Amount | None = None
    payment_method: MethodBody | None = None
    action: dict[str, Any] | None = None
    refusal_reason: str | None = None
    refusal_reason_code: str | None = None
    additional_data: dict[str, Any] | None = None

    def more(self, *names: str) -> Nullable[str]:
        """https://docs.adyen.com/development-resources/additional-data: what the account is set up
        to be told besides, under the first of several names; null only where nothing else is."""
        told = [(self.additional_data or {}).get(name, UNSET) for name in names]
        nothing = None if None in told else UNSET
        return next((value for value in told if isinstance(value, str)), nothing)

    @property
    def stored(self) -> Nullable[str]:
        """The id of the stored method."""
        return self.more("tokenization.storedPaymentMethodId", "recurring.recurringDetailReference")


class MethodsOffered(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/paymentMethods#responses-200"""

    payment_methods: list[dict[str, Any]]


class SessionBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/sessions#responses-201"""

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    amount: Amount | None = None
    reference: Nullable[str] = UNSET
    shopper_reference: Nullable[str] = UNSET
    session_data: str | None = None
    url: str | None = None
    expires_at: str | None = None


class SessionPayment(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId)#responses-200-payments"""

    result_code: str | None = None
    psp_reference: Nullable[str] = UNSET
    amount: Amount | None = None
    payment_method: MethodBody | None = None


class SessionResult(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/sessions/(sessionId)#responses-200"""

    status: str
    id: Nullable[str] = UNSET
    reference: Nullable[str] = UNSET
    payments: list[SessionPayment] | None = None
    additional_data: dict[str, Any] | None = None

    def as_payment(self) -> PaymentBody:
        """The session's payment, where it has exactly one; with several, which share the amount,
        or none there is none to tell of."""
        made = self.payments or []
        one = made[0] if len(made) == 1 else SessionPayment()
        return PaymentBody(
            result_code=one.result_code or "",
            psp_reference=one.psp_reference,
            amount=one.amount,
            payment_method=one.payment_method,
            additional_data=self.additional_data,
        )


class ChangeBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/captures#responses-201
    What the answers to changes of a payment share: its reference, and the change's own."""

    status: str
    psp_reference: str
    payment_psp_reference: str
    reference: Nullable[str] = UNSET
    amount: Amount | None = None


RECEIVED = "received"
"""The one status of a change that is documented."""


class StoredBody(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods#responses-200-storedPaymentMethods"""

    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    type: str | None = None
    brand: str | None = None
    last_four: str | None = None
    expiry_month: str | None = None
    expiry_year: str | None = None
    iban: str | None = None
    shopper_reference: Nullable[str] = UNSET


class StoredList(msgspec.Struct, rename="camel"):
    """https://docs.adyen.com/api-explorer/Checkout/71/get/storedPaymentMethods#responses-200"""

    shopper_reference: str | None
    stored_payment_methods: list[StoredBody] | None = None


class ServiceError(msgspec.Struct, rename="camel"):
    """The body of an error answer: https://docs.adyen.com/development-resources/error-codes. What
    has no status or no errorCode was not written by Adyen."""

    status: int
    error_code: str
    message: str | None = None
    error_type: str | None = None
