"""PayPal: Vault v3 customers, Orders v2 and Payments v2, as
https://developer.paypal.com/api/rest/ describes them.

What is sent stands in `customers.py`, `payments.py` and `refunds.py`, with `card.py` and
`parts.py`; answers are read in `answers.py`, errors in `errors.py`, decline codes in `declines.py`.
"""

from __future__ import annotations

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, hookimpl
from prism_paypal.account import PayPalAccount
from prism_paypal.customers import Customers
from prism_paypal.errors import error_answer
from prism_paypal.parts import EXPONENTS
from prism_paypal.payments import Payments
from prism_paypal.refunds import Refunds

__all__ = ["EXPONENTS", "PayPal", "PayPalAccount", "connector"]


class PayPal(Customers, Payments, Refunds):
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
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount", "reason"),
            "get_refund": ("connector_refund_id",),
        },
        leaves_out={
            "create_customer": ("email", "phone", "description", "metadata"),
            "authorize": ("customer", "metadata"),
            "capture": ("metadata",),
            "void": ("reason", "metadata"),
            "refund": ("metadata",),
        },
        # https://developer.paypal.com/api/payments/v2/authorizations-reauthorize
        lacks={
            "increment_authorization": "PayPal reauthorizes payments from PayPal accounts, and "
            "raises none of a card: authorize the difference as a payment of its own.",
        },
        exponents=EXPONENTS,
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
