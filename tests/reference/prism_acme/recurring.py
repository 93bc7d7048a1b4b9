"""Recurring payments: a permission set up, charged by, revoked."""

from __future__ import annotations

import msgspec

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    Mandate,
    MandateStatus,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
    needs,
)

from . import card_fields
from .account import AcmeAccount
from .answers import PaymentBody, payment_of


class MandateBody(msgspec.Struct):
    """A permission's body."""

    id: str
    state: str
    ref: str | None = None
    network: str | None = None


MANDATES = {"active": MandateStatus.ACTIVE, "revoked": MandateStatus.REVOKED}


class Recurring:
    """The operations on permissions."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: AcmeAccount
    ) -> Flow[Mandate]:
        """POST /mandates"""
        needs("payment_method", request.payment_method, "with a mandate: Acme has no page for it")
        asked = account.post(
            "/mandates",
            json={
                "ref": request.merchant_mandate_id,
                "card": card_fields(request.payment_method),
                "amount": request.amount.minor_amount if request.amount else None,
            },
        )
        return mandate_of((yield from account.fetch(asked, MandateBody)))

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: AcmeAccount) -> Flow[Mandate]:
        """GET /mandates/{id}"""
        asked = account.get("/mandates/{}", request.connector_mandate_id)
        return mandate_of((yield from account.fetch(asked, MandateBody)))

    @hookimpl
    def complete_mandate(
        self, request: CompleteMandateRequest, account: AcmeAccount
    ) -> Flow[Mandate]:
        """POST /mandates/{id}/complete"""
        asked = account.post(
            "/mandates/{}/complete",
            request.connector_mandate_id,
            json={"evidence": request.returned},
        )
        return mandate_of((yield from account.fetch(asked, MandateBody)))

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: AcmeAccount
    ) -> Flow[Payment]:
        """POST /mandates/{id}/charge"""
        asked = account.post(
            "/mandates/{}/charge",
            request.connector_mandate_id,
            json={
                "ref": request.merchant_transaction_id,
                "amount": request.amount.minor_amount,
                "network": request.network_transaction_id,
            },
        )
        return payment_of((yield from account.fetch(asked, PaymentBody)))

    @hookimpl
    def revoke_mandate(self, request: RevokeMandateRequest, account: AcmeAccount) -> Flow[Mandate]:
        """POST /mandates/{id}/revoke"""
        asked = account.post("/mandates/{}/revoke", request.connector_mandate_id)
        return mandate_of((yield from account.fetch(asked, MandateBody)))


def mandate_of(body: MandateBody) -> Mandate:
    """The permission that a body describes."""
    return Mandate(
        status=MANDATES.get(body.state, MandateStatus.MANDATE_PENDING),
        connector_mandate_id=body.id,
        merchant_mandate_id=body.ref,
        network_transaction_id=body.network,
    )
