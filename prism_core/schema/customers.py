"""Customers: what the customer operations are asked, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result
from prism_core.schema.checks import Email, IdempotencyKey, Identifier, Phone, Text
from prism_core.schema.status import CustomerStatus


class CreateCustomerRequest(Request, frozen=True, kw_only=True):
    """A customer to create. `merchant_customer_id` is your own id; it is sent and echoed.

    `phone` is in E.164 form. `metadata` maps strings to strings. With an `idempotency_key`
    of your own, the same call repeated (even by another process) makes one customer.
    """

    merchant_customer_id: Identifier
    name: Text | None = None
    email: Email | None = None
    phone: Phone | None = None
    description: Text | None = None
    address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    merchant_field = "merchant_customer_id"


class CustomerCreated(Result, frozen=True, kw_only=True):
    """A customer that now exists at the processor: store `connector_customer_id`."""

    connector_customer_id: Identifier
    merchant_customer_id: str | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE
