"""Recurring payments: the permission to charge again (mandate), charging with it, revoking it."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.errors.details import ErrorDetails
from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result
from prism_core.schema.checks import IdempotencyKey, Identifier, Text, Url
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Card, Token
from prism_core.schema.payments import RedirectionData
from prism_core.schema.status import AuthenticationTypeInput, MandateStatus


class SetupRecurringRequest(Request, frozen=True, kw_only=True):
    """The permission to charge a customer again later, set up while the customer is present.

    Without an `amount` nothing is charged; with one, it is charged at once as the first payment.
    `merchant_mandate_id` is your own id of the permission.
    """

    merchant_mandate_id: Identifier
    payment_method: Card | Token
    connector_customer_id: Identifier | None = None
    customer: CustomerDetails | None = None
    amount: Money | None = None
    auth_type: AuthenticationTypeInput | None = None
    return_url: Url | None = None
    description: Text | None = None
    billing_address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_mandate_id"
    descriptive = frozenset({"customer", "description", "metadata"})

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class Mandate(Result, frozen=True, kw_only=True):
    """The permission to charge again: store `connector_mandate_id`, and `network_transaction_id`
    if there is one: it links later charges to this one at the card network.

    `error` says why the permission was not given, if it was not.
    """

    status: MandateStatus
    connector_mandate_id: Identifier | None = None
    merchant_mandate_id: str | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    amount: Money | None = None
    network_transaction_id: str | None = None
    redirection_data: RedirectionData | None = None
    error: ErrorDetails | None = None


class ChargeRecurringRequest(Request, frozen=True, kw_only=True):
    """A payment that the merchant starts, with a permission given before."""

    merchant_transaction_id: Identifier
    amount: Money
    connector_mandate_id: Identifier
    connector_customer_id: Identifier | None = None
    network_transaction_id: Identifier | None = None
    statement_descriptor_suffix: Text | None = None
    description: Text | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_transaction_id"
    descriptive = frozenset(
        {
            *("description", "metadata", "statement_descriptor_suffix"),
            *("connector_customer_id", "network_transaction_id"),
        }
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class RevokeMandateRequest(Request, frozen=True, kw_only=True):
    """A permission to revoke: nothing can be charged with it afterwards."""

    connector_mandate_id: Identifier
    connector_customer_id: Identifier | None = None
    merchant_mandate_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_mandate_id"
    descriptive = frozenset({"connector_customer_id", "merchant_mandate_id"})
