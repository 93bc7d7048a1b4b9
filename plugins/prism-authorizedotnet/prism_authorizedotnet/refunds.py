"""Refunds: transactions of their own that give back what a settled payment took.

https://developer.authorize.net/api/reference/index.html#payment-transactions-refund-a-transaction
"""

from __future__ import annotations

from decimal import Decimal

from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.answers import REFUND, outcome
from prism_authorizedotnet.errors import declined, details_of
from prism_authorizedotnet.methods import refunded_to
from prism_authorizedotnet.parts import amount_fields, user_fields
from prism_authorizedotnet.shapes import Reason, Transaction, TransactionAnswer
from prism_authorizedotnet.values import echoed, id_of, link, money, needed
from prism_core import (
    ConnectorError,
    Flow,
    GetRefundRequest,
    MalformedResponse,
    Money,
    Refund,
    RefundRequest,
    RefundStatus,
    codes_by_word,
    hookimpl,
)

# transactionStatus of a refund, as the reference of getTransactionDetailsRequest lists it. Every
# other word is for a person to look at.
_WORDS = {
    RefundStatus.REFUND_PENDING: "refundPendingSettlement",
    RefundStatus.REFUND_SUCCESS: "refundSettledSuccessfully",
    RefundStatus.REFUND_FAILURE: "declined failedReview communicationError voided",
}
_STATUS = codes_by_word(_WORDS)
_UNSETTLED = ("authorizedPendingCapture", "capturedPendingSettlement")


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: Account) -> Flow[Refund]:
        """The payment is asked for first: for what it was paid with, which a refund names in
        part, and for the amount, if it is all."""
        own_id, known = request.merchant_refund_id, request.connector_transaction_id
        amount, fields = account.same_currency(request.amount), user_fields(request.metadata)
        payment = yield from account.look_up(known)
        settled = needed("settleAmount", payment.settle_amount)
        whole = money(settled, account.currency) if amount is None else None
        try:
            answer = yield from account.transact(
                REFUND,
                own_id,
                **(amount_fields(amount or whole) or _all(settled)),
                payment=refunded_to(payment.payment),
                refTransId=known,
                order={"invoiceNumber": own_id},
                userFields=fields,
            )
        except ConnectorError as error:
            said = error.details.connector
            unsettled = payment.transaction_status in _UNSETTLED
            if unsettled and said is not None and said.code == "54":
                error.message += " It is not settled yet: void it instead."
            raise
        return _made(answer, whole)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: Account) -> Flow[Refund]:
        """A refund is looked up as any transaction is."""
        details = yield from account.look_up(request.connector_refund_id, "connector_refund_id")
        return _found(details, account.currency)


def _all(settled: Decimal) -> dict[str, str]:
    """All of a payment, in whatever currency it is."""
    if not 0 < settled < 10**15:
        raise MalformedResponse("the answer to the lookup has no settleAmount to give back")
    return {"amount": f"{settled:f}"}


def _made(answer: TransactionAnswer, amount: Money | None) -> Refund:
    """The refund that a transaction is. Approved, it waits to be settled."""
    made, unsure = answer.transaction_response, RefundStatus.REFUND_MANUAL_REVIEW
    refund_id, payment_id = id_of(made.trans_id), link(made.ref_trans_id)
    if refund_id is not None and refund_id == payment_id:
        raise MalformedResponse("the answer is about the payment itself, and no refund of it")
    return Refund(
        **outcome(answer, RefundStatus.REFUND_PENDING, RefundStatus.REFUND_FAILURE, unsure, unsure),
        connector_refund_id=refund_id,
        merchant_refund_id=echoed(answer.ref_id),
        connector_transaction_id=payment_id,
        amount=amount,
    )


def _found(details: Transaction, currency: str | None) -> Refund:
    """The refund that was looked up; a transaction of another type is none, whatever it says.
    A failed one says why: the reason of a decline, or the status itself."""
    word, status = details.transaction_status, RefundStatus.REFUND_MANUAL_REVIEW
    if details.transaction_type == REFUND:
        status = _STATUS.get(word, status)
    why = declined(details.reason) if word == "declined" else details_of(Reason(code=word))
    return Refund(
        status=status,
        connector_refund_id=id_of(details.trans_id),
        merchant_refund_id=details.own_id,
        connector_transaction_id=id_of(details.ref_trans_id),
        amount=money(details.settle_amount, currency),
        error=why if status is RefundStatus.REFUND_FAILURE else None,
    )
