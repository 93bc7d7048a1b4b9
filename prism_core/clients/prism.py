"""Prism: every service of one connector over one connection pool, and the documented checkout."""

from __future__ import annotations

import copy
from functools import cached_property

import msgspec

from prism_core.clients.base import AsyncClient, Client
from prism_core.clients.customers import AsyncCustomerClient, CustomerClient, CustomerMethods
from prism_core.clients.payments import AsyncPaymentClient, PaymentClient, PaymentMethods
from prism_core.errors import InvalidRequest, PrismError
from prism_core.schema.customers import CreateCustomerRequest, CustomerCreated
from prism_core.schema.payments import AuthorizeRequest, Payment

SERVICES = {service.service: service for service in (CustomerMethods, PaymentMethods)}
"""The services by the name that a `Prism` gives them: and the methods of each."""


class Checkout(msgspec.Struct, frozen=True, kw_only=True):
    """What a checkout came to: the customer, and the payment linked to it."""

    customer: CustomerCreated
    payment: Payment


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

    def checkout(self, *, customer: CreateCustomerRequest, payment: AuthorizeRequest) -> Checkout:
        """Create the customer, then authorize the payment linked to it.

        If the customer cannot be created, nothing is authorized. If authorizing raises, the
        error's `completed` is the customer created. A decline is a result. To repeat a
        checkout safely, give both requests an `idempotency_key`.
        """
        _check(customer, payment)
        created = self.customers.create(customer)
        try:
            authorized = self.payments.authorize(_linked(payment, created))
        except PrismError as error:
            error.completed = created
            raise
        return Checkout(customer=created, payment=authorized)


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

    async def checkout(
        self, *, customer: CreateCustomerRequest, payment: AuthorizeRequest
    ) -> Checkout:
        """Create the customer, then authorize the payment linked to it; as `Prism.checkout`."""
        _check(customer, payment)
        created = await self.customers.create(customer)
        try:
            authorized = await self.payments.authorize(_linked(payment, created))
        except PrismError as error:
            error.completed = created
            raise
        return Checkout(customer=created, payment=authorized)


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
