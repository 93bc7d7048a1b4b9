"""PayPal: Vault v3 customers and cards, Orders v2 and Payments v2, as
https://developer.paypal.com/api/rest/ describes them."""

from __future__ import annotations

from prism_core import (
    Card,
    ConnectorInfo,
    ErrorAnswer,
    HttpResponse,
    Limit,
    NetworkToken,
    Redirect,
    SdkToken,
    Token,
    hookimpl,
)
from prism_paypal.account import PayPalAccount
from prism_paypal.amounts import EXPONENTS
from prism_paypal.customers import Customers
from prism_paypal.errors import error_answer
from prism_paypal.events import Events
from prism_paypal.payment_methods import PaymentMethods
from prism_paypal.payments import Payments
from prism_paypal.recurring import Recurring
from prism_paypal.refunds import Refunds
from prism_paypal.sources import REDIRECTS

__all__ = ["EXPONENTS", "PayPal", "PayPalAccount", "connector"]

_ADDRESSES = ("address", "billing_address", "shipping_address")
_PARTS = {"line1": 300, "line2": 300, "state": 300, "city": 120, "zip_code": 60}
_TWO_CALLS = ("authorize", "create_order", "complete", "setup_recurring", "charge_recurring")
_LINE = Limit(300, characters=r"[^\n]", said="characters on one line")
_SAID = "letters, digits, hyphens and underscores"
_VAULT_ID = Limit(255, characters="[0-9a-zA-Z_-]", said=_SAID)
_OWN_ID = Limit(64, characters=r"[0-9a-zA-Z\-_.^*$@#]", said="ASCII letters, digits and -_.^*$@#")
_LOCALE = Limit(
    10,
    2,
    said="characters, such as en-GB",
    pattern="[a-z]{2}([-_][A-Z][a-z]{3})?([-_]([A-Z]{2}|[0-9]{3}))?",
)
_NETWORK_ID = Limit(36, 9, r"[a-zA-Z0-9-_@.:&+=*^'~#!$%()]", "letters, digits and signs")


class PayPal(Customers, Payments, PaymentMethods, Recurring, Refunds, Events):
    """The connector: what it declares; its operations are those of its bases."""

    info = ConnectorInfo(
        display_name="PayPal",
        account=PayPalAccount,
        docs="https://developer.paypal.com/docs/api/orders/v2/",
        payment_methods=(Card, Token, NetworkToken, Redirect),
        payment_methods_of={
            "tokenize": (Card, SdkToken),
            "setup_recurring": (Card, Token, Redirect),
        },
        payment_method_types=REDIRECTS,
        sdk_token_example="5C991763VB2781612",  # noqa: S106 - nothing secret
        limits={
            # https://developer.paypal.com/docs/api/orders/v2/#orders_create
            **{f"{operation}.idempotency_key": 108 for operation in _TWO_CALLS},
            **dict.fromkeys(("merchant_transaction_id", "merchant_mandate_id", "description"), 127),
            "statement_descriptor_suffix": 22,
            # https://developer.paypal.com/docs/api/orders/v2/#definition-card_request
            "payment_method.Card.number": Limit(19, shortest=13, said="digits"),
            **dict.fromkeys(("payment_method.holder_name", "create_customer.name"), _LINE),
            **{f"billing_address.{one}": _LINE for one in ("first_name", "last_name")},
            # https://developer.paypal.com/docs/api/orders/v2/#definition-network_token_request
            "payment_method.NetworkToken.number": Limit(19, 13, said="digits"),
            "payment_method.NetworkToken.token_requestor_id": Limit(11, characters="[0-9A-Z_]"),
            # https://developer.paypal.com/docs/api/orders/v2/#definition-blik_seamless
            "payment_method.Redirect.code": Limit(6, 6, "[0-9]", "digits"),
            "payment_method.SdkToken.token": _VAULT_ID,
            # https://developer.paypal.com/docs/api/orders/v2/#definition-language
            "locale": _LOCALE,
            "merchant_order_id": 256,
            **dict.fromkeys(("payment_method.Token.token", "connector_mandate_id"), _VAULT_ID),
            "connector_payment_method_id": _VAULT_ID,
            "network_transaction_id": _NETWORK_ID,
            # https://developer.paypal.com/docs/api/orders/v2/#definition-address_portable
            **{f"{one}.{part}": most for one in _ADDRESSES for part, most in _PARTS.items()},
            # https://developer.paypal.com/docs/api/payment-tokens/v3/#definition-customer
            "merchant_customer_id": _OWN_ID,
            "connector_customer_id": Limit(22, characters="[0-9a-zA-Z_-]", said=_SAID),
            # https://developer.paypal.com/docs/api/payments/v2/
            **dict.fromkeys(("merchant_capture_id", "merchant_refund_id"), 127),
        },
        # https://developer.paypal.com/api/payments/v2/authorizations-reauthorize
        unsupported={
            "get_customer": "PayPal has no such call: list the payment methods of the customer.",
            "update_customer": "PayPal has no such call: store the customer's data yourself.",
            "delete_customer": "PayPal has no such call: delete the customer's payment methods.",
            "increment_authorization": "PayPal cannot raise the authorization of a card: authorize "
            "the difference as a new payment.",
        },
        exponents=EXPONENTS,
        key_hours=6,  # of orders: https://developer.paypal.com/docs/api/orders/v2/#orders_create
        key_hours_of={
            # https://developer.paypal.com/docs/api/payment-tokens/v3/#setup-tokens_create
            **dict.fromkeys(("create_customer", "tokenize", "setup_recurring"), 3),
            # https://developer.paypal.com/docs/api/payments/v2/
            **dict.fromkeys(("capture", "void", "refund"), 45 * 24),
        },
        notes=(
            "connector_transaction_id is the id of the order.",
            "A Token is the id of a saved card or wallet (a payment token of Vault v3).",
            "PayPal stores idempotency keys for 6 hours (3 for customers, 45 days for captures, "
            "voids and refunds); for payments, they have up to 108 characters.",
            "After a partial capture, the rest can be captured or voided. A capture without an "
            "amount takes the rest and is the last one.",
            "A refund belongs to one capture: if a payment was captured in parts, no refund can "
            "be larger than one of them.",
            "recurring.setup of a card needs a first payment. Without one, store the card with "
            "payment_methods.tokenize, and charge with its id. Of the PayPal wallet it needs none; "
            "then PayPal has no place for merchant_mandate_id.",
            "Apple Pay and Google Pay: with PayPal's library in your page and "
            "payments.create_order, or decrypted, as a NetworkToken with its source.",
            "A Token is looked up first: a card and a wallet are charged in different fields.",
            "order_details: what the amount has beside the lines is told as shipping, and what it "
            "has less as a discount.",
        ),
    )

    @hookimpl
    def parse_error(self, response: HttpResponse, account: PayPalAccount) -> ErrorAnswer | None:
        """https://developer.paypal.com/api/rest/responses/"""
        return error_answer(response)


connector = PayPal()
