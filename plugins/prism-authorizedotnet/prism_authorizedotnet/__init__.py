"""Authorize.Net: customer profiles and transactions, as its API reference describes them:
https://developer.authorize.net/api/reference/index.html.

Its JSON is read as XML. Every element stands where the schema has it
(https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd), and what the schema limits is refused
here, before it is sent.
"""

from __future__ import annotations

from typing import Any

from prism_authorizedotnet.account import AuthorizeNetAccount
from prism_authorizedotnet.answers import authorized, found
from prism_authorizedotnet.changes import Changes
from prism_authorizedotnet.customers import Customers
from prism_authorizedotnet.errors import error_answer
from prism_authorizedotnet.events import Events
from prism_authorizedotnet.parts import (
    amount_fields,
    credit_card,
    digits,
    no_email,
    owner,
    paying_profile,
    user_fields,
)
from prism_authorizedotnet.people import bill_to, ship_to
from prism_authorizedotnet.recurring import Recurring
from prism_authorizedotnet.refunds import Refunds
from prism_authorizedotnet.shapes import TransactionAnswer, TransactionFound
from prism_authorizedotnet.stored import Stored
from prism_authorizedotnet.values import id_of
from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    Card,
    ConnectorInfo,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    Payment,
    at_most,
    expect_same,
    hookimpl,
)

__all__ = ["AuthorizeNet", "AuthorizeNetAccount", "connector"]


