"""Braintree for Prism. All of it is a draft for a processor that does not exist: put what the
documentation of Braintree says in place of its names and addresses. Where it outgrows one file, its
parts go into `account.py`, `customers.py`, `payments.py`, `answers.py`, `errors.py`."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, structs
from prism_core import (
    Account,
    AuthorizeRequest,
    Card,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    Event,
    EventKind,
    Flow,
    GetPaymentRequest,
    GraphqlAccount,
    HandleEventRequest,
    HttpResponse,
    Money,
    Nullable,
    Payment,
    PaymentMethod,
    PaymentStatus,
    RedirectionData,
    SdkToken,
    Secret,
    Token,
    UnifiedCode,
    UnsupportedOperation,
    bearer,
    hookimpl,
    needs,
    nullable,
    unified_error,
)
from prism_core.connector import signatures


class BraintreeAccount(GraphqlAccount, frozen=True, kw_only=True):
    """The credentials, as fields, and how Braintree is spoken to."""

    api_key: Secret
    webhook_secret: Secret | None = None

    urls = {
        "SANDBOX": "https://sandbox.braintree.invalid/graphql",
        "PRODUCTION": "https://braintree.invalid/graphql",
    }
    # A promise: name the header (or idempotency_field, of a JSON body) only if a repeated key gets
    # the first answer again. The core places the key.
    idempotency_header = None
    request_id_header = None
    # The member of an error's `extensions` that names its class, and the classes of which each
    # proves that nothing was done.
    error_class = "code"
    error_kinds = {
        "bad_key": ErrorKind.AUTHENTICATION,
        "bad_field": ErrorKind.INVALID_REQUEST,
        "not_found": ErrorKind.NOT_FOUND,
        "low_balance": ErrorKind.DECLINED,
    }

    def headers(self) -> dict[str, str]:
        """The headers of every request. For a user and a password: basic(user, password)."""
        return bearer(self.api_key)


class CustomerBody(Struct):
    """A customer in an answer, with only the fields that are used."""

    id: str
    reference: Nullable[str] = UNSET


# A status that is not here becomes UNRESOLVED: neither success nor failure.
STATUSES = {
    "authorized": PaymentStatus.AUTHORIZED,
    "paid": PaymentStatus.CHARGED,
    "pending": PaymentStatus.PENDING,
    "redirect": PaymentStatus.AUTHENTICATION_PENDING,
    "cancelled": PaymentStatus.VOIDED,
    "failed": PaymentStatus.FAILURE,
}


class PaymentBody(Struct):
    """A payment in an answer."""

    id: str
    status: str
    amount: str
    currency: str
    reference: Nullable[str] = UNSET
    customer: Nullable[str] = UNSET
    redirect: str | None = None


def payment_of(body: PaymentBody) -> Payment:
    """The payment of an answer: every id and amount is the answer's, never the request's."""
    return Payment(
        status=STATUSES.get(body.status, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=nullable(body.reference),
        connector_customer_id=nullable(body.customer),
        amount=Money.from_decimal(body.amount, body.currency),  # or, of an integer, Money(...)
        redirection_data=RedirectionData(uri=body.redirect) if body.redirect else None,
    )


DECLINES = {"low_balance": UnifiedCode.INSUFFICIENT_FUNDS, "expired_card": UnifiedCode.EXPIRED_CARD}

# Each field that a Struct above has must be selected here.
CREATE_CUSTOMER = """
mutation CreateCustomer($input: CustomerInput!) {
  createCustomer(input: $input) { id reference }
}
"""
AUTHORIZE = """
mutation CreatePayment($input: PaymentInput!) {
  createPayment(input: $input) { id status amount currency reference customer redirect }
}
"""
GET_PAYMENT = """
query GetPayment($id: ID!) {
  payment(id: $id) { id status amount currency reference customer redirect }
}
"""


def paid_with(method: PaymentMethod) -> dict[str, Any]:
    """The fields that say what is paid with. The core refuses every class that is not in
    info.payment_methods. A part that is not read is refused, or named in the result's not_sent."""
    if isinstance(method, SdkToken):
        return {"source": method.token}
    if isinstance(method, Token):
        return {"stored": method.token}
    assert isinstance(method, Card)
    return {
        "card": {
            "number": method.number,
            "month": method.exp_month,
            "year": method.exp_year,
            "cvc": method.cvc,
            "holder": method.holder_name,
        }
    }


