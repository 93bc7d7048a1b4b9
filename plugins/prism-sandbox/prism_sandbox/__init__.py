"""The sandbox's connector: an ordinary plugin that speaks to `prism sandbox` over HTTP.

Its API is described in the README beside this package, and served by `prism_sandbox.server`.
"""

from __future__ import annotations

import math

from prism_core import (
    Ach,
    ApplePay,
    Bacs,
    Becs,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    NetworkToken,
    Redirect,
    SdkToken,
    Sepa,
    Token,
    hookimpl,
)
from prism_sandbox.account import PORT, SandboxAccount
from prism_sandbox.customers import Customers
from prism_sandbox.errors import error_answer
from prism_sandbox.events import Events
from prism_sandbox.orders import Orders
from prism_sandbox.payment_methods import PaymentMethods
from prism_sandbox.payments import Payments
from prism_sandbox.recurring import Recurring
from prism_sandbox.refunds import Refunds
from prism_sandbox.words import REDIRECTS

__all__ = ["PORT", "Sandbox", "SandboxAccount", "connector"]


class Sandbox(Customers, Payments, Orders, Refunds, PaymentMethods, Recurring, Events):
    """The connector."""

    info = ConnectorInfo(
        display_name="Prism sandbox",
        account=SandboxAccount,
        docs="https://github.com/prism-payments/prism/tree/main/plugins/prism-sandbox",
        payment_methods=(
            *(Card, Token, SdkToken, ApplePay, GooglePay, NetworkToken, Redirect),
            *(Sepa, Ach, Bacs, Becs),
        ),
        payment_methods_of={"tokenize": (Card, SdkToken, Sepa, Ach, Bacs, Becs)},
        payment_method_types=REDIRECTS,
        sdk_token_example="sdk_example",  # noqa: S106 - nothing secret
        unique_customers=True,
        key_hours=math.inf,  # for as long as the database is there
        notes=(
            "No money moves. Every test card has a token, such as tok_approve or tok_decline.",
            "Idempotency keys are stored as long as the database.",
            "setup_future_usage stores the payment method for the customer after the payment, and "
            "connector_payment_method_id names it.",
            "To see a renewal fail, set up a mandate with 4000000000000341.",
            "A payment can be captured in any number of parts; void releases the rest.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SandboxAccount) -> ErrorAnswer | None:
        """A decline is a 402 with the payment as its body; other errors have an `error`."""
        return error_answer(response)


connector = Sandbox()
