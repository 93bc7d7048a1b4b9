"""Refunds: asked for, and looked up among the actions of their payment."""

from prism_core import (
    Flow,
    GetRefundRequest,
    NotFound,
    Refund,
    RefundRequest,
    expect_same,
    hookimpl,
)

from .account import CheckoutDotComAccount as Account
from .answers import refund_accepted, refund_of
from .fields import wire
from .payments import ACTIONS, PAYMENT, held
from .shapes import Accepted, Action, PaymentBody


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://api-reference.checkout.com/#operation/refundAPayment"""
        payment, mine = request.connector_transaction_id, request.merchant_refund_id
        back = {"amount": wire(request.amount), "reference": mine, "metadata": request.metadata}
        if request.amount is not None:
            yield from held(payment, request.amount, account)
        asked = account.post(PAYMENT + "/refunds", payment, json=back)
        return refund_accepted((yield from account.fetch(asked, Accepted)))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://api-reference.checkout.com/#operation/getPaymentActions; only the payment tells
        the currency."""
        payment, refund = request.connector_transaction_id, request.connector_refund_id
        body = yield from account.fetch(account.get(PAYMENT, payment), PaymentBody)
        expect_same("connector_transaction_id", payment, body.id)
        actions = yield from account.fetch(account.get(ACTIONS, payment), list[Action])
        for one in actions:
            if one.id == refund and one.type == "Refund":
                return refund_of(one, body.currency)
        raise NotFound("Checkout.com lists no refund with that id for this payment, or not yet")
