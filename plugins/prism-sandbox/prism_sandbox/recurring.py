"""What the connector sends about recurring payments: the mandate, charges by it, its end.

The sandbox itself tells the card network what it wants to know of each: that the first payment is
the customer's and its card kept, and that a charge by a mandate is the merchant's.
"""

from __future__ import annotations

import msgspec

from prism_core import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    Flow,
    GetMandateRequest,
    InvalidRequest,
    Mandate,
    NotFound,
    Payment,
    RevokeMandateRequest,
    SetupRecurringRequest,
    hookimpl,
)
from prism_sandbox.account import SandboxAccount
from prism_sandbox.answers import mandate, order_differences, ordered_mandate, payment
from prism_sandbox.orders import types_of
from prism_sandbox.parts import (
    acceptance_of,
    address_of,
    authentication_of,
    browser_of,
    given,
    lines_of,
    method_of,
    mit_category,
    part,
    person_of,
    three_d_secure,
)
from prism_sandbox.shapes import MandateBody, MandateList, PaymentBody, SetupOrderBody


class Recurring:
    """The operations on mandates."""

    @hookimpl
    def setup_recurring(
        self, request: SetupRecurringRequest, account: SandboxAccount
    ) -> Flow[Mandate]:
        """POST /v1/mandates, or without a method POST /v1/orders, whose page asks for it; with an
        amount, that is the first payment."""
        paid = request.amount is not None
        about = {
            **part(request.amount),
            "reference": request.merchant_mandate_id,
            "customer": request.connector_customer_id,
            "person": person_of(request.customer),
            "three_d_secure": three_d_secure(request.auth_type),
            "return_url": request.return_url,
            "cancel_url": request.cancel_url,
            "webhook_url": request.webhook_url,
            "locale": request.locale,
            "description": request.description,
            "billing_address": address_of(request.billing_address),
            "browser": browser_of(request.browser_info),
            "acceptance": acceptance_of(request.customer_acceptance),
            "metadata": request.metadata,
        }
        if request.payment_method is None:
            types = types_of(request.payment_method_types)
            page = {"mode": "setup", "hosted": request.hosted, "payment_method_types": types}
            asked = account.post("/v1/orders", json={**about, **page})
            return ordered_mandate(
                (yield from account.fetch(asked, SetupOrderBody)), account, paid=paid
            )
        if request.payment_method_types is not None:
            raise InvalidRequest(
                "payment_method_types are those of a page: leave payment_method out with them",
                field="payment_method",
            )
        with_method = {
            "payment_method": method_of(request.payment_method),
            "authentication": authentication_of(request.authentication_data),
        }
        asked = account.post("/v1/mandates", json={**about, **with_method})
        body = yield from account.fetch(asked, MandateBody, declined=True)
        return mandate(body, paid=paid)

    @hookimpl
    def get_mandate(self, request: GetMandateRequest, account: SandboxAccount) -> Flow[Mandate]:
        """GET /v1/orders/{id}, which has the page, or GET /v1/mandates?..."""
        if request.connector_order_id is not None:
            asked = account.get("/v1/orders/{}", request.connector_order_id)
            return ordered_mandate((yield from account.fetch(asked, SetupOrderBody)), account)
        return (yield from _looked_up(request, account))

    @hookimpl
    def complete_mandate(
        self, request: CompleteMandateRequest, account: SandboxAccount
    ) -> Flow[Mandate]:
        """The same look-up: the customer answers on the sandbox's own pages."""
        return (yield from _looked_up(request, account, order=request.connector_order_id))

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
                "mit_category": mit_category(request.mit_category),
                "webhook_url": request.webhook_url,
                "order_reference": request.merchant_order_id,
                "order_details": lines_of(request.order_details),
                "statement_descriptor_suffix": request.statement_descriptor_suffix,
                "description": request.description,
                "metadata": request.metadata,
            },
        )
        body = yield from account.fetch(asked, PaymentBody, declined=True)
        found = order_differences(body, request.merchant_order_id)
        return msgspec.structs.replace(payment(body), discrepancies=found)

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


def _looked_up(
    request: GetMandateRequest | CompleteMandateRequest,
    account: SandboxAccount,
    *,
    order: str | None = None,
) -> Flow[Mandate]:
    """GET /v1/mandates?...: what is given must be true of it, or it is not found."""
    query = given(
        id=request.connector_mandate_id,
        order=order,
        payment=request.connector_transaction_id,
        reference=request.merchant_mandate_id,
        customer=request.connector_customer_id,
    )
    asked = account.get("/v1/mandates", query=query)
    found = (yield from account.fetch(asked, MandateList)).data
    if not found:
        raise NotFound("the sandbox has no such permission to charge again")
    return mandate(found[0])
