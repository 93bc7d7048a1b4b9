"""Payments: authorized, looked up, captured, voided, as
https://developer.authorize.net/api/reference/index.html#payment-transactions describes them.
"""

from __future__ import annotations

from typing import Any

from prism_authorizedotnet import parts
from prism_authorizedotnet.account import AuthorizeNetAccount as Account
from prism_authorizedotnet.account import expect_answer_to, fitting
from prism_authorizedotnet.answers import found, outcome, paid
from prism_authorizedotnet.methods import paid_with
from prism_authorizedotnet.shapes import TransactionAnswer
from prism_authorizedotnet.values import id_of, link, needed, network_id
from prism_core import (
    Ach,
    AuthorizeRequest,
    CaptureMethod,
    CaptureRequest,
    Flow,
    GetPaymentRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    VoidRequest,
    hookimpl,
)


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-authorize-a-credit-card
        and #payment-transactions-charge-a-credit-card, which differ in the transaction type.

        https://developer.authorize.net/api/reference/features/card-on-file.html: the first use of
        a card that is stored, for later payments with the customer there or not, has a mark."""
        own_id, browser = request.merchant_transaction_id, request.browser_info
        manual = request.capture_method is CaptureMethod.MANUAL
        if manual and isinstance(request.payment_method, Ach):
            problem = "a bank account is debited at once, and not authorized: capture AUTOMATIC"
            raise InvalidRequest(problem, field="capture_method")
        answer = yield from account.transact(
            "authOnlyTransaction" if manual else "authCaptureTransaction",
            own_id,
            **parts.amount_fields(request.amount),
            **paid_with(request, stores=request.setup_future_usage is not None),
            **_started_by(request),
            order={"invoiceNumber": own_id, "description": request.description},
            lineItems=parts.line_items(request.order_details, request.amount),
            customer=parts.payer(request),
            billTo=parts.bill_to(request),
            shipTo=parts.ship_to(request.shipping_address),
            customerIP=browser.ip_address if browser is not None else None,
            cardholderAuthentication=parts.authenticated(request.authentication_data),
            userFields=parts.user_fields(request.metadata),
        )
        return paid(answer, request, PaymentStatus.AUTHORIZED if manual else PaymentStatus.CHARGED)

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#transaction-reporting-get-transaction-details"""
        details = yield from account.look_up(request.connector_transaction_id)
        return found(details, account.currency)

    @hookimpl
    def capture(self, request: CaptureRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-capture-a-previously-authorized-amount;
        without an amount, what was authorized. The answer tells no amount, so that the payment is
        asked for what a part is a part of."""
        known, amount = request.connector_transaction_id, account.same_currency(request.amount)
        ref_id, change = _change(request, amount)
        done, whole = PaymentStatus.CHARGED, None
        if amount is not None:
            held = yield from account.look_up(known)
            whole = Money.from_decimal(needed("authAmount", held.auth_amount), amount.currency)
            if amount.minor_amount < whole.minor_amount:
                done = PaymentStatus.PARTIAL_CHARGED  # it captures once: the rest is given up
        answer = yield from account.transact("priorAuthCaptureTransaction", ref_id, **change)
        expect_answer_to(ref_id, answer)
        return _changed(answer, done, PaymentStatus.CAPTURE_FAILED, whole)

    @hookimpl
    def void(self, request: VoidRequest, account: Account) -> Flow[Payment]:
        """https://developer.authorize.net/api/reference/index.html#payment-transactions-void-a-transaction;
        a captured payment as well, until it is settled."""
        ref_id, change = _change(request, None)
        answer = yield from account.transact("voidTransaction", ref_id, **change)
        expect_answer_to(ref_id, answer)
        return _changed(answer, PaymentStatus.VOIDED, PaymentStatus.VOID_FAILED, None)


def _started_by(request: AuthorizeRequest) -> dict[str, Any]:
    """The marks of a payment with a payment method that is stored: the first one by card, or one
    that the merchant starts."""
    category, original = request.mit_category, request.network_transaction_id
    by_merchant = bool(request.off_session or category or original)
    if request.setup_future_usage is None:
        return parts.merchant_initiated(category, original) if by_merchant else {}
    if by_merchant:
        problem = "the first payment with a stored payment method is the customer's own"
        raise InvalidRequest(problem, field="setup_future_usage")
    is_debit = isinstance(request.payment_method, Ach)
    return {} if is_debit else {"processingOptions": {"isFirstSubsequentAuth": True}}


def _change(
    request: CaptureRequest | VoidRequest, amount: Money | None
) -> tuple[str | None, dict[str, Any]]:
    """The refId of a change, and its elements: the amount and the payment that it refers to."""
    known, fields = request.connector_transaction_id, parts.user_fields(request.metadata)
    change = {**parts.amount_fields(amount), "refTransId": known, "userFields": fields}
    return request.reference or fitting(known), change


def _changed(
    answer: TransactionAnswer, done: PaymentStatus, failed: PaymentStatus, whole: Money | None
) -> Payment:
    """The payment after a change. Both ids of the answer are the payment's; a change that was not
    made names it only as what it refers to."""
    made = answer.transaction_response
    known, referred = id_of(made.trans_id), id_of(made.ref_trans_id)
    if known is not None and referred not in (None, known):
        raise MalformedResponse("the answer is about two transactions")
    return Payment(
        **outcome(answer, done, failed, PaymentStatus.PENDING, PaymentStatus.UNRESOLVED),
        connector_transaction_id=known or link(made.ref_trans_id),
        authorized_amount=whole,
        network_transaction_id=network_id(made.network_trans_id),
    )
