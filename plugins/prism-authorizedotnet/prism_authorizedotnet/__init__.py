"""Authorize.Net: customer profiles and transactions, as its API reference describes them:
https://developer.authorize.net/api/reference/index.html.

Its JSON is read as XML. Every element stands where the schema has it
(https://api.authorize.net/xml/v1/schema/AnetApiSchema.xsd), and what the schema limits is refused
here, before it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prism_authorizedotnet.answers import (
    ProfileAnswer,
    TransactionAnswer,
    TransactionFound,
    authorized,
    error_answer,
    found,
)
from prism_authorizedotnet.people import bill_to, ship_to
from prism_core import (
    Account,
    AuthorizeRequest,
    CaptureMethod,
    Card,
    ConfigurationError,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    Flow,
    GetPaymentRequest,
    HttpRequest,
    HttpResponse,
    InvalidRequest,
    Money,
    Payment,
    Secret,
    Token,
    at_most,
    hookimpl,
)


class AuthorizeNetAccount(Account, frozen=True, kw_only=True):
    """A merchant's payment gateway account.

    https://developer.authorize.net/api/reference/features/authentication.html
    """

    api_login_id: Secret
    transaction_key: Secret
    currency: str | None = None
    """The account's one currency. Answers name none, so `payments.get` tells amounts only if it
    is given."""

    urls = {
        "SANDBOX": "https://apitest.authorize.net",
        "PRODUCTION": "https://api.authorize.net",
    }

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            Money(0, self.currency or "USD")
        except InvalidRequest:
            raise ConfigurationError("currency must be an ISO 4217 code, such as 'USD'") from None

    def ask(self, element: str, *, changes: bool = True, **children: Any) -> HttpRequest:
        """The request that this element is, with the credentials as its first child."""
        credentials = {"name": self.api_login_id, "transactionKey": self.transaction_key}
        body = {element: {"merchantAuthentication": credentials, **children}}
        return self.post("/xml/v1/request.api", json=body, changes=changes)


class AuthorizeNet:
    """The connector. Names and addresses are placed in `people.py`, answers read in `answers.py`,
    their codes in `codes.py`.
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
        },
        leaves_out={
            "create_customer": ("name", "phone", "address", "metadata"),
            "authorize": ("return_url",),
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
            "Metadata is given back with the answer as user fields, and not kept.",
            "Answers name no currency: an authorized payment has an amount only where a part of "
            "it was approved, and a looked-up one where the account's currency is given.",
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
                "amount": str(request.amount.to_decimal()),
                "currencyCode": request.amount.currency,
                "payment": _payment(request.payment_method),
                "profile": _profile(request),
                "order": {
                    "invoiceNumber": own_id,
                    "description": at_most(255, "description", request.description),
                },
                "customer": _customer(request),
                "billTo": bill_to(request),
                "shipTo": ship_to(request.shipping_address),
                "userFields": _user_fields(request.metadata),
                "processingOptions": _processing_options(request),
            },
        )
        return authorized(account.decode(response, TransactionAnswer), request, response.error)

    @hookimpl
    def get_payment(
        self, request: GetPaymentRequest, account: AuthorizeNetAccount
    ) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details"""
        sought = _digits("connector_transaction_id", request.connector_transaction_id or "")
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
    profile = _digits("connector_customer_id", customer)
    if isinstance(method, Token):
        kept = _digits("payment_method", Secret(method.token).reveal())
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


def _user_fields(metadata: Mapping[str, str] | None) -> dict[str, Any] | None:
    if not metadata:
        return None
    if len(metadata) > 20:
        raise InvalidRequest("metadata has up to 20 keys at Authorize.Net", field="metadata")
    return {"userField": [{"name": key, "value": value} for key, value in metadata.items()]}


def _processing_options(request: AuthorizeRequest) -> dict[str, Any] | None:
    """https://developer.authorize.net/api/reference/features/card-on-file.html: the first use of
    a card that is kept, for later payments with the customer there or not."""
    return {"isFirstSubsequentAuth": True} if request.setup_future_usage is not None else None


def _digits(field: str, value: str) -> str:
    """An id as Authorize.Net gives them."""
    if not (value.isascii() and value.isdigit()):
        raise InvalidRequest(f"{field}: an id of Authorize.Net has only digits", field=field)
    return value


connector = AuthorizeNet()
