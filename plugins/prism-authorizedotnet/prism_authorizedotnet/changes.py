"""Changes to a payment that exists: capture and void, as
https://developer.authorize.net/api/reference/index.html#payment-transactions describes them.

Both are transactions with a `refTransId`, and both answer with the payment's own id.
"""

from __future__ import annotations

from prism_authorizedotnet.account import AuthorizeNetAccount, expect_answer_to, reference
from prism_authorizedotnet.answers import beside, error_beside
from prism_authorizedotnet.parts import amount_fields, digits, user_fields
from prism_authorizedotnet.shapes import AuthorizedFound, TransactionAnswer
from prism_authorizedotnet.values import id_of, link, network_id
from prism_core import (
    CaptureRequest,
    ErrorAnswer,
    Flow,
    Money,
    Payment,
    PaymentStatus,
    VoidRequest,
    at_most,
    expect_same,
    hookimpl,
)


class Changes:
    """The operations on a payment that is not settled."""

    @hookimpl
    def capture(self, request: CaptureRequest, account: AuthorizeNetAccount) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-capture-a-previously-authorized-amount;
        without an amount, what was authorized. The answer tells no amount, so that the payment is
        asked for what a part is a part of."""
        own_id = at_most(20, "merchant_capture_id", request.merchant_capture_id)
        paid = digits("connector_transaction_id", request.connector_transaction_id)
        sent_as = reference(own_id, paid)
        amount, fields = account.same_currency(request.amount), user_fields(request.metadata)
        done, authorized = PaymentStatus.CHARGED, None
        if amount is not None:
            response = yield account.ask(
                "getTransactionDetailsRequest", changes=False, transId=paid
            )
            details = account.decode(response, AuthorizedFound).transaction
            expect_same("connector_transaction_id", paid, id_of(details.trans_id))
            authorized = Money.from_decimal(details.auth_amount, amount.currency)
            if amount.minor_amount < authorized.minor_amount:
                done = PaymentStatus.PARTIAL_CHARGED  # it captures once: the rest is given up
        response = yield account.ask(
            "createTransactionRequest",
            refId=sent_as,
            transactionRequest={
                "transactionType": "priorAuthCaptureTransaction",
                **(amount_fields(amount) if amount is not None else {}),
                "refTransId": paid,
                "userFields": fields,
            },
        )
        answer = account.decode(response, TransactionAnswer)
        expect_answer_to(sent_as, answer.ref_id)
        failed = PaymentStatus.CAPTURE_FAILED
        return _changed(answer, done, failed, response.error, authorized)

    @hookimpl
    def void(self, request: VoidRequest, account: AuthorizeNetAccount) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-void-a-transaction;
        a captured payment as well, until it is settled."""
        own_id = at_most(20, "merchant_void_id", request.merchant_void_id)
        paid = digits("connector_transaction_id", request.connector_transaction_id)
        sent_as = reference(own_id, paid)
        response = yield account.ask(
            "createTransactionRequest",
            refId=sent_as,
            transactionRequest={
                "transactionType": "voidTransaction",
                "refTransId": paid,
                "userFields": user_fields(request.metadata),
            },
        )
        answer = account.decode(response, TransactionAnswer)
        expect_answer_to(sent_as, answer.ref_id)
        return _changed(answer, PaymentStatus.VOIDED, PaymentStatus.VOID_FAILED, response.error)


def _changed(
    answer: TransactionAnswer,
    done: PaymentStatus,
    failed: PaymentStatus,
    failure: ErrorAnswer | None,
    authorized: Money | None = None,
) -> Payment:
    """The payment after a change that was approved (1), held for review (4) or declined. A change
    that was not made names the payment only as what it refers to."""
    made = answer.transaction_response
    known = {"1": done, "4": PaymentStatus.PENDING}.get(str(made.response_code))
    status = known if known is not None and id_of(made.trans_id) else PaymentStatus.UNRESOLVED
    wrong = beside(answer) if failure is None else None
    return Payment(
        status=failed if failure is not None else status,
        connector_transaction_id=id_of(made.trans_id) or link(made.ref_trans_id),
        authorized_amount=authorized,
        network_transaction_id=network_id(made.network_trans_id),
        error=failure.details if failure is not None else wrong,
        discrepancies=error_beside(wrong, status),
    )
