"""Prism: every service of one connector over one connection pool, and the documented checkout."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any, Literal

import msgspec

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.customers import AsyncCustomerClient, CustomerClient, CustomerMethods
from prism_core.clients.events import AsyncEventClient, EventClient, EventMethods
from prism_core.clients.payment_methods import (
    AsyncPaymentMethodClient,
    PaymentMethodClient,
    StoredMethods,
)
from prism_core.clients.payments import AsyncPaymentClient, PaymentClient, PaymentMethods
from prism_core.clients.recurring import AsyncRecurringClient, RecurringClient, RecurringMethods
from prism_core.clients.refunds import AsyncRefundClient, RefundClient, RefundMethods
from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.customers import CreateCustomerRequest, CustomerCreated, CustomerDetails
from prism_core.schema.payments import AuthorizeRequest, Payment

_METHODS = (
    *(CustomerMethods, PaymentMethods, RefundMethods),
    *(StoredMethods, RecurringMethods, EventMethods),
)
SERVICES: dict[str, type[Any]] = {methods.service: methods for methods in _METHODS}
"""The services by the name that a `Prism` gives them: and the methods of each."""


class Checkout(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkout came to: the customer, and the payment linked to it.

    `linked_by` tells how: with the customer that was created, or, where the processor keeps no
    customers, with your own `merchant_customer_id`; `customer` is None then. Store
    `connector_customer_id` with the user either way.
    """

    payment: Payment
    connector_customer_id: str
    linked_by: Literal["connector_customer_id", "merchant_customer_id"]
    customer: CustomerCreated | None = None

    def to_dict(self) -> dict[str, object]:
        """What came of it, as JSON-ready values."""
        customer = None if self.customer is None else self.customer.to_dict()
        return {
            "connector_customer_id": self.connector_customer_id,
            "linked_by": self.linked_by,
            "customer": customer,
            "payment": self.payment.to_dict(),
        }


class Prism(Client):
    """The one object that most applications want: `.customers`, `.payments`, `.checkout(...)`."""

    @cached_property
    def customers(self) -> CustomerClient:
        """The customer service."""
        return CustomerClient._sharing(self._engine)

    @cached_property
    def payments(self) -> PaymentClient:
        """The payment service."""
        return PaymentClient._sharing(self._engine)

    @cached_property
    def refunds(self) -> RefundClient:
        """The refund service."""
        return RefundClient._sharing(self._engine)

    @cached_property
    def payment_methods(self) -> PaymentMethodClient:
        """The payment method service."""
        return PaymentMethodClient._sharing(self._engine)

    @cached_property
    def recurring(self) -> RecurringClient:
        """The recurring payment service."""
        return RecurringClient._sharing(self._engine)

    @cached_property
    def events(self) -> EventClient:
        """The event service."""
        return EventClient._sharing(self._engine)

    def checkout(self, *, customer: CreateCustomerRequest, payment: AuthorizeRequest) -> Checkout:
        """Create the customer, then authorize the payment linked to it.

        If the customer cannot be created, nothing is authorized. If authorizing raises, the
        error's `completed` is the customer created. A decline is a result. To repeat a
        checkout safely, give both requests an `idempotency_key`. Where the processor keeps no
        customers, one call does both: see `Checkout.linked_by`.
        """
        _check(customer, payment)
        if not self._engine.connector.info.keeps_customers:
            return _by_reference(self.payments.authorize(_telling(payment, customer)), customer)
        created = self.customers.create(customer)
        try:
            authorized = self.payments.authorize(_linked(payment, created))
        except PrismError as error:
            error.completed = created
            raise
        return _by_customer(authorized, created)


class AsyncPrism(AsyncClient):
    """`Prism` for asyncio and trio."""

    @cached_property
    def customers(self) -> AsyncCustomerClient:
        """The customer service."""
        return AsyncCustomerClient._sharing(self._engine)

    @cached_property
    def payments(self) -> AsyncPaymentClient:
        """The payment service."""
        return AsyncPaymentClient._sharing(self._engine)

    @cached_property
    def refunds(self) -> AsyncRefundClient:
        """The refund service."""
        return AsyncRefundClient._sharing(self._engine)

    @cached_property
    def payment_methods(self) -> AsyncPaymentMethodClient:
        """The payment method service."""
        return AsyncPaymentMethodClient._sharing(self._engine)

    @cached_property
    def recurring(self) -> AsyncRecurringClient:
        """The recurring payment service."""
        return AsyncRecurringClient._sharing(self._engine)

    @cached_property
    def events(self) -> AsyncEventClient:
        """The event service."""
        return AsyncEventClient._sharing(self._engine)

    async def checkout(
        self, *, customer: CreateCustomerRequest, payment: AuthorizeRequest
    ) -> Checkout:
        """Create the customer, then authorize the payment linked to it; as `Prism.checkout`."""
        _check(customer, payment)
        if not self._engine.connector.info.keeps_customers:
            authorized = await self.payments.authorize(_telling(payment, customer))
            return _by_reference(authorized, customer)
        created = await self.customers.create(customer)
        try:
            authorized = await self.payments.authorize(_linked(payment, created))
        except PrismError as error:
            error.completed = created
            raise
        return _by_customer(authorized, created)


def _check(customer: CreateCustomerRequest, payment: AuthorizeRequest) -> None:
    if not isinstance(customer, CreateCustomerRequest):
        raise InvalidRequest("checkout needs customer=CreateCustomerRequest(...)", field="customer")
    if not isinstance(payment, AuthorizeRequest):
        raise InvalidRequest("checkout needs payment=AuthorizeRequest(...)", field="payment")
    if payment.connector_customer_id is not None:
        raise InvalidRequest(
            "checkout creates the customer; leave connector_customer_id out, or authorize alone",
            field="connector_customer_id",
        )


def _linked(payment: AuthorizeRequest, created: CustomerCreated) -> AuthorizeRequest:
    linked = copy.copy(payment)
    msgspec.structs.force_setattr(linked, "connector_customer_id", created.connector_customer_id)
    return linked


def _telling(payment: AuthorizeRequest, customer: CreateCustomerRequest) -> AuthorizeRequest:
    """The payment with the customer's reference, and with who that is."""
    for name in ("description", "address", "metadata"):
        if getattr(customer, name) is not None:
            raise InvalidRequest(
                f"this processor keeps no customers, and so no {name} of one; leave it out",
                field=name,
            )
    if payment.customer is not None:
        raise InvalidRequest(
            "checkout tells who pays; leave payment.customer out", field="customer"
        )
    telling = copy.copy(payment)
    reference = customer.merchant_customer_id
    msgspec.structs.force_setattr(telling, "connector_customer_id", reference)
    if customer.name or customer.email or customer.phone:
        told = CustomerDetails(name=customer.name, email=customer.email, phone=customer.phone)
        msgspec.structs.force_setattr(telling, "customer", told)
    return telling


def _by_customer(payment: Payment, created: CustomerCreated) -> Checkout:
    return Checkout(
        payment=payment,
        connector_customer_id=created.connector_customer_id,
        linked_by="connector_customer_id",
        customer=created,
    )


def _by_reference(payment: Payment, customer: CreateCustomerRequest) -> Checkout:
    return Checkout(
        payment=payment,
        connector_customer_id=customer.merchant_customer_id,
        linked_by="merchant_customer_id",
    )
