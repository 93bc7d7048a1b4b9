"""The customer service: `customers.create`, and what is done with a customer after it."""

from __future__ import annotations

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.methods import Method
from prism_core.connector import hookspecs
from prism_core.schema.customers import (
    CreateCustomerRequest,
    DeleteCustomerRequest,
    GetCustomerRequest,
    UpdateCustomerRequest,
)


class CustomerService:
    """What can be done with customers."""

    service = "customers"

    create = Method(
        hookspecs.create_customer,
        CreateCustomerRequest,
        "Create a customer at the processor; keep the returned `connector_customer_id`.",
    )
    get = Method(
        hookspecs.get_customer,
        GetCustomerRequest,
        "Look a customer up, by the processor's id or, where it finds them so, by yours.",
    )
    update = Method(
        hookspecs.update_customer, UpdateCustomerRequest, "Change what is kept of a customer."
    )
    delete = Method(
        hookspecs.delete_customer, DeleteCustomerRequest, "Delete a customer at the processor."
    )
    get_or_create = Method(
        hookspecs.create_customer,
        CreateCustomerRequest,
        "The customer with that `merchant_customer_id`, created if there is none: never two, even "
        "when several processes ask at once. How long that holds is the processor's to promise: "
        "`ConnectorInfo.unique_customers` (always) or `key_hours`: for so long a key gives back a "
        "customer that was deleted meanwhile, too, or a failure; give a key of your own then.",
    )


class CustomerClient(CustomerService, Client):
    """Customers, blocking."""


class AsyncCustomerClient(CustomerService, AsyncClient):
    """Customers, for asyncio and trio."""
