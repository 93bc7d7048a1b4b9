"""Shift4 for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    ApplePay,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    MetadataLimits,
    Redirect,
    SdkToken,
    Token,
    hookimpl,
)

from .account import Shift4Account
from .customers import Customers
from .errors import problem_of
from .events import Events
from .fields import RESERVED
from .methods import REDIRECTS
from .payments import Payments
from .recurring import Recurring

__all__ = ["Shift4", "Shift4Account", "connector"]


class Shift4(Customers, Payments, Recurring, Events):
    """https://dev.shift4.com/docs/api"""

    info = ConnectorInfo(
        display_name="Shift4",
        account=Shift4Account,
        docs="https://dev.shift4.com/docs/api",
        payment_methods=(Card, SdkToken, Token, ApplePay, GooglePay, Redirect),
        payment_methods_of={
            "tokenize": (Card, SdkToken),
            "setup_recurring": (Card, SdkToken),
        },
        payment_method_types=tuple(REDIRECTS),
        sdk_token_example="tok_example",  # noqa: S106
        outcomes=("decline", "authentication_required", "pending"),
        needs={
            "tokenize": ("connector_customer_id",),
            "delete_payment_method": ("connector_customer_id",),
            "setup_recurring": ("payment_method", "connector_customer_id", "amount"),
            "charge_recurring": ("connector_customer_id",),
            "revoke_mandate": ("connector_customer_id",),
        },
        metadata=MetadataLimits(reserved=RESERVED),
        unsupported={
            "create_order": "Shift4 has checkout sessions, and no lookup of one: authorize an "
            "SdkToken of its library, or a Redirect.",
            "increment_authorization": "Shift4 cannot raise an authorization: make another one.",
        },
        notes=(
            "The key says whether a payment is a test: there is one address for both.",
            "A charge is captured as a whole.",
            "A mandate needs a first payment; to store a card alone, use payment_methods.tokenize.",
            "void looks the charge up first, because Shift4 releases a charge by a refund.",
            "A card that is charged with a customer is stored for them.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: Shift4Account) -> ErrorAnswer | None:
        """https://dev.shift4.com/docs/api#errors"""
        return problem_of(response)


connector = Shift4()
