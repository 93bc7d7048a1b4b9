"""The customer service: `customers.create`, `get`, `update`, `delete` and `get_or_create`."""

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
    """The methods for customers."""

    service = "customers"

    create = Method(
        hookspecs.create_customer,
        CreateCustomerRequest,
        "Create a customer at the processor; keep the returned `connector_customer_id`.",
    )
    get = Method(
        hookspecs.get_customer,
        GetCustomerRequest,
        "Look a customer up, by the processor's id or (if the processor supports it) by yours.",
    )
    update = Method(
        hookspecs.update_customer, UpdateCustomerRequest, "Change the given fields of a customer."
    )
    delete = Method(
        hookspecs.delete_customer, DeleteCustomerRequest, "Delete a customer at the processor."
    )
    get_or_create = Method(
        hookspecs.create_customer,
        CreateCustomerRequest,
        "The customer with that `merchant_customer_id`, created if there is none. Never creates "
        "two, even if several processes call it at once: always where the connector's "
        "`unique_customers` is true, else for `key_hours`. Within these hours, the same call also "
        "repeats an earlier failure, or returns a customer that was deleted since: then give an "
        "`idempotency_key` of your own.",
    )


class CustomerClient(CustomerService, Client):
    """The methods for customers, blocking."""


class AsyncCustomerClient(CustomerService, AsyncClient):
    """The methods for customers, for asyncio and trio."""
