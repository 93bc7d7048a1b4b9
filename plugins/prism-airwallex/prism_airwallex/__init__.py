"""Airwallex for Prism: what the connector is; the other files say what it does."""

from prism_core import (
    Card,
    ConnectorInfo,
    ErrorAnswer,
    GooglePay,
    HttpResponse,
    Limit,
    MetadataLimits,
    PaymentMethodType,
    Redirect,
    SdkToken,
    Token,
    hookimpl,
)

from .account import AirwallexAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .payment_methods import PaymentMethods
from .payments import Payments
from .recurring import Recurring
from .shapes import Marks

__all__ = ["Airwallex", "AirwallexAccount", "connector"]


class Airwallex(Customers, PaymentMethods, Payments, Recurring, Events):
    """https://www.airwallex.com/docs/payments"""

    info = ConnectorInfo(
        display_name="Airwallex",
        account=AirwallexAccount,
        docs="https://www.airwallex.com/docs/payments",
        payment_methods=(SdkToken, Token, Card, GooglePay, Redirect),
        payment_method_types=(PaymentMethodType.IDEAL, PaymentMethodType.BANCONTACT_CARD),
        payment_methods_of={"setup_recurring": (Card,), "tokenize": (Card,)},
        needs={
            "create_client_token": ("connector_customer_id",),
            "tokenize": ("connector_customer_id",),
            "setup_recurring": ("payment_method", "connector_customer_id", "amount"),
            "charge_recurring": ("connector_customer_id",),
        },
        outcomes=("decline", "pending", "authentication_required"),
        # https://www.airwallex.com/docs/api/payments/customers
        limits={
            "idempotency_key": 64,
            "merchant_customer_id": 64,
            "email": 256,
            "address.city": 100,
            "address.state": 100,
            "address.zip_code": 10,
        },
        # https://www.airwallex.com/docs/api/2024-08-07/payments/refunds
        metadata=MetadataLimits(
            entries=49,
            key=Limit(50),
            value=Limit(500),
            reserved=(
                *Marks.__struct_fields__,
                "merchant_refund_id",
                "merchant_payment_method_id",
            ),
        ),
        unsupported={
            "delete_customer": "Airwallex deletes no customers; change their data instead.",
            "increment_authorization": "Airwallex has it, but no page that we could read says what "
            "it takes. Void the payment and authorize the new amount.",
        },
        notes=(
            "A repeated idempotency key is refused and not answered again: look the payment up.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AirwallexAccount) -> ErrorAnswer | None:
        """https://www.airwallex.com/docs/payments__error-response-codes"""
        return problem_of(response)


connector = Airwallex()
