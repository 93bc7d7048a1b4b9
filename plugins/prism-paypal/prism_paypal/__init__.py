"""PayPal: Vault v3 customers, Orders v2 and Payments v2, as
https://developer.paypal.com/api/rest/ describes them.

What is sent stands in `customers.py`, `payments.py`, `completing.py`, `refunds.py`, `methods.py`
and `recurring.py`, with `card.py` and `parts.py`; events are in `events.py`, answers are read in
`answers.py` and `amounts.py`, errors in `errors.py`, decline codes in `declines.py`. Lookups on the
way are in `lookups.py`.
"""

from __future__ import annotations

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, hookimpl
from prism_paypal.account import PayPalAccount
from prism_paypal.completing import Completing
from prism_paypal.customers import Customers
from prism_paypal.errors import error_answer
from prism_paypal.events import Events
from prism_paypal.methods import Methods
from prism_paypal.parts import EXPONENTS
from prism_paypal.payments import Payments
from prism_paypal.recurring import Recurring
from prism_paypal.refunds import Refunds

__all__ = ["EXPONENTS", "PayPal", "PayPalAccount", "connector"]


class PayPal(Customers, Payments, Completing, Refunds, Methods, Recurring, Events):
    """The connector: what it declares; its operations are those of its bases."""

    info = ConnectorInfo(
        display_name="PayPal",
        account=PayPalAccount,
        docs="https://developer.paypal.com/docs/api/orders/v2/",
        sends={
            "create_customer": ("merchant_customer_id", "name", "address"),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "billing_address",
                "shipping_address",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id"),
            "void": ("connector_transaction_id",),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount"),
            "get_refund": ("connector_refund_id",),
            "complete": ("connector_transaction_id",),
            "tokenize": ("payment_method", "connector_customer_id", "billing_address"),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id",),
            "setup_recurring": (
                "merchant_mandate_id", "payment_method", "connector_customer_id", "amount",
                "auth_type", "return_url", "description", "billing_address",
            ),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "connector_customer_id", "network_transaction_id", "statement_descriptor_suffix",
                "description",
            ),
            "revoke_mandate": ("connector_mandate_id",),
            "handle_event": ("body", "headers"),
        },
        leaves_out={
            "create_customer": ("email", "phone", "description", "metadata"),
            "authorize": ("customer", "metadata"),
            "capture": ("metadata",),
            "void": ("reason", "metadata"),
            "refund": ("reason", "metadata"),
            "complete": ("returned", "capture_method", "merchant_transaction_id", "metadata"),
            "tokenize": ("merchant_payment_method_id", "metadata"),
            "list_payment_methods": ("merchant_customer_id",),
            "delete_payment_method": ("connector_customer_id", "merchant_payment_method_id"),
            "setup_recurring": ("customer", "metadata"),
            "charge_recurring": ("metadata",),
            "revoke_mandate": ("connector_customer_id", "merchant_mandate_id"),
        },
        # https://developer.paypal.com/api/payments/v2/authorizations-reauthorize
        lacks={
            "get_customer": "PayPal has no call for a customer alone: list the payment methods "
            "that it keeps for one.",
            "update_customer": "PayPal has no call for a customer alone: keep what you know of "
            "one yourself.",
            "delete_customer": "PayPal has no call for a customer alone: delete the payment "
            "methods that it keeps for one.",
            "increment_authorization": "PayPal reauthorizes payments from PayPal accounts, and "
            "raises none of a card: authorize the difference as a payment of its own.",
        },
        exponents=EXPONENTS,
        key_hours=3,
        notes=(
            "connector_transaction_id is the id of the order.",
            "A Token is the id of a saved card (a payment token of Vault v3).",
            "PayPal keeps idempotency keys for 6 hours (3 for customers, 45 days for what is done "
            "to a payment), and they have up to 100 characters for payments.",
            "A capture of a part leaves the rest to be captured or voided; one without an amount "
            "takes the rest, and is the last.",
            "PayPal refunds one capture at a time: a payment captured in parts is refunded in "
            "amounts that one of them holds.",
        ),
    )  # fmt: skip

    @hookimpl
    def parse_error(self, response: HttpResponse, account: PayPalAccount) -> ErrorAnswer | None:
        """https://developer.paypal.com/api/rest/responses/"""
        return error_answer(response)


connector = PayPal()
