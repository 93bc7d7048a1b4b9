"""Client tokens: what a page needs before there is a payment, and the customer that it may ask
about. Nothing is stored of one: it is signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.asking import authenticate
from prism_sandbox.server.bodies import read_json
from prism_sandbox.server.errors import invalid, not_found
from prism_sandbox.server.objects import Document
from prism_sandbox.server.shapes import CLIENT_TOKEN
from prism_sandbox.server.store import Store

PUBLIC_KEY = "pk_sandbox_page"
"""What a page uses where nobody chose a key: every key that starts with pk_sandbox_ is accepted."""
_SECONDS = 3600


async def create_client_token(request: Request) -> Response:
    """POST /v1/client_tokens"""
    authenticate(request)
    sent = CLIENT_TOKEN(await read_json(request), "")
    store: Store = request.app.state.store
    return JSONResponse(await run_in_threadpool(_made, store, sent), 201)


ROUTES = [Route("/v1/client_tokens", create_client_token, methods=["POST"])]


def customer_of(store: Store, secret: str) -> str:
    """The customer that a client token is for, as long as it is valid."""
    customer, _, rest = secret.partition(".")
    expires, _, _ = rest.partition(".")
    known = expires.isascii() and expires.isdigit() and len(expires) < 20
    if not known or not hmac.compare_digest(
        _signed(store, customer, int(expires)).encode(), secret.encode()
    ):
        raise not_found("client token", "client_secret")
    if int(expires) <= time.time():
        raise invalid("client_secret", "The client token has expired.", code="expired")
    return customer


def must_be_theirs(store: Store, method_id: str, customer: str) -> None:
    """Refuses a stored method of somebody else, and one of nobody: a page may name neither."""
    kept = store.payment_method(method_id)
    if kept is None or kept["customer"] != customer:
        raise not_found("token", "payment_method.token")


def _made(store: Store, sent: Document) -> Document:
    customer = sent["customer"]
    expires = int(time.time()) + _SECONDS
    made = {
        "object": "client_token",
        "publishable_key": PUBLIC_KEY,
        "customer": customer,
        "client_secret": None,
        "expires_at": expires,
    }
    if customer is not None:
        if store.customer(customer) is None:
            raise not_found("customer", "customer")
        made["client_secret"] = _signed(store, customer, expires)
    if sent["validation_url"] is not None:
        about = {"merchantSessionIdentifier": secrets.token_hex(8), "domainName": sent["domain"]}
        made["apple_pay_session"] = json.dumps(about)
    return made


def _signed(store: Store, customer: str, expires: int) -> str:
    head = f"{customer}.{expires}"
    told = f"client\0{head}".encode()
    return f"{head}.{hmac.new(store.secret, told, hashlib.sha256).hexdigest()}"
