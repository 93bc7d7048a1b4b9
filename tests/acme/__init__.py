"""The test connector: as small as one can be, and honest. Installed by the fixture `acme`.

A file per service of the clients; here is what it declares, and how it reads errors.
"""

from __future__ import annotations

from prism_core import (
    Card,
    ConnectorDetails,
    ConnectorInfo,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    HttpResponse,
    hookimpl,
)

from .account import AcmeAccount
from .answers import Problem
from .customers import Customers
from .events import Events
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds


class Acme(Customers, Payments, Refunds, PaymentMethods, Recurring, Events):
    """The connector."""

    info = ConnectorInfo(
        display_name="Acme",
        account=AcmeAccount,
        docs="https://acme.example/docs",
        sends={
            "create_customer": ("merchant_customer_id", "name", "email", "phone", "address"),
            "get_customer": ("connector_customer_id", "merchant_customer_id"),
            "update_customer": ("connector_customer_id", "name"),
            "delete_customer": ("connector_customer_id",),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount"),
            "void": ("connector_transaction_id",),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount"),
            "get_refund": ("connector_refund_id",),
            "increment_authorization": ("connector_transaction_id", "amount"),
            "complete": ("connector_transaction_id", "returned", "merchant_transaction_id"),
            "tokenize": ("payment_method", "connector_customer_id"),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id",),
            "setup_recurring": ("merchant_mandate_id", "payment_method", "amount"),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "network_transaction_id",
            ),
            "revoke_mandate": ("connector_mandate_id",),
            "handle_event": ("body", "headers"),
        },
        payment_methods=(Card,),
    )  # fmt: skip

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AcmeAccount) -> ErrorAnswer | None:
        """An error has a code, with any status."""
        problem = response.decode(Problem)
        if problem is None:
            return None  # no error
        said = ConnectorDetails(code=problem.code, message=problem.message)
        return ErrorAnswer(
            kind=ErrorKind(problem.kind),
            details=ErrorDetails(connector=said),
            retryable=problem.retryable,
            unknown=problem.unknown,
            echoed=problem.echoed,
        )


connector = Acme()
