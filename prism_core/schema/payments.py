"""Requests and results of the payment operations."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.errors.details import ErrorDetails
from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Count, IdempotencyKey, Identifier, JsonObject, Text, Url
from prism_core.schema.circumstances import (
    AuthenticationData,
    BrowserInfo,
    CustomerAcceptance,
    OrderLine,
)
from prism_core.schema.customers import CustomerDetails
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import PaymentMethod
from prism_core.schema.status import (
    AuthenticationTypeInput,
    CaptureMethod,
    CaptureMethodInput,
    FutureUsageInput,
    MitCategoryInput,
    PaymentStatus,
)
from prism_core.schema.stored import PaymentMethodInfo


class AuthorizeRequest(Request, frozen=True, kw_only=True):
    """A payment to authorize; with AUTOMATIC capture, it is also charged.

    `merchant_transaction_id` is your own id; it is sent and returned. `return_url` is where the
    customer comes back to after authenticating, `cancel_url` after giving up. `off_session` says
    that the customer is not present; `setup_future_usage` that the payment method will be used
    again: it is stored, and the result names it. `customer` is for processors that store no
    customers; for all others, create the customer first. `request_incremental_authorization` asks
    for an authorization that can be raised later. `mit_category` and `network_transaction_id` are
    for a payment that you start with a card that you stored elsewhere. `connector_feature_data`
    has more fields for the body of the processor's request, by its own names; what Prism sends is
    never replaced.
    """

    merchant_transaction_id: Identifier
    amount: Money
    payment_method: PaymentMethod
    connector_customer_id: Identifier | None = None
    customer: CustomerDetails | None = None
    capture_method: CaptureMethodInput = CaptureMethod.AUTOMATIC
    auth_type: AuthenticationTypeInput | None = None
    return_url: Url | None = None
    setup_future_usage: FutureUsageInput | None = None
    off_session: bool | None = None
    statement_descriptor_suffix: Text | None = None
    description: Text | None = None
    request_incremental_authorization: bool | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    browser_info: BrowserInfo | None = None
    customer_acceptance: CustomerAcceptance | None = None
    authentication_data: AuthenticationData | None = None
    mit_category: MitCategoryInput | None = None
    network_transaction_id: Identifier | None = None
    cancel_url: Url | None = None
    webhook_url: Url | None = None
    locale: Text | None = None
    merchant_order_id: Identifier | None = None
    order_details: tuple[OrderLine, ...] | None = None
    metadata: Mapping[str, str] | None = None
    connector_feature_data: JsonObject | None = None
    idempotency_key: IdempotencyKey | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")
        self._lines_of_amount()

    reference_field = "merchant_transaction_id"
    options = Request.options | {"connector_feature_data"}
    descriptive = frozenset(
        {
            *("customer", "description", "metadata", "shipping_address", "browser_info"),
            *("statement_descriptor_suffix", "network_transaction_id", "cancel_url"),
            *("webhook_url", "locale", "merchant_order_id", "order_details", "customer_acceptance"),
        }
    )


class GetPaymentRequest(Request, frozen=True, kw_only=True):
    """A payment to look up, by exactly one of the three ids."""

    connector_transaction_id: Identifier | None = None
    merchant_transaction_id: Identifier | None = None
    connector_order_id: Identifier | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        ids = (
            *(self.connector_transaction_id, self.merchant_transaction_id),
            self.connector_order_id,
        )
        if sum(one is not None for one in ids) != 1:
            raise self._invalid(
                "connector_transaction_id",
                "or connector_order_id or merchant_transaction_id must be given, and only one",
            )

    reference_field = "merchant_transaction_id"


class RedirectionData(Schema, frozen=True, kw_only=True):
    """Where to send the customer: a `uri` to open, a `form` to post to it, a page (`html`),
    or values for the processor's own browser library (`sdk`). Or what to show (`display`): the
    reference of a voucher, the account for a transfer. If all are None, the customer is asked
    elsewhere, in an app for example. `expires_at` is in Unix seconds.

    All of it is for this customer alone: do not store or log it.
    """

    uri: Url | None = None
    form: Mapping[str, str] | None = None
    html: str | None = None
    sdk: Mapping[str, str] | None = None
    display: Mapping[str, str] | None = None
    expires_at: Count | None = None


class Payment(Result, frozen=True, kw_only=True):
    """A payment as the processor reports it.

    `error` says why it failed, if it did. `amount` is the payment's amount. `capturable_amount` can
    still be captured; `captured_amount` and `refunded_amount` are the totals so far. If a declined
    payment got no id, the id is None. `avs_code` and `cvc_code` are the results of the address and
    security code checks, in the processor's own codes. `payment_method` describes what
    it was paid with. `connector_payment_method_id` and `connector_mandate_id` are the stored
    payment method and the mandate that it was paid with or that were made on the way, if the
    processor names them. `connector_order_id` is the order that the customer pays
    (`create_order`). `charged_back_amount` was taken back by the customer's bank so far.
    """

    status: PaymentStatus
    connector_transaction_id: Identifier | None = None
    merchant_transaction_id: str | None = None
    connector_order_id: str | None = None
    connector_customer_id: str | None = None
    connector_payment_method_id: str | None = None
    connector_mandate_id: str | None = None
    payment_method: PaymentMethodInfo | None = None
    amount: Money | None = None
    authorized_amount: Money | None = None
    capturable_amount: Money | None = None
    captured_amount: Money | None = None
    refunded_amount: Money | None = None
    charged_back_amount: Money | None = None
    redirection_data: RedirectionData | None = None
    network_transaction_id: str | None = None
    avs_code: str | None = None
    cvc_code: str | None = None
    error: ErrorDetails | None = None


class _Change(Request, frozen=True, kw_only=True):
    """The fields of every change to a payment."""

    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    descriptive = frozenset(
        {
            *("description", "metadata", "reason"),
            *("merchant_capture_id", "merchant_void_id", "merchant_authorization_id"),
        }
    )


class CaptureRequest(_Change, frozen=True, kw_only=True):
    """Authorized money to capture: `amount`, or all that can be captured if it is not given.

    `merchant_capture_id` is your own id of this capture; it is sent if the processor has a field
    for it.
    """

    connector_transaction_id: Identifier
    amount: Money | None = None
    merchant_capture_id: Identifier | None = None

    reference_field = "merchant_capture_id"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class VoidRequest(_Change, frozen=True, kw_only=True):
    """An authorization to cancel, which releases the customer's money. `reason` says why, in
    words; `merchant_void_id` is your own id of the cancellation."""

    connector_transaction_id: Identifier
    reason: Text | None = None
    merchant_void_id: Identifier | None = None

    reference_field = "merchant_void_id"


class IncrementAuthorizationRequest(_Change, frozen=True, kw_only=True):
    """An authorization to raise: `amount` is the new total."""

    connector_transaction_id: Identifier
    amount: Money
    description: Text | None = None
    merchant_authorization_id: Identifier | None = None

    reference_field = "merchant_authorization_id"

    def __post_init__(self) -> None:
        super().__post_init__()
        self._positive("amount")


class CompletePaymentRequest(_Change, frozen=True, kw_only=True):
    """A payment to complete after its customer came back from authenticating or paying.

    Give the ids that `authorize` or `create_order` returned: `connector_transaction_id` or
    `connector_order_id` if there was one, and `merchant_transaction_id`, because some processors
    give an id of their own only now. It may move money: some processors take a payment that the
    customer approved only when they are told to.
    `returned` holds the query and form values that the return URL received: the processor checks
    them, and Prism trusts none of them. `capture_method` is the one that the payment was
    authorized with.

    Give the `amount` that you asked for, too: a customer can come back with the id of another,
    cheaper order. One of another amount is not paid where `complete` moves the money, and is in the
    result's `discrepancies` elsewhere.
    """

    connector_transaction_id: Identifier | None = None
    merchant_transaction_id: Identifier | None = None
    connector_order_id: Identifier | None = None
    amount: Money | None = None
    returned: Mapping[str, str] = {}
    capture_method: CaptureMethodInput | None = None

    reference_field = "merchant_transaction_id"
    options = Request.options | {"amount"}  # compared, and not sent
    identifying = frozenset(
        {
            *("returned", "capture_method"),
            *("connector_transaction_id", "connector_order_id", "merchant_transaction_id"),
        }
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        ids = (
            *(self.connector_transaction_id, self.merchant_transaction_id),
            self.connector_order_id,
        )
        if not any(ids):
            raise self._invalid(
                "connector_transaction_id",
                "or connector_order_id or merchant_transaction_id must be given, as they were "
                "returned",
            )
