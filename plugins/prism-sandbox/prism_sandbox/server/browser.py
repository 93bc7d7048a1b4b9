"""The endpoints for the page of a shop: tokens for test cards and accounts, and orders paid in the
page. They take the public key, and answer to any page on this machine."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.asking import shown
from prism_sandbox.server.bodies import read_json
from prism_sandbox.server.client_tokens import customer_of, must_be_theirs
from prism_sandbox.server.errors import ApiError, not_found
from prism_sandbox.server.methods import means_of
from prism_sandbox.server.objects import Document, new_token
from prism_sandbox.server.orders import found, offered, pay
from prism_sandbox.server.shapes import CHECKOUT, CHECKOUT_PAYMENT, TOKEN
from prism_sandbox.server.store import Store

_ALLOWED = {"Access-Control-Allow-Origin": "*"}
_PREFLIGHT = _ALLOWED | {
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
}


async def create_token(request: Request) -> Response:
    """POST /v1/tokens: collects a card or an account, and gives a token for one use."""
    return await _answered(request, _add_token, 201)


async def show_checkout(request: Request) -> Response:
    """POST /v1/checkout: what the page of an order may see of it, by its client secret."""
    return await _answered(request, _checkout)


async def pay_checkout(request: Request) -> Response:
    """POST /v1/checkout/pay: a try to pay an order in the page."""
    return await _answered(request, _pay)


async def allow(request: Request) -> Response:
    """OPTIONS: browsers ask before they post JSON from another page."""
    return Response(status_code=204, headers=_PREFLIGHT)


async def list_methods(request: Request) -> Response:
    """POST /v1/customer_methods: the stored methods of the customer of a client token."""
    return await _answered(request, _methods)


_OPEN_TO_PAGES: tuple[tuple[str, Callable[[Request], Any]], ...] = (
    ("/v1/tokens", create_token),
    ("/v1/customer_methods", list_methods),
    ("/v1/checkout", show_checkout),
    ("/v1/checkout/pay", pay_checkout),
)
ROUTES = [
    *(Route(path, endpoint, methods=["POST"]) for path, endpoint in _OPEN_TO_PAGES),
    *(Route(path, allow, methods=["OPTIONS"]) for path, _ in _OPEN_TO_PAGES),
]


async def _answered(
    request: Request, work: Callable[[Store, Any], Document], status: int = 200
) -> Response:
    """Errors, too, carry the header without which the page could not read them."""
    store: Store = request.app.state.store
    try:
        _must_be_public(request)
        body = await read_json(request)
        done = await run_in_threadpool(_together, store, work, body)
    except ApiError as error:
        return JSONResponse(error.body(), error.status, {**error.headers, **_ALLOWED})
    return JSONResponse(shown(done, request), status, _ALLOWED)


def _together(store: Store, work: Callable[[Store, Any], Document], body: Any) -> Document:
    with store.transaction():
        return work(store, body)


def _must_be_public(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip().startswith("pk_sandbox_"):
        message = "Send 'Authorization: Bearer pk_sandbox_…': the public key, never the API key."
        raise ApiError(401, "authentication_error", "invalid_public_key", message)


def _add_token(store: Store, body: Any) -> Document:
    sent = TOKEN(body, "")
    customer = None
    if sent["payment_method"]["type"] == "token":
        customer = customer_of(store, sent["client_secret"] or "")
        must_be_theirs(store, sent["payment_method"]["token"], customer)
    means = means_of(store, sent["payment_method"], customer)
    token = new_token(means.method, means.rule.token, customer, means.stored)
    store.add_token(token)
    return token


def _methods(store: Store, body: Any) -> Document:
    customer = customer_of(store, CHECKOUT(body, "")["client_secret"])
    kept = store.payment_methods(customer, 100)
    return {"object": "list", "data": [{"id": one["id"], "method": one["method"]} for one in kept]}


def _order_of(store: Store, secret: str) -> Document:
    order = found(store, secret.partition("_secret_")[0])
    if not hmac.compare_digest((order["client_secret"] or "").encode(), secret.encode()):
        raise not_found("order", "client_secret")
    return order


def _checkout(store: Store, body: Any) -> Document:
    return _seen(_order_of(store, CHECKOUT(body, "")["client_secret"]))


def _pay(store: Store, body: Any) -> Document:
    sent = CHECKOUT_PAYMENT(body, "")
    order = _order_of(store, sent["client_secret"])
    pay(store, order, sent["payment_method"])
    return _seen(_order_of(store, sent["client_secret"]))


def _seen(order: Document) -> Document:
    """What a page may see of an order: nothing of the customer, and no metadata."""
    payment = order["payment"]
    return {
        "object": "checkout",
        "order": order["id"],
        "payment": payment["id"],
        "status": order["status"],
        "payment_status": payment["status"],
        "amount": payment["amount"],
        "currency": payment["currency"],
        "description": payment["description"],
        "order_details": payment.get("order_details"),
        "payment_method_types": offered(order),
        "decline": payment["decline"],
        "next_action": payment["next_action"],
        "return_url": payment.get("return_url"),
        "cancel_url": payment.get("cancel_url"),
        "locale": payment.get("locale"),
        "expires_at": order["expires_at"],
    }
