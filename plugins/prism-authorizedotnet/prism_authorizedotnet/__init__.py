"""Authorize.Net: customer profiles and transactions, as its API reference describes them:
https://developer.authorize.net/api/reference/index.html.

Its JSON is read as XML. Every element stands where the schema has it
(https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd), and what the schema limits is refused
here, before it is sent.
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount
from prism_authorizedotnet.customers import Customers
from prism_authorizedotnet.errors import Errors
from prism_authorizedotnet.events import Events
from prism_authorizedotnet.orders import Orders
from prism_authorizedotnet.payment_methods import PaymentMethods
from prism_authorizedotnet.payments import Payments
from prism_authorizedotnet.recurring import Recurring
from prism_authorizedotnet.refunds import Refunds
from prism_core import (
    Ach,
    ApplePay,
    Card,
    ConnectorInfo,
    GooglePay,
    Limit,
    NetworkToken,
    SdkToken,
    Token,
)

__all__ = ["AuthorizeNet", "AuthorizeNetAccount", "connector"]

_IDS_OF = ("customer", "transaction", "refund", "payment_method", "mandate")
_OWN_IDS_OF = (*_IDS_OF, "capture", "void")
_MADE = "digits, not only zeros (0 stands for what was never made),"
_ID = Limit(255, pattern="0*[1-9][0-9]*", said=_MADE)
_NETWORK_ID = Limit(255, characters="[0-9a-zA-Z ]", said="letters, digits and spaces")
_RECURRING = ("setup_recurring", "get_mandate", "charge_recurring", "revoke_mandate")
_OF_CUSTOMERS = ("tokenize", "delete_payment_method", *_RECURRING)
_KEPT = (Card, SdkToken, Ach)
_OPAQUE_DATA = '{"dataDescriptor":"COMMON.ACCEPT.INAPP.PAYMENT","dataValue":"eyJjb2RlIjoiNTBfMiJ9"}'
_ADDRESS = {"first_name": 50, "last_name": 50, "city": 40, "state": 40, "zip_code": 20}


class AuthorizeNet(Customers, Payments, Orders, Refunds, PaymentMethods, Recurring, Events, Errors):
    """The connector. Payment methods are written in `methods.py` and read in `shown.py`, names and
    addresses placed in `parts.py`, answers read in `answers.py`, their codes in `declines.py`.
    """

    info = ConnectorInfo(
        display_name="Authorize.Net",
        account=AuthorizeNetAccount,
        docs="https://developer.authorize.net/api/reference/index.html",
        needs=dict.fromkeys(_OF_CUSTOMERS, ("connector_customer_id",)),
        limits={
            **{f"connector_{of}_id": _ID for of in _IDS_OF},
            "payment_method.Token.token": _ID,
            **{f"merchant_{of}_id": 20 for of in _OWN_IDS_OF},
            **dict.fromkeys(("description", "email", "customer.email"), 255),
            **{f"billing_address.{part}": longest for part, longest in _ADDRESS.items()},
            **{f"shipping_address.{part}": longest for part, longest in _ADDRESS.items()},
            "payment_method.Card.number": Limit(16, said="digits"),
            "payment_method.NetworkToken.number": Limit(16, said="digits"),
            "payment_method.Ach.holder_name": 22,
            "network_transaction_id": _NETWORK_ID,
        },
        payment_methods=(*_KEPT, Token, ApplePay, GooglePay, NetworkToken),
        payment_methods_of={
            "tokenize": _KEPT,
            "setup_recurring": (*_KEPT, Token, ApplePay, GooglePay),
        },
        sdk_token_example=_OPAQUE_DATA,
        unsupported={
            "complete": "Authorize.Net never redirects customers to authenticate. A PENDING "
            "payment is held for review; look it up with payments.get.",
            "complete_mandate": "Authorize.Net never redirects customers to authenticate. A method "
            "that its page stored is listed by payment_methods.list, and told by an event.",
            "increment_authorization": "Authorize.Net cannot raise an authorization: authorize "
            "the difference as a new payment, or void this one and authorize the new total.",
        },
        outcomes=("decline", "pending"),
        notes=(
            "Your ids have up to 20 characters at Authorize.Net.",
            "Names go into the bill-to of each payment; a holder_name is split at its last space.",
            "An SdkToken is the opaqueData that Accept.js gave, as JSON or its dataValue alone: a "
            "card or a bank account, for one use within 15 minutes.",
            "An approved payment method of a customer is stored in the customer's profile: "
            "Authorize.Net has no other way to link a payment to a profile.",
            "A Token and a mandate are payment profiles, and need connector_customer_id.",
            "A payment method that the customer's profile has already is a Conflict whose details "
            "name its id: nothing is changed, not even the expiry.",
            "tokenize does not ask the issuer. setup_recurring does: by the first payment, or "
            "without an amount by liveMode, which needs a billing address with zip code for Visa. "
            "Nobody is asked about a bank account.",
            "A debit of a bank account is PENDING until it is settled, which no event tells: look "
            "it up. If its bank returned it after that, the lookup tells FAILURE, and the code.",
            "An order is a page (create_order), open for 15 minutes, and cannot be looked up. What "
            "was paid is told by the event with your merchant_transaction_id; of declined tries "
            "there is no event. connector_order_id is your own id, too.",
            "recurring.setup without a payment method opens a page that stores one: the event "
            "customer.paymentProfile.created names it and the customer. Charge that id.",
            "If a first payment succeeded and its card could not be stored, the mandate is "
            "MANDATE_INACTIVE with connector_transaction_id: void that payment.",
            "Events are verified with the Signature Key (webhook_secret), as the Merchant "
            "Interface shows it. Look up a payment that was approved after a review.",
            "Authorize.Net honours no idempotency keys, so no call is repeated for you. For two "
            "minutes it refuses the same payment again (reason code 11), which is a Conflict with "
            "an unknown outcome.",
            "A payment can be captured once: the rest is released. A second capture or void is a "
            "Conflict (311, 310) with an unknown outcome.",
            "Void works until the payment is settled, captured or not. A refund works only after "
            "that; before, it fails with reason code 54.",
            "A refund without an amount is of all that was settled: after another, give one.",
            "Refunds and partial captures look the payment up first. Lookups need the Transaction "
            "Details API, which is enabled in the Merchant Interface.",
            "merchant_capture_id, merchant_void_id and metadata are returned with the answer, "
            "and not stored; merchant_refund_id is the refund's invoice number.",
            "Answers name no currency: an authorized payment has an amount only if a part of it "
            "was approved; lookups and events have one only if the account's currency is given.",
        ),
    )


connector = AuthorizeNet()
