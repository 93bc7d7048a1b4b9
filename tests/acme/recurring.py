"""Recurring payments: a permission set up, charged by, revoked."""

from __future__ import annotations

from prism_core import (
    ChargeRecurringRequest,
    Flow,
    Mandate,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
    segment,
)

from .account import AcmeAccount
from .answers import Body, MandateBody, mandate_of, payment_of


class Recurring:
    """The operations on permissions."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AcmeAccount
    ) -> Flow[Mandate]:
        """POST /mandates"""
        response = yield account.post(
            "/mandates",
            json={
                "ref": request.merchant_mandate_id,
                "amount": request.amount.minor_amount if request.amount else None,
            },
            idempotency_key=request.idempotency_key,
        )
        return mandate_of(account.decode(response, MandateBody))

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /mandates/{id}/charge"""
        response = yield account.post(
            f"/mandates/{segment(request.connector_mandate_id)}/charge",
            json={
                "amount": request.amount.minor_amount,
                "network": request.network_transaction_id,
            },
            idempotency_key=request.idempotency_key,
        )
        return payment_of(account.decode(response, Body))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: AcmeAccount) -> Flow[Mandate]:
        """POST /mandates/{id}/revoke"""
        response = yield account.post(
            f"/mandates/{segment(request.connector_mandate_id)}/revoke",
            idempotency_key=request.idempotency_key,
        )
        return mandate_of(account.decode(response, MandateBody))
