"""What Braintree answers, with the fields that are used: those that `documents` selects."""

from msgspec import Struct, field

from prism_core import Money


class Amount(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/monetary-amount"""

    value: str
    currency_code: str

    @property
    def money(self) -> Money:
        """https://developer.paypal.com/braintree/graphql/reference/types/amount"""
        return Money.from_decimal(self.value, self.currency_code)


class Named(Struct):
    """A customer or payment method, of which only the id is asked for."""

    id: str


class Origin(Struct):
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-method-origin"""

    type: str | None


class CardDetails(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/credit-card-details"""

    brand_code: str | None = None
    last4: str | None = None
    expiration_month: str | None = None
    expiration_year: str | None = None
    origin: Origin | None = None


class Details(CardDetails, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-method-details and
    payment-method-snapshot: unions, whose `__typename` says which fields there are."""

    kind: str = field(name="__typename", default="")
    credit_card: CardDetails | None = None
    network_transaction_id: str | None = None
    bank_name: str | None = None
    verified: bool | None = None
    type: str | None = None


class Response(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-authorization-processor-response"""

    legacy_code: str | None = None
    message: str | None = None


class StatusEvent(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-status-event"""

    status: str | None
    processor_response: Response | None = None
    gateway_rejection_reason: str | None = None


class Part(Struct):
    """A refund of a transaction."""

    status: str | None
    amount: Amount | None


class Disputed(Struct, rename="camel"):
    """A dispute of a transaction."""

    status: str | None
    type: str | None
    amount_disputed: Amount | None


class TransactionBody(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction"""

    id: str
    legacy_id: str
    status: str
    order_id: str | None
    amount: Amount
    initial_requested_authorization_amount: Amount | None
    customer: Named | None
    payment_method: Named | None
    payment_method_snapshot: Details | None
    status_history: list[StatusEvent] | None
    refunds: list[Part] | None
    disputes: list[Disputed] | None


class RefundBody(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/refund"""

    id: str
    legacy_id: str
    status: str
    order_id: str | None
    amount: Amount
    status_history: list[StatusEvent] | None
    refunded_transaction: Named | None


class Reversal(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-reversal: a refund
    names the transaction."""

    refunded_transaction: TransactionBody | None = None


class Pair(Struct):
    """https://developer.paypal.com/braintree/graphql/reference/types/custom-field"""

    name: str | None
    value: str | None


class CustomerBody(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/customer"""

    id: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone_number: str | None
    custom_fields: list[Pair] | None


class MethodBody(Struct):
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-method"""

    id: str
    details: Details | None = None
    customer: Named | None = None

    @property
    def can_pay(self) -> bool:
        """Whether it can be charged: a bank account only once it is verified.
        https://developer.paypal.com/braintree/graphql/integration_guides/ach_direct_debit"""
        return self.details is None or self.details.verified is not False


class MethodEdge(Struct):
    """One entry of a list."""

    node: MethodBody


class PageInfo(Struct, rename="camel"):
    """Whether a list has more."""

    has_next_page: bool


class MethodList(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-method-connection"""

    edges: list[MethodEdge]
    page_info: PageInfo


class Owner(Struct, rename="camel"):
    """A customer with their payment methods."""

    id: str
    payment_methods: MethodList


class Verification(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/verification"""

    status: str | None
    processor_response: Response | None
    gateway_rejection_reason: str | None


class VaultPayload(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/vault-payment-method-payload"""

    payment_method: MethodBody | None
    verification: Verification | None
    client_mutation_id: str | None


class DisputeResponse(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/dispute-processor-response"""

    reason_code: str | None


class DisputeBody(Struct, rename="camel"):
    """https://developer.paypal.com/braintree/graphql/reference/types/dispute"""

    id: str
    legacy_id: str
    status: str | None
    type: str | None
    amount_disputed: Amount | None
    response_deadline: str | None
    processor_response: DisputeResponse | None
    transaction: TransactionBody
