"""Payments: made, looked up, captured, voided, raised."""

from typing import Any

from msgspec.structs import replace

from prism_core import (
    ApplePay,
    AuthorizeRequest,
    CaptureRequest,
    Card,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GooglePay,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    MitCategory,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    Secret,
    SetupRecurringRequest,
    VoidRequest,
    bearer,
    expect_currency,
    expect_same,
    hookimpl,
    needs,
)
from prism_core.connector.values import translated

from .account import CheckoutDotComAccount as Account
from .answers import AGAIN, echoed, hosted_of, named, payment_of
from .fields import EXPONENTS, contact, money, risk, three_ds, wire
from .methods import DEBITS, source, wallet
from .shapes import Accepted, Action, HeldBody, HostedBody, Increment, PaymentBody, PaymentList

PAYMENTS = "/payments"
PAYMENT = "/payments/{}"
ACTIONS = "/payments/{}/actions"
UNSCHEDULED = "Unscheduled"
# https://github.com/checkout/checkout-sdk-python, payments.py, PaymentType
KINDS = {
    MitCategory.RECURRING_MIT: "Recurring",
    MitCategory.UNSCHEDULED_MIT: UNSCHEDULED,
    MitCategory.INSTALLMENT_MIT: "Installment",
}
PARTLY = {PaymentStatus.PARTIAL_CHARGED, PaymentStatus.PARTIAL_CHARGED_AND_CHARGEABLE}
SESSION = "ps_"  # a session of Flow
# How little a try counts beside others with the same reference: what has money, or has a word that
# is not known, is never hidden by a newer try without.
RANKS = {
    **dict.fromkeys(("Authorized", "Card Verified"), 1),
    "Pending": 2,
    **dict.fromkeys(("Voided", "Canceled", "Expired"), 3),
    "Declined": 4,
}


def asked_for(
    request: AuthorizeRequest | ChargeRecurringRequest | CreateOrderRequest | SetupRecurringRequest,
    amount: Money,
    account: Account,
) -> dict[str, Any]:
    """https://api-reference.checkout.com/#operation/requestAPaymentOrPayout: what all have."""
    customer = request.connector_customer_id
    return {
        "customer": {"id": customer} if customer else None,
        "description": request.description,
        "processing_channel_id": account.processing_channel_id,
        "metadata": request.metadata or None,
        "amount": wire(amount),
        "currency": amount.currency,
        "reference": request.reference,
    }


def with_customer(request: AuthorizeRequest | SetupRecurringRequest) -> dict[str, Any]:
    """The same page: where the customer comes back to, and the device that they pay with."""
    browser = request.browser_info
    return {
        "success_url": request.return_url,
        "failure_url": request.return_url,
        "payment_ip": browser.ip_address if browser else None,
        "risk": risk(browser),
    }


def kind(category: MitCategory | str | None, other: str) -> str:
    """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details"""
    return other if category is None else translated("mit_category", category, KINDS)


def series(request: AuthorizeRequest) -> dict[str, Any]:
    """https://www.checkout.com/docs/payments/accept-payments/pay-with-stored-card-details: the
    first payment of a series says so, and those without the customer."""
    if request.off_session or request.mit_category is not None:
        return {"merchant_initiated": True, "payment_type": kind(request.mit_category, UNSCHEDULED)}
    if request.setup_future_usage is FutureUsage.OFF_SESSION:
        return {"merchant_initiated": False, "payment_type": "Recurring"}
    return {}


def token_of(method: ApplePay | GooglePay, account: Account) -> Flow[Secret]:
    """https://api-reference.checkout.com/#operation/requestAToken, with the public key"""
    public = bearer(Secret(account.public()))
    asked = account.post("/tokens", json=wallet(method), headers=public, changes=False)
    return (yield from account.fetch(asked, Secret, member="token"))


def known(payment: str | None, account: Account) -> Flow[PaymentBody]:
    """https://api-reference.checkout.com/#operation/getPaymentDetails; why it was declined, only
    its newest action tells: https://api-reference.checkout.com/#operation/getPaymentActions"""
    body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
    if body.status == "Declined":
        expect_same("connector_transaction_id", payment, body.id)
        actions = yield from account.fetch(account.get(ACTIONS, body.id), list[Action])
        for one in actions[:1]:
            body.response_code, body.response_summary = one.response_code, one.response_summary
    return body


def held(payment: str, amount: Money, account: Account) -> Flow[HeldBody]:
    """A lookup before a change whose request has no currency: it must be the payment's."""
    body = yield from account.fetch(account.get(PAYMENT, payment), HeldBody)
    expect_same("connector_transaction_id", payment, body.id)
    expect_currency(amount, Money.from_wire(body.amount, body.currency, EXPONENTS))
    return body


def on_page(order: str, account: Account) -> Flow[Payment]:
    """https://api-reference.checkout.com/#operation/getHostedPaymentsPageDetails: the newest try on
    the page, if there is one. Whether another try can follow, the page tells."""
    page = yield from account.fetch(account.get("/hosted-payments/{}", order), HostedBody)
    expect_same("connector_order_id", order, page.id)
    if page.payment_id is None:
        return hosted_of(page)
    body = yield from known(page.payment_id, account)
    echoed("merchant_transaction_id", page.reference or None, body.reference)
    itself = hosted_of(page)
    mine = itself.merchant_transaction_id
    found = replace(payment_of(body), connector_order_id=page.id, merchant_transaction_id=mine)
    open_ = itself.status is PaymentStatus.PAYMENT_METHOD_AWAITED
    again = body.status in AGAIN or (body.status == "Expired" and open_)
    if not again or found.status in PARTLY:
        return found
    return replace(found, status=itself.status, redirection_data=itself.redirection_data)


