"""Payments: authorized, charged, looked up, captured, raised, reversed, refunded."""

from typing import Any

from msgspec import Struct

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    CustomerDetails,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GetRefundRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    Money,
    Payment,
    Refund,
    RefundRequest,
    Token,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
)

from . import documents
from .account import BraintreeAccount
from .answers import payment_of, refund_of, refunded
from .fields import STORE, address, card_options, initiator, risk, transaction
from .methods import usable
from .shapes import (
    RefundBody,
    RefundPayload,
    ReversedPayload,
    TransactionBody,
    TransactionPayload,
)


class Back(Struct, rename="camel"):
    """The refund that a reversal became."""

    refunded_transaction: TransactionBody


class VoidedPayload(Struct):
    """A reversal that voided."""

    reversal: TransactionBody


class RefundedPayload(Struct):
    """A reversal that refunded."""

    reversal: Back


def buyer(known: CustomerDetails | None) -> dict[str, Any] | None:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-customer-details-input"""
    if known is None:
        return None
    return {"email": known.email, "phoneNumber": known.phone}


def for_later(request: AuthorizeRequest) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-initiator: who starts
    it, and whether it is the first of several. What is stored already is not stored again."""
    usage = request.setup_future_usage
    found: dict[str, Any] = {}
    if usage is not None and not isinstance(request.payment_method, Token):
        found["vaultPaymentMethodAfterTransacting"] = STORE
    if request.mit_category is not None:
        found["paymentInitiator"] = initiator(request.mit_category)
    elif request.off_session:
        found["paymentInitiator"] = "UNSCHEDULED"
    elif usage is FutureUsage.OFF_SESSION:
        found["paymentInitiator"] = "RECURRING_FIRST"
    return found


def order(request: AuthorizeRequest, account: BraintreeAccount) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input"""
    shipping = address(request.shipping_address)
    is_stored = isinstance(request.payment_method, Token)
    known = request.connector_customer_id
    return {
        **transaction(request, account),
        **for_later(request),
        "customerId": known,
        "customerDetails": None if is_stored or known else buyer(request.customer),
        "riskData": risk(request.browser_info),
        "shipping": None if shipping is None else {"shippingAddress": shipping},
    }


def paying(method: Any, order: Any, options: Any, charge: bool, account: Any) -> HttpRequest:
    """https://developer.paypal.com/braintree/graphql/reference/mutations/charge-payment-method, or
    one of the three like it: options are for cards alone."""
    if options is None:
        document = documents.CHARGE if charge else documents.AUTHORIZE
    else:
        document = documents.CHARGE_CARD if charge else documents.AUTHORIZE_CARD
    data = {"paymentMethodId": method, "options": options, "transaction": order}
    asked: HttpRequest = account.mutation(document, {"input": data})
    return asked


def found(payment: str | None, account: BraintreeAccount) -> Flow[TransactionBody]:
    """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
    asked = account.query(documents.FIND_TRANSACTION, {"id": payment})
    body = yield from account.fetch(asked, TransactionBody)
    expect_same("connector_transaction_id", payment, body.id)
    return body


def in_its_currency(
    money: Money | None, payment: str | None, account: BraintreeAccount
) -> Flow[None]:
    """An amount has no currency at Braintree: the payment is looked up for its own."""
    body = yield from found(payment, account)
    expect_currency(money, Money.from_decimal(body.amount.value, body.amount.currency_code))


class Payments:
    """The operations on payments and refunds."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: BraintreeAccount) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/charge-payment-method"""
        details, options = order(request, account), card_options(request)
        charge = request.capture_method is not CaptureMethod.MANUAL
        method = yield from usable(request.payment_method, account)
        asked = paying(method, details, options, charge, account)
        return payment_of((yield from account.fetch(asked, TransactionPayload)).transaction)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: BraintreeAccount) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        return payment_of((yield from found(request.connector_transaction_id, account)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: BraintreeAccount) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/capture-transaction"""
        payment, part = request.connector_transaction_id, request.amount
        data: dict[str, Any] = {"transactionId": payment}
        if part is not None:
            data["transaction"] = {"amount": part.to_decimal()}
            yield from in_its_currency(part, payment, account)
        asked = account.mutation(documents.CAPTURE, {"input": data})
        return payment_of((yield from account.fetch(asked, TransactionPayload)).transaction)

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: BraintreeAccount
    ) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/update-transaction-amount,
        with which Braintree honours no key."""
        payment, total = request.connector_transaction_id, request.amount
        data = {"transactionId": payment, "amount": total.to_decimal()}
        yield from in_its_currency(total, payment, account)
        asked = account.mutation(documents.RAISE, {"input": data}, keyed=False)
        return payment_of((yield from account.fetch(asked, TransactionPayload)).transaction)

    @hookimpl
    def void(self, request: VoidRequest, account: BraintreeAccount) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/reverse-transaction,
        which refunds what has settled: that is refused, and told if it settled meanwhile."""
        payment = request.connector_transaction_id
        body = yield from found(payment, account)
        if body.status in ("SETTLING", "SETTLED"):
            raise InvalidRequest(
                "the payment is settled, and can only be refunded: use refunds.create",
                field="connector_transaction_id",
            )
        asked = account.mutation(documents.REVERSE, {"input": {"transactionId": payment}})
        response = yield asked
        if account.decode(response, ReversedPayload).reversal.kind == "Transaction":
            return payment_of(account.decode(response, VoidedPayload).reversal)
        return payment_of(account.decode(response, RefundedPayload).reversal.refunded_transaction)

    @hookimpl
    def refund(self, request: RefundRequest, account: BraintreeAccount) -> Flow[Refund]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/refund-transaction:
        without an amount, the whole payment is refunded."""
        payment, part = request.connector_transaction_id, request.amount
        back = {
            "amount": None if part is None else part.to_decimal(),
            "orderId": request.merchant_refund_id,
            "description": request.reason,
        }
        body = yield from found(payment, account)
        total = Money.from_decimal(body.amount.value, body.amount.currency_code)
        expect_currency(part, total)
        if part is None and refunded(body) not in (None, total):
            raise InvalidRequest("a part was refunded already: give the rest", field="amount")
        data = {"input": {"transactionId": payment, "refund": back}}
        asked = account.mutation(documents.MAKE_REFUND, data)
        return refund_of((yield from account.fetch(asked, RefundPayload)).refund)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: BraintreeAccount) -> Flow[Refund]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        asked = account.query(documents.FIND_REFUND, {"id": request.connector_refund_id})
        return refund_of((yield from account.fetch(asked, RefundBody)))
