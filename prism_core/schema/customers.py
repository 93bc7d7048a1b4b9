"""Customers: what the customer operations are asked, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Email, IdempotencyKey, Identifier, Phone, Text
from prism_core.schema.status import CustomerStatus, OnConflict, OnConflictInput


class CustomerDetails(Schema, frozen=True, kw_only=True):
    """Who pays, told with the payment: for processors that keep no customers.

    `phone` is in E.164 form.
    """

    name: Text | None = None
    email: Email | None = None
    phone: Phone | None = None


class CreateCustomerRequest(Request, frozen=True, kw_only=True):
    """A customer to create. `merchant_customer_id` is your own id; it is sent and echoed.

    `phone` is in E.164 form. `metadata` maps strings to strings. With an `idempotency_key`
    of your own, the same call repeated (even by another process) makes one customer.

    Some processors refuse a second customer with the same data, which is a `Conflict`; with
    `on_conflict="return"` the customer that exists is the result, and its `existed` is true.
    """

    merchant_customer_id: Identifier
    name: Text | None = None
    email: Email | None = None
    phone: Phone | None = None
    description: Text | None = None
    address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None
    on_conflict: OnConflictInput = OnConflict.ERROR

    reference_field = "merchant_customer_id"
    options = Request.options | {"on_conflict"}
    descriptive = frozenset({"name", "email", "phone", "description", "address", "metadata"})


class CustomerCreated(Result, frozen=True, kw_only=True):
    """A customer that exists at the processor now: store `connector_customer_id`.

    `existed` says that it did before: `on_conflict="return"` found it.
    """

    connector_customer_id: Identifier
    merchant_customer_id: str | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE
    existed: bool = False


class GetCustomerRequest(Request, frozen=True, kw_only=True):
    """A customer to look up, by exactly one of the two ids."""

    connector_customer_id: Identifier | None = None
    merchant_customer_id: Identifier | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.connector_customer_id is None) == (self.merchant_customer_id is None):
            raise self._invalid(
                "connector_customer_id",
                "or merchant_customer_id must be given, and only one of them",
            )

    reference_field = "merchant_customer_id"


class UpdateCustomerRequest(Request, frozen=True, kw_only=True):
    """What to change about a customer: the fields given; the others stay as they are."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None
    name: Text | None = None
    email: Email | None = None
    phone: Phone | None = None
    description: Text | None = None
    address: Address | None = None
    metadata: Mapping[str, str] | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_customer_id"
    descriptive = CreateCustomerRequest.descriptive | {"merchant_customer_id"}

    def __post_init__(self) -> None:
        super().__post_init__()
        about = ("merchant_customer_id", *CreateCustomerRequest.descriptive)
        if all(getattr(self, name) is None for name in about):
            raise self._invalid("name", "or another field to change must be given")


class DeleteCustomerRequest(Request, frozen=True, kw_only=True):
    """A customer to delete at the processor, with the payment methods kept for them."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_customer_id"
    descriptive = frozenset({"merchant_customer_id"})


class Customer(Result, frozen=True, kw_only=True):
    """A customer as the processor has them now; what it does not keep or tell is None."""

    connector_customer_id: Identifier
    merchant_customer_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE
