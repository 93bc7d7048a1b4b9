"""Stripe: Customers, PaymentIntents and Refunds, as https://docs.stripe.com/api describes them.

What is sent stands in `customers.py`, `payments.py` and `refunds.py`; what comes back is read in
`answers.py`, and errors in `errors.py`.
"""

from __future__ import annotations

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, hookimpl
from prism_stripe.account import API_VERSION, EXPONENTS, StripeAccount
from prism_stripe.customers import Customers
from prism_stripe.errors import error_answer
from prism_stripe.payments import Payments
from prism_stripe.refunds import Refunds

__all__ = ["API_VERSION", "EXPONENTS", "Stripe", "StripeAccount", "connector"]


class Stripe(Customers, Payments, Refunds):
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
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "auth_type", "return_url", "setup_future_usage", "off_session",
                "statement_descriptor_suffix", "description", "billing_address",
                "shipping_address", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id", "metadata"),
            "void": ("connector_transaction_id",),
            "increment_authorization": (
                "connector_transaction_id", "amount", "description", "merchant_authorization_id",
                "metadata",
            ),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount", "metadata"),
            "get_refund": ("connector_refund_id",),
        },
        # https://docs.stripe.com/api/payment_intents/cancel, https://docs.stripe.com/api/refunds/
        # create: reasons are words of a short list, not sentences; cancelling has no metadata.
        leaves_out={"void": ("reason", "metadata"), "refund": ("reason",)},
        exponents=EXPONENTS,
        notes=(
            "A Token is the id of a card PaymentMethod (pm_...).",
            "Amounts in three-decimal currencies must end in 0.",
            "Card numbers that fail the Luhn check are refused before they are sent.",
            "A capture is the last of its payment: what it does not take is released.",
            "An authorization can be raised if incremental authorization was asked for when it "
            "was made, which authorize does not do.",
        ),
    )  # fmt: skip

    @hookimpl
    def parse_error(self, response: HttpResponse, account: StripeAccount) -> ErrorAnswer | None:
        """https://docs.stripe.com/api/errors"""
        return error_answer(response)


connector = Stripe()
