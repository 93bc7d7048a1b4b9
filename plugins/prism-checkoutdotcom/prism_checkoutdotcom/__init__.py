"""Checkout.com for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    Ach,
    ApplePay,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    Limit,
    MetadataLimits,
    NetworkToken,
    Redirect,
    SdkToken,
    Token,
    codes_by_word,
    hookimpl,
)

from .account import CheckoutDotComAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .fields import EXPONENTS
from .methods import REDIRECTS
from .orders import Orders
from .payments import Payments
from .recurring import Recurring
from .refunds import Refunds
from .shapes import Marks

__all__ = ["CheckoutDotCom", "CheckoutDotComAccount", "connector"]


class CheckoutDotCom(Customers, Payments, Refunds, Orders, Recurring, Events):
    """https://api-reference.checkout.com"""

    info = ConnectorInfo(
        display_name="Checkout.com",
        account=CheckoutDotComAccount,
        docs="https://api-reference.checkout.com",
        payment_methods=(Card, SdkToken, Token, NetworkToken, ApplePay, GooglePay, Redirect, Ach),
        payment_methods_of={"setup_recurring": (Card, SdkToken, Token), "tokenize": (SdkToken,)},
        payment_method_types=tuple(REDIRECTS),
        sdk_token_example="tok_example",  # noqa: S106
        needs={
            "create_customer": ("email",),
            "create_order": ("return_url", "billing_address"),
            "get_refund": ("connector_transaction_id",),
            "setup_recurring": ("payment_method",),
            "complete_mandate": ("connector_transaction_id",),
        },
        # https://api-reference.checkout.com/#operation/requestAPaymentOrPayout
        limits=codes_by_word(
            {
                50: "merchant_transaction_id merchant_mandate_id merchant_refund_id "
                "merchant_capture_id merchant_void_id merchant_authorization_id "
                "billing_address.city billing_address.zip_code "
                "shipping_address.city shipping_address.zip_code",
                100: "description network_transaction_id",
                200: "billing_address.line1 billing_address.line2 "
                "shipping_address.line1 shipping_address.line2",
                255: "name email create_order.return_url create_order.cancel_url",
                1024: "return_url",
            }
        ),
        # Ten of them, and one is this connector's:
        # https://api-reference.checkout.com/#operation/createCustomer
        metadata=MetadataLimits(
            entries=9,
            key=Limit(100),
            value=Limit(100),
            reserved=("merchant_customer_id", *Marks.__struct_fields__),
        ),
        exponents=EXPONENTS,
        capture_reports_total=False,
        # https://www.checkout.com/docs/developer-resources/api/idempotency
        key_hours=24,
        notes=(
            "prefix is the first eight characters of your client id, after cli_.",
            "An AUTOMATIC capture is AUTHORIZED first: an event, or a lookup, says CHARGED.",
            "Captures, voids and refunds are acknowledged, and done later: an event says when.",
            "BHD, IQD, JOD, KWD, LYD, OMR and TND are taken in steps of ten of the smallest unit.",
        ),
    )

    @hookimpl
    def parse_error(
        self, response: HttpResponse, account: CheckoutDotComAccount
    ) -> ErrorAnswer | None:
        """https://www.checkout.com/docs/developer-resources/testing/codes/response-codes"""
        return problem_of(response)


connector = CheckoutDotCom()
