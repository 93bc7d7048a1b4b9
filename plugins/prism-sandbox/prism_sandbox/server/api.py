"""The JSON endpoints for payments and refunds, and /health: each reads a request, does one thing,
answers."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.asking import authenticate, change, queried, shown
from prism_sandbox.server.changes import captured, incremented, refunded, voided
from prism_sandbox.server.errors import invalid, not_found
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.keeping import keep
from prism_sandbox.server.methods import means_of, must_be_storable
from prism_sandbox.server.objects import Document
from prism_sandbox.server.payments import new_payment
from prism_sandbox.server.rules import decide_increment
from prism_sandbox.server.shapes import CAPTURE, INCREMENT, PAYMENT, REFUND, VOID
from prism_sandbox.server.store import Store
from prism_sandbox.server.trying import try_to_pay


async def health(request: Request) -> Response:
    """Whether the server answers at all."""
    return JSONResponse({"ok": True})


async def create_payment(request: Request) -> Response:
    """POST /v1/payments"""
    return await change(request, _add_payment)


async def get_payment(request: Request) -> Response:
    """GET /v1/payments/{id}"""
    authenticate(request)
    store: Store = request.app.state.store
    payment = await run_in_threadpool(store.payment, request.path_params["id"])
    if payment is None:
        raise not_found("payment")
    return JSONResponse(shown(payment, request))


async def list_payments(request: Request) -> Response:
    """GET /v1/payments?reference=…: how a client finds a payment whose answer it never got."""
    authenticate(request)
    reference = queried(request, "reference").get("reference")
    if not reference:
        raise invalid("reference", "Say which payments: ?reference=…", code="missing")
    store: Store = request.app.state.store
    payments = await run_in_threadpool(store.payments, reference)
    return JSONResponse({"object": "list", "data": [shown(each, request) for each in payments]})


async def capture_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/capture"""
    return await change(request, partial(capture, request.path_params["id"]))


async def void_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/void"""
    return await change(request, partial(void, request.path_params["id"]))


async def increment_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/increment"""
    return await change(request, partial(_increment, request.path_params["id"]))


async def create_refund(request: Request) -> Response:
    """POST /v1/payments/{id}/refunds"""
    return await change(request, partial(refund, request.path_params["id"]))


async def get_refund(request: Request) -> Response:
    """GET /v1/refunds/{id}; with ?payment=… or ?reference=… only if it has that one."""
    authenticate(request)
    query = queried(request, "payment", "reference")
    store: Store = request.app.state.store
    refund = await run_in_threadpool(store.refund, request.path_params["id"])
    if refund is None or any(refund[name] != wanted for name, wanted in query.items()):
        raise not_found("refund")
    return JSONResponse(refund)


ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/v1/payments", create_payment, methods=["POST"]),
    Route("/v1/payments", list_payments, methods=["GET"]),
    Route("/v1/payments/{id}", get_payment, methods=["GET"]),
    Route("/v1/payments/{id}/capture", capture_payment, methods=["POST"]),
    Route("/v1/payments/{id}/void", void_payment, methods=["POST"]),
    Route("/v1/payments/{id}/increment", increment_payment, methods=["POST"]),
    Route("/v1/payments/{id}/refunds", create_refund, methods=["POST"]),
    Route("/v1/refunds/{id}", get_refund, methods=["GET"]),
]


def _add_payment(store: Store, body: Any) -> Answer:
    request = PAYMENT(body, "")
    means = means_of(store, request["payment_method"], request["customer"])
    must_be_storable(request, means)
    payment = try_to_pay(new_payment(request), means, request)
    payment = keep(store, payment, new=True)
    return Answer(402 if payment["status"] == "declined" else 201, payment, means.rule.fault)


def _payment(store: Store, payment_id: str) -> Document:
    payment = store.payment(payment_id)
    if payment is None:
        raise not_found("payment")
    return payment


def capture(payment_id: str, store: Store, body: Any) -> Answer:
    """Capture what is asked for of a payment, or all that is left."""
    request = CAPTURE(body, "")
    payment = captured(_payment(store, payment_id), request)
    store.update_payment(payment)
    return Answer(200, payment)


def void(payment_id: str, store: Store, body: Any) -> Answer:
    """Give up what is left of a payment, or an open order."""
    request = VOID(body, "")
    return Answer(200, keep(store, voided(_payment(store, payment_id), request)))


def _increment(payment_id: str, store: Store, body: Any) -> Answer:
    request = INCREMENT(body, "")
    before = _payment(store, payment_id)
    payment = incremented(before, request)
    decline = decide_increment(before["amount_authorized"], request["amount"])
    if decline:
        # The payment stays as it was; only this answer tells why it was not raised.
        return Answer(402, before | {"decline": asdict(decline)})
    store.update_payment(payment)
    return Answer(200, payment)


def refund(payment_id: str, store: Store, body: Any) -> Answer:
    """Give captured money back: the amount asked for, or all that is left."""
    request = REFUND(body, "")
    payment, made = refunded(_payment(store, payment_id), request)
    store.update_payment(payment)
    # A pending refund has succeeded by the time that somebody looks.
    ended = "succeeded" if made["status"] == "pending" else made["status"]
    store.add_refund(made | {"status": ended})
    return Answer(201, made)
