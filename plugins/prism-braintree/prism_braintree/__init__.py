"""Braintree for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    Ach,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    MetadataLimits,
    NetworkToken,
    SdkToken,
    Token,
    hookimpl,
)
from prism_core.schema.money import EXPONENTS

from .account import BraintreeAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring

__all__ = ["Braintree", "BraintreeAccount", "connector"]


class Braintree(Customers, Payments, PaymentMethods, Recurring, Events):
    """https://developer.paypal.com/braintree/graphql"""

    info = ConnectorInfo(
        display_name="Braintree",
        account=BraintreeAccount,
        docs="https://developer.paypal.com/braintree/graphql/reference",
        payment_methods=(SdkToken, Token, Card, NetworkToken),
        payment_methods_of={
            "tokenize": (SdkToken, Card, Ach),
            "setup_recurring": (SdkToken, Card, NetworkToken),
        },
        sdk_token_example="tokencc_example",  # noqa: S106
        outcomes=("decline", "pending"),
        # A whole number, or two or three decimals:
        # https://developer.paypal.com/braintree/graphql/reference/types/amount
        currencies=("USD", *(c for c, n in EXPONENTS.items() if n <= 3 and c != "USD")),
        needs={"setup_recurring": ("payment_method",), "get_mandate": ("connector_mandate_id",)},
        # https://developer.paypal.com/braintree/graphql/reference/types/transaction-input,
        # .../transaction-line-item-input, .../address-input and .../risk-data-input
        limits={"merchant_transaction_id": 255, "browser_info.user_agent": 255},
        # https://developer.paypal.com/braintree/graphql/reference/types/custom-field-input
        metadata=MetadataLimits(
            entries=50,
            key=Limit(255, characters="[0-9A-Za-z_]", said="letters, digits and underscores"),
            value=Limit(255),
            reserved=("merchant_customer_id",),
        ),
        key_hours=720,
        key_hours_of={"tokenize": 0, "increment_authorization": 0, "delete_customer": 0},
        unsupported={
            "create_order": "Braintree has no page of its own: give your page a token from "
            "payment_methods.create_client_token, and pay with the nonce as an SdkToken.",
            "complete": "3-D Secure and redirects end in your page, before there is a payment: "
            "authorize the nonce that they give.",
            "complete_mandate": "3-D Secure ends in your page, before there is a mandate: set it "
            "up with the nonce.",
        },
        notes=(
            "A payment has the currency of its merchant account: merchant_accounts names them.",
            "Your own id of a customer is stored in a custom field that you make first.",
            "Metadata are custom fields, which you make first.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: BraintreeAccount) -> ErrorAnswer | None:
        """https://developer.paypal.com/braintree/graphql/guides/making_api_calls#errors"""
        return problem_of(response, account)


connector = Braintree()
