"""Square for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    MetadataLimits,
    SdkToken,
    Token,
    hookimpl,
)

from .account import SquareAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .orders import Orders
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .shapes import Marks

__all__ = ["Square", "SquareAccount", "connector"]


PAYING = ("authorize", "create_order", "charge_recurring")


class Square(Customers, Payments, Orders, PaymentMethods, Recurring, Events):
    """https://developer.squareup.com/reference/square"""

    info = ConnectorInfo(
        display_name="Square",
        account=SquareAccount,
        docs="https://developer.squareup.com/reference/square",
        payment_methods=(SdkToken, Token),
        payment_methods_of={"tokenize": (SdkToken,), "setup_recurring": (SdkToken,)},
        # https://developer.squareup.com/docs/build-basics/working-with-monetary-amounts
        currencies=("USD", "AUD", "CAD", "EUR", "GBP", "JPY"),
        outcomes=("decline", "pending"),
        needs={
            "refund": ("amount",),
            "tokenize": ("connector_customer_id",),
            "setup_recurring": ("payment_method", "connector_customer_id"),
            "charge_recurring": ("connector_customer_id",),
        },
        limits={
            "idempotency_key": 45,
            "merchant_customer_id": 100,
            "merchant_transaction_id": 40,
            "merchant_payment_method_id": 128,
            "merchant_mandate_id": 128,
            "name": 300,
            "email": 254,
            **{f"{paying}.description": 500 for paying in PAYING},
            "statement_descriptor_suffix": 20,
            "return_url": 2048,
        },
        # https://developer.squareup.com/reference/square/objects/Order, `metadata`
        metadata=MetadataLimits(
            entries=9,
            key=Limit(60, characters="[0-9A-Za-z_-]", said="letters, digits, _ and -"),
            value=Limit(255),
            reserved=Marks.__struct_fields__,
        ),
        unsupported={
            "complete_mandate": "A mandate at Square is a stored card, and is active at once."
        },
        notes=(
            "A capture of a part lowers the payment before, which then is for that part.",
            "An account takes payments in the currency of its country alone.",
            "A refund needs an amount.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: SquareAccount) -> ErrorAnswer | None:
        """https://developer.squareup.com/docs/build-basics/general-considerations/handling-errors"""
        return problem_of(response)


connector = Square()
