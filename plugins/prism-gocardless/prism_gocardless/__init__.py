"""GoCardless for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    Ach,
    Bacs,
    Becs,
    CaptureMethod,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    MetadataLimits,
    Sepa,
    Token,
    hookimpl,
)

from .account import GoCardlessAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .payments import Payments
from .recurring import Recurring

__all__ = ["GoCardless", "GoCardlessAccount", "connector"]

OWN_IDS = tuple(f"merchant_{of}_id" for of in ("transaction", "customer", "refund", "mandate"))
DEBITS = (Sepa, Ach, Bacs, Becs)


class GoCardless(Customers, Payments, Recurring, Events):
    """https://developer.gocardless.com/api-reference/"""

    info = ConnectorInfo(
        display_name="GoCardless",
        account=GoCardlessAccount,
        docs="https://developer.gocardless.com/api-reference/",
        payment_methods=(*DEBITS, Token),
        payment_methods_of={"setup_recurring": DEBITS, "tokenize": (Sepa, Bacs, Becs)},
        outcomes=("pending",),
        capture_methods=(CaptureMethod.AUTOMATIC,),
        # https://developer.gocardless.com/api-reference/#payments-create-a-payment: all of them
        # have two decimals. The first two have instant payments, too.
        currencies=("GBP", "EUR", "AUD", "CAD", "DKK", "NZD", "SEK", "USD"),
        needs={
            "refund": ("amount",),
            "tokenize": ("connector_customer_id",),
            "complete": ("connector_order_id",),
            "complete_mandate": ("connector_order_id",),
        },
        limits={
            "locale": Limit(5, pattern="[a-z]{2}([-_][A-Z]{2})?", said="a language"),
            # The longest of its schemes: SEPA's.
            "statement_descriptor_suffix": 140,
        },
        # "Up to 3 keys": one has the caller's own id.
        metadata=MetadataLimits(entries=2, key=Limit(50), value=Limit(500), reserved=OWN_IDS),
        unsupported={
            "capture": "GoCardless collects each debit by itself: authorize it when it is due.",
            "increment_authorization": "GoCardless authorizes nothing: make another payment.",
            "create_client_token": "GoCardless's library needs a page for one customer: "
            "recurring.setup with hosted=False gives its values.",
        },
        notes=(
            "One webhook has up to 250 events: handle event.others, too.",
            "To give bank accounts to Prism, GoCardless must allow you own payment pages; its "
            "hosted page needs no leave.",
            "Refunds must be enabled for the account, and need an amount.",
            "A debit can fail after it was confirmed: the event says FAILURE then.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: GoCardlessAccount) -> ErrorAnswer | None:
        """https://developer.gocardless.com/api-reference/#api-usage-errors"""
        return problem_of(response)


connector = GoCardless()
