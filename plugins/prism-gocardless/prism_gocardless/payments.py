"""Payments: by bank debit, by a stored mandate, on GoCardless's page; looked up, cancelled,
refunded."""

from msgspec.structs import replace

from prism_core import (
    AuthorizeRequest,
    ChargeRecurringRequest,
    CompletePaymentRequest,
    CreateOrderRequest,
    Flow,
    GetPaymentRequest,
    GetRefundRequest,
    Money,
    Payment,
    Refund,
    RefundRequest,
    Token,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
    nullable,
)
from prism_core.connector.values import metadata_with_id

from .account import GoCardlessAccount as Account
from .answers import order_of, payment_of, refund_of
from .calls import cancelled, known, made
from .fields import agreed, mandate, offered, payment
from .pages import at_once, mandate_request, opened, page_of
from .shapes import BillingRequestBody, MandateBody, Object, PaymentBody, RefundBody


def debit(order: Object, agreed_to: object, account: Account) -> Flow[Payment]:
    """https://developer.gocardless.com/api-reference/#payments-create-a-payment"""
    links = {"mandate": agreed_to}
    return payment_of((yield from made(PaymentBody, {**order, "links": links}, account)))


def payment_for(request: AuthorizeRequest | ChargeRecurringRequest) -> Object:
    """https://developer.gocardless.com/api-reference/#payments-create-a-payment"""
    reference = request.statement_descriptor_suffix
    return payment(request.amount, request.description, metadata_with_id(request), reference)


def ordered(order: str | None, account: Account) -> Flow[Payment]:
    """A billing request, and the payment that it became."""
    body = yield from known(BillingRequestBody, order, account)
    became = body.links.payment_request_payment
    if became is None:
        return order_of(body)
    paid = yield from known(PaymentBody, became, account)
    return payment_of(paid, body)


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/api-reference/#payments-create-a-payment; a bank account
        gets a mandate first: https://developer.gocardless.com/api-reference/#mandates-create-a-mandate"""
        method, customer = request.payment_method, request.connector_customer_id
        order = payment_for(request)
        if isinstance(method, Token):
            token = method.token
            if customer is not None:  # nobody else's mandate
                body = yield from known(MandateBody, token, account)
                expect_same("connector_customer_id", customer, nullable(body.links.customer))
            return (yield from debit(order, token, account))
        accepted = agreed(method, request.customer_acceptance)
        body, _ = yield from mandate(request, accepted, None, account)
        return (yield from debit(order, body.id, account))

    @hookimpl
    def create_order(self, request: CreateOrderRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/billing-requests/taking-an-instant-bank-payment; with a
        mandate for later: https://developer.gocardless.com/billing-requests/taking-an-instant-first-payment-with-direct-debit-mandate-creation"""
        money = at_once(request.amount, request.hosted)
        mine = metadata_with_id(request)
        asked = payment(money, request.description, mine)
        what: Object = {"payment_request": asked, "metadata": mine}
        if request.setup_future_usage is not None:
            scheme = offered(request.payment_method_types)
            what["mandate_request"] = mandate_request(scheme, money, request.description, mine)
        body, flow = yield from opened(request, what, account)
        return replace(order_of(body), redirection_data=page_of(flow))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/api-reference/#payments-get-a-single-payment"""
        of = request.connector_transaction_id
        if of is None:
            return (yield from ordered(request.connector_order_id, account))
        return payment_of((yield from known(PaymentBody, of, account)))

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/api-reference/#billing-requests-get-a-billing-request:
        the page fulfils the request by itself, and the way back says nothing."""
        return (yield from ordered(request.connector_order_id, account))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://developer.gocardless.com/api-reference/#payments-cancel-a-payment: before it goes
        to the bank. Its metadata stays on the event."""
        stays = {"metadata": dict(request.metadata)} if request.metadata else None
        of = request.connector_transaction_id
        return payment_of((yield from cancelled(PaymentBody, of, account, stays)))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.gocardless.com/api-reference/#refunds-create-a-refund: it wants to hear
        the total of all refunds, so that two processes cannot refund unaware of each other."""
        of, money = request.connector_transaction_id, request.amount
        assert money is not None
        back = {
            "amount": money.minor_amount,
            "links": {"payment": of},
            "metadata": metadata_with_id(request),
        }
        body = yield from known(PaymentBody, of, account)
        expect_currency(money, Money(body.amount, body.currency))
        total = (body.amount_refunded or 0) + money.minor_amount
        back["total_amount_confirmation"] = total
        return refund_of((yield from made(RefundBody, back, account)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.gocardless.com/api-reference/#refunds-get-a-single-refund"""
        return refund_of((yield from known(RefundBody, request.connector_refund_id, account)))
