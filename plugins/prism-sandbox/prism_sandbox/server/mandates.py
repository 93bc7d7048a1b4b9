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

from prism_sandbox.server.accounts import RULES
from prism_sandbox.server.asking import authenticate, change, queried, shown
from prism_sandbox.server.errors import conflict, invalid, not_found
from prism_sandbox.server.idempotency import Answer
from prism_sandbox.server.keeping import given_by, keep
from prism_sandbox.server.methods import Means, means_of, must_be_usable_again, unless_expired
from prism_sandbox.server.objects import Document, new_mandate
from prism_sandbox.server.payments import new_payment, tried
from prism_sandbox.server.rules import decide_renewal
from prism_sandbox.server.shapes import CHARGE, MANDATE, REVOCATION
from prism_sandbox.server.store import Store
from prism_sandbox.server.trying import try_to_pay


async def create_mandate(request: Request) -> Response:
    """POST /v1/mandates"""
    return await change(request, _add_mandate)


async def get_mandate(request: Request) -> Response:
    """GET /v1/mandates/{id}"""
    authenticate(request)
    store: Store = request.app.state.store
    mandate = await run_in_threadpool(_mandate, store, request.path_params["id"])
    return JSONResponse(shown(mandate, request))


async def list_mandates(request: Request) -> Response:
    """GET /v1/mandates?id=…, &order=…, &payment=… or &reference=…: those of which all is true."""
    authenticate(request)
    query = queried(request, "id", "order", "payment", "reference", "customer")
    if not set(query) - {"customer"}:
        message = "Say which mandates: ?id=…, ?order=…, ?payment=… or ?reference=…"
        raise invalid("id", message, code="missing")
    store: Store = request.app.state.store
    found = await run_in_threadpool(_mandates, store, query)
    return JSONResponse({"object": "list", "data": [shown(one, request) for one in found]})


async def charge_mandate(request: Request) -> Response:
    """POST /v1/mandates/{id}/charge"""
    return await change(request, partial(_charge, request.path_params["id"]))


async def revoke_mandate(request: Request) -> Response:
    """POST /v1/mandates/{id}/revoke"""
    return await change(request, partial(_revoke, request.path_params["id"]))


ROUTES = [
    Route("/v1/mandates", create_mandate, methods=["POST"]),
    Route("/v1/mandates", list_mandates, methods=["GET"]),
    Route("/v1/mandates/{id}", get_mandate, methods=["GET"]),
    Route("/v1/mandates/{id}/charge", charge_mandate, methods=["POST"]),
    Route("/v1/mandates/{id}/revoke", revoke_mandate, methods=["POST"]),
]


def revoke_all(store: Store, owner: str) -> None:
    """Revoke every mandate of a customer, or on a stored card, that could still be charged by."""
    for mandate in store.mandates_on(owner):
        if mandate["status"] not in ("revoked", "declined"):
            store.update_mandate(_revoked(mandate))


def _revoked(mandate: Document) -> Document:
    return mandate | {"status": "revoked", "next_action": None}


def _mandate(store: Store, mandate_id: str) -> Document:
    mandate = store.mandate(mandate_id)
    if mandate is None:
        raise not_found("mandate")
    return mandate


def _mandates(store: Store, query: dict[str, str]) -> list[Document]:
    name, value = next(one for one in query.items() if one[0] != "customer")
    found = store.mandates(**{name: value})
    return [one for one in found if all(one[key] == wanted for key, wanted in query.items())]


def _add_mandate(store: Store, body: Any) -> Answer:
    request = MANDATE(body, "")
    if (request["amount"] is None) != (request["currency"] is None):
        raise invalid("currency", "Send amount and currency together.", code="missing")
    means = means_of(store, request["payment_method"], request["customer"])
    must_be_usable_again(means.method["type"])
    payment, mandate = begun(request)
    payment = keep(store, try_to_pay(payment, means, request), new=True)
    mandate = given_by(mandate, payment)
    store.add_mandate(mandate)
    return Answer(402 if mandate["status"] == "declined" else 201, mandate, means.rule.fault)


def begun(request: Document, order: str | None = None) -> tuple[Document, Document]:
    """A mandate and the payment that begins it, neither of which is paid or given yet."""
    first = dict(request)
    if request["amount"] is None:
        # It is nobody's order, so a look-up by reference does not find it.
        first |= {"amount": 0, "currency": "USD", "reference": None}
    payment = new_payment(first, order)
    mandate = new_mandate(request, payment)
    payment |= {"mandate": mandate["id"]}
    return payment, mandate


def _charge(mandate_id: str, store: Store, body: Any) -> Answer:
    request = CHARGE(body, "")
    mandate = _mandate(store, mandate_id)
    if mandate["status"] != "active":
        message = f"A mandate in status {mandate['status']} cannot be charged by."
        raise conflict("mandate_not_active", message)
    if request["customer"] not in (None, mandate["customer"]):
        raise invalid("customer", "The mandate is another customer's.", code="wrong_customer")
    rule = unless_expired(RULES[mandate["outcome"]], mandate["method"])
    means = Means(rule, mandate["method"], mandate["customer"], mandate["payment_method"])
    payment = new_payment(request) | {"mandate": mandate_id, "initiator": "merchant"}
    payment = keep(store, tried(payment, means, decide_renewal(rule)), new=True)
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
