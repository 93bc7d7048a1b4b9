"""Refunds: reversals of the transfer that a payment is, or was captured with."""

from prism_core import (
    Flow,
    GetRefundRequest,
    InvalidRequest,
    Money,
    NotFound,
    Refund,
    RefundRequest,
    expect_currency,
    expect_same,
    hookimpl,
)
from prism_core.connector.values import metadata_with_id

from .account import FinixAccount as Account
from .answers import refund_of
from .payments import AUTHORIZATION, TRANSFER, is_held
from .shapes import AuthorizationBody, TransferBody


def capture_of(payment: str, account: Account) -> Flow[str | None]:
    """The transfer that an authorization was captured with."""
    held = yield from account.fetch(account.get(AUTHORIZATION, payment), AuthorizationBody)
    expect_same("connector_transaction_id", payment, held.id)
    return held.transfer


def moved(payment: str, account: Account) -> Flow[TransferBody]:
    """The transfer of a payment: https://docs.finix.com/guides/after-the-payment/refunds"""
    transfer: str | None = payment
    if is_held(payment):
        transfer = yield from capture_of(payment, account)
    if transfer is None:
        raise InvalidRequest(
            "nothing is captured yet: void the payment", field="connector_transaction_id"
        )
    body = yield from account.fetch(account.get(TRANSFER, transfer), TransferBody)
    expect_same("connector_transaction_id", transfer, body.id)
    return body


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.finix.com/api/transfers/createtransferreversal: the amount is
        needed, and its currency is not sent, so the transfer is looked up before."""
        payment, amount = request.connector_transaction_id, request.amount
        tags = metadata_with_id(request, description=request.reason)
        known = yield from moved(payment, account)
        total = Money(known.amount, known.currency)
        expect_currency(amount, total)
        back = {"refund_amount": (amount or total).minor_amount, "tags": tags}
        asked = account.post(TRANSFER + "/reversals", known.id, json=back)
        body = yield from account.fetch(asked, TransferBody)
        parent = body.parent_transfer
        if parent:
            expect_same("connector_transaction_id", known.id, parent)
        return refund_of(body, payment if parent else parent)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """https://docs.finix.com/api/transfers/gettransfer; it names the transfer, and not the
        authorization that this captured."""
        payment = request.connector_transaction_id
        asked = account.get(TRANSFER, request.connector_refund_id)
        body = yield from account.fetch(asked, TransferBody)
        parent = body.parent_transfer
        if payment is None or not parent:
            return refund_of(body, parent)
        if is_held(payment):
            expect_same("transfer", parent, (yield from capture_of(payment, account)))
        elif payment != parent:
            raise NotFound("Finix has no refund with that id of that payment")
        return refund_of(body, payment)
