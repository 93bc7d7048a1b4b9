"""What a page needs: orders that the customer pays there, and tokens for its library."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result
from prism_core.schema.checks import Count, IdempotencyKey, Identifier, JsonObject, Text, Url
from prism_core.schema.circumstances import BrowserInfo, OrderLine
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.method_types import PaymentMethodTypeInput, PaymentMethodTypesInput
from prism_core.schema.money import Money
from prism_core.schema.payments import AuthorizeRequest
from prism_core.schema.status import (
    AuthenticationTypeInput,
    CaptureMethod,
    CaptureMethodInput,
    FutureUsageInput,
)


class CreateOrderRequest(Request, frozen=True, kw_only=True):
    """A payment that the customer makes on a page.

    With `hosted`, the page is the processor's: open `redirection_data.uri`. Without it, the page is
    yours with the processor's library in it: give it the values of `redirection_data.sdk`.
    `merchant_transaction_id` is your own id of the payment; `merchant_order_id` that of the order,
    if you have another one. `payment_method_types` are the kinds to offer; without them, those
    that your account has.
    """

    merchant_transaction_id: Identifier
    amount: Money
    hosted: bool = True
    payment_method_types: PaymentMethodTypesInput | None = None
    connector_customer_id: Identifier | None = None
    customer: CustomerDetails | None = None
    capture_method: CaptureMethodInput = CaptureMethod.AUTOMATIC
    auth_type: AuthenticationTypeInput | None = None
    setup_future_usage: FutureUsageInput | None = None
    return_url: Url | None = None
    cancel_url: Url | None = None
    webhook_url: Url | None = None
    locale: Text | None = None
    merchant_order_id: Identifier | None = None
    statement_descriptor_suffix: Text | None = None
    description: Text | None = None
    order_details: tuple[OrderLine, ...] | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    browser_info: BrowserInfo | None = None
    metadata: Mapping[str, str] | None = None
    connector_feature_data: JsonObject | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_transaction_id"
    options = AuthorizeRequest.options
    descriptive = AuthorizeRequest.descriptive | {"billing_address"}

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")
        self._lines_of_amount()


class CreateClientTokenRequest(Request, frozen=True, kw_only=True):
    """What the processor's library in your page needs before there is a payment. Nothing is
    payable yet, and it can be repeated at any time.

    With `connector_customer_id`, the page can offer the customer's stored payment methods.
    `domain_name` is your shop's host. `validation_url` is what Apple Pay's `onvalidatemerchant`
    gave.
    """

    connector_customer_id: Identifier | None = None
    payment_method_type: PaymentMethodTypeInput | None = None
    amount: Money | None = None
    locale: Text | None = None
    domain_name: Text | None = None
    validation_url: Url | None = None

    reference_field = "connector_customer_id"
    descriptive = frozenset(
        {"connector_customer_id", "payment_method_type", "amount", "locale", "domain_name"}
    )


class ClientToken(Result, frozen=True, kw_only=True):
    """The values for the processor's library, by the names that it has for them. They are for this
    customer's page: do not store or log them. `expires_at` is in Unix seconds."""

    sdk: Mapping[str, str]
    expires_at: Count | None = None
    connector_customer_id: str | None = None
