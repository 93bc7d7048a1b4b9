"""Payments: authorized, charged, looked up, captured, raised, reversed, refunded."""

from typing import Any

from prism_core import (
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Flow,
    FutureUsage,
    GetPaymentRequest,
    GetRefundRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    InvalidRequest,
    Payment,
    Refund,
    RefundRequest,
    Token,
    VoidRequest,
    expect_currency,
    expect_same,
    hookimpl,
)
from prism_core.connector.values import translated

from . import documents
from .account import BraintreeAccount as Account
from .answers import payment_of, refund_of, refunded
from .fields import INITIATORS, STORE, address, card_options, risk, transaction
from .methods import usable
from .shapes import RefundBody, Reversal, TransactionBody

# https://developer.paypal.com/braintree/articles/guides/at-most-once#reverse; and a void that is
# repeated with its key.
VOIDABLE = {"AUTHORIZED", "SUBMITTED_FOR_SETTLEMENT", "VOIDED"}


def for_later(request: AuthorizeRequest) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/payment-initiator: who starts
    it, and whether it is the first of several. What is stored already is not stored again."""
    usage = request.setup_future_usage
    is_stored = usage is None or isinstance(request.payment_method, Token)
    found = {} if is_stored else {"vaultPaymentMethodAfterTransacting": STORE}
    if request.mit_category is not None:
        return {
            **found,
            "paymentInitiator": translated("mit_category", request.mit_category, INITIATORS),
        }
    first = "RECURRING_FIRST" if usage is FutureUsage.OFF_SESSION else None
    return {**found, "paymentInitiator": "UNSCHEDULED" if request.off_session else first}


def order(request: AuthorizeRequest, account: Account) -> dict[str, Any]:
    """https://developer.paypal.com/braintree/graphql/reference/types/transaction-input; a payer of
    whom Braintree knows nothing else has an email address and a phone."""
    shipping, known = address(request.shipping_address), request.connector_customer_id
    payer = None if known or isinstance(request.payment_method, Token) else request.customer
    return {
        **transaction(request, account),
        **for_later(request),
        "customerId": known,
        "customerDetails": payer and {"email": payer.email, "phoneNumber": payer.phone},
        "riskData": risk(request.browser_info),
        "shipping": shipping and {"shippingAddress": shipping},
    }


def paying(method: Any, order: Any, options: Any, charge: bool, account: Any) -> Any:
    """https://developer.paypal.com/braintree/graphql/reference/mutations/charge-payment-method, or
    one of the three like it: options are for cards alone."""
    document = documents.CHARGE if charge else documents.AUTHORIZE
    if options is not None:
        document = documents.CHARGE_CARD if charge else documents.AUTHORIZE_CARD
    data = {"paymentMethodId": method, "options": options, "transaction": order}
    return account.mutation(document, {"input": data})


def paid(asked: HttpRequest, account: Account) -> Flow[TransactionBody]:
    """The transaction in the answer to a mutation."""
    return (yield from account.fetch(asked, TransactionBody, member="transaction"))


def found(payment: str | None, account: Account) -> Flow[TransactionBody]:
    """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
    asked = account.query(documents.FIND_TRANSACTION, {"id": payment})
    body = yield from account.fetch(asked, TransactionBody)
    expect_same("connector_transaction_id", payment, body.id)
    return body


class Payments:
    """The operations on payments and refunds."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/charge-payment-method"""
        details, options = order(request, account), card_options(request)
        charge = request.capture_method is not CaptureMethod.MANUAL
        method = yield from usable(request.payment_method, account)
        asked = paying(method, details, options, charge, account)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        return payment_of((yield from found(request.connector_transaction_id, account)))

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/capture-transaction"""
        payment, part = request.connector_transaction_id, request.amount
        data: dict[str, Any] = {"transactionId": payment}
        if part is not None:
            data["transaction"] = {"amount": part.to_decimal()}
            expect_currency(part, (yield from found(payment, account)).amount.money)
        asked = account.mutation(documents.CAPTURE, {"input": data})
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: Account
    ) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/update-transaction-amount,
        with which Braintree honours no key."""
        payment, total = request.connector_transaction_id, request.amount
        data = {"transactionId": payment, "amount": total.to_decimal()}
        known = (yield from found(payment, account)).amount.money
        expect_currency(total, known)
        if total.minor_amount < known.minor_amount:
            raise InvalidRequest("the authorization is for more already", field="amount")
        asked = account.mutation(documents.RAISE, {"input": data}, keyed=False)
        return payment_of((yield from paid(asked, account)))

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/reverse-transaction,
        which refunds what has settled: that is refused, and told if it settled meanwhile."""
        payment = request.connector_transaction_id
        body = yield from found(payment, account)
        if body.status not in VOIDABLE:
            raise InvalidRequest(
                f"the payment is {body.status}, and cannot be voided: use payments.refund",
                field="connector_transaction_id",
            )
        asked = account.mutation(documents.REVERSE, {"input": {"transactionId": payment}})
        response = yield asked
        back = account.decode(response, Reversal, member="reversal").refunded_transaction
        return payment_of(back or account.decode(response, TransactionBody, member="reversal"))

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.paypal.com/braintree/graphql/reference/mutations/refund-transaction:
        without an amount, the whole payment is refunded."""
        payment, part = request.connector_transaction_id, request.amount
        back = {
            "amount": None if part is None else part.to_decimal(),
            "orderId": request.merchant_refund_id,
            "description": request.reason,
        }
        body = yield from found(payment, account)
        expect_currency(part, body.amount.money)
        if part is None and refunded(body) not in (None, body.amount.money):
            raise InvalidRequest("a part was refunded already: give the rest", field="amount")
        data = {"input": {"transactionId": payment, "refund": back}}
        asked = account.mutation(documents.MAKE_REFUND, data)
        return refund_of((yield from account.fetch(asked, RefundBody, member="refund")))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://developer.paypal.com/braintree/graphql/reference/queries/node"""
        asked = account.query(documents.FIND_REFUND, {"id": request.connector_refund_id})
        return refund_of((yield from account.fetch(asked, RefundBody)))
