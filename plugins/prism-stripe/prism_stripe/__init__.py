"""Stripe: Customers, PaymentIntents, PaymentMethods, SetupIntents, Refunds and Events, as
https://docs.stripe.com/api describes them. This file declares what Stripe takes.

The operations stand in `customers.py`, `payments.py`, `orders.py`, `payment_methods.py`,
`recurring.py`, `refunds.py` and `events.py`. What pays is in `paying.py`, pages in `pages.py`, what
describes a payment in `fields.py`, disputes in `disputes.py`; Stripe's words for kinds of payment
methods in `kinds.py`; the objects that it answers with in `shapes.py` and `intents.py`, what a
PaymentIntent means in `answers.py`, and errors in `errors.py`.
"""

from __future__ import annotations

from prism_core import (
    Card,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    MetadataLimits,
    Redirect,
    SdkToken,
    Token,
    hookimpl,
)
from prism_stripe.account import API_VERSION, EXPONENTS, StripeAccount
from prism_stripe.customers import Customers
from prism_stripe.errors import error_answer
from prism_stripe.events import Events
from prism_stripe.intents import ORDER
from prism_stripe.kinds import DEBITS, REDIRECTS
from prism_stripe.orders import Orders
from prism_stripe.payment_methods import PaymentMethods
from prism_stripe.payments import Payments
from prism_stripe.recurring import Recurring
from prism_stripe.refunds import Refunds

__all__ = ["API_VERSION", "EXPONENTS", "Stripe", "StripeAccount", "connector"]

# https://docs.stripe.com/api: 5000 characters, where nothing else is said.
_ADDRESSES = ("address", "billing_address", "shipping_address")
_PARTS = ("line1", "line2", "city", "state", "zip_code")
_LONG = [f"{address}.{part}" for address in _ADDRESSES for part in _PARTS]
_LONG += [
    "create_customer.description",
    "update_customer.description",
    "payment_method.Token.token",
]
# The caller's own ids, which metadata holds.
_OWN = "customer transaction refund mandate payment_method capture authorization order"
_ID = Limit(255, characters="[0-9A-Za-z_]", said="letters, digits and underscores")


class Stripe(Customers, Payments, Orders, Refunds, PaymentMethods, Recurring, Events):
    """The connector: what it declares; its operations are those of its bases."""

    info = ConnectorInfo(
        display_name="Stripe",
        account=StripeAccount,
        docs="https://docs.stripe.com/api",
        needs={
            # https://docs.stripe.com/api/payment_methods/attach: what is stored for nobody pays
            # once at most.
            "setup_recurring": ("connector_customer_id",),
            "charge_recurring": ("connector_customer_id",),
        },
        limits={
            "description": 1000,
            **dict.fromkeys(_LONG, 5000),
            "connector_order_id": _ID,
        },
        # https://docs.stripe.com/metadata: 50 keys, the caller's own id among them.
        metadata=MetadataLimits(
            entries=47,
            key=Limit(40, characters=r"[^\[\]]", said="characters, and no brackets"),
            value=Limit(500),
            reserved=(*(f"merchant_{what}_id" for what in _OWN.split()), ORDER),
        ),
        payment_methods=(Card, Token, SdkToken, Redirect, *DEBITS),
        payment_methods_of={"tokenize": (Card, SdkToken)},
        payment_method_types=REDIRECTS,
        sdk_token_example="pm_example",  # noqa: S106 - nothing secret
        capture_reports_total=False,
        exponents=EXPONENTS,
        key_hours=24,  # https://docs.stripe.com/api/idempotent_requests
        notes=(
            "A Token is the id of a PaymentMethod (pm_...), of any kind that is enabled in the "
            "account's settings.",
            "An SdkToken is what Stripe.js gives: pm_..., ctoken_... or tok_...; so come Apple Pay "
            "and Google Pay. The public API has no field for a wallet's own payload, nor for a "
            "network token.",
            "publishable_key (pk_...) is public, and is handed to pages.",
            "Bank debits need customer_acceptance, or browser_info with address and user agent.",
            "On Stripe's page, order_details must add up to the amount. A permission without an "
            "amount is asked for with a card there, unless payment_method_types says otherwise.",
            "Amounts in three-decimal currencies must end in 0.",
            "Card numbers that fail the Luhn check are refused before they are sent.",
            "A capture, increment or refund with an amount looks the payment up first. If its "
            "currency is not the payment's, it is refused.",
            "A payment can be captured once: the rest is released.",
            "An authorization can be raised if it was made with request_incremental_authorization "
            "and the card allows it.",
            "A card that is tokenized without a customer can pay once; with one, many times.",
            "Recurring payments need connector_customer_id; connector_mandate_id is the payment "
            "method's id (pm_...), and revoking it detaches it. Of iDEAL and Bancontact it is the "
            "bank debit that Stripe makes of the account behind it.",
            "webhook_secret is the endpoint's (whsec_...), or two separated by a space.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: StripeAccount) -> ErrorAnswer | None:
        """https://docs.stripe.com/api/errors"""
        return error_answer(response)


connector = Stripe()