class EventBody(Struct):
    """A webhook's body."""

    id: str
    type: str
    payment: PaymentBody | None = None


class Braintree:
    """The connector. Let each docstring be the address of the page that it follows."""

    info = ConnectorInfo(
        display_name="Braintree",
        account=BraintreeAccount,
        docs="",
        # What authorize takes, and the results that it has besides success: "decline", "pending",
        # "authentication_required". The contract needs an exchange of each.
        payment_methods=(SdkToken, Token, Card),
        outcomes=("decline",),
    )

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: BraintreeAccount
    ) -> Flow[CustomerCreated]:
        """The address of the page."""
        raise UnsupportedOperation(
            "create_customer is still to write: make the draft below yours, and take this error out"
        )
        customer = {
            "reference": request.merchant_customer_id,
            "name": request.name,
            "email": request.email,
        }
        asked = account.mutation(CREATE_CUSTOMER, {"input": customer})
        body = yield from account.fetch(asked, CustomerBody)
        return CustomerCreated(
            connector_customer_id=body.id, merchant_customer_id=nullable(body.reference)
        )

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: BraintreeAccount) -> Flow[Payment]:
        """The address of the page."""
        raise UnsupportedOperation(
            "authorize is still to write: make the draft below yours, and take this error out"
        )
        payment = {
            "reference": request.merchant_transaction_id,
            "amount": str(request.amount.to_decimal()),  # or, as an integer, amount.minor_amount
            "currency": request.amount.currency,
            "customer": request.connector_customer_id,
            "capture": request.capture_method == "AUTOMATIC",
            **paid_with(request.payment_method),
        }
        asked = account.mutation(AUTHORIZE, {"input": payment})
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: BraintreeAccount) -> Flow[Payment]:
        """The address of the page."""
        raise UnsupportedOperation(
            "get_payment is still to write: make the draft below yours, and take this error out"
        )
        needs("connector_transaction_id", request.connector_transaction_id, "for a lookup")
        asked = account.query(GET_PAYMENT, {"id": request.connector_transaction_id})
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: BraintreeAccount) -> Flow[Event]:
        """The address of the page. Nothing of the body is read before its signature is verified:
        here an HMAC of the time, a point and the raw body, in a header as time.hex."""
        raise UnsupportedOperation(
            "handle_event is still to write: make the draft below yours, and take this error out"
        )
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, _, given = (request.header("signature") or "").partition(".")
        signatures.within(at, request.received_at)
        message = at.encode() + b"." + request.body
        signatures.verify(secrets, message, [signatures.from_hex(given)])
        body = Account.decode(account, HttpResponse(200, body=request.body), EventBody)
        return Event(
            kind=EventKind.UNKNOWN if body.payment is None else EventKind.PAYMENT,
            event_type=body.type,
            connector_event_id=body.id,
            payment=None if body.payment is None else payment_of(body.payment),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: BraintreeAccount) -> Mapping[str, str]:
        """The same page: how Braintree would sign it, for valid test events."""
        (secret, *_), at = signatures.secrets_of(account.webhook_secret), str(request.received_at)
        signed = signatures.signed(secret, at.encode() + b"." + request.body)
        return {"signature": f"{at}.{signed.hex()}"}

    @hookimpl
    def parse_error(self, response: HttpResponse, account: BraintreeAccount) -> ErrorAnswer | None:
        """The address of the page. Called for every answer; None says that it is no error, or not
        in Braintree's own format. A decline is a result, never an exception."""
        found = account.error_of(response)
        if found is None or found.kind is not ErrorKind.DECLINED or found.details.connector is None:
            return found
        said = found.details.connector
        if response.status_code != 200:
            return ErrorAnswer(details=ErrorDetails(connector=said))
        unified = unified_error(DECLINES.get(said.code or "", UnifiedCode.DECLINED))
        return structs.replace(found, details=ErrorDetails(unified=unified, connector=said))


connector = Braintree()
