"""The refund service: `refunds.get`. A refund is made by `payments.refund`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.refunds import GetRefundRequest


class RefundService:
    """What can be done with refunds."""

    service = "refunds"

    get = Method(hookspecs.get_refund, GetRefundRequest, "Look a refund up, as it stands now.")


class RefundClient(RefundService, Client):
    """Refunds, blocking."""


class AsyncRefundClient(RefundService, AsyncClient):
    """Refunds, for asyncio and trio."""
