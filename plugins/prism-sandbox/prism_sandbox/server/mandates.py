"""The endpoints for mandates: the permission to charge again, charging by it, giving it back.

Every mandate begins with a payment that the customer makes, or with one of nothing, which only
verifies the card; what becomes of that decides about the mandate.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from prism_sandbox.server.asking import authenticate, change, shown
from prism_sandbox.server.cards import card_of, unless_expired
from prism_sandbox.server.errors import conflict, invalid, not_found
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.objects import Document, given_by, new_mandate, new_payment
from prism_sandbox.server.rules import TOKENS, decide, decide_renewal
from prism_sandbox.server.shapes import CHARGE, MANDATE, REVOCATION
from prism_sandbox.server.store import Store


async def create_mandate(request: Request) -> Response:
    """POST /v1/mandates"""
    return await change(request, _add_mandate)


async def get_mandate(request: Request) -> Response:
    """GET /v1/mandates/{id}"""
    authenticate(request)
    store: Store = request.app.state.store
    mandate = await run_in_threadpool(_mandate, store, request.path_params["id"])
    return JSONResponse(shown(mandate, request))


async def charge_mandate(request: Request) -> Response:
    """POST /v1/mandates/{id}/charge"""
    return await change(request, partial(_charge, request.path_params["id"]))


async def revoke_mandate(request: Request) -> Response:
    """POST /v1/mandates/{id}/revoke"""
    return await change(request, partial(_revoke, request.path_params["id"]))


ROUTES = [
    Route("/v1/mandates", create_mandate, methods=["POST"]),
    Route("/v1/mandates/{id}", get_mandate, methods=["GET"]),
    Route("/v1/mandates/{id}/charge", charge_mandate, methods=["POST"]),
    Route("/v1/mandates/{id}/revoke", revoke_mandate, methods=["POST"]),
]


def revoke_all(store: Store, owner: str) -> None:
    """Revoke every mandate of a customer, or on a stored card, that could still be charged by."""
    for mandate in store.mandates_on(owner):
        if mandate["status"] not in ("revoked", "declined"):
            store.update_mandate(_revoked(mandate))


def follow(store: Store, payment: Document) -> None:
    """Let the mandate that waits for this first payment stand as the payment does now."""
    mandate = store.mandate(payment["mandate"]) if payment["mandate"] else None
    if mandate is not None and mandate["status"] in ("requires_action", "pending"):
        store.update_mandate(given_by(mandate, payment))


def _revoked(mandate: Document) -> Document:
    return mandate | {"status": "revoked", "next_action": None}


def _mandate(store: Store, mandate_id: str) -> Document:
    mandate = store.mandate(mandate_id)
    if mandate is None:
        raise not_found("mandate")
    return mandate


def _add_mandate(store: Store, body: Any) -> Answer:
    request = MANDATE(body, "")
    if (request["amount"] is None) != (request["currency"] is None):
        raise invalid("currency", "Send amount and currency together.", code="missing")
    rule, card, owner = card_of(store, request["payment_method"], request["customer"])
    challenge = request["three_d_secure"] == "required"
    decision = decide(rule, challenge=challenge, off_session=False, manual=False)
    first = {**request, "customer": owner}
    if request["amount"] is None:
        # It is nobody's order, so a look-up by reference does not find it.
        first |= {"amount": 0, "currency": "USD", "reference": None}
    payment = new_payment(first, card, decision)
    mandate = new_mandate(request, payment, rule)
    payment |= {"mandate": mandate["id"]}
    store.add_payment(payment, manual=False, return_url=request["return_url"])
    store.add_mandate(mandate)
    return Answer(402 if mandate["status"] == "declined" else 201, mandate, rule.fault)


def _charge(mandate_id: str, store: Store, body: Any) -> Answer:
    request = CHARGE(body, "")
    mandate = _mandate(store, mandate_id)
    if mandate["status"] != "active":
        message = f"A mandate in status {mandate['status']} cannot be charged by."
        raise conflict("mandate_not_active", message)
    if request["customer"] not in (None, mandate["customer"]):
        raise invalid("customer", "The mandate is another customer's.", code="wrong_customer")
    rule = unless_expired(TOKENS[mandate["outcome"]], mandate["card"])
    about = {**request, "customer": mandate["customer"]}
    payment = new_payment(about, mandate["card"], decide_renewal(rule))
    payment |= {"mandate": mandate_id, "initiator": "merchant"}
    store.add_payment(payment, manual=False, return_url=None)
    return Answer(402 if payment["status"] == "declined" else 201, payment, rule.fault)


def _revoke(mandate_id: str, store: Store, body: Any) -> Answer:
    request = REVOCATION(body, "")
    mandate = _mandate(store, mandate_id)
    if any(wanted not in (None, mandate[name]) for name, wanted in request.items()):
        raise not_found("mandate")
    if mandate["status"] == "revoked":
        return Answer(200, mandate)
    revoked = _revoked(mandate)
    store.update_mandate(revoked)
    return Answer(200, revoked)
