"""The recurring payment service: `recurring.setup`, `charge` and `revoke`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.recurring import (
    ChargeRecurringRequest,
    RevokeMandateRequest,
    SetupRecurringRequest,
)


class RecurringService:
    """What can be done with the permission to charge again."""

    service = "recurring"

    setup = Method(
        hookspecs.setup_recurring,
        SetupRecurringRequest,
        "Get the permission to charge a customer again; keep the returned `connector_mandate_id`.",
    )
    charge = Method(
        hookspecs.charge_recurring,
        ChargeRecurringRequest,
        "Charge a customer who is not there, by a permission. A decline is a result.",
    )
    revoke = Method(
        hookspecs.revoke_mandate, RevokeMandateRequest, "Give a permission to charge back."
    )


class RecurringClient(RecurringService, Client):
    """Recurring payments, blocking."""


class AsyncRecurringClient(RecurringService, AsyncClient):
    """Recurring payments, for asyncio and trio."""
