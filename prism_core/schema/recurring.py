"""Recurring payments: the permission to charge again (mandate), charging with it, revoking it."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.errors.details import ErrorDetails
from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result
from prism_core.schema.checks import IdempotencyKey, Identifier, JsonObject, Text, Url
from prism_core.schema.circumstances import (
    AuthenticationData,
    BrowserInfo,
    CustomerAcceptance,
    OrderLine,
)
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.later_status import MandateStatus
from prism_core.schema.method_types import PaymentMethodTypesInput
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import PaymentMethod
from prism_core.schema.payments import AuthorizeRequest, RedirectionData
from prism_core.schema.status import AuthenticationTypeInput, MitCategoryInput
from prism_core.schema.stored import PaymentMethodInfo


class SetupRecurringRequest(Request, frozen=True, kw_only=True):
    """The permission to charge a customer again later, set up while the customer is present.

    Without an `amount` nothing is charged; with one, it is charged at once as the first payment.
    `merchant_mandate_id` is your own id of the permission; it is sent if the processor has a field
    for it.

    Without a `payment_method`, the customer gives it on a page: the processor's (`hosted`), or
    yours with its library; `redirection_data` says how, as with `payments.create_order`.
    """

    merchant_mandate_id: Identifier
    payment_method: PaymentMethod | None = None
    hosted: bool = True
    payment_method_types: PaymentMethodTypesInput | None = None
    connector_customer_id: Identifier | None = None
    customer: CustomerDetails | None = None
    amount: Money | None = None
    auth_type: AuthenticationTypeInput | None = None
    return_url: Url | None = None
    cancel_url: Url | None = None
    webhook_url: Url | None = None
    locale: Text | None = None
    description: Text | None = None
    billing_address: Address | None = None
    browser_info: BrowserInfo | None = None
    customer_acceptance: CustomerAcceptance | None = None
    authentication_data: AuthenticationData | None = None
    metadata: Mapping[str, str] | None = None
    connector_feature_data: JsonObject | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_mandate_id"
    options = AuthorizeRequest.options
    descriptive = frozenset(
        {
            *("customer", "description", "metadata", "browser_info", "customer_acceptance"),
            *("cancel_url", "webhook_url", "locale", "merchant_mandate_id"),
        }
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class Mandate(Result, frozen=True, kw_only=True):
    """The permission to charge again: store `connector_mandate_id`, and `network_transaction_id`
    if there is one: it links later charges to this one at the card network.

    `error` says why the permission was not given, if it was not. `payment_method` describes what
    will be charged, and `connector_payment_method_id` is its id if it is stored on its own, too.
    `connector_order_id` is the page's, where the customer gives the permission on one.
    """

    status: MandateStatus
    connector_mandate_id: Identifier | None = None
    merchant_mandate_id: str | None = None
    connector_customer_id: str | None = None
    connector_transaction_id: str | None = None
    connector_order_id: str | None = None
    connector_payment_method_id: str | None = None
    payment_method: PaymentMethodInfo | None = None
    amount: Money | None = None
    network_transaction_id: str | None = None
    redirection_data: RedirectionData | None = None
    error: ErrorDetails | None = None


class GetMandateRequest(Request, frozen=True, kw_only=True):
    """A permission to look up: by `connector_mandate_id`, or by the `connector_order_id` or
    `connector_transaction_id` that `recurring.setup` returned; exactly one of them. Some
    processors need the customer's `connector_customer_id`, too."""

    connector_mandate_id: Identifier | None = None
    connector_order_id: Identifier | None = None
    connector_transaction_id: Identifier | None = None
    connector_customer_id: Identifier | None = None
    merchant_mandate_id: Identifier | None = None

    reference_field = "merchant_mandate_id"
    identifying = frozenset({"connector_customer_id", "merchant_mandate_id"})

    def __post_init__(self) -> None:
        super().__post_init__()
        ids = (self.connector_mandate_id, self.connector_order_id, self.connector_transaction_id)
        if sum(one is not None for one in ids) != 1:
            raise self._invalid(
                "connector_mandate_id",
                "or connector_order_id or connector_transaction_id must be given, and only one",
            )


class CompleteMandateRequest(Request, frozen=True, kw_only=True):
    """A permission to complete after its customer came back from authenticating or from the page
    where they gave it. Give the ids that `recurring.setup` returned. `returned` holds the query
    and form values that the return URL received; Prism trusts none of them."""

    connector_order_id: Identifier | None = None
    connector_transaction_id: Identifier | None = None
    connector_mandate_id: Identifier | None = None
    connector_customer_id: Identifier | None = None
    merchant_mandate_id: Identifier | None = None
    returned: Mapping[str, str] = {}
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_mandate_id"
    identifying = frozenset(
        {
            *("connector_order_id", "connector_transaction_id", "connector_mandate_id"),
            *("connector_customer_id", "merchant_mandate_id", "returned"),
        }
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        ids = (
            *(self.connector_order_id, self.connector_transaction_id),
            *(self.connector_mandate_id, self.merchant_mandate_id),
        )
        if not any(ids):
            raise self._invalid(
                "connector_order_id",
                "or connector_transaction_id or connector_mandate_id must be given, as they were "
                "returned",
            )


class ChargeRecurringRequest(Request, frozen=True, kw_only=True):
    """A payment that the merchant starts, with a permission given before. `mit_category` says why:
    a subscription by default."""

    merchant_transaction_id: Identifier
    amount: Money
    connector_mandate_id: Identifier
    connector_customer_id: Identifier | None = None
    network_transaction_id: Identifier | None = None
    mit_category: MitCategoryInput | None = None
    webhook_url: Url | None = None
    merchant_order_id: Identifier | None = None
    order_details: tuple[OrderLine, ...] | None = None
    statement_descriptor_suffix: Text | None = None
    description: Text | None = None
    metadata: Mapping[str, str] | None = None
    connector_feature_data: JsonObject | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_transaction_id"
    options = AuthorizeRequest.options
    descriptive = frozenset(
        {
            *("description", "metadata", "statement_descriptor_suffix", "webhook_url"),
            *("connector_customer_id", "network_transaction_id"),
            *("merchant_order_id", "order_details"),
        }
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")
        self._lines_of_amount()


class RevokeMandateRequest(Request, frozen=True, kw_only=True):
    """A permission to revoke: nothing can be charged with it afterwards."""

    connector_mandate_id: Identifier
    connector_customer_id: Identifier | None = None
    merchant_mandate_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_mandate_id"
    identifying = frozenset({"connector_customer_id", "merchant_mandate_id"})
