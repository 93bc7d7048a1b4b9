"""Stored payment methods: requests and results, and what a processor tells about a method."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Count, IdempotencyKey, Identifier
from prism_core.schema.method_types import PaymentMethodType, TokenSource
from prism_core.schema.payment_methods import BankDebit, Card, SdkToken


class PaymentMethodInfo(Schema, frozen=True, kw_only=True):
    """What the processor tells about a payment method: for your customer's receipt or settings.

    `last_four` are the last digits of the card or of the account. `funding` is the processor's own
    word (credit, debit, prepaid). `wallet` is the wallet that the card is in. A text that is too
    long for its field, or has more than four digits, is left out. A repr shows brand and digits.
    """

    payment_method_type: PaymentMethodType | None = None
    brand: str | None = None
    last_four: str | None = None
    exp_month: Count | None = None
    exp_year: Count | None = None
    funding: str | None = None
    country: str | None = None
    bank_name: str | None = None
    wallet: TokenSource | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, longest in _LONGEST.items():
            said = getattr(self, name)
            if isinstance(said, str) and (
                len(said) > longest or sum(map(str.isdigit, said)) > 4 or not said.isprintable()
            ):
                msgspec.structs.force_setattr(self, name, None)


_LONGEST = {"brand": 30, "last_four": 4, "funding": 20, "country": 3, "bank_name": 60}
"""The maximum number of characters by field."""


class StoredPaymentMethod(PaymentMethodInfo, frozen=True, kw_only=True):
    """A stored payment method; pay with `Token(one.connector_payment_method_id)`."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None


class TokenizeRequest(Request, frozen=True, kw_only=True):
    """A payment method to store at the processor, on its own or for a customer: a card, what the
    processor's form in the browser gave, or a bank account.

    `merchant_payment_method_id` is your own id of it; it is sent if the processor has a field
    for it.
    """

    payment_method: Card | SdkToken | BankDebit
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    billing_address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_payment_method_id"
    descriptive = frozenset({"merchant_payment_method_id", "metadata"})


class ListPaymentMethodsRequest(Request, frozen=True, kw_only=True):
    """The customer whose stored payment methods shall be listed."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None

    reference_field = "merchant_customer_id"
    identifying = frozenset({"merchant_customer_id"})


class DeletePaymentMethodRequest(Request, frozen=True, kw_only=True):
    """A stored payment method to delete. Some processors need the customer's
    `connector_customer_id`, too."""

    connector_payment_method_id: Identifier
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_payment_method_id"
    identifying = frozenset({"connector_customer_id", "merchant_payment_method_id"})


class PaymentMethodStored(Result, frozen=True, kw_only=True):
    """A payment method that is now stored at the processor: keep its
    `connector_payment_method_id`, and pay with `Token(connector_payment_method_id)`."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None
    merchant_payment_method_id: str | None = None
    payment_method: StoredPaymentMethod | None = None


class PaymentMethodList(Result, frozen=True, kw_only=True):
    """The stored payment methods of a customer; `is_complete` is False if there are more than the
    processor lists at once."""

    payment_methods: tuple[StoredPaymentMethod, ...] = ()
    connector_customer_id: str | None = None
    is_complete: bool = True


class PaymentMethodDeleted(Result, frozen=True, kw_only=True):
    """A stored payment method that was deleted."""

    connector_payment_method_id: Identifier
