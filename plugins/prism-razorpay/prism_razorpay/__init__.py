"""Razorpay for Prism: what the connector is; the other files say what it does."""

from prism_core import ConnectorInfo, ErrorAnswer, HttpResponse, Limit, MetadataLimits, hookimpl

from .account import RazorpayAccount
from .customers import Customers
from .errors import problem_of
from .events import Events
from .fields import CURRENCIES
from .payments import Payments
from .recurring import Recurring

__all__ = ["Razorpay", "RazorpayAccount", "connector"]

KEY = Limit(255, shortest=10, characters="[0-9A-Za-z_-]", said="letters, digits, - and _")
ON_A_PAGE = "Razorpay takes payments on a page: open an order with payments.create_order."


class Razorpay(Customers, Payments, Recurring, Events):
    """https://razorpay.com/docs/api"""

    info = ConnectorInfo(
        display_name="Razorpay",
        account=RazorpayAccount,
        docs="https://razorpay.com/docs/api",
        currencies=CURRENCIES,
        needs={
            "setup_recurring": ("connector_customer_id", "amount"),
            "charge_recurring": ("connector_customer_id",),
            "revoke_mandate": ("connector_customer_id",),
            "delete_payment_method": ("connector_customer_id",),
        },
        # https://razorpay.com/docs/api/orders/create, https://razorpay.com/docs/api/customers/create
        # and, of keys, https://razorpay.com/docs/api/refunds/normal-refunds-idempotent
        limits={
            "merchant_transaction_id": 40,
            "merchant_mandate_id": 40,
            "merchant_customer_id": 256,
            "name": Limit(50, shortest=3),
            "email": 64,
            "phone": 15,
            "reason": 256,
            "refund.idempotency_key": KEY,
        },
        # 15 notes, of which this connector may need two.
        metadata=MetadataLimits(
            entries=13,
            key=Limit(256),
            value=Limit(256),
            reserved=("merchant_customer_id", "prism_capture", "prism_charge", "comment"),
        ),
        # Only refunds have keys; after a lookup, the core does not see it.
        key_hours_of={"capture": 0, "complete": 0, "charge_recurring": 0, "revoke_mandate": 0},
        unsupported={
            "authorize": f"{ON_A_PAGE} Payments by the server alone are for accounts that Razorpay "
            "has approved, and are not in this connector.",
            "void": "Razorpay has no void: a payment that is not captured within three days is "
            "given back by Razorpay itself.",
            "increment_authorization": "Razorpay cannot raise one: open another order.",
            "create_client_token": "Razorpay's library needs the key_id of the account, which is "
            "public; payments.create_order with hosted=False gives it beside the order.",
            "tokenize": "Razorpay stores a payment method when it is paid with: set up a mandate "
            "with recurring.setup, or let the customer save the card on the page.",
            "delete_customer": "Razorpay deletes no customers: update their data, and delete their "
            "tokens with payment_methods.delete.",
        },
        notes=(
            "The key says whether a payment is a test: there is one address for both.",
            "Only refunds take an idempotency key, of at least 10 letters, digits, - and _.",
            "Amounts in currencies of three decimals must end in 0.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: RazorpayAccount) -> ErrorAnswer | None:
        """https://razorpay.com/docs/errors"""
        return problem_of(response)


connector = Razorpay()
