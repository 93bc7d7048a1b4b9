"""The test connector: as small as one can be, and honest. Installed by the fixture `acme`."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from prism_core import (
    Account,
    AuthorizeRequest,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    ConnectorDetails,
    ConnectorInfo,
    CreateCustomerRequest,
    CustomerCreated,
    CustomerStatus,
    DeleteCustomerRequest,
    DeletePaymentMethodRequest,
    ErrorAnswer,
    ErrorDetails,
    ErrorKind,
    Event,
    EventKind,
    Flow,
    GetCustomerRequest,
    GetPaymentRequest,
    GetRefundRequest,
    HandleEventRequest,
    HttpRequest,
    HttpResponse,
    IncrementAuthorizationRequest,
    KeptCard,
    ListPaymentMethodsRequest,
    Mandate,
    MandateStatus,
    Money,
    Payment,
    PaymentMethodDeleted,
    PaymentMethodKept,
    PaymentMethodList,
    PaymentStatus,
    Refund,
    RefundRequest,
    RefundStatus,
    RevokeMandateRequest,
    Secret,
    SetupRecurringRequest,
    Token,
    TokenizeRequest,
    UpdateCustomerRequest,
    VoidRequest,
    bearer,
    hookimpl,
    segment,
    signatures,
)
from prism_core import Customer as CustomerDetailed


class AcmeAccount(Account, frozen=True, kw_only=True):
    """An account at Acme."""

    api_key: Secret
    merchant: str | None = None
    webhook_secret: Secret | None = None
    urls = {"SANDBOX": "https://sandbox.acme.example"}
    idempotency_header = "Acme-Key"
    request_id_header = "Acme-Request"

    def headers(self) -> Mapping[str, str]:
        """Bearer authentication."""
        return bearer(self.api_key)


class Customer(msgspec.Struct):
    """A customer's body."""

    id: str
    ref: str | None = None
    name: str | None = None


class Body(msgspec.Struct):
    """A payment's body."""

    id: str
    state: str
    amount: int = 1000
    currency: str = "USD"
    ref: str | None = None
    customer: str | None = None
    authorized: int | None = None
    capturable: int | None = None
    captured: int | None = None


class RefundBody(msgspec.Struct):
    """A refund's body."""

    id: str
    state: str
    amount: int
    currency: str = "USD"
    ref: str | None = None
    payment: str | None = None


class CardBody(msgspec.Struct):
    """A kept card's body."""

    id: str
    last_four: str | None = None


class MandateBody(msgspec.Struct):
    """A permission's body."""

    id: str
    state: str
    ref: str | None = None
    network: str | None = None


class EventBody(msgspec.Struct):
    """An event's body."""

    id: str
    type: str
    payment: Body | None = None


class Problem(msgspec.Struct):
    """An error's body."""

    code: str
    message: str = ""
    kind: str = "OTHER"
    retryable: bool | None = None
    unknown: bool = False


STATES = {
    "ok": PaymentStatus.AUTHORIZED,
    "part": PaymentStatus.PARTIALLY_AUTHORIZED,
    "paid": PaymentStatus.CHARGED,
    "partly": PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE,
    "taking": PaymentStatus.CAPTURE_INITIATED,
    "void": PaymentStatus.VOIDED,
    "refused": PaymentStatus.AUTHORIZATION_FAILED,
}
MANDATES = {"active": MandateStatus.ACTIVE, "revoked": MandateStatus.REVOKED}
REFUNDS = {"done": RefundStatus.REFUND_SUCCESS, "waiting": RefundStatus.REFUND_PENDING}


