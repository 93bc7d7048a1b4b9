"""What the connector sends about a payment that exists: capture, void, increment, refunds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from prism_core import (
    CaptureRequest,
    Discrepancy,
    Flow,
    GetRefundRequest,
    HttpRequest,
    IncrementAuthorizationRequest,
    Money,
    Payment,
    Refund,
    RefundRequest,
    VoidRequest,
    expect_same,
    hookimpl,
    segment,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import payment, raised, refund
from prism_sandbox.shapes import Change, PaymentBody, RefundBody


class Changes:
    """The operations after authorizing, which the connector has with its others."""

    @hookimpl
    def capture(self, request: CaptureRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments/{id}/capture"""
        about = {**_part(request.amount), "reference": request.merchant_capture_id}
        response = yield _change(request, account, "capture", about)
        body = account.decode(response, PaymentBody)
        found = _differences(body, request.amount, merchant_capture_id=request.merchant_capture_id)
        return msgspec.structs.replace(payment(body), discrepancies=tuple(found))

    @hookimpl
    def void(self, request: VoidRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments/{id}/void"""
        about = {"reference": request.merchant_void_id, "reason": request.reason}
        response = yield _change(request, account, "void", about)
        body = account.decode(response, PaymentBody)
        found = _differences(body, None, merchant_void_id=request.merchant_void_id)
        return msgspec.structs.replace(payment(body), discrepancies=tuple(found))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: SandboxAccount
    ) -> Flow[Payment]:
        """POST /v1/payments/{id}/increment"""
        about = {
            **_part(request.amount),
            "reference": request.merchant_authorization_id,
            "description": request.description,
        }
        response = yield _change(request, account, "increment", about)
        body = account.decode(response, PaymentBody)
        if body.decline is not None:  # then nothing was changed
            return raised(body)
        own = request.merchant_authorization_id
        found = _differences(body, None, merchant_authorization_id=own)
        return msgspec.structs.replace(raised(body), discrepancies=tuple(found))

    @hookimpl
    def refund(self, request: RefundRequest, account: SandboxAccount) -> Flow[Refund]:
        """POST /v1/payments/{id}/refunds"""
        about = {
            **_part(request.amount),
            "reference": request.merchant_refund_id,
            "reason": request.reason,
        }
        response = yield _change(request, account, "refunds", about)
        return refund(account.decode(response, RefundBody))

    @hookimpl
    def get_refund(self, request: GetRefundRequest, account: SandboxAccount) -> Flow[Refund]:
        """GET /v1/refunds/{id}; what else is given must be true of it, or it is not found."""
        given = {
            "payment": request.connector_transaction_id,
            "reference": request.merchant_refund_id,
        }
        response = yield account.get(
            f"/v1/refunds/{segment(request.connector_refund_id)}",
            query={name: value for name, value in given.items() if value is not None},
        )
        return refund(account.decode(response, RefundBody))


def _change(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest | RefundRequest,
    account: SandboxAccount,
    change: str,
    about: Mapping[str, Any],
) -> HttpRequest:
    """POST /v1/payments/{id}/..."""
    return account.post(
        f"/v1/payments/{segment(request.connector_transaction_id)}/{change}",
        json={**about, "metadata": request.metadata},
        idempotency_key=request.idempotency_key,
    )


def _differences(
    body: PaymentBody, asked: Money | None, **own: str | None
) -> Iterator[Discrepancy]:
    """How the last change, which must be the one just asked for, differs from that. With another
    id of the caller's, the answer is about another change."""
    if body.changes is None:
        return
    last = body.changes[-1] if body.changes else Change()
    for name, given in own.items():
        if given is not None and last.reference is None:
            yield Discrepancy(name, given, "null")
        elif given is not None:
            expect_same(name, given, last.reference)
    if asked is not None and last.amount not in (None, asked.minor_amount):
        took = Money(last.amount, body.currency)
        yield Discrepancy("amount", str(asked), str(took))


def _part(amount: Money | None) -> dict[str, Any]:
    """The part of the money that is meant; nothing means all of it."""
    if amount is None:
        return {}
    return {"amount": amount.minor_amount, "currency": amount.currency}
