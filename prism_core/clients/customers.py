"""The customer service: `customers.create`."""

from __future__ import annotations

from prism_core import hookspecs
from prism_core.clients.base import AsyncClient, Client, Method
from prism_core.schema.customers import CreateCustomerRequest


class CustomerMethods:
    """What can be done with customers."""

    service = "customers"

    create = Method(
        hookspecs.create_customer,
        CreateCustomerRequest,
        "Create a customer at the processor; keep the returned `connector_customer_id`.",
    )


class CustomerClient(CustomerMethods, Client):
    """Customers, blocking."""


class AsyncCustomerClient(CustomerMethods, AsyncClient):
    """Customers, for asyncio and trio."""
