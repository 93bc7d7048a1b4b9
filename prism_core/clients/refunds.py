"""The refund service: `refunds.get`. A refund is made by `payments.refund`."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import payment_hookspecs as hookspecs
from prism_core.schema.refunds import GetRefundRequest


class RefundService:
    """The methods for refunds."""

    service = "refunds"

    get = Method(hookspecs.get_refund, GetRefundRequest, "Look up the current state of a refund.")


class RefundClient(RefundService, Client):
    """The methods for refunds, blocking."""


class AsyncRefundClient(RefundService, AsyncClient):
    """The methods for refunds, for asyncio and trio."""
