"""The endpoints for customers and the methods kept for them. A lookup finds what was made a moment
ago, and what is deleted is gone: with a customer, their methods; with a method, its mandates."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.asking import authenticate, change, must_be_among, queried
from prism_sandbox.server.errors import invalid, not_found
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.mandates import revoke_all
from prism_sandbox.server.methods import means_of
from prism_sandbox.server.objects import Document, new_customer, new_payment_method
from prism_sandbox.server.shapes import CUSTOMER, PAYMENT_METHOD
from prism_sandbox.server.store import Store

PAGE = 100


async def create_customer(request: Request) -> Response:
    """POST /v1/customers"""
    return await change(request, _add_customer, _same_customer)


async def get_customer(request: Request) -> Response:
    """GET /v1/customers/{id}"""
    authenticate(request)
    store: Store = request.app.state.store
    return JSONResponse(await run_in_threadpool(_customer, store, request.path_params["id"]))


async def list_customers(request: Request) -> Response:
    """GET /v1/customers?reference=…"""
    authenticate(request)
    reference = queried(request, "reference").get("reference")
    if not reference:
        raise invalid("reference", "Say which customers: ?reference=…", code="missing")
    store: Store = request.app.state.store
    found = await run_in_threadpool(store.customers, reference)
    return JSONResponse({"object": "list", "data": found})


async def update_customer(request: Request) -> Response:
    """POST /v1/customers/{id}"""
    return await change(request, partial(_update_customer, request.path_params["id"]))


async def delete_customer(request: Request) -> Response:
    """DELETE /v1/customers/{id}; with ?reference=… only if that is theirs."""
    return await change(request, partial(_delete_customer, request.path_params["id"]))


async def create_payment_method(request: Request) -> Response:
    """POST /v1/payment_methods"""
    return await change(request, _add_payment_method)


async def list_payment_methods(request: Request) -> Response:
    """GET /v1/payment_methods?customer=…; with &reference=… only if that is the customer's."""
    authenticate(request)
    query = queried(request, "customer", "reference")
    if not query.get("customer"):
        raise invalid("customer", "Say whose: ?customer=…", code="missing")
    store: Store = request.app.state.store
    return JSONResponse(await run_in_threadpool(_methods_of, store, query))


async def delete_payment_method(request: Request) -> Response:
    """DELETE /v1/payment_methods/{id}; with ?customer=… or ?reference=… only if it has that."""
    return await change(request, partial(_delete_payment_method, request.path_params["id"]))


ROUTES = [
    Route("/v1/customers", create_customer, methods=["POST"]),
    Route("/v1/customers", list_customers, methods=["GET"]),
    Route("/v1/customers/{id}", get_customer, methods=["GET"]),
    Route("/v1/customers/{id}", update_customer, methods=["POST"]),
    Route("/v1/customers/{id}", delete_customer, methods=["DELETE"]),
    Route("/v1/payment_methods", create_payment_method, methods=["POST"]),
    Route("/v1/payment_methods", list_payment_methods, methods=["GET"]),
    Route("/v1/payment_methods/{id}", delete_payment_method, methods=["DELETE"]),
]


def _customer(store: Store, customer_id: str, reference: str | None = None) -> Document:
    customer = store.customer(customer_id)
    if customer is None or reference not in (None, customer["reference"]):
        raise not_found("customer")
    return customer


def _add_customer(store: Store, body: Any) -> Answer:
    customer = new_customer(CUSTOMER(body, ""))
    store.add_customer(customer)
    return Answer(201, customer)


def _same_customer(body: Any, kept: Document) -> str | None:
    """The customer that a key made before, if the request means them, with other data."""
    reference = body.get("reference") if isinstance(body, dict) else None
    return kept["id"] if reference and reference == kept.get("reference") else None


def _update_customer(customer_id: str, store: Store, body: Any) -> Answer:
    given = {name: value for name, value in CUSTOMER(body, "").items() if value is not None}
    customer = _customer(store, customer_id) | given
    store.update_customer(customer)
    return Answer(200, customer)


def _delete_customer(customer_id: str, store: Store, query: dict[str, str]) -> Answer:
    must_be_among(query, ["reference"])
    _customer(store, customer_id, query.get("reference"))
    revoke_all(store, customer_id)
    store.delete_customer(customer_id)
    return Answer(200, {"object": "customer", "id": customer_id, "deleted": True})


def _add_payment_method(store: Store, body: Any) -> Answer:
    request = PAYMENT_METHOD(body, "")
    means = means_of(store, request["payment_method"], request["customer"])
    why = means.rule.decline
    if why is not None:
        # Issuers are asked before a card is kept, and some say no.
        raise invalid("payment_method", why.message, code=why.code)
    method = new_payment_method(request, means.method, means.rule.token)
    store.add_payment_method(method)
    return Answer(201, method)


def _methods_of(store: Store, query: dict[str, str]) -> Document:
    _customer(store, query["customer"], query.get("reference"))
    found = store.payment_methods(query["customer"], PAGE + 1)
    return {"object": "list", "data": found[:PAGE], "has_more": len(found) > PAGE}


def _delete_payment_method(method_id: str, store: Store, query: dict[str, str]) -> Answer:
    must_be_among(query, ["customer", "reference"])
    method = store.payment_method(method_id)
    if method is None or any(method[name] != wanted for name, wanted in query.items()):
        raise not_found("payment method")
    revoke_all(store, method_id)
    store.delete_payment_method(method_id)
    return Answer(200, {"object": "payment_method", "id": method_id, "deleted": True})
