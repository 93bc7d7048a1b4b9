"""Composites: operations of the core's own, made of a connector's hooks: one flow, one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from prism_core.account import Account
from prism_core.errors import NotFound, UnsupportedOperation
from prism_core.http import Flow
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    GetCustomerRequest,
)
from prism_core.schema.status import OnConflict

if TYPE_CHECKING:
    from prism_core.loading import Connector


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
        except NotFound:
            pass
        else:
            return CustomerCreated(
                connector_customer_id=found.connector_customer_id,
                merchant_customer_id=found.merchant_customer_id,
                existed=True,
            )
    create = hooks["create_customer"]
    created: CustomerCreated = yield from create(request=request, account=account)
    return created


def once_only(
    connector: Connector, account: Account, request: CreateCustomerRequest
) -> CreateCustomerRequest:
    """The request with what keeps it from making a second customer. Raises
    `UnsupportedOperation` where the processor offers nothing of the kind."""
    info, keyed = connector.info, account.idempotency_header is not None
    if not (keyed or info.unique_customers or _finds_own_ids(connector)):
        raise UnsupportedOperation(
            f"{info.display_name} offers nothing that keeps a second customer from being made; "
            "use customers.create, and keep the connector_customer_id"
        )
    key = request.idempotency_key
    if keyed and key is None:
        import hashlib  # not needed before, and slow to import

        key = f"prism-customer-{hashlib.sha256(request.merchant_customer_id.encode()).hexdigest()}"
    return msgspec.structs.replace(request, idempotency_key=key, on_conflict=OnConflict.RETURN)


def _finds_own_ids(connector: Connector) -> bool:
    return "merchant_customer_id" in connector.info.sends.get("get_customer", ())
