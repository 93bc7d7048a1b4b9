"""Changes to a payment that exists: capture, cancel, refund and amount update, as
https://docs.adyen.com/api-explorer/Checkout/71/post/payments has them below a payment. To each,
Adyen answers that it was received; how it ends, it tells by webhook."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import UNSET

from prism_adyen.account import AdyenAccount
from prism_adyen.amounts import Amount, amount_of, money_of
from prism_core import (
    CaptureRequest,
    Discrepancy,
    Flow,
    IncrementAuthorizationRequest,
    InvalidRequest,
    MalformedResponse,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundRequest,
    RefundStatus,
    Told,
    VoidRequest,
    at_most,
    hookimpl,
    segment,
    told,
)

_Change = CaptureRequest | VoidRequest | RefundRequest | IncrementAuthorizationRequest


class ChangeBody(msgspec.Struct, rename="camel"):
    """What the answers have in common: the payment's reference, and the change's own."""

    status: str
    psp_reference: str
    payment_psp_reference: str
    reference: Told[str] = UNSET
    amount: Amount | None = None

    @property
    def is_received(self) -> bool:
        """Whether it has the one status that is documented."""
        return self.status == "received"


class Changes:
    """The operations on a payment, for the connector to inherit."""

    @hookimpl
    def capture(self, request: CaptureRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/captures"""
        amount = _given(request.amount, "captures")
        body = yield from _change(account, request, "captures", amount)
        return Payment(
            status=_status(body, PaymentStatus.CAPTURE_INITIATED),
            connector_transaction_id=body.payment_psp_reference,
            captured_amount=money_of(body.amount),
            discrepancies=(*_unnamed(request, body), *_received(amount, body)),
        )

    @hookimpl
    def void(self, request: VoidRequest, account: AdyenAccount) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/cancels"""
        body = yield from _change(account, request, "cancels")
        return Payment(
            status=_status(body, PaymentStatus.VOID_INITIATED),
            connector_transaction_id=body.payment_psp_reference,
            discrepancies=_unnamed(request, body),
        )

    @hookimpl
    def refund(self, request: RefundRequest, account: AdyenAccount) -> Flow[Refund]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/refunds"""
        amount = _given(request.amount, "refunds")
        body = yield from _change(account, request, "refunds", amount)
        pending, unclear = RefundStatus.REFUND_PENDING, RefundStatus.REFUND_MANUAL_REVIEW
        return Refund(
            status=pending if body.is_received else unclear,
            connector_refund_id=body.psp_reference,
            merchant_refund_id=told(body.reference),
            connector_transaction_id=body.payment_psp_reference,
            amount=money_of(body.amount),
        )

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: AdyenAccount
    ) -> Flow[Payment]:
        """https://docs.adyen.com/api-explorer/Checkout/71/post/payments/(paymentPspReference)/amountUpdates
        Its amount is the new total. It may have an industryUsage, which no request here tells."""
        body = yield from _change(account, request, "amountUpdates", request.amount)
        return Payment(
            status=_status(body, PaymentStatus.PENDING),
            connector_transaction_id=body.payment_psp_reference,
            authorized_amount=money_of(body.amount),
            discrepancies=_unnamed(request, body),
        )


def _change(
    account: AdyenAccount, request: _Change, what: str, amount: Money | None = None
) -> Flow[ChangeBody]:
    """Asks for a change, with the caller's own id of it as its reference."""
    at_most(64, "idempotency_key", request.idempotency_key)
    response = yield account.post(
        f"/v71/payments/{segment(request.connector_transaction_id)}/{what}",
        json={
            "merchantAccount": account.merchant_account,
            "amount": None if amount is None else amount_of(amount),
            "reference": at_most(80, request.reference_field, request.reference),
        },
        idempotency_key=request.idempotency_key,
    )
    body = account.decode(response, ChangeBody)
    own = request.reference
    if own is not None and body.reference and body.reference != own:
        raise MalformedResponse(f"the answer is about another {request.reference_field} than asked")
    return body


def _unnamed(request: _Change, body: ChangeBody) -> tuple[Discrepancy, ...]:
    """The caller's own id of the change, which a payment has no field for, where Adyen says that
    it has none."""
    own = request.reference
    if own is None or body.reference is not None:
        return ()
    return (Discrepancy(request.reference_field, own, "null"),)


def _received(asked: Money, body: ChangeBody) -> Iterator[Discrepancy]:
    """A capture of nothing, which the core takes for one that has not taken anything yet: here,
    the amount is the one that Adyen received."""
    if body.amount is not None and body.amount.value == 0:
        yield Discrepancy("captured_amount", str(asked), str(money_of(body.amount)))


def _given(amount: Money | None, does: str) -> Money:
    """The amount, which only the caller knows: Adyen cannot be asked what is left."""
    if amount is None:
        raise InvalidRequest(
            f"Adyen {does} the amount that it is told, and cannot be asked what is left; "
            "give the amount",
            field="amount",
        )
    return amount


def _status(body: ChangeBody, begun: PaymentStatus) -> PaymentStatus:
    return begun if body.is_received else PaymentStatus.UNRESOLVED
