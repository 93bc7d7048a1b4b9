"""Composites: operations of the core, made of a connector's hooks, in one flow and one call."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import Flow
from prism_core.discovery.loading import Connector
from prism_core.errors import Conflict, NotFound, UnsupportedOperation
from prism_core.runtime.keys import derived_key
from prism_core.runtime.observation import sends
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    GetCustomerRequest,
)
from prism_core.schema.events import Event, HandleEventRequest
from prism_core.schema.status import OnConflict


class Composite:
    """A flow of the core around a connector's hooks. `adapt` can change the request before it is
    checked."""

    def __init__(self, connector: Connector) -> None:
        self.connector = connector

    @classmethod
    def adapt(cls, connector: Connector, account: Account, request: Any) -> Any:
        """The request to check and to send, of the same type."""
        return request

    def flow(self, request: Any, account: Account) -> Flow[Any]:
        """The flow that replaces the connector's own."""
        raise NotImplementedError


class CreateCustomer(Composite):
    """Creates a customer; with `on_conflict="return"`, returns the one that exists already."""

    def flow(self, request: CreateCustomerRequest, account: Account) -> Flow[CustomerCreated]:
        """The connector's own flow, or the customer that its conflict names."""
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
    """The customer with that `merchant_customer_id`: looked up, if the processor finds a new
    customer immediately; else created with a key that is the same for every caller."""

    @classmethod
    def adapt(
        cls, connector: Connector, account: Account, request: CreateCustomerRequest
    ) -> CreateCustomerRequest:
        """The request with the key that prevents a second customer. Raises `UnsupportedOperation`
        if the processor has no way to prevent one."""
        keyed = account.honours_keys()
        if not (keyed or finds_first(connector, account)):
            raise UnsupportedOperation(
                f"{connector.info.display_name} cannot prevent a second customer; use "
                "customers.create, and store the connector_customer_id"
            )
        key = request.idempotency_key
        if keyed and key is None:
            key = derived_key("customer", request.merchant_customer_id)
        return msgspec.structs.replace(request, idempotency_key=key, on_conflict=OnConflict.RETURN)

    def flow(self, request: CreateCustomerRequest, account: Account) -> Flow[CustomerCreated]:
        """The lookup, if there is one, and the creation."""
        if _finds_own_ids(self.connector, account):
            wanted = GetCustomerRequest(merchant_customer_id=request.merchant_customer_id)
            get = self.connector.hooks["get_customer"]
            try:
                found: Customer = yield from get(request=wanted, account=account)
            except NotFound as unknown:
                if unknown.is_foreign:  # from a proxy: the customer may exist
                    raise
            else:
                return CustomerCreated(
                    connector_customer_id=found.connector_customer_id,
                    merchant_customer_id=found.merchant_customer_id,
                    existed=True,
                )
        try:
            return (yield from super().flow(request, account))
        except Conflict as conflict:
            if conflict.connector_customer_id is None:
                conflict.message += _OTHER_DETAILS
            raise


class HandleEvent(Composite):
    """Adds the time of receipt to a webhook, because flows do not read a clock."""

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
"""The composites by the client's method."""

_OTHER_DETAILS = (
    ". This merchant_customer_id was used before with other details, and the processor does not "
    "say for which customer: use the connector_customer_id returned then; or, to make another "
    "customer, give an idempotency_key of your own"
)


def finds_first(connector: Connector, account: Account) -> bool:
    """Whether the processor finds a customer by the caller's own id, or prevents a second one."""
    return connector.info.unique_customers or _finds_own_ids(connector, account)


def _finds_own_ids(connector: Connector, account: Account) -> bool:
    if "get_customer" not in connector.operations:
        return False
    return "merchant_customer_id" in sends(connector, account, "get_customer")
