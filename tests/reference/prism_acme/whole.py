"""Acme with every operation that the core has."""

from __future__ import annotations

import msgspec

from . import Acme
from .customers import Customers
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds


class WholeAcme(Acme, Customers, Payments, Refunds, PaymentMethods, Recurring):
    """The connector."""

    info = msgspec.structs.replace(
        Acme.info,
        sends={
            **Acme.info.sends,
            "get_customer": ("connector_customer_id", "merchant_customer_id"),
            "update_customer": ("connector_customer_id", "name"),
            "delete_customer": ("connector_customer_id",),
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
        },
    )  # fmt: skip


connector = WholeAcme()
