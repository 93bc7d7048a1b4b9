"""What the connector sends about payments: making one, and what becomes of it after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from prism_core import (
    AuthorizeRequest,
    CaptureRequest,
    CompletePaymentRequest,
    Discrepancy,
    Flow,
    GetPaymentRequest,
    IncrementAuthorizationRequest,
    Money,
    NotFound,
    Payment,
    PaymentStatus,
    VoidRequest,
    expect_same,
    hookimpl,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import order, order_differences, payment, raised
from prism_sandbox.parts import (
    about,
    acceptance_of,
    authentication_of,
    is_test_token,
    method_of,
    mit_category,
    needs_customer,
    part,
)
from prism_sandbox.shapes import Change, OrderBody, PaymentBody, PaymentList


class Payments:
    """The operations on payments."""

    @hookimpl
    def authorize(self, request: AuthorizeRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments"""
        needs_customer(request)
        asked = account.post(
            "/v1/payments",
            json={
                **about(request),
                "payment_method": method_of(request.payment_method),
                "off_session": request.off_session,
                "mit_category": mit_category(request.mit_category),
                "network_transaction_id": request.network_transaction_id,
                "incremental": request.request_incremental_authorization,
                "acceptance": acceptance_of(request.customer_acceptance),
                "authentication": authentication_of(request.authentication_data),
            },
        )
        body = yield from account.fetch(asked, PaymentBody, declined=True)
        found = order_differences(body, request.merchant_order_id)
        made = msgspec.structs.replace(payment(body), discrepancies=found)
        if is_test_token(request.payment_method):
            return msgspec.structs.replace(made, connector_payment_method_id=None)
        return made

    @hookimpl
    def get_payment(self, request: GetPaymentRequest, account: SandboxAccount) -> Flow[Payment]:
        """GET /v1/payments/{id}, GET /v1/orders/{id}, or GET /v1/payments?reference=...: of several
        tries the one that went furthest, so that no declined one hides one that was paid."""
        if request.connector_transaction_id is not None:
            return (yield from _looked_up(account, request.connector_transaction_id))
        if request.connector_order_id is not None:
            return (yield from _ordered(account, request.connector_order_id))
        reference = request.merchant_transaction_id or ""
        asked = account.get("/v1/payments", query={"reference": reference})
        tries = [payment(one) for one in (yield from account.fetch(asked, PaymentList)).data]
        if not tries:
            raise NotFound(f"the sandbox has no payment with the reference {reference}")
        return min(tries, key=lambda one: _rank(one.status))  # of equal ones the newest

    @hookimpl
    def complete(self, request: CompletePaymentRequest, account: SandboxAccount) -> Flow[Payment]:
        """GET /v1/orders/{id} or GET /v1/payments/{id}: the customer answers and pays on pages, so
        that nothing of what came back with them is needed, and no money is moved here."""
        if request.connector_order_id is not None:
            return (yield from _ordered(account, request.connector_order_id))
        return (yield from _looked_up(account, request.connector_transaction_id))

    @hookimpl
    def capture(self, request: CaptureRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments/{id}/capture"""
        about = {**part(request.amount), "reference": request.merchant_capture_id}
        body = yield from _changed(request, account, "capture", about)
        found = _differences(body, request.amount, merchant_capture_id=request.merchant_capture_id)
        return msgspec.structs.replace(payment(body), discrepancies=tuple(found))

    @hookimpl
    def void(self, request: VoidRequest, account: SandboxAccount) -> Flow[Payment]:
        """POST /v1/payments/{id}/void"""
        about = {"reference": request.merchant_void_id, "reason": request.reason}
        body = yield from _changed(request, account, "void", about)
        found = _differences(body, None, merchant_void_id=request.merchant_void_id)
        return msgspec.structs.replace(payment(body), discrepancies=tuple(found))

    @hookimpl
    def increment_authorization(
        self, request: IncrementAuthorizationRequest, account: SandboxAccount
    ) -> Flow[Payment]:
        """POST /v1/payments/{id}/increment"""
        about = {
            **part(request.amount),
            "reference": request.merchant_authorization_id,
            "description": request.description,
        }
        body = yield from _changed(request, account, "increment", about)
        if body.decline is not None:  # then nothing was changed
            return raised(body)
        own = request.merchant_authorization_id
        found = _differences(body, None, merchant_authorization_id=own)
        return msgspec.structs.replace(raised(body), discrepancies=tuple(found))


def _looked_up(account: SandboxAccount, payment_id: str | None) -> Flow[Payment]:
    return payment(
        (yield from account.fetch(account.get("/v1/payments/{}", payment_id), PaymentBody))
    )


def _ordered(account: SandboxAccount, order_id: str) -> Flow[Payment]:
    asked = account.get("/v1/orders/{}", order_id)
    return order((yield from account.fetch(asked, OrderBody)), account)


def _changed(
    request: CaptureRequest | VoidRequest | IncrementAuthorizationRequest,
    account: SandboxAccount,
    change: str,
    about: Mapping[str, Any],
) -> Flow[PaymentBody]:
    """POST /v1/payments/{id}/..."""
    json = {**about, "metadata": request.metadata}
    asked = account.post("/v1/payments/{}/{}", request.connector_transaction_id, change, json=json)
    return (yield from account.fetch(asked, PaymentBody, declined=True))


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


def _rank(status: PaymentStatus) -> int:
    """How much a try counts beside others with its reference: the lowest most."""
    if status.is_paid or status.is_authorized:
        return 0
    return 2 if status.is_failed else 1
