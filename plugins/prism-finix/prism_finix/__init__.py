"""Finix for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    Ach,
    ApplePay,
    CaptureMethod,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    Limit,
    MetadataLimits,
    SdkToken,
    Token,
    hookimpl,
)

from .account import FinixAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .fields import RESERVED
from .orders import Orders
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds

__all__ = ["Finix", "FinixAccount", "connector"]

STORABLE = (Card, SdkToken, Ach)


class Finix(Customers, PaymentMethods, Payments, Orders, Refunds, Recurring, Events):
    """https://docs.finix.com/api"""

    info = ConnectorInfo(
        display_name="Finix",
        account=FinixAccount,
        docs="https://docs.finix.com/api",
        payment_methods=(Card, SdkToken, Token, ApplePay, GooglePay, Ach),
        payment_methods_of={"tokenize": STORABLE, "setup_recurring": STORABLE},
        sdk_token_example="TKexample",  # noqa: S106
        capture_methods=(CaptureMethod.AUTOMATIC, CaptureMethod.MANUAL),
        outcomes=("decline", "pending"),
        # Amounts are documented "in cents", with these: https://docs.finix.com/js/token-response
        currencies=("USD", "CAD"),
        needs={
            "tokenize": ("connector_customer_id",),
            "setup_recurring": ("payment_method", "connector_customer_id"),
            "get_mandate": ("connector_mandate_id",),
        },
        limits={
            **dict.fromkeys(("description", "reason", "merchant_order_id"), 500),
            "email": 100,
            "billing_address.line1": 35,
            "billing_address.city": 20,
            "billing_address.zip_code": 7,
        },
        # 50 tags of 40 and 500 characters, with the connector's own:
        # https://docs.finix.com/api/payment-instruments/createpaymentinstrument
        metadata=MetadataLimits(entries=46, key=Limit(40), value=Limit(500), reserved=RESERVED),
        key_hours_of={"capture": 0},  # which has none, after a lookup
        unsupported={
            "delete_customer": "Finix keeps identities: delete the customer's payment methods.",
            "increment_authorization": "Finix cannot raise an authorization: make another one.",
            "complete_mandate": "A mandate is active at once: recurring.setup returns it.",
        },
        notes=(
            "Whatever is paid with is stored as a payment instrument of the customer first.",
            "A key is honoured with payments and refunds; to repeat a payment with its key, pay "
            "with a Token, because each other call makes another payment instrument.",
            "A refund without an amount is of the whole: after a part, give the amount.",
            "A bank debit is charged when Finix has sent it; a bank may return it for 60 days.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: FinixAccount) -> ErrorAnswer | None:
        """https://docs.finix.com/additional-resources/developers/implementation-and-testing/error-codes"""
        return problem_of(response)


connector = Finix()
