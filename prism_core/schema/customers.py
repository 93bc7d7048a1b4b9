"""Requests and results of the customer operations."""

from __future__ import annotations

from collections.abc import Mapping

from prism_core.schema.addresses import Address
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.checks import Email, IdempotencyKey, Identifier, Phone, Text
from prism_core.schema.status import CustomerStatus, OnConflict, OnConflictInput


class CustomerDetails(Schema, frozen=True, kw_only=True):
    """The customer's data, sent with the payment, for processors that store no customers.

    `phone` is in E.164 form.
    """

    name: Text | None = None
    email: Email | None = None
    phone: Phone | None = None


class CreateCustomerRequest(Request, frozen=True, kw_only=True):
    """A customer to create. `merchant_customer_id` is your own id; it is sent and returned.

    `phone` is in E.164 form. `metadata` maps strings to strings. If you repeat the call with the
    same `idempotency_key`, even in another process, only one customer is created.

    Some processors refuse a second customer with the same data, which is a `Conflict`; with
    `on_conflict="return"` the existing customer is the result, and its `existed` is true.
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

    `existed` is true if it existed before and `on_conflict="return"` found it.
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
    """Changes to a customer. Only the given fields are changed."""

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
    """A customer to delete at the processor, with their stored payment methods."""

    connector_customer_id: Identifier
    merchant_customer_id: Identifier | None = None
    idempotency_key: IdempotencyKey | None = None

    reference_field = "merchant_customer_id"
    identifying = frozenset({"merchant_customer_id"})


class Customer(Result, frozen=True, kw_only=True):
    """A customer as the processor has them now; what it does not store or return is None."""

    connector_customer_id: Identifier
    merchant_customer_id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    description: str | None = None
    status: CustomerStatus = CustomerStatus.ACTIVE
