"""Composites: operations of the core's own, made of a connector's hooks: one flow, one call."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import Flow
from prism_core.discovery.loading import Connector
from prism_core.errors import Conflict, NotFound, PrismError, UnsupportedOperation
from prism_core.runtime.keys import derived_key
from prism_core.runtime.observation import sends
from prism_core.runtime.reads import forget
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    GetCustomerRequest,
)
from prism_core.schema.events import Event, HandleEventRequest
from prism_core.schema.status import OnConflict

Refusal = Callable[[], PrismError] | None


class Composite:
    """A flow of the core's own around a connector's hooks, with what it makes of the request
    before anything is checked."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector

    @classmethod
    def adapt(cls, connector: Connector, account: Account, request: Any) -> Any:
        """The request to check and to send, of the same type."""
        return request

    @classmethod
    def unkeyed(cls, connector: Connector, account: Account, given: Refusal) -> Refusal:
        """What to raise where the first change cannot have a key: `given`, which is that of the
        caller's own key, unless the composite knows better."""
        return given

    def flow(self, request: Any, account: Account) -> Flow[Any]:
        """The flow, in the place of the connector's own."""
        raise NotImplementedError


class CreateCustomer(Composite):
    """A customer made; or, with `on_conflict="return"`, the one that exists already."""

    def flow(self, request: CreateCustomerRequest, account: Account) -> Flow[CustomerCreated]:
        """The connector's own flow, and what its conflict names."""
        create = self.connector.hooks["create_customer"]
        try:
            created: CustomerCreated = yield from create(request=request, account=account)
        except Conflict as conflict:
            known = conflict.connector_customer_id
            if known is None or request.on_conflict is not OnConflict.RETURN:
                raise
            return CustomerCreated(connector_customer_id=known, existed=True)
        return created


class GetOrCreateCustomer(CreateCustomer):
    """The customer with that `merchant_customer_id`: looked up where the processor finds it at
    once, else created with a key that every caller makes alike."""

    @classmethod
    def adapt(
        cls, connector: Connector, account: Account, request: CreateCustomerRequest
    ) -> CreateCustomerRequest:
        """The request with what keeps it from making a second customer. Raises
        `UnsupportedOperation` where the processor offers nothing of the kind."""
        keyed = account.honours_keys()
        refusal = cls.unkeyed(connector, account, None)
        if refusal is not None and not keyed:
            raise refusal()
        key = request.idempotency_key
        if keyed and key is None:
            key = derived_key("a customer", request.merchant_customer_id)
        return msgspec.structs.replace(request, idempotency_key=key, on_conflict=OnConflict.RETURN)

    @classmethod
    def unkeyed(cls, connector: Connector, account: Account, given: Refusal) -> Refusal:
        """A customer that is neither looked up nor unique is made once by its key alone."""
        if finds_first(connector, account):
            return None
        return partial(
            UnsupportedOperation,
            f"{connector.info.display_name} offers nothing that keeps a second customer from "
            "being made; use customers.create, and keep the connector_customer_id",
        )

    def flow(self, request: CreateCustomerRequest, account: Account) -> Flow[CustomerCreated]:
        """The lookup, where there is one, and the creation."""
        if _finds_own_ids(self.connector, account):
            wanted = GetCustomerRequest(merchant_customer_id=request.merchant_customer_id)
            get = self.connector.hooks["get_customer"]
            try:
                found: Customer = yield from get(request=wanted, account=account)
            except NotFound as unknown:
                if unknown.is_foreign:  # of somebody in between: there may be one
                    raise
            else:
                return CustomerCreated(
                    connector_customer_id=found.connector_customer_id,
                    merchant_customer_id=found.merchant_customer_id,
                    existed=True,
                )
            forget(request, "merchant_customer_id")  # what finds a customer must be sent with them
        try:
            return (yield from super().flow(request, account))
        except Conflict as conflict:
            if conflict.connector_customer_id is None:
                conflict.message += _OTHER_DETAILS
            raise


class HandleEvent(Composite):
    """A webhook with the time at which it came: flows read no clock."""

    @classmethod
    def adapt(
        cls, connector: Connector, account: Account, request: HandleEventRequest
    ) -> HandleEventRequest:
        """The request with the time."""
        if request.received_at is not None:
            return request
        return msgspec.structs.replace(request, received_at=int(time.time()))

    def flow(self, request: HandleEventRequest, account: Account) -> Flow[Event]:
        """The connector's own."""
        event: Event = yield from self.connector.hooks["handle_event"](
            request=request, account=account
        )
        return event


COMPOSITES: dict[str, type[Composite]] = {
    "customers.create": CreateCustomer,
    "customers.get_or_create": GetOrCreateCustomer,
    "events.handle": HandleEvent,
}
"""By the client's method."""

_OTHER_DETAILS = (
    ". This merchant_customer_id was used before with other details, and the processor does not "
    "say for which customer: use the connector_customer_id returned then; or, to make another "
    "customer, give an idempotency_key of your own"
)


def finds_first(connector: Connector, account: Account) -> bool:
    """Whether the processor finds a customer by the caller's own id, or makes no second one."""
    return connector.info.unique_customers or _finds_own_ids(connector, account)


def _finds_own_ids(connector: Connector, account: Account) -> bool:
    if "get_customer" not in connector.operations:
        return False
    return "merchant_customer_id" in sends(connector, account, "get_customer")
