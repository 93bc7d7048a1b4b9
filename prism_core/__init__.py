"""Prism: payment connectors for Python, as plugins. The public names, nothing else."""

from prism_core.account import Account, basic, bearer
from prism_core.clients.checkout import Checkout
from prism_core.clients.customers import AsyncCustomerClient, CustomerClient
from prism_core.clients.events import AsyncEventClient, EventClient
from prism_core.clients.payment_methods import AsyncPaymentMethodClient, PaymentMethodClient
from prism_core.clients.payments import AsyncPaymentClient, PaymentClient
from prism_core.clients.prism import AsyncPrism, Prism
from prism_core.clients.recurring import AsyncRecurringClient, RecurringClient
from prism_core.clients.refunds import AsyncRefundClient, RefundClient
from prism_core.details import (
    ConnectorDetails,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    IssuerError,
    NetworkError,
    UnifiedCode,
    UnifiedError,
    by_word,
    unified,
)
from prism_core.errors import (
    AuthenticationError,
    ConfigurationError,
    Conflict,
    ConnectorBug,
    ConnectorError,
    ConnectorLoadError,
    ConnectorNotFound,
    EventRejected,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    PrismError,
    RateLimited,
    TransportError,
    Unavailable,
    UnsupportedOperation,
)
from prism_core.hookspecs import hookimpl
from prism_core.http import Flow, HttpRequest, HttpResponse, SharedRequest, segment
from prism_core.info import ConnectorInfo
from prism_core.limits import at_most, needs, one_of, without
from prism_core.lookups import expect_currency, expect_same
from prism_core.numbers import PlainDecimal, whole_number
from prism_core.oauth import OAuthAccount
from prism_core.schema.addresses import Address
from prism_core.schema.base import Attempt, Discrepancy
from prism_core.schema.changes import (
    CaptureRequest,
    CompletePaymentRequest,
    IncrementAuthorizationRequest,
    VoidRequest,
)
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    CustomerDetails,
    DeleteCustomerRequest,
    GetCustomerRequest,
    UpdateCustomerRequest,
)
from prism_core.schema.events import Event, HandleEventRequest
from prism_core.schema.money import Money
from prism_core.schema.payment_methods import Card, Token
from prism_core.schema.payments import (
    AuthorizeRequest,
    GetPaymentRequest,
    Payment,
    RedirectionData,
)
from prism_core.schema.recurring import (
    ChargeRecurringRequest,
    Mandate,
    RevokeMandateRequest,
    SetupRecurringRequest,
)
from prism_core.schema.refunds import GetRefundRequest, Refund, RefundRequest
from prism_core.schema.status import (
    AuthenticationType,
    CaptureMethod,
    CustomerStatus,
    Environment,
    EventKind,
    FutureUsage,
    MandateStatus,
    OnConflict,
    PaymentStatus,
    RefundStatus,
)
from prism_core.schema.stored import (
    DeletePaymentMethodRequest,
    KeptCard,
    ListPaymentMethodsRequest,
    PaymentMethodDeleted,
    PaymentMethodKept,
    PaymentMethodList,
    TokenizeRequest,
)
from prism_core.schema.told import Told, told
from prism_core.secrets import Secret

__all__ = [
    "Account",
    "Address",
    "AsyncCustomerClient",
    "AsyncEventClient",
    "AsyncPaymentClient",
    "AsyncPaymentMethodClient",
    "AsyncPrism",
    "AsyncRecurringClient",
    "AsyncRefundClient",
    "Attempt",
    "AuthenticationError",
    "AuthenticationType",
    "AuthorizeRequest",
    "CaptureMethod",
    "CaptureRequest",
    "Card",
    "ChargeRecurringRequest",
    "Checkout",
    "CompletePaymentRequest",
    "ConfigurationError",
    "Conflict",
    "ConnectorBug",
    "ConnectorDetails",
    "ConnectorError",
    "ConnectorInfo",
    "ConnectorLoadError",
    "ConnectorNotFound",
    "CreateCustomerRequest",
    "Customer",
    "CustomerClient",
    "CustomerCreated",
    "CustomerDetails",
    "CustomerStatus",
    "DeleteCustomerRequest",
    "DeletePaymentMethodRequest",
    "Discrepancy",
    "Environment",
    "ErrorAnswer",
    "ErrorDetails",
    "ErrorKind",
    "Event",
    "EventClient",
    "EventKind",
    "EventRejected",
    "Flow",
    "FutureUsage",
    "GetCustomerRequest",
    "GetPaymentRequest",
    "GetRefundRequest",
    "HandleEventRequest",
    "HttpRequest",
    "HttpResponse",
    "IncrementAuthorizationRequest",
    "InvalidRequest",
    "IssuerError",
    "KeptCard",
    "ListPaymentMethodsRequest",
    "MalformedResponse",
    "Mandate",
    "MandateStatus",
    "Money",
    "NetworkError",
    "NotFound",
    "OAuthAccount",
    "OnConflict",
    "Payment",
    "PaymentClient",
    "PaymentMethodClient",
    "PaymentMethodDeleted",
    "PaymentMethodKept",
    "PaymentMethodList",
    "PaymentStatus",
    "PlainDecimal",
    "Prism",
    "PrismError",
    "RateLimited",
    "RecurringClient",
    "RedirectionData",
    "Refund",
    "RefundClient",
    "RefundRequest",
    "RefundStatus",
    "RevokeMandateRequest",
    "Secret",
    "SetupRecurringRequest",
    "SharedRequest",
    "Token",
    "TokenizeRequest",
    "Told",
    "TransportError",
    "Unavailable",
    "UnifiedCode",
    "UnifiedError",
    "UnsupportedOperation",
    "UpdateCustomerRequest",
    "VoidRequest",
    "at_most",
    "basic",
    "bearer",
    "by_word",
    "expect_currency",
    "expect_same",
    "hookimpl",
    "needs",
    "one_of",
    "segment",
    "told",
    "unified",
    "whole_number",
    "without",
]
