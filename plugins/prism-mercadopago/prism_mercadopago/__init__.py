"""Mercado Pago for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    CaptureMethod,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    MetadataLimits,
    Redirect,
    SdkToken,
    hookimpl,
)

from .account import CURRENCIES, MercadoPagoAccount
from .answers import VOUCHERS
from .customers import Customers
from .errors import problem_of
from .events import Events
from .orders import Orders
from .payments import Payments
from .shapes import Marks

__all__ = ["MercadoPago", "MercadoPagoAccount", "connector"]

RECURRING = ("setup_recurring", "charge_recurring")
MANDATES = ("get_mandate", "complete_mandate", "revoke_mandate")
SUBSCRIPTIONS = (
    "Mercado Pago charges a stored card without its customer only for its own subscriptions, on "
    "a schedule of their own: make one with prism.request('POST', '/preapproval', ...)."
)
FORM = '{"token": "tok_example", "payment_method_id": "visa", "installments": 1}'


class MercadoPago(Customers, Payments, Orders, Events):
    """https://www.mercadopago.com/developers/en/reference"""

    info = ConnectorInfo(
        display_name="Mercado Pago",
        account=MercadoPagoAccount,
        docs="https://www.mercadopago.com/developers/en/reference",
        payment_methods=(SdkToken, Redirect),
        payment_methods_of={"tokenize": (SdkToken,)},
        payment_method_types=tuple(VOUCHERS),
        sdk_token_example=FORM,
        capture_methods=(CaptureMethod.AUTOMATIC, CaptureMethod.MANUAL),
        outcomes=("decline", "pending", "authentication_required"),
        currencies=CURRENCIES,
        needs={
            "create_customer": ("email",),
            "create_order": ("return_url",),
            "get_refund": ("connector_transaction_id",),
            "tokenize": ("connector_customer_id",),
            "delete_payment_method": ("connector_customer_id",),
        },
        # https://www.mercadopago.com/developers/en/docs/checkout-api-payments/payment-management/capture-authorized-payment:
        # there is one capture, so that its amount is what was asked.
        capture_reports_total=False,
        refuses={"update_customer": ("email",)},
        limits={"merchant_transaction_id": 256, "idempotency_key": 64},
        metadata=MetadataLimits(reserved=("merchant_customer_id", *Marks.__struct_fields__)),
        unsupported={
            "increment_authorization": "Mercado Pago cannot raise an authorization: void it, and "
            "authorize the new amount.",
            **dict.fromkeys((*RECURRING, *MANDATES), SUBSCRIPTIONS),
        },
        notes=(
            "The access token says whether a payment is a test: there is one address for both.",
            "An account takes the currency of its country alone.",
            "There is one customer for each email address, which cannot be changed.",
            "A payment needs the payer's email address.",
            "A stored card is paid with by a token that the page makes of it with its security "
            "code.",
        ),
    )

    @hookimpl
    def parse_error(
        self, response: HttpResponse, account: MercadoPagoAccount
    ) -> ErrorAnswer | None:
        """https://www.mercadopago.com/developers/en/reference/payments/_payments/post"""
        return problem_of(response)


connector = MercadoPago()
