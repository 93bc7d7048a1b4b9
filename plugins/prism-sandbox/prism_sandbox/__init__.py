"""The sandbox's connector: an ordinary plugin that speaks to `prism sandbox` over HTTP.

Its API is described in the README beside this package, and served by `prism_sandbox.server`.
"""

from __future__ import annotations

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, hookimpl
from prism_sandbox.account import PORT, SandboxAccount
from prism_sandbox.answers import error_answer
from prism_sandbox.customers import Customers
from prism_sandbox.events import Events
from prism_sandbox.payment_methods import PaymentMethods
from prism_sandbox.payments import Payments
from prism_sandbox.recurring import Recurring
from prism_sandbox.refunds import Refunds

__all__ = ["PORT", "Sandbox", "SandboxAccount", "connector"]


class Sandbox(Customers, Payments, Refunds, PaymentMethods, Recurring, Events):
    """The connector."""

    info = ConnectorInfo(
        display_name="Prism sandbox",
        account=SandboxAccount,
        docs="https://github.com/prism-payments/prism/tree/main/plugins/prism-sandbox",
        needs={"setup_recurring": ("payment_method",)},
        unique_customers=True,
        notes=(
            "No money moves. Every test card has a token, such as tok_approve or tok_decline.",
            "Idempotency keys are stored as long as the database.",
            "setup_future_usage stores the card for the customer after the payment; "
            "connector_payment_method_id names it, except for a payment by a test token (tok_...).",
            "To see a renewal fail, set up a mandate with 4000000000000341.",
            "A payment can be captured in any number of parts; void releases the rest.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SandboxAccount) -> ErrorAnswer | None:
        """A decline is a 402 with the payment as its body; other errors have an `error`."""
        return error_answer(response)


connector = Sandbox()
