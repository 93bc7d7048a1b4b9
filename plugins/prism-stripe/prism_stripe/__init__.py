"""Stripe: Customers, PaymentIntents, PaymentMethods, SetupIntents, Refunds and Events, as
https://docs.stripe.com/api describes them.

What is sent stands in `customers.py`, `payments.py`, `methods.py`, `recurring.py` and `refunds.py`;
what comes back about a payment is read in `answers.py`, errors in `errors.py`, and webhooks in
`events.py`.
"""

from __future__ import annotations

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, hookimpl
from prism_stripe.account import API_VERSION, EXPONENTS, StripeAccount
from prism_stripe.customers import Customers
from prism_stripe.errors import error_answer
from prism_stripe.events import Events
from prism_stripe.methods import PaymentMethods
from prism_stripe.payments import Payments
from prism_stripe.recurring import Recurring
from prism_stripe.refunds import Refunds

__all__ = ["API_VERSION", "EXPONENTS", "Stripe", "StripeAccount", "connector"]


class Stripe(Customers, Payments, Refunds, PaymentMethods, Recurring, Events):
    """The connector: what it declares; its operations are those of its bases."""

    info = ConnectorInfo(
        display_name="Stripe",
        account=StripeAccount,
        docs="https://docs.stripe.com/api",
        sends={
            "create_customer": (
                "merchant_customer_id", "name", "email", "phone", "description", "address",
                "metadata",
            ),
            "get_customer": ("connector_customer_id",),
            "update_customer": (
                "connector_customer_id", "merchant_customer_id", "name", "email", "phone",
                "description", "address", "metadata",
            ),
            "delete_customer": ("connector_customer_id",),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "request_incremental_authorization",
                "billing_address", "shipping_address", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "complete": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id", "metadata"),
            "void": ("connector_transaction_id",),
            "increment_authorization": (
                "connector_transaction_id", "amount", "description", "merchant_authorization_id",
                "metadata",
            ),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount", "metadata"),
            "get_refund": ("connector_refund_id",),
            "tokenize": (
                "payment_method", "connector_customer_id", "merchant_payment_method_id",
                "billing_address", "metadata",
            ),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id",),
            "setup_recurring": (
                "merchant_mandate_id", "payment_method", "connector_customer_id", "amount",
                "auth_type", "return_url", "description", "billing_address", "metadata",
            ),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "connector_customer_id", "statement_descriptor_suffix", "description", "metadata",
            ),
            "revoke_mandate": ("connector_mandate_id",),
            "handle_event": ("body", "headers"),
        },
        # https://docs.stripe.com/api/payment_intents/cancel, https://docs.stripe.com/api/refunds/
        # create: reasons are words of a short list, not sentences; cancelling has no metadata.
        # Completing asks and sends nothing; the network's ids of kept cards Stripe keeps itself.
        leaves_out={
            "void": ("reason", "metadata"),
            "refund": ("reason",),
            "delete_customer": ("merchant_customer_id",),
            "complete": (
                "returned", "capture_method", "merchant_transaction_id", "metadata",
            ),
            "list_payment_methods": ("merchant_customer_id",),
            "delete_payment_method": ("connector_customer_id", "merchant_payment_method_id"),
            "charge_recurring": ("network_transaction_id",),
            "revoke_mandate": ("connector_customer_id", "merchant_mandate_id"),
        },
        captures_add_up=False,
        exponents=EXPONENTS,
        key_hours=24,  # https://docs.stripe.com/api/idempotent_requests
        notes=(
            "A Token is the id of a card PaymentMethod (pm_...).",
            "Amounts in three-decimal currencies must end in 0.",
            "Card numbers that fail the Luhn check are refused before they are sent.",
            "A capture, increment or refund of an amount looks the payment up first: in another "
            "currency than the payment's, the amount is refused.",
            "A capture is the last of its payment: what it does not take is released.",
            "An authorization can be raised if it was made with request_incremental_authorization "
            "and the card allows it.",
            "A card tokenized without a customer pays once; with one, again and again.",
            "Recurring payments need connector_customer_id; connector_mandate_id is the card's "
            "PaymentMethod (pm_...), and revoking it detaches that.",
            "webhook_secret is the endpoint's (whsec_...), or two with a space between them.",
        ),
    )  # fmt: skip

    @hookimpl
    def parse_error(self, response: HttpResponse, account: StripeAccount) -> ErrorAnswer | None:
        """https://docs.stripe.com/api/errors"""
        return error_answer(response)


connector = Stripe()
