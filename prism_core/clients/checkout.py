"""The documented checkout, as a plan: a generator that yields calls and is sent their results.

`Prism` and `AsyncPrism` make the calls.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from prism_core.errors import InvalidRequest, PrismError
from prism_core.runtime.keys import derived_key
from prism_core.schema.base import Request, Result, Schema
from prism_core.schema.customers import CreateCustomerRequest, CustomerCreated, CustomerDetails
from prism_core.schema.payments import AuthorizeRequest, Payment

if TYPE_CHECKING:
    from prism_core.runtime.engine import Engine

Link = Literal["connector_customer_id", "merchant_customer_id"]


class Checkout(Schema, frozen=True, kw_only=True):
    """The result of a checkout: the customer, and the payment linked to it.

    `linked_by` names the id that links them: the customer's id at the processor or, if the
    processor stores no customers, your own `merchant_customer_id`. It is None if the processor
    answers that the payment has no customer (`payment.discrepancies` says so, too). `customer` is
    None if no customer had to be created. Store `connector_customer_id` with the user.
    """

    payment: Payment
    connector_customer_id: str
    linked_by: Link | None
    customer: CustomerCreated | None = None


class Step(NamedTuple):
    """One call of a plan: the method of a service, and its request."""

    service: str
    method: str
    request: Request


Plan = Generator[Step, Result, Checkout]


def plan(
    engine: Engine,
    payment: AuthorizeRequest,
    customer: CreateCustomerRequest | None,
    connector_customer_id: str | None,
) -> Plan:
    """The calls of one checkout. Raises `InvalidRequest` before the first call for wrong input."""
    problem = _problem(payment, customer, connector_customer_id)
    if problem is not None:
        del payment, customer  # of a wrong type, they may show personal data in tracebacks
        raise problem
    payment = engine.keyed(payment)
    if customer is None:
        paid = yield _authorize(payment, connector_customer_id)
        known = connector_customer_id or ""
        return _done(engine, paid, known)
    if not engine.connector.info.keeps_customers:
        full = _with_customer(payment, customer)
        return _done(
            engine,
            (yield _authorize(full, customer.merchant_customer_id)),
            customer.merchant_customer_id,
        )
    # What would be refused is refused before there is a customer.
    engine.check("authorize", _authorize(payment, customer.merchant_customer_id).request)
    created: Any = yield from _created(engine, payment, customer)
    try:
        paid = yield _authorize(payment, created.connector_customer_id)
    except PrismError as error:
        error.completed = created
        raise
    return _done(engine, paid, created.connector_customer_id, created)


def _problem(
    payment: AuthorizeRequest, customer: CreateCustomerRequest | None, known: str | None
) -> InvalidRequest | None:
    if not isinstance(payment, AuthorizeRequest):
        return InvalidRequest("checkout needs payment=AuthorizeRequest(...)", field="payment")
    if payment.connector_customer_id is not None:
        return InvalidRequest(
            "give connector_customer_id to checkout itself, and leave it out of the payment",
            field="connector_customer_id",
        )
    if (customer is None) == (known is None):
        return InvalidRequest(
            "checkout needs customer=CreateCustomerRequest(...) for a new customer, or "
            "connector_customer_id=... for a returning one, and not both",
            field="customer",
        )
    if customer is not None and not isinstance(customer, CreateCustomerRequest):
        return InvalidRequest(
            "checkout needs customer=CreateCustomerRequest(...)", field="customer"
        )
    return None


def _created(
    engine: Engine, payment: AuthorizeRequest, customer: CreateCustomerRequest
) -> Generator[Step, Result, Result]:
    """The existing customer if the processor can find it, else a new one."""
    how = "get_or_create" if engine.finds_customers_first() else "create"
    try:
        return (yield from _keyed(how, customer, payment.idempotency_key))
    except PrismError as error:
        error.idempotency_key = payment.idempotency_key  # to repeat the checkout with
        raise


def _keyed(
    how: str, customer: CreateCustomerRequest, key: str | None
) -> Generator[Step, Result, Result]:
    """The customer's idempotency key is derived from the payment's, so that a repeated checkout
    creates no second customer. Some processors have keys for payments alone: then it has none."""
    if key is None or customer.idempotency_key is not None:
        return (yield Step("customers", how, customer))
    own = derived_key("customer of", key)
    try:
        return (
            yield Step("customers", how, msgspec.structs.replace(customer, idempotency_key=own))
        )
    except InvalidRequest as refused:  # nothing was sent
        if refused.field != "idempotency_key":
            raise
    return (yield Step("customers", how, customer))


def _authorize(payment: AuthorizeRequest, customer: str | None) -> Step:
    linked = msgspec.structs.replace(payment, connector_customer_id=customer)
    return Step("payments", "authorize", linked)


def _with_customer(payment: AuthorizeRequest, customer: CreateCustomerRequest) -> AuthorizeRequest:
    """The payment with the customer's data, for a processor that stores no customers."""
    for name in ("description", "address", "metadata"):
        if getattr(customer, name) is not None:
            raise InvalidRequest(
                f"this processor stores no customers, so {name} cannot be sent; leave it out",
                field=name,
            )
    if payment.customer is not None:
        raise InvalidRequest(
            "checkout fills in payment.customer itself; leave it out", field="customer"
        )
    if not (customer.name or customer.email or customer.phone):
        return payment
    details = CustomerDetails(name=customer.name, email=customer.email, phone=customer.phone)
    return msgspec.structs.replace(payment, customer=details)


def _done(
    engine: Engine, paid: Any, known: str, created: CustomerCreated | None = None
) -> Checkout:
    kept = engine.connector.info.keeps_customers
    link: Link = "connector_customer_id" if kept else "merchant_customer_id"
    apart = any(found.field == "connector_customer_id" for found in paid.discrepancies)
    return Checkout(
        payment=paid,
        connector_customer_id=known,
        linked_by=None if apart else link,
        customer=created,
    )
