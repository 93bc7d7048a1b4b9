"""Putting the application together: routes, request ids, and every error as JSON."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from prism_sandbox.server import (
    api,
    browser,
    client_tokens,
    customers,
    frames,
    live,
    mandates,
    order_pages,
    orders,
    pages,
)
from prism_sandbox.server.errors import ApiError, invalid
from prism_sandbox.server.idempotency import InFlight
from prism_sandbox.server.journal import Deliveries, Requests
from prism_sandbox.server.objects import Document
from prism_sandbox.server.own import is_loopback
from prism_sandbox.server.store import Store

logger = logging.getLogger("prism_sandbox.server")


def create_app(
    database: str = ":memory:",
    *,
    hang_seconds: float = 60,
    settle_seconds: float = 3,
    tell: Callable[[Document], None] | None = None,
    deliveries: Deliveries | None = None,
) -> Starlette:
    """The fake processor as an ASGI application.

    `database` is a SQLite file, or ":memory:" to forget everything at the end; `hang_seconds` is
    how long the card that hangs does so, `settle_seconds` how long a debit takes. `tell` is called
    with every payment, refund, mandate, order and dispute that changed, and must not block;
    `deliveries` is what the live page shows of that. It answers only to loopback host names.
    """
    endpoints = [
        *(*api.ROUTES, *customers.ROUTES, *mandates.ROUTES, *orders.ROUTES),
        *(*browser.ROUTES, *client_tokens.ROUTES),
    ]
    requests = Requests(route.path for route in endpoints)
    app = Starlette(
        routes=[*endpoints, *pages.ROUTES, *order_pages.ROUTES, *frames.ROUTES, *live.ROUTES],
        middleware=[Middleware(_Front, requests)],
        exception_handlers={
            ApiError: _refused,
            HTTPException: _no_such_thing,
            Exception: _crashed,
        },
    )
    app.router.redirect_slashes = False
    app.state.store = Store(database, tell)
    app.state.store.settle_seconds = settle_seconds
    app.state.in_flight = InFlight()
    app.state.hang_seconds = hang_seconds
    app.state.closing = asyncio.Event()
    live.add_live(app, requests, deliveries)
    return app


class _Front:
    """Every request: its id, its log line, its row on the live page, and the check that it was
    meant for loopback."""

    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self.app = app
        self.requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(8)}"
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.monotonic()
        sent = Headers(scope=scope)
        key = sent.get("idempotency-key")
        self.requests.began(request_id, scope["method"], scope["path"], key)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                _log(scope, message["status"], started)
                replayed = "idempotent-replayed" in headers
                self.requests.ended(request_id, message["status"], replayed=replayed)
            await send(message)

        if is_loopback(sent.get("host", "")):
            try:
                await self.app(scope, receive, send_with_id)
            except Exception:
                # `_crashed` answers from outside of here.
                self.requests.ended(request_id, 500)
                raise
        else:
            # A web page that points its own name at 127.0.0.1 must not get to read the data.
            error = invalid("Host", "Use http://127.0.0.1 or http://localhost to reach me.")
            await JSONResponse(error.body(), error.status)(scope, receive, send_with_id)


def _log(scope: Scope, status: int, started: float) -> None:
    if scope["method"] == "GET" and scope["path"].startswith("/page/"):
        return  # The live page asks twice a second.
    # The endpoint's name, not the path: a path or query may hold anything a client put there.
    name = getattr(scope.get("endpoint"), "__name__", "no_endpoint")
    elapsed = (time.monotonic() - started) * 1000
    logger.info("%s %d in %.0f ms (%s)", name, status, elapsed, scope["state"]["request_id"])


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse(error.body(), error.status, error.headers)


def _no_such_thing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "invalid")
    body = invalid(None, error.detail, code=code).body()
    return JSONResponse(body, error.status_code, error.headers)


def _crashed(request: Request, error: Exception) -> Response:
    body = ApiError(500, "api_error", "internal_error", "The sandbox itself failed; see its log.")
    # Starlette sends this one from outside of `_Front`, so the id has to be added here.
    return JSONResponse(body.body(), 500, {"X-Request-Id": request.state.request_id})