def by_reference(mine: str | None, account: Account) -> Flow[Payment]:
    """https://api-reference.checkout.com/#tag/Payments: the try that went furthest; of several,
    the newest."""
    asked = account.get(PAYMENTS, query={"reference": mine or "", "limit": "100"})
    found = yield from account.fetch(asked, PaymentList)
    if found.total_count != len(found.data):
        raise MalformedResponse("the list of payments with that reference is not whole")
    if not found.data:
        raise NotFound("Checkout.com has no payment with that reference")
    best = min(found.data, key=lambda one: RANKS.get(one.status, 0))
    expect_same("merchant_transaction_id", mine, best.reference)
    return payment_of((yield from known(best.id, account)))


def just_made(body: PaymentBody, kind: str) -> Payment:
    """The answer to a payment, by a source of this kind: of a debit, also by a stored account, no
    bank has been asked yet."""
    debit = kind in DEBITS or (body.source is not None and body.source.type in DEBITS)
    if debit and body.status in ("Captured", "Authorized"):
        body.status = "Pending"
    return payment_of(body)


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/requestAPaymentOrPayout"""
        mine, address = request.merchant_transaction_id, request.billing_address
        paid = source(request.payment_method, address, mine)
        if request.setup_future_usage is not None:
            paid["store_for_future_use"] = True
        if request.mit_category is not None and isinstance(request.payment_method, Card):
            paid["stored"] = True  # you stored the number yourself
        raised = request.request_incremental_authorization
        payment = {
            **asked_for(request, request.amount, account),
            **with_customer(request),
            **series(request),
            "source": paid,
            "capture": request.capture_method != "MANUAL",
            "authorization_type": "Estimated" if raised else None,
            "3ds": three_ds(request.auth_type, request.authentication_data),
            "previous_payment_id": request.network_transaction_id,
            "shipping": contact(request.shipping_address),
        }
        if isinstance(request.payment_method, ApplePay | GooglePay):
            paid["token"] = yield from token_of(request.payment_method, account)
        asked = account.post(PAYMENTS, json=payment)
        return just_made((yield from account.fetch(asked, PaymentBody)), paid["type"])

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/getPaymentDetails"""
        payment, order = request.connector_transaction_id, request.connector_order_id
        if payment is not None:
            return payment_of((yield from known(payment, account)))
        if order is None:
            return (yield from by_reference(request.merchant_transaction_id, account))
        if order.startswith(SESSION):
            raise InvalidRequest(
                "Checkout.com has no lookup of a session: look the payment up by your own "
                "merchant_transaction_id",
                field="connector_order_id",
            )
        return (yield from on_page(order, account))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/getPaymentDetails. Of a session, only the
        way back names the payment, which must have your id."""
        payment, order = request.connector_transaction_id, request.connector_order_id
        if order is not None and not order.startswith(SESSION):
            return (yield from on_page(order, account))
        if order is None:
            return payment_of((yield from known(payment, account)))
        mine = needs("merchant_transaction_id", request.merchant_transaction_id, "of a session")
        payment = needs("returned", request.returned.get("cko-payment-id"), "of a session")
        body = yield from known(payment, account)
        expect_same("merchant_transaction_id", mine, body.reference or None)
        return payment_of(body)

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/captureAPayment: it is done later, and an
        event tells how much."""
        payment, mine = request.connector_transaction_id, request.merchant_capture_id
        part = {"amount": wire(request.amount), "reference": mine, "metadata": request.metadata}
        if request.amount is not None:
            yield from held(payment, request.amount, account)
        asked = account.post(PAYMENT + "/captures", payment, json=part)
        body = yield from account.fetch(asked, Accepted)
        echoed("merchant_capture_id", mine, body.reference)
        return Payment(
            status=PaymentStatus.CAPTURE_INITIATED, connector_transaction_id=named(body.links)
        )

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://api-reference.checkout.com/#operation/voidAPayment: it is done later."""
        mine = request.merchant_void_id
        whole = {"reference": mine, "metadata": request.metadata}
        asked = account.post(PAYMENT + "/voids", request.connector_transaction_id, json=whole)
        body = yield from account.fetch(asked, Accepted)
        echoed("merchant_void_id", mine, body.reference)
        return Payment(
            status=PaymentStatus.VOID_INITIATED, connector_transaction_id=named(body.links)
        )

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: Account
    ) -> Flow[Payment]:
        """https://www.checkout.com/docs/payments/manage-payments/authorize-a-payment/adjust-an-estimated-authorization:
        its amount is added, so the payment is looked up first."""
        payment, mine = request.connector_transaction_id, request.merchant_authorization_id
        total, metadata = wire(request.amount), request.metadata
        before = yield from held(payment, request.amount, account)
        so_far = before.balances.total_authorized if before.balances else before.amount
        if total == so_far:  # by an earlier try of this call
            return payment_of((yield from known(payment, account)))
        if total is None or total < so_far:
            raise InvalidRequest("the authorization is for more already", field="amount")
        more = {"amount": total - so_far, "reference": mine, "metadata": metadata}
        asked = account.post(PAYMENT + "/authorizations", payment, json=more)
        body = yield from account.fetch(asked, Increment)
        echoed("merchant_authorization_id", mine, body.reference)
        raised = body.status == "Authorized"
        now = body.balances.total_authorized if body.balances else None
        return Payment(
            status=PaymentStatus.AUTHORIZED if raised else PaymentStatus.UNRESOLVED,
            connector_transaction_id=named(body.links),
            authorized_amount=money(now, body.currency),
        )
