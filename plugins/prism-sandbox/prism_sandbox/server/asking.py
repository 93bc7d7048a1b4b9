"""What every JSON endpoint shares: the key it is asked with, and a change that happens once.

Every key that starts with `sandbox_` is accepted, and all of them share one world of customers
and payments; only idempotency keys are kept apart.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from prism_sandbox.server.bodies import read_json
from prism_sandbox.server.errors import ApiError, invalid
from prism_sandbox.server.idempotency import Answer, InFlight, fingerprint_of, once, scope_of
from prism_sandbox.server.objects import Document
from prism_sandbox.server.store import Store


def authenticate(request: Request) -> str:
    """The key that a request is made with."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip().startswith("sandbox_"):
        message = "Send 'Authorization: Bearer sandbox_…': any key that starts with sandbox_."
        raise ApiError(401, "authentication_error", "invalid_api_key", message)
    return key.strip()


async def change(
    request: Request,
    work: Callable[[Store, Any], Answer],
    existing: Callable[[Any, Document], str | None] = lambda body, kept: None,
) -> Response:
    """Do what a POST or DELETE asks for, once for each idempotency key, and answer.

    `existing` tells which customer a key made before, when it comes with another request.
    """
    api_key = authenticate(request)
    store: Store = request.app.state.store
    in_flight: InFlight = request.app.state.in_flight
    scope = scope_of(store, api_key, request.headers.get("idempotency-key"))
    with in_flight.claim(scope):
        deletes = request.method == "DELETE"
        body = dict(request.query_params) if deletes else await read_json(request)
        fingerprint = fingerprint_of(store, f"{request.method} {request.url.path}", body)
        answer = await run_in_threadpool(
            once,
            store,
            scope,
            fingerprint,
            lambda: work(store, body),
            lambda kept: existing(body, kept),
        )
    # The key is free again before a fault strikes: asking once more finds the recorded answer.
    return await _deliver(request, answer)


async def _deliver(request: Request, answer: Answer) -> Response:
    if answer.fault == "error":
        raise ApiError(500, "api_error", "internal_error", "Something went wrong on our side.")
    if answer.fault == "hang":
        await _hang(request.app.state.closing, request.app.state.hang_seconds)
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else None
    return JSONResponse(shown(answer.body, request), answer.status, headers)


async def _hang(closing: asyncio.Event, seconds: float) -> NoReturn:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(closing.wait(), seconds)
    raise ApiError(504, "api_error", "timeout", "The answer took too long.")


def shown(document: Document, request: Request) -> Document:
    """What the client gets to see of a document."""
    return shown_at(document, f"{request.url.scheme}://{request.url.netloc}")


def shown_at(document: Document, origin: str) -> Document:
    """What is seen of a document: what is kept, with the customer's page as an absolute URL."""
    seen = dict(document)
    for name in ("payment", "mandate"):
        if isinstance(seen.get(name), dict):
            seen[name] = shown_at(seen[name], origin)
    action = seen.get("next_action")
    if action and action["url"]:
        seen["next_action"] = {**action, "url": f"{origin}{action['url']}"}
    for name in ("url", "page"):
        if seen.get(name):
            seen[name] = f"{origin}{seen[name]}"
    return seen


def queried(request: Request, *allowed: str) -> dict[str, str]:
    """The query parameters, of which there may be no others than these."""
    query = dict(request.query_params)
    must_be_among(query, allowed)
    return query


def must_be_among(query: Iterable[str], allowed: Sequence[str]) -> None:
    """Refuses query parameters that an endpoint does not have."""
    if set(query) - set(allowed):
        message = f"The only query parameters are: {', '.join(allowed)}."
        raise invalid(None, message, code="unknown_parameter")
