"""Composites: operations of the core, made of a connector's hooks, in one flow and one call."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from prism_core.connector.account import Account
from prism_core.connector.http import Flow
from prism_core.connector.operations import OWN
from prism_core.discovery.loading import Connector
from prism_core.errors import Conflict, NotFound, PrismError, UnsupportedOperation
from prism_core.runtime import preflight
from prism_core.runtime.copies import copied
from prism_core.runtime.keys import derived_key
from prism_core.runtime.observation import sends
from prism_core.runtime.reads import forget
from prism_core.schema.customers import (
    CreateCustomerRequest,
    Customer,
    CustomerCreated,
    GetCustomerRequest,
)
from prism_core.schema.events import HandleEventRequest
from prism_core.schema.status import OnConflict

Hook = Callable[..., Flow[Any]]
Refusal = Callable[[], PrismError] | None


def flow_of(connector: Connector, account: Account, operation: str, method: str) -> Hook:
    """The flow of a client's method: a connector's own, or the core's around it."""
    if operation in OWN:
        return OWN[operation]
    hook = connector.implementing(operation, method)
    if method == "customers.create":
        return partial(_create, hook)
    if method == "customers.get_or_create":
        finds = _finds_own_ids(connector, account)
        return partial(_get_or_create, hook, connector.hooks["get_customer"] if finds else None)
    return hook


def _received(connector: Connector, account: Account, request: HandleEventRequest) -> Any:
    """A webhook with the time at which it came: flows read no clock."""
    if request.received_at is not None:
        return request
    return copied(request, {"received_at": int(time.time())})


def _create(hook: Hook, request: CreateCustomerRequest, account: Account) -> Flow[CustomerCreated]:
    """A customer made; or, with `on_conflict="return"`, the one that exists already."""
    if request.on_conflict is OnConflict.RETURN:
        return _create_or_return(hook, request, account)
    return hook(request=request, account=account)


def _create_or_return(
    hook: Hook, request: CreateCustomerRequest, account: Account
) -> Flow[CustomerCreated]:
    """The connector's own flow, and the customer that its conflict names."""
    try:
        created: CustomerCreated = yield from hook(request=request, account=account)
    except Conflict as conflict:
        if conflict.connector_customer_id is None:
            raise
        return CustomerCreated(connector_customer_id=conflict.connector_customer_id, existed=True)
    return created


def _get_or_create(
    hook: Hook, find: Hook | None, request: CreateCustomerRequest, account: Account
) -> Flow[CustomerCreated]:
    """The customer with that `merchant_customer_id`: looked up where the processor finds it at
    once (`find`), else created with a key that every caller makes alike."""
    if find is not None:
        wanted = GetCustomerRequest(merchant_customer_id=request.merchant_customer_id)
        try:
            found: Customer = yield from find(request=wanted, account=account)
        except NotFound as unknown:
            if unknown.is_foreign:  # from a proxy: the customer may exist
                raise
        else:
            return CustomerCreated(
                connector_customer_id=found.connector_customer_id,
                merchant_customer_id=found.merchant_customer_id,
                existed=True,
            )
        forget(request, "merchant_customer_id")  # the creation must send it, too
    try:
        return (yield from _create_or_return(hook, request, account))
    except Conflict as conflict:  # which names no customer
        conflict.message += _OTHER_DETAILS
        raise


def _with_protection(
    connector: Connector, account: Account, request: CreateCustomerRequest
) -> CreateCustomerRequest:
    """The request of `get_or_create`, protected against a second customer by an idempotency key
    that is always the same. Raises `UnsupportedOperation` where there is no protection."""
    keyed = account.honours_keys()
    if not (keyed or finds_first(connector, account)):
        raise _no_protection(connector)
    key = request.idempotency_key
    if keyed and key is None:
        key = derived_key("a customer", request.merchant_customer_id)
    return copied(request, {"idempotency_key": key, "on_conflict": OnConflict.RETURN})


def _no_protection(connector: Connector) -> UnsupportedOperation:
    return UnsupportedOperation(
        f"{connector.info.display_name} offers nothing that keeps a second customer from being "
        "made; use customers.create, and keep the connector_customer_id"
    )


def refusal_without_key(
    connector: Connector, account: Account, operation: str, method: str, request: Any
) -> Refusal:
    """What to raise if the first change of a call cannot have its idempotency key: for a key that
    the caller gave, and for a customer that only its key keeps from being made twice."""
    if getattr(request, "idempotency_key", None) is None:
        return None
    if method != "customers.get_or_create":
        return partial(preflight.unkeyed, connector.info, operation)
    return None if finds_first(connector, account) else partial(_no_protection, connector)


ADAPTED: dict[str, Callable[[Connector, Account, Any], Any]] = {
    "customers.get_or_create": _with_protection,
    "events.handle": _received,
}
"""What is made of a request before it is checked, by the client's method."""

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
