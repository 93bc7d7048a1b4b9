"""Composites: operations of the core's own, made of a connector's hooks: one flow, one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from prism_core.connector.account import Account
from prism_core.connector.http import Flow
from prism_core.errors import Conflict, NotFound, UnsupportedOperation
from prism_core.runtime.keys import derived_key
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    GetCustomerRequest,
)
from prism_core.schema.status import OnConflict

if TYPE_CHECKING:
    from prism_core.discovery.loading import Connector


def get_or_create_customer(
    connector: Connector, request: CreateCustomerRequest, account: Account
) -> Flow[CustomerCreated]:
    """The customer with that `merchant_customer_id`: looked up where the processor finds it at
    once, else created with a key that every caller makes alike."""
    hooks = connector.hooks
    if _finds_own_ids(connector):
        wanted = GetCustomerRequest(merchant_customer_id=request.merchant_customer_id)
        try:
            found: Customer = yield from hooks["get_customer"](request=wanted, account=account)
        except NotFound as unknown:
            if unknown.is_foreign:  # of somebody in between: there may be one
                raise
        else:
            return CustomerCreated(
                connector_customer_id=found.connector_customer_id,
                merchant_customer_id=found.merchant_customer_id,
                existed=True,
            )
    create = hooks["create_customer"]
    try:
        created: CustomerCreated = yield from create(request=request, account=account)
    except Conflict as conflict:
        if conflict.connector_customer_id is None:
            conflict.message += _OTHER_DETAILS
        raise
    return created


_OTHER_DETAILS = (
    ". This merchant_customer_id was used before with other details, and the processor does not "
    "say for which customer: use the connector_customer_id returned then; or, to make another "
    "customer, give an idempotency_key of your own"
)


def once_only(
    connector: Connector, account: Account, request: CreateCustomerRequest
) -> CreateCustomerRequest:
    """The request with what keeps it from making a second customer. Raises
    `UnsupportedOperation` where the processor offers nothing of the kind."""
    info, keyed = connector.info, account.idempotency_header is not None
    if not (keyed or finds_first(connector)):
        raise UnsupportedOperation(
            f"{info.display_name} offers nothing that keeps a second customer from being made; "
            "use customers.create, and keep the connector_customer_id"
        )
    key = request.idempotency_key
    if keyed and key is None:
        key = derived_key("customer", request.merchant_customer_id)
    return msgspec.structs.replace(request, idempotency_key=key, on_conflict=OnConflict.RETURN)


def finds_first(connector: Connector) -> bool:
    """Whether the processor finds a customer by the caller's own id, or makes no second one."""
    return connector.info.unique_customers or _finds_own_ids(connector)


def _finds_own_ids(connector: Connector) -> bool:
    return "merchant_customer_id" in connector.info.sends.get("get_customer", ())
