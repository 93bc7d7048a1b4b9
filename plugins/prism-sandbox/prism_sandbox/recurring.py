"""What the connector sends about recurring payments: the mandate, charges by it, its end.

The sandbox itself tells the card network what it wants to know of each: that the first payment is
the customer's and its card kept, and that a charge by a mandate is the merchant's.
"""

from __future__ import annotations

from prism_core import (
    ChargeRecurringRequest,
    Flow,
    Mandate,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import mandate, payment
from prism_sandbox.parts import address_of, method_of, three_d_secure
from prism_sandbox.shapes import MandateBody, PaymentBody


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: SandboxAccount
    ) -> Flow[Mandate]:
        """POST /v1/mandates; with an amount, that is the first payment."""
        asked = account.post(
            "/v1/mandates",
            json={
                "reference": request.merchant_mandate_id,
                "payment_method": method_of(request.payment_method),
                "customer": request.connector_customer_id,
                "amount": request.amount.minor_amount if request.amount else None,
                "currency": request.amount.currency if request.amount else None,
                "three_d_secure": three_d_secure(request.auth_type),
                "return_url": request.return_url,
                "description": request.description,
                "billing_address": address_of(request.billing_address),
                "metadata": request.metadata,
            },
        )
        body = yield from account.fetch(asked, MandateBody, declined=True)
        return mandate(body, paid=request.amount is not None)

    @hookimpl
    def charge_recurring(
        self, request: ChargeRecurringRequest, account: SandboxAccount
    ) -> Flow[Payment]:
        """POST /v1/mandates/{id}/charge"""
        asked = account.post(
            "/v1/mandates/{}/charge",
            request.connector_mandate_id,
            json={
                "reference": request.merchant_transaction_id,
                "amount": request.amount.minor_amount,
                "currency": request.amount.currency,
                "customer": request.connector_customer_id,
                "network_transaction_id": request.network_transaction_id,
                "statement_descriptor_suffix": request.statement_descriptor_suffix,
                "description": request.description,
                "metadata": request.metadata,
            },
        )
        return payment((yield from account.fetch(asked, PaymentBody, declined=True)))

    @hookimpl
    def revoke_mandate(
        self, request: RevokeMandateRequest, account: SandboxAccount
    ) -> Flow[Mandate]:
        """POST /v1/mandates/{id}/revoke; what else is given must be true of it."""
        asked = account.post(
            "/v1/mandates/{}/revoke",
            request.connector_mandate_id,
            json={
                "customer": request.connector_customer_id,
                "reference": request.merchant_mandate_id,
            },
        )
        return mandate((yield from account.fetch(asked, MandateBody, declined=True)))