class AuthorizeNet(Customers, Changes, Refunds, Stored, Recurring, Events):
    """The connector. Customers, changes, refunds, stored cards, recurring payments and events are
    in modules of their own; names and addresses are placed in `people.py`, answers read in
    `answers.py`, their codes in `codes.py`.
    """

    info = ConnectorInfo(
        display_name="Authorize.Net",
        account=AuthorizeNetAccount,
        docs="https://developer.authorize.net/api/reference/index.html",
        sends={
            "create_customer": ("merchant_customer_id", "email", "description"),
            "get_customer": ("connector_customer_id", "merchant_customer_id"),
            "update_customer": (
                "connector_customer_id", "merchant_customer_id", "email", "description",
            ),
            "delete_customer": ("connector_customer_id",),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "setup_future_usage", "description", "billing_address",
                "shipping_address", "customer", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount", "merchant_capture_id", "metadata"),
            "void": ("connector_transaction_id", "merchant_void_id", "metadata"),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount", "metadata"),
            "get_refund": ("connector_refund_id",),
            "tokenize": (
                "payment_method", "connector_customer_id", "merchant_payment_method_id",
                "billing_address",
            ),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id", "connector_customer_id"),
            "setup_recurring": (
                "merchant_mandate_id", "payment_method", "connector_customer_id", "customer",
                "amount", "billing_address",
            ),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "connector_customer_id", "network_transaction_id", "description", "metadata",
            ),
            "revoke_mandate": ("connector_mandate_id", "connector_customer_id"),
            "handle_event": ("body", "headers"),
        },
        leaves_out={
            "create_customer": ("name", "phone", "address", "metadata"),
            "update_customer": ("name", "phone", "address", "metadata"),
            "delete_customer": ("merchant_customer_id",),
            "authorize": ("return_url",),
            "void": ("reason",),
            "refund": ("reason",),
            "tokenize": ("metadata",),
            "list_payment_methods": ("merchant_customer_id",),
            "delete_payment_method": ("merchant_payment_method_id",),
            "setup_recurring": ("description", "metadata"),
            "charge_recurring": ("statement_descriptor_suffix",),
            "revoke_mandate": ("merchant_mandate_id",),
        },
        lacks={
            "complete": "Authorize.Net sends no customer away to authenticate: a payment that "
            "waits (PENDING) is held for review; look it up with payments.get.",
            "increment_authorization": "Authorize.Net cannot raise an authorization: authorize "
            "the difference as a payment of its own, or void this one and authorize it all anew.",
        },
        outcomes=("decline", "pending"),
        notes=(
            "Your ids have up to 20 characters at Authorize.Net.",
            "A customer profile has no name, phone, address or metadata: they are not sent, and "
            "the result's not_sent says so. Names go to the bill-to of each payment; a card "
            "holder's name is split at its last space.",
            "A card paid with for a customer is kept in that customer's profile once it is "
            "approved: Authorize.Net links a card to a profile in no other way.",
            "A Token is the id of a customer's payment profile, and needs connector_customer_id; "
            "so does all else with a kept card or a mandate, which is a payment profile too.",
            "A card that the customer's profile has already is a Conflict whose details name its "
            "id: nothing is changed by it, not even the expiry.",
            "tokenize asks no issuer. setup_recurring does: by the first payment, or without an "
            "amount by liveMode, which for Visa needs a billing address with its zip code.",
            "Where a first payment was made and its card could not be kept, the mandate is "
            "MANDATE_INACTIVE with connector_transaction_id: void that payment.",
            "Events are verified by the Signature Key (webhook_secret), as it is shown. They tell "
            "amounts where the account's currency is given, and of a payment approved after a "
            "review not whether it is captured: look it up.",
            "Authorize.Net honours no idempotency keys, so no call is repeated for you. For two "
            "minutes it refuses the same payment again (reason code 11), which is a Conflict with "
            "an unknown outcome: the first one may have been made. Nothing else is set for that.",
            "A payment is captured once. For a part of it the payment is asked for first; the rest "
            "is given up. A second capture or void is a Conflict: it did nothing (codes 311, 310).",
            "Void works until the payment is settled, captured or not. Only then can it be "
            "refunded: before, reason code 54 refuses that, and it is to be voided instead.",
            "A refund asks for the payment first, for the last digits of its card. Without an "
            "amount it is of all that was settled: after a refund of a part, give the amount.",
            "Lookups, refunds and captures of a part need the Transaction Details API, which is "
            "switched on in the Merchant Interface.",
            "merchant_capture_id and merchant_void_id are given back with the answer, and not "
            "kept; merchant_refund_id is kept as the refund's invoice number.",
            "Metadata is given back with the answer as user fields, and not kept.",
            "Answers name no currency: an authorized payment has an amount only where a part of "
            "it was approved, and what is looked up where the account's currency is given.",
        ),
    )  # fmt: skip

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AuthorizeNetAccount) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-authorize-a-credit-card
        and #payment-transactions-charge-a-credit-card, which differ in the transaction type."""
        own_id = at_most(20, "merchant_transaction_id", request.merchant_transaction_id)
        manual = request.capture_method is CaptureMethod.MANUAL
        response = yield account.ask(
            "createTransactionRequest",
            refId=own_id,
            transactionRequest={
                "transactionType": "authOnlyTransaction" if manual else "authCaptureTransaction",
                **amount_fields(request.amount),
                "payment": credit_card(request.payment_method),
                "profile": _profile(request),
                "order": {
                    "invoiceNumber": own_id,
                    "description": at_most(255, "description", request.description),
                },
                "customer": _customer(request),
                "billTo": bill_to(
                    request.payment_method, request.billing_address, request.customer
                ),
                "shipTo": ship_to(request.shipping_address),
                "userFields": user_fields(request.metadata),
                "processingOptions": _processing_options(request),
            },
        )
        answer = account.decode(response, TransactionAnswer)
        return authorized(answer, request, response.error, manual=manual)

    @hookimpl
    def get_payment(
        self, request: GetPaymentRequest, account: AuthorizeNetAccount
    ) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details"""
        sought = digits("connector_transaction_id", request.connector_transaction_id or "")
        response = yield account.ask("getTransactionDetailsRequest", changes=False, transId=sought)
        details = account.decode(response, TransactionFound).transaction
        expect_same("connector_transaction_id", sought, id_of(details.trans_id))
        return found(details, account.currency)

    @hookimpl
    def parse_error(
        self, response: HttpResponse, account: AuthorizeNetAccount
    ) -> ErrorAnswer | None:
        """https://developer.authorize.net/api/reference/responseCodes.html; the HTTP status is 200
        whatever happened."""
        return error_answer(response)


def _profile(request: AuthorizeRequest) -> dict[str, Any] | None:
    """The customer's profile, which a Token and a card to keep need."""
    method, customer = request.payment_method, request.connector_customer_id
    if customer is None and isinstance(method, Card) and request.setup_future_usage is None:
        return None
    return paying_profile(owner(customer), method)


def _customer(request: AuthorizeRequest) -> dict[str, Any] | None:
    """The payer's email, where no profile has one."""
    email = request.customer.email if request.customer is not None else None
    if request.connector_customer_id is not None:
        no_email(request.customer)
        return None
    return None if email is None else {"email": at_most(255, "email", email)}


def _processing_options(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://developer.authorize.net/api/reference/features/card-on-file.html: the first use of
    a card that is kept, for later payments with the customer there or not."""
    return {"isFirstSubsequentAuth": True} if request.setup_future_usage is not None else None


connector = AuthorizeNet()