class Acme:
    """The connector."""

    info = ConnectorInfo(
        display_name="Acme",
        account=AcmeAccount,
        docs="https://acme.example/docs",
        sends={
            "create_customer": ("merchant_customer_id", "name", "email", "phone", "address"),
            "get_customer": ("connector_customer_id", "merchant_customer_id"),
            "update_customer": ("connector_customer_id", "name"),
            "delete_customer": ("connector_customer_id",),
            "authorize": (
                "merchant_transaction_id", "amount", "payment_method", "connector_customer_id",
                "capture_method", "metadata",
            ),
            "get_payment": ("connector_transaction_id",),
            "capture": ("connector_transaction_id", "amount"),
            "void": ("connector_transaction_id",),
            "refund": ("connector_transaction_id", "merchant_refund_id", "amount"),
            "get_refund": ("connector_refund_id",),
            "increment_authorization": ("connector_transaction_id", "amount"),
            "complete": ("connector_transaction_id", "returned", "merchant_transaction_id"),
            "tokenize": ("payment_method", "connector_customer_id"),
            "list_payment_methods": ("connector_customer_id",),
            "delete_payment_method": ("connector_payment_method_id",),
            "setup_recurring": ("merchant_mandate_id", "payment_method", "amount"),
            "charge_recurring": (
                "merchant_transaction_id", "amount", "connector_mandate_id",
                "network_transaction_id",
            ),
            "revoke_mandate": ("connector_mandate_id",),
            "handle_event": ("body", "headers"),
        },
        payment_methods=(Card,),
    )  # fmt: skip

    @hookimpl
    def create_customer(
        self, request: CreateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerCreated]:
        """POST /customers"""
        response = yield account.post(
            "/customers",
            json={"ref": request.merchant_customer_id, "email": request.email},
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerCreated(connector_customer_id=body.id, merchant_customer_id=body.ref)

    @hookimpl
    def get_customer(
        self, request: GetCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """GET /customers/{id}, or GET /customers?ref=..."""
        if request.merchant_customer_id is not None:
            query = {"ref": request.merchant_customer_id}
            response = yield account.get("/customers", query=query)
        else:
            response = yield account.get(
                f"/customers/{segment(request.connector_customer_id or '')}"
            )
        return customer_of(account.decode(response, Customer))

    @hookimpl
    def update_customer(
        self, request: UpdateCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """POST /customers/{id}"""
        response = yield account.post(
            f"/customers/{segment(request.connector_customer_id)}",
            json={"name": request.name},
            idempotency_key=request.idempotency_key,
        )
        return customer_of(account.decode(response, Customer))

    @hookimpl
    def delete_customer(
        self, request: DeleteCustomerRequest, account: AcmeAccount
    ) -> Flow[CustomerDetailed]:
        """POST /customers/{id}/delete"""
        response = yield account.post(
            f"/customers/{segment(request.connector_customer_id)}/delete",
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, Customer)
        return CustomerDetailed(connector_customer_id=body.id, status=CustomerStatus.DELETED)

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments"""
        method = request.payment_method
        assert not isinstance(method, Token)
        form = {"number": method.number, "amount": request.amount.minor_amount}
        response = yield account.post(
            "/payments", form=form, idempotency_key=request.idempotency_key
        )
        if response.error is not None:
            return Payment(status=PaymentStatus.AUTHORIZATION_FAILED, error=response.error.details)
        return payment_of(account.decode(response, Body))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """GET /payments/{id}"""
        key = request.connector_transaction_id or ""
        response = yield account.get(f"/payments/{segment(key)}")
        return payment_of(account.decode(response, Body))  # the lookup's

    @hookimpl
    def capture(self, request: CaptureRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/capture"""
        response = yield changing(request, account, "capture")
        return payment_of(account.decode(response, Body))

    @hookimpl
    def void(self, request: VoidRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/void"""
        response = yield changing(request, account, "void")
        return payment_of(account.decode(response, Body))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /payments/{id}/increase"""
        response = yield changing(request, account, "increase")
        return payment_of(account.decode(response, Body))

    @hookimpl
    def refund(self, request: RefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """POST /payments/{id}/refund"""
        response = yield changing(request, account, "refund", ref=request.merchant_refund_id)
        return refund_of(account.decode(response, RefundBody))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: AcmeAccount) -> Flow[Refund]:
        """GET /refunds/{id}"""
        response = yield account.get(f"/refunds/{segment(request.connector_refund_id)}")
        return refund_of(account.decode(response, RefundBody))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: AcmeAccount) -> Flow[Payment]:
        """POST /payments/{id}/complete"""
        response = yield account.post(
            f"/payments/{segment(request.connector_transaction_id)}/complete",
            json={"evidence": request.returned},
            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, Body))

    @hookimpl
    def tokenize(self, request: TokenizeRequest, account: AcmeAccount) -> Flow[PaymentMethodKept]:
        """POST /cards"""
        response = yield account.post(
            "/cards",
            json={"number": request.payment_method.number, "owner": request.connector_customer_id},
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CardBody)
        return PaymentMethodKept(connector_payment_method_id=body.id, card=card_of(body))

    @hookimpl
    def list_payment_methods(
        self, request: ListPaymentMethodsRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodList]:
        """GET /cards?owner=..."""
        response = yield account.get("/cards", query={"owner": request.connector_customer_id})
        cards = account.decode(response, list[CardBody])
        return PaymentMethodList(payment_methods=tuple(map(card_of, cards)))

    @hookimpl
    def delete_payment_method(
        self, request: DeletePaymentMethodRequest, account: AcmeAccount
    ) -> Flow[PaymentMethodDeleted]:
        """POST /cards/{id}/delete"""
        response = yield account.post(
            f"/cards/{segment(request.connector_payment_method_id)}/delete",
            idempotency_key=request.idempotency_key,
        )
        body = account.decode(response, CardBody)
        return PaymentMethodDeleted(connector_payment_method_id=body.id)

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AcmeAccount
    ) -> Flow[Mandate]:
        """POST /mandates"""
        response = yield account.post(
            "/mandates",
            json={
                "ref": request.merchant_mandate_id,
                "amount": request.amount.minor_amount if request.amount else None,
            },
            idempotency_key=request.idempotency_key,
        )
        return mandate_of(account.decode(response, MandateBody))

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /mandates/{id}/charge"""
        response = yield account.post(
            f"/mandates/{segment(request.connector_mandate_id)}/charge",
            json={
                "amount": request.amount.minor_amount,
                "network": request.network_transaction_id,
            },
            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, Body))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: AcmeAccount) -> Flow[Mandate]:
        """POST /mandates/{id}/revoke"""
        response = yield account.post(
            f"/mandates/{segment(request.connector_mandate_id)}/revoke",
            idempotency_key=request.idempotency_key,
        )
        return mandate_of(account.decode(response, MandateBody))

    @hookimpl
    def handle_event(self, request: HandleEventRequest, account: AcmeAccount) -> Flow[Event]:
        """Acme-Signature: time.hex of an HMAC of time.body"""
        yield from ()
        secrets = signatures.secrets_of(account.webhook_secret)
        at, _, given = (request.header("acme-signature") or "").partition(".")
        signatures.within(at, request.received_at)
        message = at.encode() + b"." + request.body
        signatures.verify(secrets, message, [signatures.from_hex(given)])
        body = account.decode(HttpResponse(200, body=request.body), EventBody)
        kind = EventKind.PAYMENT if body.payment is not None else EventKind.UNKNOWN
        return Event(
            kind=kind,
            event_type=body.type,
            connector_event_id=body.id,
            payment=None if body.payment is None else payment_of(body.payment),
        )

    @hookimpl
    def sign_event(self, request: HandleEventRequest, account: AcmeAccount) -> Mapping[str, str]:
        """As Acme does."""
        (secret, *_), at = signatures.secrets_of(account.webhook_secret), str(request.received_at)
        signed = signatures.signed(secret, at.encode() + b"." + request.body)
        return {"acme-signature": f"{at}.{signed.hex()}"}

    @hookimpl
    def parse_error(self, response: HttpResponse, account: AcmeAccount) -> ErrorAnswer | None:
        """An error has a code, with any status."""
        problem = response.decode(Problem)
        if problem is None:
            return None  # no error
        said = ConnectorDetails(code=problem.code, message=problem.message)
        return ErrorAnswer(
            kind=ErrorKind(problem.kind),
            details=ErrorDetails(connector=said),
            retryable=problem.retryable,
            unknown=problem.unknown,
        )


def customer_of(body: Customer) -> CustomerDetailed:
    """The customer that a body describes."""
    return CustomerDetailed(
        connector_customer_id=body.id, merchant_customer_id=body.ref, name=body.name
    )


def card_of(body: CardBody) -> KeptCard:
    """The card that a body describes."""
    return KeptCard(connector_payment_method_id=body.id, last_four=body.last_four)


def mandate_of(body: MandateBody) -> Mandate:
    """The permission that a body describes."""
    return Mandate(
        status=MANDATES.get(body.state, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        merchant_mandate_id=body.ref,
        network_transaction_id=body.network,
    )


def changing(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest | RefundRequest,
    account: AcmeAccount,
    what: str,
    ref: str | None = None,
) -> HttpRequest:
    """POST /payments/{id}/..."""
    amount = getattr(request, "amount", None)
    return account.post(
        f"/payments/{segment(request.connector_transaction_id)}/{what}",
        json={"amount": amount.minor_amount if amount else None, "ref": ref},
        idempotency_key=request.idempotency_key,
    )


def refund_of(body: RefundBody) -> Refund:
    """The refund that a body describes."""
    return Refund(
        status=REFUNDS.get(body.state, RefundStatus.REFUND_MANUAL_REVIEW),
        connector_refund_id=body.id,
        merchant_refund_id=body.ref,
        connector_transaction_id=body.payment,
        amount=Money(body.amount, body.currency),
    )


def payment_of(body: Body) -> Payment:
    """The payment that a body describes."""

    def money(amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, body.currency)

    return Payment(
        status=STATES.get(body.state, PaymentStatus.UNRESOLVED),
        connector_transaction_id=body.id,
        merchant_transaction_id=body.ref,
        connector_customer_id=body.customer,
        amount=money(body.amount),
        authorized_amount=money(body.authorized),
        capturable_amount=money(body.capturable),
        captured_amount=money(body.captured),
    )


connector = Acme()
