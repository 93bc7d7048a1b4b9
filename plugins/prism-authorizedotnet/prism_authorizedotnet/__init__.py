"""Authorize.Net: customer profiles and transactions, as its API reference describes them:
https://developer.authorize.net/api/reference/index.html.

Its JSON is read as XML. Every element stands where the schema has it
(https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd), and what the schema limits is refused
here, before it is sent.
"""

from __future__ import annotations

from typing import Any

from prism_authorizedotnet.account import AuthorizeNetAccount
from prism_authorizedotnet.answers import authorized, error_answer, found
from prism_authorizedotnet.changes import Changes
from prism_authorizedotnet.parts import amount_fields, digits, user_fields
from prism_authorizedotnet.people import bill_to, ship_to
from prism_authorizedotnet.refunds import Refunds
from prism_authorizedotnet.shapes import ProfileAnswer, TransactionAnswer, TransactionFound
from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    Card,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpResponse,
    InvalidRequest,
    Payment,
    Secret,
    Token,
    at_most,
    hookimpl,
)

__all__ = ["AuthorizeNet", "AuthorizeNetAccount", "connector"]


class AuthorizeNet(Changes, Refunds):
    """The connector. Capture and void are in `changes.py`, refunds in `refunds.py`; names and
    addresses are placed in `people.py`, answers read in `answers.py`, their codes in `codes.py`.
    """

    info = ConnectorInfo(
        display_name="Authorize.Net",
        account=AuthorizeNetAccount,
        docs="https://developer.authorize.net/api/reference/index.html",
        sends={
            "create_customer": ("merchant_customer_id", "email", "description"),
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
        },
        leaves_out={
            "create_customer": ("name", "phone", "address", "metadata"),
            "authorize": ("return_url",),
            "void": ("reason",),
            "refund": ("reason",),
        },
        lacks={
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
            "A Token is the id of a customer's payment profile, and needs connector_customer_id.",
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
    def create_customer(
        self, request: CreateCustomerRequest, account: AuthorizeNetAccount
    ) -> Flow[CustomerCreated]:
        """https://developer.authorize.net/api/reference/index.html#customer-profiles-create-customer-profile"""
        own_id = at_most(20, "merchant_customer_id", request.merchant_customer_id)
        response = yield account.ask(
            "createCustomerProfileRequest",
            refId=own_id,
            profile={
                "merchantCustomerId": own_id,
                "description": at_most(255, "description", request.description),
                "email": at_most(255, "email", request.email),
            },
        )
        body = account.decode(response, ProfileAnswer)
        return CustomerCreated(
            connector_customer_id=body.customer_profile_id, merchant_customer_id=body.ref_id
        )

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
                "payment": _payment(request.payment_method),
                "profile": _profile(request),
                "order": {
                    "invoiceNumber": own_id,
                    "description": at_most(255, "description", request.description),
                },
                "customer": _customer(request),
                "billTo": bill_to(request),
                "shipTo": ship_to(request.shipping_address),
                "userFields": user_fields(request.metadata),
                "processingOptions": _processing_options(request),
            },
        )
        return authorized(account.decode(response, TransactionAnswer), request, response.error)

    @hookimpl
    def get_payment(
        self, request: GetPaymentRequest, account: AuthorizeNetAccount
    ) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details"""
        sought = digits("connector_transaction_id", request.connector_transaction_id or "")
        response = yield account.ask("getTransactionDetailsRequest", changes=False, transId=sought)
        return found(account.decode(response, TransactionFound).transaction, account.currency)

    @hookimpl
    def parse_error(
        self, response: HttpResponse, account: AuthorizeNetAccount
    ) -> ErrorAnswer | None:
        """https://developer.authorize.net/api/reference/responseCodes.html; the HTTP status is 200
        whatever happened."""
        return error_answer(response)


def _payment(method: Card | Token) -> dict[str, Any] | None:
    if isinstance(method, Token):
        return None
    if len(Secret(method.number)) > 16:
        raise InvalidRequest(
            "Authorize.Net takes card numbers of up to 16 digits", field="payment_method"
        )
    return {
        "creditCard": {
            "cardNumber": method.number,
            "expirationDate": f"{method.exp_year}-{method.exp_month:02}",
            "cardCode": method.cvc,
        }
    }


def _profile(request: AuthorizeRequest) -> dict[str, Any] | None:
    """The customer's profile, with the payment profile that a Token names, or to put the card in.

    https://developer.authorize.net/api/reference/features/customer_profiles.html
    """
    method, customer = request.payment_method, request.connector_customer_id
    if customer is None:
        if isinstance(method, Token) or request.setup_future_usage is not None:
            raise InvalidRequest(
                "Authorize.Net keeps cards in customer profiles; give connector_customer_id",
                field="connector_customer_id",
            )
        return None
    profile = digits("connector_customer_id", customer)
    if isinstance(method, Token):
        kept = digits("payment_method", Secret(method.token).reveal())
        return {"customerProfileId": profile, "paymentProfile": {"paymentProfileId": kept}}
    return {"createProfile": True, "customerProfileId": profile}


def _customer(request: AuthorizeRequest) -> dict[str, Any] | None:
    """The payer's email. A profile has its own: E00108 refuses another beside it."""
    email = request.customer.email if request.customer is not None else None
    if email is not None and request.connector_customer_id is not None:
        raise InvalidRequest(
            "Authorize.Net takes no email beside a customer profile; leave customer.email out",
            field="customer",
        )
    return None if email is None else {"email": at_most(255, "email", email)}


def _processing_options(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://developer.authorize.net/api/reference/features/card-on-file.html: the first use of
    a card that is kept, for later payments with the customer there or not."""
    return {"isFirstSubsequentAuth": True} if request.setup_future_usage is not None else None


connector = AuthorizeNet()
