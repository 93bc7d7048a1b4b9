"""The endpoints for orders: something to pay, or a mandate to give, on a page."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.accounts import DEBITS, REDIRECTS, at_once, storable
from prism_sandbox.server.asking import authenticate, change, shown
from prism_sandbox.server.errors import conflict, invalid, not_found
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.keeping import given_by, keep
from prism_sandbox.server.mandates import begun
from prism_sandbox.server.methods import means_of, must_be_storable, must_be_usable_again
from prism_sandbox.server.objects import Document, new_id, new_order
from prism_sandbox.server.payments import ended, is_manual, new_payment
from prism_sandbox.server.shapes import ORDER
from prism_sandbox.server.store import Store
from prism_sandbox.server.trying import try_to_pay

TYPES = ("card", "apple_pay", "google_pay", *REDIRECTS, *DEBITS)
"""What a page can offer."""


async def create_order(request: Request) -> Response:
    """POST /v1/orders"""
    return await change(request, _add_order)


async def get_order(request: Request) -> Response:
    """GET /v1/orders/{id}"""
    authenticate(request)
    store: Store = request.app.state.store
    order = await run_in_threadpool(found, store, request.path_params["id"])
    return JSONResponse(shown(order, request))


async def cancel_order(request: Request) -> Response:
    """POST /v1/orders/{id}/cancel"""
    return await change(request, partial(_cancel, request.path_params["id"]))


ROUTES = [
    Route("/v1/orders", create_order, methods=["POST"]),
    Route("/v1/orders/{id}", get_order, methods=["GET"]),
    Route("/v1/orders/{id}/cancel", cancel_order, methods=["POST"]),
]


def found(store: Store, order_id: str) -> Document:
    """The order with this id, as it stands."""
    order = store.order(order_id)
    if order is None:
        raise not_found("order")
    return order


def pay(store: Store, order: Document, method: Document) -> Document:
    """Try to pay an order with this; gives the payment as it stands then."""
    payment = order["payment"]
    if order["status"] != "open" or order["expires_at"] <= time.time():
        raise conflict("order_not_open", "This order cannot be paid any more.")
    means = means_of(store, method, payment["customer"])
    kind = means.method["type"]
    if kind not in offered(order):
        message = f"This order offers {', '.join(offered(order))}."
        raise invalid("payment_method", message, code="method_not_offered")
    must_be_storable(payment, means)
    if payment["mandate"]:
        must_be_usable_again(kind)
    return keep(store, try_to_pay(payment, means, payment))


def offered(order: Document) -> list[str]:
    """The types of payment methods that an order's page offers: those that were asked for, without
    those that cannot be kept or captured later, where that is wanted."""
    payment = order["payment"]
    kept = payment["setup_future_usage"] is not None or payment["mandate"] is not None
    return [
        kind
        for kind in order["payment_method_types"] or TYPES
        if (storable(kind) or not kept) and not (is_manual(payment) and at_once(kind))
    ]


def cancel(store: Store, order: Document) -> Document:
    """Give an order up; gives its payment."""
    return keep(store, ended(order["payment"], "canceled"))


def _add_order(store: Store, body: Any) -> Answer:
    request = ORDER(body, "")
    setup = request["mode"] == "setup"
    for name in ("amount", "currency"):
        if request[name] is None and not (setup and request["amount"] is request["currency"]):
            raise invalid(name, "This property is required.", code="missing")
    _must_be_known(store, request)
    order_id = new_id("ord")
    payment, mandate = begun(request, order_id) if setup else (new_payment(request, order_id), None)
    order = new_order(request, payment)
    if not offered(order | {"payment": payment}):
        message = "None of these can be kept, or captured later, as this asks for."
        raise invalid("payment_method_types", message)
    if mandate is not None:
        mandate = given_by(mandate | {"page": order["url"]}, payment)
        store.add_mandate(mandate)
    store.add_order(order, payment["id"], mandate["id"] if mandate else None)
    keep(store, payment, new=True)
    store.plan(payment["id"], "expire", order["expires_at"])
    return Answer(201, found(store, order["id"]))


def _must_be_known(store: Store, request: Document) -> None:
    customer = request["customer"]
    if customer is not None and store.customer(customer) is None:
        raise not_found("customer", "customer")
    if customer is None and request["setup_future_usage"] is not None:
        message = "A method is stored for later for a customer only: send one."
        raise invalid("customer", message, code="missing")
    if set(request["payment_method_types"] or ()) - set(TYPES):
        message = f"The types are {', '.join(TYPES)}."
        raise invalid("payment_method_types", message)


def _cancel(order_id: str, store: Store, body: Any) -> Answer:
    cancel(store, found(store, order_id))
    return Answer(200, found(store, order_id))
