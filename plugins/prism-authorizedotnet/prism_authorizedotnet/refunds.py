"""Refunds: transactions of their own that give back what a settled payment took.

https://developer.authorize.net/api/reference/index.html#payment-transactions-refund-a-transaction
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount
from prism_authorizedotnet.answers import declined, details_of, id_of
from prism_authorizedotnet.parts import amount_fields, digits, user_fields
from prism_authorizedotnet.shapes import (
    Paid,
    PaidFound,
    TransactionAnswer,
    TransactionDetails,
    TransactionFound,
)
from prism_core import (
    ConnectorError,
    ErrorAnswer,
    ErrorDetails,
    Flow,
    GetRefundRequest,
    Money,
    Refund,
    RefundRequest,
    RefundStatus,
    at_most,
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
_UNSETTLED = ("authorizedPendingCapture", "capturedPendingSettlement")


class Refunds:
    """The operations on refunds."""

    @hookimpl
    def refund(self, request: RefundRequest, account: AuthorizeNetAccount) -> Flow[Refund]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-refund-a-transaction,
        which wants the last four digits of the card: the payment is asked for them first, and for
        the amount, if it is all."""
        own_id = at_most(20, "merchant_refund_id", request.merchant_refund_id)
        paid = digits("connector_transaction_id", request.connector_transaction_id)
        amount, fields = account.same_currency(request.amount), user_fields(request.metadata)
        response = yield account.ask("getTransactionDetailsRequest", changes=False, transId=paid)
        payment = account.decode(response, PaidFound).transaction
        whole = _whole(payment, account.currency) if amount is None else None
        try:
            response = yield account.ask(
                "createTransactionRequest",
                refId=own_id,
                transactionRequest={
                    "transactionType": "refundTransaction",
                    **_amount(amount or whole, payment),
                    "payment": {"creditCard": _masked(payment)},
                    "refTransId": paid,
                    "order": {"invoiceNumber": own_id},
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
        return _found(account.decode(response, TransactionFound).transaction, account.currency)


def _whole(payment: Paid, currency: str | None) -> Money | None:
    """All that was settled, where it is known in which currency."""
    return None if currency is None else Money.from_decimal(payment.settle_amount, currency)


def _amount(amount: Money | None, payment: Paid) -> dict[str, str]:
    """What to give back: the amount, or else all, in whatever currency the payment is."""
    if amount is None:
        return {"amount": f"{payment.settle_amount:f}"}
    return amount_fields(amount)


def _masked(payment: Paid) -> dict[str, str]:
    """The card as a refund names it: four digits, and an expiry that stands for any."""
    return {"cardNumber": payment.payment.credit_card.card_number[-4:], "expirationDate": "XXXX"}


def _made(answer: TransactionAnswer, amount: Money | None, failure: ErrorAnswer | None) -> Refund:
    """The refund that a transaction is. Approved (1), it waits to be settled."""
    made = answer.transaction_response
    approved = made.response_code == "1" and id_of(made.trans_id) is not None
    status = RefundStatus.REFUND_PENDING if approved else RefundStatus.REFUND_MANUAL_REVIEW
    return Refund(
        status=RefundStatus.REFUND_FAILURE if failure is not None else status,
        connector_refund_id=id_of(made.trans_id),
        merchant_refund_id=answer.ref_id,
        connector_transaction_id=id_of(made.ref_trans_id),
        amount=amount,
        error=failure.details if failure is not None else None,
    )


def _found(details: TransactionDetails, currency: str | None) -> Refund:
    """The refund that was looked up; a transaction of another type is none, whatever it says."""
    status = RefundStatus.REFUND_MANUAL_REVIEW
    if details.transaction_type == "refundTransaction":
        status = _STATUS.get(details.transaction_status, status)
    amount = None
    if details.settle_amount is not None and currency is not None:
        amount = Money.from_decimal(details.settle_amount, currency)
    return Refund(
        status=status,
        connector_refund_id=details.trans_id,
        merchant_refund_id=details.order.invoice_number if details.order else None,
        connector_transaction_id=id_of(details.ref_trans_id),
        amount=amount,
        error=_why(details) if status is RefundStatus.REFUND_FAILURE else None,
    )


def _why(details: TransactionDetails) -> ErrorDetails:
    """Why a refund failed: the reason of a decline, or the status itself."""
    if details.transaction_status != "declined":
        return details_of(details.transaction_status, "")
    reason = str(details.response_reason_code or "")
    return declined(reason, details.response_reason_description or "")
