"""The JSON endpoints under /v1, and /health: each reads a request, does one thing, answers.

Every key that starts with `sandbox_` is accepted, and all of them share one world of customers
and payments; only idempotency keys are kept apart.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from typing import Any, NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.bodies import read_json
from prism_sandbox.server.changes import captured, incremented, refunded, voided
from prism_sandbox.server.errors import ApiError, invalid, not_found
from prism_sandbox.server.idempotency import Answer, InFlight, fingerprint_of, once, scope_of
from prism_sandbox.server.objects import Document, new_card, new_customer, new_payment
from prism_sandbox.server.rules import (
    EXPIRED_CARD,
    TOKENS,
    CardRule,
    decide,
    decide_increment,
    rule_for,
)
from prism_sandbox.server.shapes import CAPTURE, CUSTOMER, INCREMENT, PAYMENT, REFUND, VOID
from prism_sandbox.server.store import Store


async def health(request: Request) -> Response:
    """Whether the server answers at all."""
    return JSONResponse({"ok": True})


async def create_customer(request: Request) -> Response:
    """POST /v1/customers"""
    return await _post(request, _add_customer)


async def get_customer(request: Request) -> Response:
    """GET /v1/customers/{id}"""
    _authenticate(request)
    store: Store = request.app.state.store
    customer = await run_in_threadpool(store.customer, request.path_params["id"])
    if customer is None:
        raise not_found("customer")
    return JSONResponse(customer)


async def create_payment(request: Request) -> Response:
    """POST /v1/payments"""
    return await _post(request, _add_payment)


async def get_payment(request: Request) -> Response:
    """GET /v1/payments/{id}"""
    _authenticate(request)
    store: Store = request.app.state.store
    payment = await run_in_threadpool(store.payment, request.path_params["id"])
    if payment is None:
        raise not_found("payment")
    return JSONResponse(_shown(payment, request))


async def list_payments(request: Request) -> Response:
    """GET /v1/payments?reference=…: how a client finds a payment whose answer it never got."""
    _authenticate(request)
    if set(request.query_params) - {"reference"}:
        raise invalid(None, "The only query parameter is reference.", code="unknown_parameter")
    reference = request.query_params.get("reference")
    if not reference:
        raise invalid("reference", "Say which payments: ?reference=…", code="missing")
    store: Store = request.app.state.store
    payments = await run_in_threadpool(store.payments, reference)
    return JSONResponse({"object": "list", "data": [_shown(each, request) for each in payments]})


async def capture_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/capture"""
    return await _post(request, partial(_capture, request.path_params["id"]))


