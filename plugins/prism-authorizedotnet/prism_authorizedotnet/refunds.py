"""Refunds: transactions of their own that give back what a settled payment took.

https://developer.authorize.net/api/reference/index.html#payment-transactions-refund-a-transaction
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount
from prism_authorizedotnet.answers import REFUND, beside, error_beside
from prism_authorizedotnet.errors import declined, details_of
from prism_authorizedotnet.parts import amount_fields, digits, user_fields
from prism_authorizedotnet.shapes import (
    Paid,
    PaidFound,
    TransactionAnswer,
    TransactionDetails,
    TransactionFound,
)
from prism_authorizedotnet.values import echoed, id_of, link, money
from prism_core import (
    ConnectorError,
    ErrorAnswer,
    ErrorDetails,
    Flow,
    GetRefundRequest,
    MalformedResponse,
    Money,
    Refund,
    RefundRequest,
    RefundStatus,
    at_most,
    expect_same,
    hookimpl,
)

# transactionStatus of a refund, as the reference of getTransactionDetailsRequest lists it. Every
# other word is for a person to look at.
_STATUS = {
    "refundPendingSettlement": RefundStatus.REFUND_PENDING,
    "refundSettledSuccessfully": RefundStatus.REFUND_SUCCESS,
    "declined": RefundStatus.REFUND_FAILURE,
    "failedReview": RefundStatus.REFUND_FAILURE,
    "communicationError": RefundStatus.REFUND_FAILURE,
    "voided": RefundStatus.REFUND_FAILURE,
}
_MOST = 10**15
_UNSETTLED = ("authorizedPendingCapture", "capturedPendingSettlement")


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: AuthorizeNetAccount) -> Flow[Refund]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-refund-a-transaction,
        which wants the last four digits of the card: the payment is asked for them first, and for
        the amount, if it is all."""
        sent_as = at_most(20, "merchant_refund_id", request.merchant_refund_id)
        paid = digits("connector_transaction_id", request.connector_transaction_id)
        amount, fields = account.same_currency(request.amount), user_fields(request.metadata)
        response = yield account.ask("getTransactionDetailsRequest", changes=False, transId=paid)
        payment = account.decode(response, PaidFound).transaction
        expect_same("connector_transaction_id", paid, id_of(payment.trans_id))
        whole = money(payment.settle_amount, account.currency) if amount is None else None
        try:
            response = yield account.ask(
                "createTransactionRequest",
                refId=sent_as,
                transactionRequest={
                    "transactionType": REFUND,
                    **_amount(amount or whole, payment),
                    "payment": {"creditCard": _masked(payment)},
                    "refTransId": paid,
                    "order": {"invoiceNumber": sent_as},
                    "userFields": fields,
                },
            )
        except ConnectorError as error:
            said = error.details.connector
            unsettled = payment.transaction_status in _UNSETTLED
            if unsettled and said is not None and said.code == "54":
                error.message += " It is not settled yet: void it instead."
            raise
        return _made(account.decode(response, TransactionAnswer), whole, response.error)

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: AuthorizeNetAccount) -> Flow[Refund]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details:
        a refund is looked up as any transaction is."""
        sought = digits("connector_refund_id", request.connector_refund_id)
        response = yield account.ask("getTransactionDetailsRequest", changes=False, transId=sought)
        details = account.decode(response, TransactionFound).transaction
        expect_same("connector_refund_id", sought, id_of(details.trans_id))
        return _found(details, account.currency)


def _amount(amount: Money | None, payment: Paid) -> dict[str, str]:
    """What to give back: the amount, or else all, in whatever currency the payment is."""
    if amount is not None:
        return amount_fields(amount)
    if not 0 < payment.settle_amount < _MOST:
        raise MalformedResponse("the answer to the lookup has no settleAmount to give back")
    return {"amount": f"{payment.settle_amount:f}"}


def _masked(payment: Paid) -> dict[str, str]:
    """The card as a refund names it: four digits, and an expiry that stands for any."""
    return {"cardNumber": payment.payment.credit_card.card_number[-4:], "expirationDate": "XXXX"}


def _made(answer: TransactionAnswer, amount: Money | None, failure: ErrorAnswer | None) -> Refund:
    """The refund that a transaction is. Approved (1), it waits to be settled."""
    made = answer.transaction_response
    approved = str(made.response_code) == "1" and id_of(made.trans_id) is not None
    status = RefundStatus.REFUND_PENDING if approved else RefundStatus.REFUND_MANUAL_REVIEW
    wrong = beside(answer) if failure is None else None
    return Refund(
        status=RefundStatus.REFUND_FAILURE if failure is not None else status,
        connector_refund_id=id_of(made.trans_id),
        merchant_refund_id=echoed(answer.ref_id),
        connector_transaction_id=link(made.ref_trans_id),
        amount=amount,
        error=failure.details if failure is not None else wrong,
        discrepancies=error_beside(wrong),
    )


def _found(details: TransactionDetails, currency: str | None) -> Refund:
    """The refund that was looked up; a transaction of another type is none, whatever it says."""
    status = RefundStatus.REFUND_MANUAL_REVIEW
    if details.transaction_type == REFUND:
        status = _STATUS.get(details.transaction_status, status)
    return Refund(
        status=status,
        connector_refund_id=id_of(details.trans_id),
        merchant_refund_id=(details.order.invoice_number or None) if details.order else None,
        connector_transaction_id=id_of(details.ref_trans_id),
        amount=money(details.settle_amount, currency),
        error=_why(details) if status is RefundStatus.REFUND_FAILURE else None,
    )


def _why(details: TransactionDetails) -> ErrorDetails:
    """Why a refund failed: the reason of a decline, or the status itself."""
    if details.transaction_status != "declined":
        return details_of(details.transaction_status, "")
    reason = str(details.response_reason_code or "")
    return declined(reason, details.response_reason_description or "")
