"""Payment methods that the processor keeps: tokenize, list, delete."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Count, IdempotencyKey, Identifier
from prism_core.schema.payment_methods import Card


class TokenizeRequest(Request, frozen=True, kw_only=True):
    """A card for the processor to keep: on its own, or under a customer.

    `merchant_payment_method_id` is your own id of it, sent where the processor has a place.
    """

    payment_method: Card
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    billing_address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    merchant_field = "merchant_payment_method_id"
    descriptive = frozenset({"merchant_payment_method_id", "metadata"})


class ListPaymentMethodsRequest(Request, frozen=True, kw_only=True):
    """The payment methods kept for a customer, to be listed."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None

    merchant_field = "merchant_customer_id"
    descriptive = frozenset({"merchant_customer_id"})


class DeletePaymentMethodRequest(Request, frozen=True, kw_only=True):
    """A payment method for the processor to keep no longer. Some find it only beside its
    customer's `connector_customer_id`."""

    connector_payment_method_id: Identifier
    connector_customer_id: Identifier | None = None
    merchant_payment_method_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    merchant_field = "merchant_payment_method_id"
    descriptive = frozenset({"connector_customer_id", "merchant_payment_method_id"})


class KeptCard(Schema, frozen=True, kw_only=True):
    """What a processor tells of a card that it keeps; pay with
    `Token(card.connector_payment_method_id)`. A `brand` is a name; a sentence or a number is
    left out."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None
    brand: str | None = None
    last_four: str | None = None
    exp_month: Count | None = None
    exp_year: Count | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        # Both are shown in a repr.
        for name, longest, most_digits in (("brand", 30, 4), ("last_four", 4, 4)):
            said = getattr(self, name) or ""
            if len(said) > longest or sum(map(str.isdigit, said)) > most_digits:
                msgspec.structs.force_setattr(self, name, None)


class PaymentMethodKept(Result, frozen=True, kw_only=True):
    """A payment method that the processor keeps now: store `connector_payment_method_id`, and pay
    with `Token(connector_payment_method_id)`."""

    connector_payment_method_id: Identifier
    connector_customer_id: str | None = None
    merchant_payment_method_id: str | None = None
    card: KeptCard | None = None


class PaymentMethodList(Result, frozen=True, kw_only=True):
    """The payment methods kept for a customer; `is_complete` is False where there are more than
    the processor lists at once."""

    payment_methods: tuple[KeptCard, ...] = ()
    connector_customer_id: str | None = None
    is_complete: bool = True


class PaymentMethodDeleted(Result, frozen=True, kw_only=True):
    """A payment method that the processor keeps no longer."""

    connector_payment_method_id: Identifier