async def void_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/void"""
    return await _post(request, partial(_void, request.path_params["id"]))


async def increment_payment(request: Request) -> Response:
    """POST /v1/payments/{id}/increment"""
    return await _post(request, partial(_increment, request.path_params["id"]))


async def create_refund(request: Request) -> Response:
    """POST /v1/payments/{id}/refunds"""
    return await _post(request, partial(_add_refund, request.path_params["id"]))


async def get_refund(request: Request) -> Response:
    """GET /v1/refunds/{id}; with ?payment=… or ?reference=… only if it has that one."""
    _authenticate(request)
    query = dict(request.query_params)
    if set(query) - {"payment", "reference"}:
        message = "The only query parameters are payment and reference."
        raise invalid(None, message, code="unknown_parameter")
    store: Store = request.app.state.store
    refund = await run_in_threadpool(store.refund, request.path_params["id"])
    if refund is None or any(refund[name] != wanted for name, wanted in query.items()):
        raise not_found("refund")
    return JSONResponse(refund)


ROUTES = [
    Route("/health", health, methods=["GET"]),
    Route("/v1/customers", create_customer, methods=["POST"]),
    Route("/v1/customers/{id}", get_customer, methods=["GET"]),
    Route("/v1/payments", create_payment, methods=["POST"]),
    Route("/v1/payments", list_payments, methods=["GET"]),
    Route("/v1/payments/{id}", get_payment, methods=["GET"]),
    Route("/v1/payments/{id}/capture", capture_payment, methods=["POST"]),
    Route("/v1/payments/{id}/void", void_payment, methods=["POST"]),
    Route("/v1/payments/{id}/increment", increment_payment, methods=["POST"]),
    Route("/v1/payments/{id}/refunds", create_refund, methods=["POST"]),
    Route("/v1/refunds/{id}", get_refund, methods=["GET"]),
]


def _authenticate(request: Request) -> str:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip().startswith("sandbox_"):
        message = "Send 'Authorization: Bearer sandbox_…': any key that starts with sandbox_."
        raise ApiError(401, "authentication_error", "invalid_api_key", message)
    return key.strip()


async def _post(request: Request, work: Callable[[Store, Any], Answer]) -> Response:
    api_key = _authenticate(request)
    store: Store = request.app.state.store
    in_flight: InFlight = request.app.state.in_flight
    scope = scope_of(store, api_key, request.headers.get("idempotency-key"))
    with in_flight.claim(scope):
        body = await read_json(request)
        fingerprint = fingerprint_of(store, request.url.path, body)
        answer = await run_in_threadpool(once, store, scope, fingerprint, lambda: work(store, body))
    # The key is free again before a fault strikes: asking once more finds the recorded answer.
    return await _deliver(request, answer)


async def _deliver(request: Request, answer: Answer) -> Response:
    if answer.fault == "error":
        raise ApiError(500, "api_error", "internal_error", "Something went wrong on our side.")
    if answer.fault == "hang":
        await _hang(request.app.state.closing, request.app.state.hang_seconds)
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else None
    return JSONResponse(_shown(answer.body, request), answer.status, headers)


async def _hang(closing: asyncio.Event, seconds: float) -> NoReturn:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(closing.wait(), seconds)
    raise ApiError(504, "api_error", "timeout", "The answer took too long.")


def _shown(document: Document, request: Request) -> Document:
    """What the client gets to see: like what is kept, with the challenge as an absolute URL."""
    action = document.get("next_action")
    if not action:
        return document
    url = f"{request.url.scheme}://{request.url.netloc}{action['url']}"
    return document | {"next_action": {**action, "url": url}}


def _add_customer(store: Store, body: Any) -> Answer:
    customer = new_customer(CUSTOMER(body, ""))
    store.add_customer(customer)
    return Answer(201, customer)


def _add_payment(store: Store, body: Any) -> Answer:
    request = PAYMENT(body, "")
    if request["customer"] is not None and store.customer(request["customer"]) is None:
        raise not_found("customer", "customer")
    rule, card = _card_of(request["payment_method"])
    if rule.outcome == "limit":
        message = "Too many requests; slow down."
        raise ApiError(429, "rate_limited", "too_many", message, headers={"Retry-After": "1"})
    manual = request["capture"] == "manual"
    challenge = request["three_d_secure"] == "required"
    off_session = bool(request["off_session"])
    decision = decide(rule, challenge=challenge, off_session=off_session, manual=manual)
    payment = new_payment(request, card, decision)
    store.add_payment(payment, manual=manual, return_url=request["return_url"])
    return Answer(402 if payment["status"] == "declined" else 201, payment, rule.fault)


def _payment(store: Store, payment_id: str) -> Document:
    payment = store.payment(payment_id)
    if payment is None:
        raise not_found("payment")
    return payment


def _capture(payment_id: str, store: Store, body: Any) -> Answer:
    request = CAPTURE(body, "")
    payment = captured(_payment(store, payment_id), request)
    store.update_payment(payment)
    return Answer(200, payment)


def _void(payment_id: str, store: Store, body: Any) -> Answer:
    request = VOID(body, "")
    payment = voided(_payment(store, payment_id), request)
    store.update_payment(payment)
    return Answer(200, payment)


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


def _add_refund(payment_id: str, store: Store, body: Any) -> Answer:
    request = REFUND(body, "")
    payment, refund = refunded(_payment(store, payment_id), request)
    store.update_payment(payment)
    # A pending refund has succeeded by the time that somebody looks.
    ended = "succeeded" if refund["status"] == "pending" else refund["status"]
    store.add_refund(refund | {"status": ended})
    return Answer(201, refund)


def _card_of(method: Document) -> tuple[CardRule, Document]:
    if method["type"] == "token":
        if method["token"] not in TOKENS:
            raise not_found("token", "payment_method.token")
        number = TOKENS[method["token"]]
        return rule_for(number), new_card(number, 12, 2099)
    number, month, year = method["number"], method["exp_month"], method["exp_year"]
    rule = rule_for(number)
    if (year, month) < time.gmtime()[:2]:
        rule = CardRule(number, "", "decline", EXPIRED_CARD)
    return rule, new_card(number, month, year)
