"""Mollie for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    ApplePay,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    MetadataLimits,
    Redirect,
    SdkToken,
    Sepa,
    Token,
    hookimpl,
)

from .account import MollieAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .methods import REDIRECTS
from .payments import Payments
from .recurring import Recurring

__all__ = ["Mollie", "MollieAccount", "connector"]


CURRENCIES = (
    "EUR AED AUD BRL CAD CHF CZK DKK GBP HKD HUF ILS ISK JPY MXN MYR NOK NZD PHP PLN RON RUB SEK "
    "SGD THB TWD USD ZAR"
)
OWN_IDS = tuple(f"merchant_{of}_id" for of in ("transaction", "customer", "refund", "mandate"))
LOCALE = Limit(5, pattern="[a-z]{2}[-_][A-Z]{2}", said="a language and a country")


class Mollie(Customers, Payments, Recurring, Events):
    """https://docs.mollie.com/reference/overview"""

    info = ConnectorInfo(
        display_name="Mollie",
        account=MollieAccount,
        docs="https://docs.mollie.com/reference/overview",
        payment_methods=(SdkToken, Token, ApplePay, Redirect),
        payment_methods_of={"setup_recurring": (SdkToken, Redirect, Sepa)},
        payment_method_types=tuple(REDIRECTS),
        # https://docs.mollie.com/docs/multicurrency
        currencies=tuple(CURRENCIES.split()),
        sdk_token_example="tkn_example",  # noqa: S106
        needs={
            "create_order": ("return_url",),
            "refund": ("amount",),
            "get_refund": ("connector_transaction_id",),
            "setup_recurring": ("connector_customer_id",),
            "charge_recurring": ("connector_customer_id",),
            "revoke_mandate": ("connector_customer_id",),
            "delete_payment_method": ("connector_customer_id",),
        },
        limits={"description": 255, "locale": LOCALE},
        # "up to approximately 1kB": https://docs.mollie.com/reference/create-payment
        metadata=MetadataLimits(entries=10, key=Limit(40), value=Limit(200), reserved=OWN_IDS),
        unsupported={
            "tokenize": "Mollie stores a card by a payment: authorize an SdkToken with "
            "setup_future_usage, or set up a mandate with recurring.setup.",
            "increment_authorization": "Mollie cannot raise an authorization: make another one.",
        },
        # "Keys older than 1 hour will be removed": https://docs.mollie.com/reference/api-idempotency
        key_hours=1,
        notes=(
            "The key says whether a payment is a test: there is one address for both.",
            "A refund needs an amount, and its lookup the payment's id.",
            "A first payment by page or redirect needs an amount; a card token 0.00 EUR.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: MollieAccount) -> ErrorAnswer | None:
        """https://docs.mollie.com/reference/handling-errors"""
        return problem_of(response)


connector = Mollie()
