"""Prism: every service of one connector over one connection pool, and the documented checkout."""

from __future__ import annotations

from typing import Any

from prism_core.clients.checkout import Checkout, plan
from prism_core.clients.customers import AsyncCustomerClient, CustomerClient, CustomerService
from prism_core.clients.events import AsyncEventClient, EventClient, EventService
from prism_core.clients.payment_methods import (
    AsyncPaymentMethodClient,
    PaymentMethodClient,
    PaymentMethodService,
)
from prism_core.clients.payments import AsyncPaymentClient, PaymentClient, PaymentService
from prism_core.clients.raw import AsyncRawClient, RawClient
from prism_core.clients.recurring import AsyncRecurringClient, RecurringClient, RecurringService
from prism_core.clients.refunds import AsyncRefundClient, RefundClient, RefundService
from prism_core.clients.services import Service
from prism_core.errors import PrismError
from prism_core.errors.interruptions import returned_by
from prism_core.schema.customers import CreateCustomerRequest
from prism_core.schema.payments import AuthorizeRequest

_METHODS = (
    *(CustomerService, PaymentService, RefundService),
    *(PaymentMethodService, RecurringService, EventService),
)
SERVICES: dict[str, type[Any]] = {methods.service: methods for methods in _METHODS}
"""The services with their methods, by the name that they have on a `Prism`."""


class Prism(RawClient):
    """The one object that most applications want: `.checkout(...)`, and the services, which share
    its connections: `.customers`, `.payments`, `.refunds`, `.payment_methods`, `.recurring` and
    `.events`. Thread-safe; `close()` it or use it as a context manager.

    `environment` is SANDBOX or PRODUCTION, `base_url` another address of the processor, such as a
    sandbox on another port. `timeout` (seconds, for a whole call) and `max_retries` are defaults
    that a request can override. `proxy` is the URL of a proxy, in place of those of the
    environment. `verify` is the path of a file of certificates to trust, or an `ssl.SSLContext`.
    `transport` is any `BaseTransport` of httpx or httpx2, `http_client` any `Client`; you close
    both yourself. With `card_numbers=False`, a `Card` or `NetworkToken` is refused: no card data
    passes your server. `extensions` are the objects that observe the calls, in place of the
    extensions installed. The other keyword arguments are the connector's credentials;
    `Prism.from_env` reads them from the environment. Raises `ConfigurationError`.
    """

    customers = Service(CustomerClient)
    payments = Service(PaymentClient)
    refunds = Service(RefundClient)
    payment_methods = Service(PaymentMethodClient)
    recurring = Service(RecurringClient)
    events = Service(EventClient)

    def checkout(
        self,
        *,
        payment: AuthorizeRequest,
        customer: CreateCustomerRequest | None = None,
        connector_customer_id: str | None = None,
    ) -> Checkout:
        """Authorize a payment linked to its customer: give `customer` to create one, or
        `connector_customer_id` for a returning one.

        If the customer cannot be created, nothing is authorized. If authorizing raises, the
        error's `completed` is the created customer. A decline is a result. To repeat a checkout
        safely, give the payment an `idempotency_key`, or use that of the error: the customer's
        key is derived from it. If the processor stores no customers, one request does both: see
        `Checkout.linked_by`. Raises `PrismError`.
        """
        steps = plan(self._engine, payment, customer, connector_customer_id)
        del payment, customer  # of a wrong type, they may show personal data in tracebacks
        try:
            step = next(steps)
            while True:
                try:
                    done = getattr(getattr(self, step.service), step.method)(step.request)
                except PrismError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(done)
        except StopIteration as stop:
            came_to: Checkout = returned_by(stop)
            return came_to


class AsyncPrism(AsyncRawClient):
    """`Prism` for asyncio and trio, with the same options; `transport` and `http_client` are of
    httpx's async classes. Close it with `async with`, or `await close()`."""

    customers = Service(AsyncCustomerClient)
    payments = Service(AsyncPaymentClient)
    refunds = Service(AsyncRefundClient)
    payment_methods = Service(AsyncPaymentMethodClient)
    recurring = Service(AsyncRecurringClient)
    events = Service(AsyncEventClient)

    async def checkout(
        self,
        *,
        payment: AuthorizeRequest,
        customer: CreateCustomerRequest | None = None,
        connector_customer_id: str | None = None,
    ) -> Checkout:
        """Authorize a payment linked to its customer; as `Prism.checkout`."""
        steps = plan(self._engine, payment, customer, connector_customer_id)
        del payment, customer  # of a wrong type, they may show personal data in tracebacks
        try:
            step = next(steps)
            while True:
                try:
                    done = await getattr(getattr(self, step.service), step.method)(step.request)
                except PrismError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(done)
        except StopIteration as stop:
            came_to: Checkout = returned_by(stop)
            return came_to
