"""The recurring payment service: `recurring.setup`, `charge`, `revoke` and others."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.recurring import (
    ChargeRecurringRequest,
    CompleteMandateRequest,
    GetMandateRequest,
    RevokeMandateRequest,
    SetupRecurringRequest,
)


class RecurringService:
    """The methods for recurring payments."""

    service = "recurring"

    setup = Method(
        hookspecs.setup_recurring,
        SetupRecurringRequest,
        "Get the permission to charge a customer again; store the returned `connector_mandate_id`.",
    )
    get = Method(hookspecs.get_mandate, GetMandateRequest, "Look a permission to charge up.")
    complete = Method(
        hookspecs.complete_mandate,
        CompleteMandateRequest,
        "Complete a permission after its customer came back from authenticating or from the page.",
    )
    charge = Method(
        hookspecs.charge_recurring,
        ChargeRecurringRequest,
        "Charge a customer who is not present, with a permission. A decline is a result.",
    )
    revoke = Method(
        hookspecs.revoke_mandate, RevokeMandateRequest, "Revoke a permission to charge."
    )


class RecurringClient(RecurringService, Client):
    """The methods for recurring payments, blocking."""


class AsyncRecurringClient(RecurringService, AsyncClient):
    """The methods for recurring payments, for asyncio and trio."""
